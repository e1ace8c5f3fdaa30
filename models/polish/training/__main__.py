"""Train the judge of removals: `make removals`, or `python -m models.polish.training DATA`; writes weights and figures.

The texts are those of `corpora.toml` in Debian packages and the sets of others in DATA (`texts`). What is missing is
named with how to get it, and nothing is trained; with `--anyway` it goes on without. The same texts and rules give the
same weights. A run takes five minutes on one core.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from textwrap import fill
from typing import Literal

from desktop.core.types import DictationContext
from desktop.polish.rules.evidence import THRESHOLDS
from desktop.polish.rules.evidence_features import features
from desktop.polish.rules.pipeline import PolishRules
from models.polish.removals import WEIGHTS_FILE, RemovalModel
from models.polish.training.classes import learn_model
from models.polish.training.removals import TYPOS, judge_proposals, make_examples, train
from models.polish.training.scoring import find_lost, score_removals, sounds_in, word_error_rate
from models.polish.training.texts import TrainingTexts, load_texts, read_commands, read_stay

CARD_FILE = WEIGHTS_FILE.parents[1] / "cards" / f"{WEIGHTS_FILE.stem}.md"

HEADING = "## Figures"
"""Heading of the last part of the card, which training writes anew."""

STEPS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95)
"""Thresholds of the table."""

OTHER_RULES = frozenset({"spelling", "emoji", "spoken", "replacements", "numbers", "lists", "spacing", "sentences"})
"""Rules that take back nothing."""

type Polish = Callable[[str], str]


def main() -> None:
    """Read the texts, train, and write the weights and their figures."""
    parser = argparse.ArgumentParser(prog="python -m models.polish.training", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that INTONE_DATA names in the proofs")
    parser.add_argument("--root", type=Path, default=Path("/"), help="where the Debian packages are unpacked")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    parser.add_argument("--card", type=Path, default=CARD_FILE, help="whose figures are written anew")
    parser.add_argument("--keep-classes", action="store_true", help="learn no classes of words anew")
    parser.add_argument("--score-only", action="store_true", help="write the figures of OUT without training")
    parser.add_argument("--anyway", action="store_true", help="go on without what is missing")
    arguments = parser.parse_args()
    texts = load_texts(arguments.data, arguments.root)
    for line in texts.absent:
        _tell(f"Missing: {line}")
    if texts.absent and not arguments.anyway:
        sys.exit("--anyway trains without these")
    if arguments.score_only:
        models = [RemovalModel.load(arguments.out)]
    else:
        models = _train(texts, RemovalModel.load() if arguments.keep_classes else learn_model(texts.prose))
        models[0].save(arguments.out)
        models[0] = RemovalModel.load(arguments.out)
    figures = "\n".join([*_describe(texts, models[0]), "", *_tabulate(texts, models, arguments.data)])
    card = arguments.card.read_text(encoding="utf-8").partition(HEADING)[0] if arguments.card.is_file() else ""
    arguments.card.write_text(f"{card}{HEADING}\n\n{figures}\n", encoding="utf-8")
    print(figures)  # noqa: T201 - a script


def _train(texts: TrainingTexts, model: RemovalModel) -> list[RemovalModel]:
    _tell(f"{len(model.class_of)} words have classes")
    examples = list(make_examples(texts, model))
    _tell(f"{len(examples)} proposals, {sum(one.is_right for one in examples)} of them right")
    return train(examples, model)


def _describe(texts: TrainingTexts, model: RemovalModel) -> list[str]:
    sources = ", ".join(f"{name} {count:,}" for name, count in texts.by_source.items())
    lines = [
        f"prose: {sources}; {len(texts.plain):,} as they are, {len(texts.injected):,} with something taken back,"
        f" {len(texts.held_out):,} to count losses in",
        f"pairs of Disfl-QA: {len(texts.asked):,}; meant sentences: {len(texts.stay)}",
        f"weights: {len(model.weights):,}; words with classes: {len(model.class_of):,}",
        *(f"missing: {line}" for line in texts.absent),
    ]
    return [fill(f"- {line}", 120, subsequent_indent="  ", break_on_hyphens=False) for line in lines]


def _tabulate(texts: TrainingTexts, models: Sequence[RemovalModel], data: Path) -> list[str]:
    """Return the tables: by the threshold, and as used. The second of `models`, if any, is trained on the other half of
    the questions, so that neither judges what it was trained on.
    """
    commands, stay = read_commands(data), read_stay(data)
    surest = [surest_removal(text, models[0]) for text in texts.held_out]
    lines = [
        "| threshold | precision | recall | F1 | exact | questions WER, halves 2 and 1 | meant, 2 | held-out prose |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for step in STEPS:
        polish = _polish("thorough", models[0], (step, step))
        scores = score_removals(commands[1::2], polish)
        lost = sum(bool(find_lost(text, polish(text))) for text in stay[1::2])
        asked = " ".join(f"{rate:.3f}" for rate in _score_halves(texts.asked, models, "thorough", (step, step)))
        cells = [f"{scores[name]:.3f}" for name in ("precision", "recall", "f1", "exact")]
        lines.append(f"| {step} | {' | '.join(cells)} | {asked} | {lost} | {sum(one >= step for one in surest)} |")
        _tell(lines[-1])
    lines += [
        "",
        "| mode | limits | half | precision | recall | F1 | exact | questions WER | meant |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    prose = []
    for mode in THRESHOLDS:
        rates = _score_halves(texts.asked, models, mode, None)
        polish = _polish(mode, models[0], None)
        for half, name in enumerate(("first", "second")):
            scores = score_removals(commands[half::2], polish)
            cells = [f"{scores[name]:.3f}" for name in ("precision", "recall", "f1", "exact")]
            kept = stay[half::2]
            count = sum(bool(find_lost(text, polish(text))) for text in kept)
            rate = f"{rates[1 - half]:.3f}" if len(models) > half ^ 1 else "trained on"
            limits = " ".join(map(str, THRESHOLDS[mode]))
            lines.append(f"| {mode} | {limits} | {name} | {' | '.join(cells)} | {rate} | {count} of {len(kept)} |")
        losses = [gone for text in texts.held_out if (gone := find_lost(text, polish(text)) - sounds_in(text))]
        slips = sum(len(gone) == 1 and not TYPOS.isdisjoint(gone) for gone in losses)
        prose.append(f"| {mode} | {len(texts.held_out)} | {len(losses) - slips} | {slips} |")
    return [
        *lines,
        "",
        "| mode | held-out prose | loses a meant word | loses a small word of two |",
        "|---|---|---|---|",
        *prose,
    ]


def _score_halves(
    asked: Sequence[tuple[str, str]], models: Sequence[RemovalModel], mode: str, limits: tuple[float, float] | None
) -> list[float]:
    """Return the word error rate of the second half of the questions by the first model, and of the first half by the
    second.
    """
    halves = zip((1, 0), models, strict=False)
    return [word_error_rate(asked[left_out::2], _polish(mode, model, limits)) for left_out, model in halves]


def surest_removal(text: str, model: RemovalModel) -> float:
    """Return the probability of the surest proposal for a text, other than one of a word that prose doubles by slip."""
    return max(
        (
            model.probability(features(spoken, one, model))
            for spoken, one, _ in judge_proposals(text, None, model)
            if not (one.kind == "repeat" and spoken.words[one.first] in TYPOS)
        ),
        default=0.0,
    )


def _polish(mode: str, model: RemovalModel, limits: tuple[float, float] | None) -> Polish:
    removals: Literal["careful", "thorough"] = "careful" if mode == "careful" else "thorough"
    rules = PolishRules(None, OTHER_RULES, removals, model, limits)
    return lambda text: rules(text, DictationContext()).text


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 - a script


if __name__ == "__main__":
    main()
