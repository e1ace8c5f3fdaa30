"""Two hundred words said again, in GTK, Qt and Chromium on a real X server (`tests.prove.again_takes`).

The text is what a model heard of a sentence in noise; the misheard words are said again to the app's own recognizer,
and the flow, the history, the paster and the windows are the real ones. Where the user is asked, a synthetic voice
answers. Every correction is undone after it, and the field must be what it was, to the byte.

The words are said again by three voices: readers, actors and a machine.

Judged is the span (`tests.prove.again_judging`): `right` where the misheard words were replaced and nothing else,
`edge` where a word beside them went or stayed, `wrong` anywhere else. The bar is for all corrections, whatever was
heard the second time: 95 % right, asked and answered ones among them, the rest refused or declined, none at an edge or
wrong. How many words were right then is counted beside it, as is how many the recognizer heard right alone.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterable, AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from functools import cache
from itertools import count
from pathlib import Path
from time import monotonic
from typing import Any

import anyio
from anyio import to_thread

from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer, WordAligner
from desktop.core.state import Corrected, CorrectionChoice, DictationState, Done
from desktop.core.types import Audio, Frame, Transcript
from desktop.dictation.again_match import apply_replacements
from desktop.polish.polisher import TextPolisher
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.word_aligner import LocalWordAligner
from tests.conftest import managed_display
from tests.integration.matrix.programs import LOOK_S, Program, opened
from tests.prove.again_judging import find_replacement, has_words, judge
from tests.prove.again_takes import FIRST_MODEL, LISTENER, VOICES, Listeners, Take, takes
from tests.prove.heard import normal, recogniser
from tests.prove.record import Line, Run, tell
from tests.prove.words import spoken
from tests.support.again_scene import AgainScene, again_scene
from tests.support.paste_desk import desk_on
from tests.support.x_clients import PATIENCE_S

CORRECTIONS = 200
BAR = 0.95

TOOLKITS = {"gtk": "mousepad", "qt": "qt", "chromium": "textarea"}
"""Toolkits, and the programs of the matrix that are written with them."""

RENEW_EVERY = 10
"""Corrections after which a window is opened anew, so that its text stays short."""

NUMBERS = ("first", "second", "third", "fourth")


def prove(run: Run) -> dict[str, Any]:
    """Correct; `run.limit` is how many corrections, and `run.part` one of the voices."""
    with tempfile.TemporaryDirectory(prefix="intone-again-", ignore_cleanup_errors=True) as folder:
        return anyio.run(_prove, run, Path(folder))


async def _prove(run: Run, folder: Path) -> dict[str, Any]:
    total, names = run.upto(CORRECTIONS), list(TOOLKITS)
    wanted = {voice: (total + at) // len(VOICES) for at, voice in enumerate(VOICES)}
    lines: dict[str, list[Line]] = {voice: [] for voice in VOICES if run.part in ("", voice)}
    with managed_display() as display:
        async with (
            recogniser(FIRST_MODEL, ("en",)) as first,
            recogniser(LISTENER, ("en",)) as listener,
            recogniser(run.model, ("en",)) as recognizer,
        ):
            listeners = Listeners(first, listener, aligner_of(recognizer))
            drawn = {voice: takes(run, voice, listeners) for voice in lines}
            for block in count():
                open_voices = [voice for voice in drawn if len(lines[voice]) < wanted[voice]]
                if not open_voices:
                    break
                voice, name = open_voices[block % len(open_voices)], names[block % len(names)]
                some = await draw(drawn[voice], min(RENEW_EVERY, wanted[voice] - len(lines[voice])))
                if missing := [take for take in some if take.key not in run.lines]:
                    async with window(display, folder / str(block), TOOLKITS[name]) as (scene, program):
                        scene.aligner = aligner_of(recognizer)
                        for take in missing:
                            run.lines.add(
                                take.key, {"toolkit": name, **await correct(scene, program, take, recognizer)}
                            )
                            tell(f"again: {take.key}", "\r")
                lines[voice] += [run.lines[take.key] for take in some]
                if not some:
                    del drawn[voice]
                    hand_over(wanted, voice, len(lines[voice]), list(drawn))
    return summarize([line for some in lines.values() for line in some], sum(wanted[voice] for voice in lines))


def hand_over(wanted: dict[str, int], voice: str, taken: int, others: list[str]) -> None:
    """Let the `others` make up for what `voice`, whose clips are used up, lacks."""
    lacking = wanted[voice] - taken
    for at, other in enumerate(others):
        wanted[other] += (lacking + at) // len(others)
        wanted[voice] = taken


async def draw(drawn: AsyncIterator[Take], count: int) -> list[Take]:
    """The next takes."""
    some: list[Take] = []
    while len(some) < count and (take := await anext(drawn, None)) is not None:
        some.append(take)
    return some


def aligner_of(whisper: WhisperClient) -> WordAligner:
    """What asks the recordings, by the same model."""
    return LocalWordAligner(lambda: nullcontext(whisper), lambda text, language: text)


class Hearing:
    """A recognizer that keeps what was heard last."""

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self.text = ""

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """Return what the recognizer hears."""
        transcript = await self._recognizer.transcribe(speech, on_partial)
        self.text = transcript.text
        return transcript


@asynccontextmanager
async def window(display: str, folder: Path, name: str) -> AsyncIterator[tuple[AgainScene, Program]]:
    """The program with the focus, and the flow."""
    (folder / "window").mkdir(parents=True)
    async with desk_on(display) as desk, again_scene(folder / "app", desk.paster, TextPolisher("off")) as scene:
        with opened(name, display, folder / "window") as program:
            await desk.target()
            yield scene, program


async def correct(scene: AgainScene, program: Program, take: Take, recognizer: Recognizer) -> Line:
    """Dictate the take's text, say the word again, and undo it; what came of it."""
    before, hearing = program.shown, Hearing(recognizer)
    await scene.dictate(take.text, take.recording)
    inserted = scene.row().text
    stood = await stands_in(program, before, inserted)
    shown = await scene.again_aloud(take.audio, hearing)
    heard, waited_s = hearing.text, round(scene.waited_s, 2)
    asked = isinstance(shown, CorrectionChoice)
    if isinstance(shown, CorrectionChoice):
        shown = await _answer(scene, shown, take, recognizer)
    found = judge_line(take, inserted, scene.row().edited, shown, heard)
    line = {
        "voice": take.voice,
        "places": take.places,
        "asked": asked,
        "waited_s": waited_s,
        **found,
        "stood": stood,
        "undone": True,
    }
    if isinstance(shown, Corrected):
        edited = scene.row().edited or ""
        line["replaced"] = await stands_in(program, before, edited)
        try:
            await scene.last.undo()
        except UserError as problem:
            line |= {"undone": False, "problem": problem.message.code}
        line["undone"] = line["undone"] and await stands_in(program, before, inserted) and scene.row().edited is None
    await _clear(scene, program, before)
    return line


async def stands_in(program: Program, before: str, text: str) -> bool:
    """Whether the field holds what it held before and then `text`, joined to it or not."""
    wanted, deadline = (before + text, f"{before} {text}" if text else before), monotonic() + PATIENCE_S
    shown = ""
    while shown not in wanted and monotonic() < deadline:
        shown = await to_thread.run_sync(lambda: program.look(lambda now: now in wanted, LOOK_S))
    return shown in wanted


async def _clear(scene: AgainScene, program: Program, before: str) -> None:
    """Take the text out again, so that each take has the field as it was."""
    try:
        await scene.last.undo()
    except UserError:
        return
    await stands_in(program, before, "")


async def _answer(scene: AgainScene, question: CorrectionChoice, take: Take, recognizer: Recognizer) -> DictationState:
    """Say which place is meant, as the pill numbers them, or "no" where it is none of them."""
    edited = [apply_replacements(question.text, [choice]) for choice in question.choices]
    meant = [at for at, text in enumerate(edited) if has_words(take, text)] or [
        at for at, choice in enumerate(question.choices) if judge(take, choice) == "right"
    ]
    if not meant:
        shown = await scene.again_aloud(answer("No, thanks."), recognizer)
        return shown if isinstance(shown, Corrected) else question
    if len(question.choices) == 1:
        return await scene.again_aloud(answer("Yes, please."), recognizer)
    return await scene.again_aloud(answer(f"The {NUMBERS[meant[0]]} one."), recognizer)


@cache
def answer(text: str) -> Audio:
    """The answer by the synthetic voice."""
    return spoken(text)


def judge_line(take: Take, inserted: str, edited: str | None, shown: DictationState, heard: str) -> Line:
    """What became of a take whose text was inserted as `inserted` and is `edited` now."""
    place = "declined" if isinstance(shown, CorrectionChoice) else "refused"
    if isinstance(shown, Corrected):
        replaced = find_replacement(inserted, edited or inserted, shown.old, shown.new)
        is_same = inserted.casefold() == take.text.casefold()
        place = judge(replace(take, text=inserted), replaced) if replaced is not None and is_same else "wrong"
    notes = [note.code for note in shown.notes] if isinstance(shown, Done) else []
    heard_right = normal(heard) == normal(take.said)
    return {"heard_right": heard_right, "place": place, "words": has_words(take, edited or inserted), "notes": notes}


def summarize(lines: list[Line], wanted: int) -> dict[str, Any]:
    """The counts, and whether the bar is met by `wanted` corrections."""
    right = [line for line in lines if line["place"] == "right"]
    heard_right = [line for line in lines if line["heard_right"] or line["words"]]
    corrected = [line for line in lines if "replaced" in line]
    share = len(right) / max(1, len(lines))
    waited_s = sorted(line["waited_s"] for line in lines)
    wrong = [line["key"] for line in lines if line["place"] == "wrong"]
    edges = [line["key"] for line in lines if line["place"] == "edge"]
    broken = [line["key"] for line in lines if not (line["stood"] and line["undone"] and line.get("replaced", True))]
    return {
        "corrections": len(lines),
        "places": Counter(line["place"] for line in lines),
        "toolkits": {name: Counter(line["place"] for line in lines if line["toolkit"] == name) for name in TOOLKITS},
        "voices": {voice: Counter(line["place"] for line in lines if line["voice"] == voice) for voice in VOICES},
        "asked": sum(line["asked"] for line in lines),
        "asked_right": sum(line["asked"] for line in right),
        "asked_right_words": sum(line["asked"] and line["words"] for line in right),
        "two_alike": Counter(line["place"] for line in lines if line["places"] > 1),
        "heard_right_alone": sum(line["heard_right"] for line in lines),
        "words_right": sum(line["words"] for line in lines),
        "heard_right": Counter(line["place"] for line in heard_right),
        "waited_s": {"p50": waited_s[len(waited_s) // 2], "p95": waited_s[len(waited_s) * 95 // 100]} if lines else {},
        "undone": sum(line["undone"] for line in corrected),
        "undos": len(corrected),
        "right_share": round(share, 4),
        "edges": edges,
        "wrong": wrong,
        "broken": broken,
        "ok": len(lines) == wanted and share >= BAR and not wrong and not edges and not broken,
    }
