"""Random sequences of spoken commands, answers, corrections and restarts, and whether windows and rows agree then.

The controller, the gesture, hands free, the commands on the last text, the recorder and the history are the app's own;
what stands in is in `tests.prove.losses_desk`. What is said has a number in its sound and words of its own, so that at
the end each stretch has one fate, by itself: a row says that it was inserted exactly where a window holds its text, or
has sent it; no window holds anything else of ours; and what was said after "stop listening" is nowhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

import anyio
from anyio.abc import TaskGroup
from hypothesis import strategies as st

from desktop.app.history_service import HistoryService
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ, Audio, Outcome, PasteResult, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.dictation.insertion import UNDONE_NOTE
from desktop.dictation.last import CORRECTED_NOTE, RAW_TEXT_NOTE, LastDictation
from desktop.dictation.paragraphs import Paragraph
from desktop.dictation.session import DictationSession
from desktop.dictation.spoken_commands import LISTENING_STOPPED, RETURN_PRESSED
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import MAX_TAP_S, DictationIntent, GestureEvent, LockedGesture, next_tick_at
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.settings.schema import EmotionSettings, HistorySettings, Settings
from desktop.settings.store import LoadedSettings
from tests.prove.losses_desk import (
    NEXT_PASTES,
    WINDOWS,
    Desk,
    NumberedRecognizer,
    PieceKind,
    Question,
    is_copying,
    number_voice,
)
from tests.prove.losses_stage import OneMicrophone
from tests.support.stage import SlowPolisher

PAUSE_S, QUIET_S = 1.0, 1.5
"""The pause that ends a paragraph, and the silence after what is said while listening."""

VOICE = slice(RATE_HZ // 2, 2 * RATE_HZ)
"""Where the first sentence has voice."""

END_S = 60.0
"""How long a sequence may take to come to rest."""

SYLLABLES = ("ka", "lo", "mi", "ru", "te", "bo", "na", "si")

PHRASES = {"scratch": "Scratch that.", "send": "Send it.", "stop": "Stop listening."}
SENTENCES = {
    "scratch": ("Delete that 24/{number}.", "Scratch that itch for {word}.", "Undo that {number}%."),
    "send": ("Send it to {word}.", "Press Enter {number}.", "Send this & {number}."),
    "stop": ("Stop listening to {word}.", "Stop dictation #{number}.", "End dictation {number}."),
}
"""Each command, and sentences that begin as it."""

SPOKEN = (
    *("say", "hold") * 3,
    *("command scratch", "command send", "command stop") * 2,
    *("sentence scratch", "sentence send", "sentence stop"),
    *("late", "answer given", "answer late"),
)
ACTS = (
    *("correct", "swap", "undo", "undo", "copy", "edit", "touch", "focus"),
    *("blocked correct", "blocked swap"),
    *(f"paste {how}" for how in NEXT_PASTES),
    *("slow", "quick", "restart"),
)

turns = st.tuples(st.sampled_from(SPOKEN), st.lists(st.sampled_from(ACTS), max_size=2))
sequences = st.lists(turns, min_size=4, max_size=9).map(
    lambda drawn: [event for one, acts in drawn for event in (one, *acts)]
)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. `is_text`: it is no command; `is_answer`: to a program; `is_late`: after "stop listening"."""

    text: str
    is_text: bool = True
    is_answer: bool = False
    is_late: bool = False


class CommandWorld:
    """The flow, its keeping and what is said and done, in `folder`."""

    def __init__(self, folder: Path, voice: Audio) -> None:
        self.happened: Counter[str] = Counter()
        self.desk = Desk()
        self.said: list[Said] = []
        self.later_s = 0.0
        self._paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self._voice = voice[VOICE]
        self._texts: list[str] = []
        self._recognizer = NumberedRecognizer(self._texts)
        self._polisher = SlowPolisher()
        self._polisher.gate.set()
        self._question = Question()
        self._wrong_copies: list[str] = []
        self._overwritten = defaultdict[int, list[str]](list)

    def start(self, tasks: TaskGroup) -> None:
        """Start the app."""
        self._tasks = tasks
        self.history = HistoryStore(self._paths.history)
        self.recorder = DictationRecorder(self._paths, self.history)
        settings = Settings(history=HistorySettings(), emotion=EmotionSettings(engine="off"))
        keeping = HistoryService(self.recorder, self.history, lambda: LoadedSettings(settings), lambda: None)
        self._microphone = OneMicrophone()
        self._send, self._intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](1000)
        self._keys = GestureRunner(self._mean, MAX_TAP_S, clock=lambda: monotonic() + self.later_s)
        dependencies = SessionDependencies(
            self._microphone,
            self._recognizer,
            self._polisher,
            self.desk,
            keeping.spool,
            partial(keeping.record, False),
            record_answer=partial(keeping.record, False),
            is_kept=keeping.is_kept,
            scratch=self._scratch,
            end_silence_s=PAUSE_S,
            is_continuous=True,
        )
        self._controller = DictationController(dependencies, lambda state: None, self._keys.on_auto_stop)
        self.last = LastDictation(self._controller, self.history, self.recorder, lambda: None)
        self._has_ended = anyio.Event()
        tasks.start_soon(self._run, self._controller, self._has_ended)

    async def _run(self, controller: DictationController, has_ended: anyio.Event) -> None:
        with self._send, self._intents:
            await controller.run(self._intents)
        has_ended.set()

    async def _scratch(self, target: Target) -> PasteResult | None:
        return await self.last.scratch(target)

    def _mean(self, intent: DictationIntent, at: float) -> None:
        self._send.send_nowait((intent, at))

    async def happen(self, event: str) -> None:
        """Do what `event` says."""
        kind, _, how = event.partition(" ")
        await getattr(self, f"_{kind}")(how)
        self.happened[event] += 1
        await self._rest()

    async def end(self) -> None:
        """End the app, once all that was said has its row."""
        await self._stop()
        await self._quick("")
        await self._rest()
        self._send.close()
        await self._has_ended.wait()

    async def _until(self, is_met: Callable[[], bool]) -> None:
        with anyio.fail_after(END_S):
            while not is_met():
                await anyio.lowlevel.checkpoint()

    async def _rest(self) -> None:
        """Let everything run that waits for nothing said or done."""
        await self._until(lambda: all(map(self._has_come_to_rest, self._controller._unfinished_sessions)))
        for _ in range(50):
            await anyio.lowlevel.checkpoint()

    def _has_come_to_rest(self, session: DictationSession) -> bool:
        paragraph = session._dependencies.microphone
        assert isinstance(paragraph, Paragraph)
        awaited = session.recorded if self._polisher.gate.is_set() else session.understood
        return awaited.is_set() or not paragraph._has_ended

    @property
    def _is_listening(self) -> bool:
        return isinstance(self._keys._gesture, LockedGesture)

    async def _speak(self, said: Said, quiet_s: float = 0.0) -> None:
        """Say it into the open microphone, and wait until it is heard, or nothing hears it."""
        self.said.append(said)
        self._texts.append(said.text)
        audio = number_voice(self._voice, len(self.said), quiet_s)
        self.later_s += len(audio) / RATE_HZ
        recording = self._microphone.recording
        assert recording is not None
        want = recording.heard + len(audio)
        recording.play(audio)
        await self._until(lambda: recording.heard >= want or recording.closed)

    async def _press(self) -> None:
        self._keys.handle_key(GestureEvent.DOWN)
        recording = self._microphone.recording
        await self._until(lambda: self._microphone.recording not in (recording, None))

    async def _release(self) -> None:
        recording = self._microphone.recording
        assert recording is not None
        self._keys.handle_key(GestureEvent.UP)
        self.later_s += 0.06
        while (due := next_tick_at(self._keys._gesture)) is not None and due <= monotonic() + self.later_s:
            self._keys.handle_key(GestureEvent.TICK)
        await self._until(lambda: self._is_listening or recording.closed)

    async def _listen(self) -> None:
        if not self._is_listening:
            await self._press()
            await self._release()
            self.happened["taps"] += 1

    async def _stop(self) -> None:
        if self._is_listening:
            self._keys.handle_key(GestureEvent.DOWN)
            await self._release()
            await self._rest()

    def _find_word(self) -> str:
        """Return a word that nothing else that is said has."""
        number = len(self.said)
        return "".join(SYLLABLES[number >> shift & 7] for shift in (6, 3, 0))

    async def _say(self, how: str) -> None:
        await self._listen()
        await self._speak(Said(f"We saw {self._find_word()} at the lake"), QUIET_S)

    async def _hold(self, how: str) -> None:
        await self._stop()
        await self._press()
        await self._speak(Said(f"They met {self._find_word()} at the station"))
        await self._release()

    async def _command(self, how: str) -> None:
        await self._listen()
        await self._speak(Said(PHRASES[how], is_text=False), QUIET_S)

    async def _sentence(self, how: str) -> None:
        await self._listen()
        number = len(self.said)
        sentence = SENTENCES[how][number % len(SENTENCES[how])]
        await self._speak(Said(sentence.format(word=self._find_word(), number=number)), QUIET_S)

    async def _late(self, how: str) -> None:
        """Say more after a command that is understood only then."""
        await self._listen()
        self._recognizer.gate = anyio.Event()
        await self._speak(Said(PHRASES["stop"], is_text=False), QUIET_S)
        for _ in range(2):
            await self._speak(Said(f"Nobody hears {self._find_word()} here", is_late=True), QUIET_S)
        self._recognizer.gate.set()

    async def _answer(self, how: str) -> None:
        await self._stop()
        self._question.is_late = how == "late"
        with self._controller.answer_next(self._question):
            await self._press()
        await self._speak(Said(f"Answer with {self._find_word()} please", is_answer=True))
        await self._release()

    async def _correct(self, how: str) -> None:
        await self._controller.wait_until_recorded()
        if (current := await self.last.load_current()) is not None:
            text = f"{current.text.removesuffix('.')} {len(self.said)}."
            if current.is_copy:
                self._overwritten[current.row.id].append(current.row.latest_text)
            result = await self.last.correct(current, text, lambda: None)
            self.happened[f"corrected: {result.outcome}"] += 1

    async def _undo(self, how: str) -> None:
        with suppress(UserError):
            self.happened[f"undone: {(await self.last.undo()).outcome}"] += 1

    async def _swap(self, how: str) -> None:
        with suppress(UserError):
            self.happened[f"swapped: {(await self.last.swap()).outcome}"] += 1

    async def _copy(self, how: str) -> None:
        newest = next((row for row in self.history.rows() if row.text), None)
        is_copying.set(True)
        with suppress(UserError):
            result = await self.last.paste_last()
            self.happened[f"copied: {result.outcome}"] += 1
            if result.outcome is Outcome.INSERTED and newest is not None and self._polisher.gate.is_set():
                want = newest.text if newest.edited is None else newest.edited
                if self.desk.pasted[-1] != want:
                    self._wrong_copies.append(f"{self.desk.pasted[-1]!r} for {want!r}")
        is_copying.set(False)

    async def _edit(self, how: str) -> None:
        if (row := next((row for row in self.history.rows() if row.text), None)) is not None:
            self._overwritten[row.id].append(row.latest_text)
            self.history.correct_text(row.id, f"Edited {self._find_word()}.")

    async def _touch(self, how: str) -> None:
        self.desk.touch()

    async def _focus(self, how: str) -> None:
        self.desk.focus = next(target for target in WINDOWS if target != self.desk.focus)

    async def _blocked(self, how: str) -> None:
        self.desk.is_blocked = True
        await getattr(self, f"_{how}")("")
        self.desk.is_blocked = False

    async def _paste(self, how: str) -> None:
        self.desk.next_paste = how

    async def _slow(self, how: str) -> None:
        if self._polisher.gate.is_set():
            self._polisher.gate = anyio.Event()

    async def _quick(self, how: str) -> None:
        self._polisher.gate.set()

    async def _restart(self, how: str) -> None:
        await self.end()
        self.desk.forget()
        self.start(self._tasks)

    def judge(self) -> list[str]:
        """Count what became of what was said, and return what is wrong."""
        rows = self.history.rows(limit=1000)
        self.happened.update(f"rows: {row.delivery}" for row in rows)
        told = {RETURN_PRESSED: "sent", LISTENING_STOPPED: "stopped", UNDONE_NOTE: "scratched"}
        notes = [note for row in rows if row.delivery is Outcome.SILENT for note in row.notes]
        self.happened.update(f"commands: {name}" for note, name in told.items() for _ in range(notes.count(note)))
        return [
            *self.desk.faults,
            *(f"another copy than its row: {copy}" for copy in self._wrong_copies),
            *judge_rows(rows, self.said),
            *judge_windows(rows, self.desk, self._question, self._overwritten),
            *(f"recognized what was said after the end: {number}" for number in self._find_heard_late()),
            *(["left in the spool"] if self.recorder.spool.find_leftovers() else []),
        ]

    def _find_heard_late(self) -> list[int]:
        return [number for number, said in enumerate(self.said, 1) if said.is_late and number in self._recognizer.begun]


def judge_rows(rows: Sequence[HistoryRow], said: Sequence[Said]) -> list[str]:
    """Return what was said and no row has, what a row has and was not said, and what was taken for a command."""
    want = Counter(one.text for one in said if not one.is_late)
    have = Counter(row.raw_text for row in rows)
    commands = {one.text for one in said if not one.is_text}
    taken = [row.raw_text for row in rows if row.delivery is Outcome.SILENT and row.raw_text not in commands]
    return [
        *(f"lost: {text!r}" for text in (want - have).elements()),
        *(f"a row without speech: {text!r}" for text in (have - want).elements()),
        *(f"a sentence was taken for a command: {text!r}" for text in taken),
    ]


def judge_windows(
    rows: Sequence[HistoryRow], desk: Desk, question: Question, overwritten: Mapping[int, Sequence[str]]
) -> list[str]:
    """Return what the rows claim and no window holds, and what stands in a window that no row claims; the same for
    what the program was given. `overwritten` are earlier texts of a row: written over in the history, or
    where a copy was corrected, by which the dictation's own window is not changed."""
    faults = list[str]()
    placed = Counter(desk.find_pieces(PieceKind.DICTATED))
    given = Counter(question.given)
    for row in rows:
        if row.delivery is not Outcome.INSERTED:
            continue
        texts = given if row.app == question.program else placed
        claimed = (*_claim_texts(row), *overwritten.get(row.id, ()))
        found = next((text for text in claimed if texts[text]), None)
        if found is None:
            faults.append(f"denied: {row.raw_text!r} with {[note.code for note in row.notes]} is nowhere as {claimed}")
        else:
            texts[found] -= 1
    faults += [f"not meant: {text!r} stands in a window" for text in placed.elements()]
    return faults + [f"not meant: {text!r} was given away" for text in given.elements()]


def _claim_texts(row: HistoryRow) -> tuple[str, ...]:
    """Return the texts one of which stands where the row says that it was inserted."""
    told = [note for note in row.notes if note in (RAW_TEXT_NOTE, CORRECTED_NOTE)]
    if told and told[-1] == RAW_TEXT_NOTE:
        return (row.raw_text,)
    return (row.text,) if row.edited is None else (row.edited, row.text)
