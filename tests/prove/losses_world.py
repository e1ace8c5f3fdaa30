"""What the random sequences of `tests.prove.losses` happen to, and what becomes of every stretch of speech there.

The gesture, the controller, the spool, the history and the model's process with its pipe are the app's own; hand, sound
card, windows and the service stand in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic

import anyio
from anyio.abc import TaskGroup

from desktop.app.history_service import HistoryService
from desktop.audio.file import read_audio
from desktop.audio.spool_file import SpoolFile
from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.core.paths import Paths
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Outcome, Target
from desktop.dictation.controller import DictationController
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.recorder import DictationRecorder
from desktop.history.rows import RESUMABLE_OUTCOMES, HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.hotkeys.gesture import (
    MAX_TAP_S,
    DictationIntent,
    GestureEvent,
    LockedGesture,
    ReleasingGesture,
    TappedGesture,
    next_tick_at,
)
from desktop.hotkeys.gesture_runner import GestureRunner
from desktop.polish.polisher import TextPolisher
from desktop.settings.schema import EmotionSettings, HistorySettings, Settings
from desktop.settings.store import LoadedSettings
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from desktop.stt.local.client import WhisperClient
from tests.conftest import Clip
from tests.prove.losses_stage import EXCLUDED, PASTES, PROMPTS, WINDOWS, FakeService, Spoken
from tests.support.process_end import kill
from tests.support.stage import FakePaster
from tests.support.words import error_rate

WORSE = 0.5
"""Word errors up to which a text is that of the speech: tiny.en, and a kill changes the windows."""

VOICE_S = 1.5
"""Every stretch of speech holds at least as much voice; an empty result is silence below 1 s."""

DEADLINE_S = 0.05
MILLISECOND = timedelta(milliseconds=1)

END_S = 180.0
"""How long a sequence may take to end once everything answers."""

SYLLABLE = slice(RATE_HZ // 2, RATE_HZ // 2 + 6 * FRAME_SAMPLES)
"""Where the first sentence has voice."""


class World:
    """The flow, its keeping and what happens to it, in `folder`."""

    def __init__(
        self, folder: Path, engine: str, double: bool, local: WhisperClient, clips: Sequence[tuple[Clip, Audio]]
    ) -> None:
        paths = Paths(config=folder, data=folder, state=folder, runtime=folder)
        self.history = HistoryStore(paths.history)
        self.memory = DictationRecorder(paths, self.history)
        settings = Settings(history=HistorySettings(exclude=(EXCLUDED,)), emotion=EmotionSettings(engine="off"))
        self.keeping = HistoryService(self.memory, self.history, lambda: LoadedSettings(settings), lambda: None)
        self.service, self.local, self.engine = FakeService(), local, engine
        self.paster = FakePaster()
        self.paster.focus = WINDOWS["editor"]
        self.happened: Counter[str] = Counter()
        self.spoken: list[Spoken] = []
        self.later_s = 0.0
        self.left = 0
        self.retries: TaskGroup = anyio.create_task_group()
        self._clips = clips
        self._at = 0
        self._down = False
        self._send, self._intents = anyio.create_memory_object_stream[tuple[DictationIntent, float]](1000)
        self.keys = GestureRunner(self._mean, MAX_TAP_S, double, lambda: monotonic() + self.later_s)
        self.dictation = DictationController(self._parts(Spoken(Target())), self._show, self.keys.on_auto_stop)

    def start(self, tasks: TaskGroup) -> None:
        """Begin to take intents."""
        tasks.start_soon(self._run)

    async def _run(self) -> None:
        with self._send, self._intents:
            await self.dictation.run(self._intents)

    def _parts(self, spoken: Spoken) -> SessionDependencies:
        rules = FallbackRules("fallback", DEADLINE_S, "Example")
        local: Recognizer = self.local
        recognizers = {
            "local": local,
            "service": FallbackRecognizer(self.service, None, rules),
            "both": FallbackRecognizer(self.service, local, rules),
        }

        def remember(entry: HistoryEntry, take: SpoolFile) -> int:
            spoken.entry = entry
            return self.keeping.record(False, entry, take)

        return SessionDependencies(
            spoken.microphone,
            recognizers[self.engine],
            TextPolisher(),
            self.paster,
            self.keeping.spool,
            remember,
            is_kept=self.keeping.is_kept,
        )

    def _mean(self, intent: DictationIntent, at: float) -> None:
        self._send.send_nowait((intent, at))

    def _show(self, state: object) -> None:
        """Nothing is drawn."""

    @property
    def current(self) -> Spoken | None:
        """The dictation that hears now."""
        if not self.spoken:
            return None
        recording = self.spoken[-1].microphone.recording
        return self.spoken[-1] if recording is not None and not recording.closed else None

    async def settle(self) -> None:
        """Let everything run that waits for nothing but the loop."""
        for _ in range(50):
            await anyio.lowlevel.checkpoint()

    async def happen(self, event: str) -> None:
        """Do what `event` says, where that can be done now."""
        kind, _, how = event.partition(" ")
        if await getattr(self, f"_{kind}")(how):
            self.happened[event] += 1
        await self.settle()

    async def _press(self, how: str) -> bool:
        if self._down:
            return False
        self._down = True
        spoken = Spoken(self.paster.focus)
        self.dictation.dependencies = self._parts(spoken)
        self.keys.handle_key(GestureEvent.DOWN)
        await self.settle()
        if spoken.microphone.recording is not None:
            self.spoken.append(spoken)
        return True

    async def _release(self, how: str) -> bool:
        if not self._down:
            return False
        self._down = False
        self.keys.handle_key(GestureEvent.UP)
        await self._wait("0.06")
        return True

    async def _other(self, how: str) -> bool:
        if not self._down:
            return False
        if self.current is not None and not self.current.voiced:
            self.current.shortcut = True  # if it comes soon enough: what is said after it is said to nothing
        self.keys.handle_key(GestureEvent.OTHER)
        return True

    async def _wait(self, how: str) -> bool:
        self.later_s += float(how)
        while (due := next_tick_at(self.keys._gesture)) is not None and due <= monotonic() + self.later_s:
            self.keys.handle_key(GestureEvent.TICK)
        return True

    async def _escape(self, how: str) -> bool:
        self.keys.handle_key(GestureEvent.ESC)
        for one in self.spoken:
            one.untouched = False
        return True

    async def _lock(self, how: str) -> bool:
        self.keys.on_user_left()
        self.dictation.on_user_left()
        for one in self.spoken:
            one.untouched = False
        return True

    async def _focus(self, how: str) -> bool:
        self.paster.focus = WINDOWS[how]
        if self.current is not None and self.paster.focus.app not in PROMPTS:
            self.current.moved = True
        return True

    async def _answer(self, how: str) -> bool:
        self.service.how = how
        return True

    async def _paste(self, how: str) -> bool:
        self.paster.outcome = PASTES[how]
        return True

    async def _kill(self, how: str) -> bool:
        if self.local.pid is None:
            return False
        with suppress(ProcessLookupError):
            kill(self.local.pid)
        return True

    async def _retry(self, how: str) -> bool:
        self.retries.start_soon(self._take_up_again)
        return False  # counted where there is something to take up

    async def _take_up_again(self) -> None:
        await self.dictation.wait_until_recorded(include_cancelled=True)
        try:
            row, audio = await self.keeping.load_unfinished()
        except UserError:
            return
        self.happened["retry"] += 1
        again = partial(self.keeping.record_resumed, row)
        self.dictation.dependencies = self._parts(Spoken(Target()))
        self.dictation.resume(audio, again, row.style, row.started_at)

    async def _speak(self, how: str) -> bool:
        current = self.current
        if current is None or isinstance(self.keys._gesture, ReleasingGesture | TappedGesture):
            return False
        recording = current.microphone.recording
        assert recording is not None
        clip, audio = self._clips[self._at % len(self._clips)]
        try:
            recording.play(audio)
        except (anyio.ClosedResourceError, anyio.BrokenResourceError):
            return False
        self._at += 1
        self.later_s += len(audio) / RATE_HZ
        want = recording.heard + len(audio)
        while recording.heard < want and not recording.closed:
            await anyio.lowlevel.checkpoint()
        if recording.heard >= want:
            current.clips.append(clip)
            current.samples += len(audio)
            current.voiced = True
        return True

    async def _syllable(self, how: str) -> bool:
        """Say so little that the clock need not go on, and another key may still be taken for a shortcut."""
        current = self.current
        if current is None or current.microphone.recording is None:
            return False
        with suppress(anyio.ClosedResourceError, anyio.BrokenResourceError):
            current.microphone.recording.play(self._clips[0][1][SYLLABLE])
            current.voiced, current.untouched = True, False
        return True

    async def end(self) -> None:
        """Let go of everything, and open the gates."""
        await self._wait("1")
        await self._release("")
        if isinstance(self.keys._gesture, LockedGesture):
            await self._press("")
            await self._release("")
        await self._wait("1")
        self.service.how = "words" if self.service.how == "late" else self.service.how
        self.service.gate.set()

    async def over(self) -> None:
        """Wait until every dictation has ended."""
        with anyio.fail_after(END_S):
            while self.dictation._unfinished_sessions:
                await self.dictation._unfinished_sessions[-1].recorded.wait()
                await self.settle()

    def fates(self) -> Counter[str]:
        """What became of every stretch; a `lost` one counts as such."""
        rows = self.history.rows(limit=1000)
        return Counter(self._fate(one, rows) for one in self.spoken if one.samples >= VOICE_S * RATE_HZ)

    def _fate(self, one: Spoken, rows: Sequence[HistoryRow]) -> str:
        entry = one.entry
        near = [row for row in rows if entry is not None and abs(row.started_at - entry.started_at) < MILLISECOND]
        if one.begun_in.app in PROMPTS:  # what is said after it was left is kept
            kept = [row for row in near if row.raw_text or row.text or row.audio_path is not None]
            return "lost: a password was kept" if kept and not one.moved else "password field"
        if entry is None:
            return "shortcut" if one.shortcut else "lost: no row was made"
        if not self.keeping.is_kept(one.begun_in) and not (entry.text and near):
            return "excluded"
        if not self._faithful(one, entry):
            return f"lost: {entry.raw_text!r} of {one.samples} samples"
        if entry.delivery is Outcome.INSERTED:
            inserted = any(text == entry.text for text, _ in self.paster.pasted)
            return "inserted" if inserted and entry.text else "lost: inserted nothing"
        return self._kept(one, near[0]) if near else "lost: the row is gone"

    def _kept(self, one: Spoken, row: HistoryRow) -> str:
        if row.text or (row.raw_text and row.delivery not in RESUMABLE_OUTCOMES):
            return "row"
        if row.delivery not in RESUMABLE_OUTCOMES or row.audio_path is None or not row.audio_path.is_file():
            return f"lost: {row.delivery} without a recording"
        return "recording" if len(read_audio(row.audio_path)) >= one.samples else "lost: the recording is cut"

    def interrupted(self, one: Spoken) -> bool:
        """Whether what was said to a window went into a password prompt."""
        delivered = one.entry is not None and one.entry.delivery is Outcome.INSERTED
        return delivered and one.entry.app in PROMPTS and one.begun_in.app not in PROMPTS

    def _faithful(self, one: Spoken, entry: HistoryEntry) -> bool:
        """Whether the words are those of the speech, where all of it became words."""
        if not one.untouched or not entry.text:
            return True
        if entry.engine == "openai":
            return entry.raw_text == f"heard {one.samples} samples"
        return error_rate(" ".join(clip.text for clip in one.clips), entry.raw_text) <= WORSE
