"""`intone vocabulary`: edit words to listen for, replacements and snippets without a window; a running app applies them
at once.

One list of all, because users think of "my words" and not of where each kind is stored: words are a setting, the others
are in `vocabulary.toml`, and so is what is left as it is heard.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.common import parse_positive, print_answer
from desktop.cli.settings import notify_app
from desktop.core.errors import UserError
from desktop.core.paths import find_paths
from desktop.core.text import make_printable

if TYPE_CHECKING:
    from desktop.vocabulary.vocabulary import Vocabulary


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its actions."""
    command = subparsers.add_parser(
        "vocabulary",
        help="your own words, replacements and snippets",
        description="Words to listen for, what to write for what is heard, and texts that a few words stand for.",
        epilog='Example: intone vocabulary add "get hub" GitHub',
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)

    def add(
        name: str, action: Callable[[argparse.Namespace], None], summary: str, example: str
    ) -> argparse.ArgumentParser:
        parser = actions.add_parser(
            name, help=summary, description=f"{summary.capitalize()}.", epilog=f"Example: intone vocabulary {example}"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(run=partial(_run, action))
        return parser

    add("list", _run_list, "print all of it: kind, heard, written", "list --json")
    adding = add("add", _run_add, "write one thing for another, or listen for a word", 'add "get hub" GitHub')
    removing = add("remove", _run_remove, "forget a word, a replacement or a snippet", 'remove "get hub"')
    importing = add("import", _run_import, "take in a .toml, a .csv or a list of words, one a line", "import words.csv")
    exporting = add(
        "export", _run_export, "write all of it to a .toml or a .csv, or the words to a .txt", "export all.toml"
    )
    learning = add("learn", _run_learn, "write from now on what was corrected in a dictation", "learn 12")
    adding.add_argument("texts", metavar="HEARD WRITTEN", nargs="+", help="what is heard, and what is to be written")
    removing.add_argument("text", metavar="TEXT", help="what is heard, or the word")
    kinds = adding.add_mutually_exclusive_group()
    kinds.add_argument("--word", action="store_true", help="words to listen for, that need no replacement")
    kinds.add_argument("--snippet", action="store_true", help="HEARD stands for a text; \\n is a line's end in it")
    importing.add_argument("file", metavar="FILE", type=Path, help="what to take in; its ending says how it is read")
    exporting.add_argument("file", metavar="FILE", type=Path, help="where to; its ending says how")
    learning.add_argument(
        "id", metavar="ID", type=parse_positive, help="a dictation that `intone history edit` corrected"
    )


def _run(action: Callable[[argparse.Namespace], None], args: argparse.Namespace) -> int:
    action(args)
    return 0


def _run_list(args: argparse.Namespace) -> None:
    vocabulary = _load_vocabulary()
    kinds: dict[str, Iterable[tuple[str, str]]] = {
        "word": ((word, "") for word in vocabulary.words),
        "replacement": vocabulary.replacements.items(),
        "snippet": vocabulary.snippets.items(),
        "kept": ((phrase, "") for phrase in vocabulary.kept),
    }
    for kind, entries in kinds.items():
        for heard, written in entries:
            if args.json:
                print(json.dumps({"kind": kind, "heard": heard, "written": written}, ensure_ascii=False))
            else:
                print(f"{kind:<11}  {make_printable(heard)}{'  ->  ' if written else ''}{make_printable(written)}")


def _run_add(args: argparse.Namespace) -> None:
    if args.word:
        _add_words(args.texts)
        print_answer(args, {"words": args.texts}, f"Listens for {', '.join(args.texts)}.")
        return
    if len(args.texts) != 2:
        raise UserError("vocabulary-texts-missing")
    heard, written = args.texts
    if args.snippet:
        written = written.replace("\\n", "\n")
        _store_entries(snippets={heard: written})
    else:
        _store_entries(replacements={heard: written})
    arrow = "stands for a text" if args.snippet else f"is written {make_printable(written)}"
    print_answer(args, {"heard": heard, "written": written}, f"{make_printable(heard)} {arrow}.")


def _run_remove(args: argparse.Namespace) -> None:
    from desktop.vocabulary import store
    from desktop.vocabulary.vocabulary import fold_phrase

    paths = find_paths()
    words = _load_vocabulary().words
    remaining = tuple(word for word in words if fold_phrase(word) != fold_phrase(args.text))
    removed: list[str] = [
        section for section in store.SECTIONS if store.remove_entry(paths.vocabulary, section, args.text)
    ]
    if store.drop_kept_word(paths.vocabulary, args.text):
        removed.append(store.KEPT)
    if remaining != words:
        _write_words(remaining)
    elif not removed:
        raise UserError("vocabulary-text-unknown", text=args.text)
    notify_app()
    print_answer(args, {"removed": args.text}, f"{make_printable(args.text)} is forgotten.")


def _run_import(args: argparse.Namespace) -> None:
    from desktop.vocabulary import import_export, store

    found = import_export.read_vocabulary(args.file)
    for sentence in found.warnings:
        print(make_printable(sentence), file=sys.stderr)
    count = len(found.words) + len(found.replacements) + len(found.snippets) + len(found.kept)
    if not count:
        raise UserError("vocabulary-import-empty", path=str(args.file), reason="")
    if found.words:
        _add_words(found.words, notify=False)
    if found.kept:
        store.change_kept_words(find_paths().vocabulary, (), found.kept)
    _store_entries(found.replacements, found.snippets)
    answer: dict[str, object] = {"words": len(found.words), "replacements": len(found.replacements)}
    answer |= {"snippets": len(found.snippets), "bad": len(found.warnings), "kept": len(found.kept)}
    print_answer(args, answer, f"Took in {_count_entries(count)}.")


def _run_export(args: argparse.Namespace) -> None:
    from desktop.vocabulary import import_export

    count = import_export.write_vocabulary(_load_vocabulary(), args.file)
    print_answer(args, {"file": str(args.file), "entries": count}, f"Wrote {_count_entries(count)} to {args.file}.")


def _run_learn(args: argparse.Namespace) -> None:
    from desktop.history.store import HistoryStore
    from desktop.vocabulary import store
    from desktop.vocabulary.row_learning import find_row_suggestions

    row = HistoryStore(find_paths().history).get(args.id)
    if row is None or row.edited is None:
        raise UserError("dictation-uncorrected", id=args.id)
    own_words = _load_vocabulary().terms
    learned = find_row_suggestions(row.text, row.edited, row.changed, row.raw_text, own_words)
    if not learned:
        raise UserError("correction-teaches-nothing")
    kept = [suggestion.heard for suggestion in learned if suggestion.is_kept]
    store.change_kept_words(find_paths().vocabulary, (), kept)
    _store_entries(dict(suggestion for suggestion in learned if not suggestion.is_kept))
    for suggestion in learned:
        heard, written = map(make_printable, suggestion)
        sentence = f"{heard} is left as it is." if suggestion.is_kept else f"{heard} is written {written}."
        print_answer(args, suggestion._asdict(), sentence)


def _load_vocabulary() -> Vocabulary:
    """Load the vocabulary in force; invalid entries are named on stderr."""
    from desktop.settings.live import load_in_force
    from desktop.vocabulary import store
    from desktop.vocabulary.vocabulary import Vocabulary

    paths = find_paths()
    stored = store.load_vocabulary_file(paths.vocabulary)
    for sentence in stored.warnings:
        print(make_printable(sentence), file=sys.stderr)
    words = load_in_force(paths).settings.vocabulary.words
    return Vocabulary(words, stored.replacements, stored.snippets, stored.kept)


def _store_entries(replacements: Mapping[str, str] | None = None, snippets: Mapping[str, str] | None = None) -> None:
    from desktop.vocabulary import store

    if replacements:
        store.put_entries(find_paths().vocabulary, "replacements", replacements)
    if snippets:
        store.put_entries(find_paths().vocabulary, "snippets", snippets)
    notify_app()


def _add_words(words: Iterable[str], notify: bool = True) -> None:
    """Add `words` to listen for; one that exists in another case takes the new case."""
    from desktop.vocabulary.import_export import find_word_problem
    from desktop.vocabulary.vocabulary import fold_phrase

    existing = {fold_phrase(word): word for word in _load_vocabulary().words}
    for word in words:
        if problem := find_word_problem(word):
            raise UserError("vocabulary-word-invalid", word=make_printable(word), reason=problem)
        existing[fold_phrase(word)] = word
    _write_words(existing.values())
    if notify:
        notify_app()


def _write_words(words: Iterable[str]) -> None:
    from desktop.settings.live import LiveSettings

    live_settings = LiveSettings(find_paths())
    live_settings.write_setting("vocabulary.words", ",".join(words))
    live_settings.save_valid()


def _count_entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
