"""Run trials from a window with the dependencies of a dictation: engine, language model, a recording again.

A trial of the engine has no fallback: where a service is chosen, the local model does not step in, because the trial
must show a wrong key. Live or recorded speech arrives at its own pace, so that the time from its end to the text is
that of a dictation. A kept recording is sent to a service only on the user's explicit request.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread

from desktop.app.recovery import transcribe_again
from desktop.audio.file import iterate_frames, read_audio
from desktop.core.errors import UserError
from desktop.core.interfaces import Microphone
from desktop.core.messages import Notes
from desktop.core.tasks import SpawnTask
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Frame, SentData, Transcript
from desktop.dictation.dependencies import SessionDependencies
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.polish.polisher import PolishTrial, style_named, try_polisher
from desktop.settings.schema import Settings

if TYPE_CHECKING:  # loaded where models are compared
    from desktop.app.bench_service import BenchService

logger = logging.getLogger(__name__)

LISTEN_S = 4.0
"""Seconds of live speech recorded: one sentence."""

MAX_REPLAY_S = 8.0
"""Maximum seconds replayed of a recording: users do not wait for more."""

SEARCHED_ROWS = 50
"""Number of newest dictations searched for a recording."""

type Transcribe = Callable[[AsyncIterable[Frame], Callable[[Transcript], None]], Awaitable[Transcript]]
"""`Recognizer.transcribe`, of one engine or another."""


@dataclass(frozen=True, slots=True)
class EngineTrial:
    """The result of an engine trial. `release_ms` is the time from the end of speech to the text, in milliseconds."""

    text: str
    language: str
    speech_s: float
    release_ms: float
    engine: str
    model: str
    device: str = ""
    notes: Notes = ()
    sent: tuple[SentData, ...] = ()


class TrialService:
    """Runs trials with the current `dependencies`. All raise `UserError`.

    `transcribe` is that of the chosen engine without the local fallback; `is_dictating` returns whether the user is,
    `has_llm` whether a language model polishes. `wait_until_idle` returns while no dictation is running.
    """

    def __init__(
        self,
        dependencies: Callable[[], SessionDependencies],
        transcribe: Transcribe,
        history: HistoryStore,
        *,
        is_dictating: Callable[[], bool],
        has_llm: Callable[[], bool],
        spawn: SpawnTask,
        wait_until_idle: Callable[[], Awaitable[None]],
    ) -> None:
        self._dependencies = dependencies
        self._transcribe = transcribe
        self._history = history
        self._is_dictating = is_dictating
        self._has_llm = has_llm
        self._spawn = spawn
        self._wait_until_idle = wait_until_idle
        self._bench: BenchService | None = None
        self._running_retranscriptions = 0

    @property
    def bench(self) -> BenchService:
        """What compares the installed models; made when it is first asked for."""
        if self._bench is None:
            from desktop.app.bench_service import BenchService

            self._bench = BenchService(self._spawn, self._wait_until_idle)
        return self._bench

    @property
    def is_busy(self) -> bool:
        """Whether installed models are being compared, or a recording is transcribed again."""
        is_comparing = self._bench is not None and self._bench.progress.is_running
        return is_comparing or self._running_retranscriptions > 0

    def on_press(self) -> None:
        """End what must not run while the user speaks."""
        if self._bench is not None:
            self._bench.on_press()

    def apply_settings(self, settings: Settings) -> None:
        """Compare models by itself, or no longer."""
        is_wanted = settings.recognizer.compare == "idle"
        if is_wanted or self._bench is not None:
            self.bench.run_at_rest(is_wanted)

    async def retranscribe(self, row: HistoryRow) -> HistoryRow | None:
        """Transcribe and polish the recording of `row` again with the current engine."""
        dependencies = self._dependencies()
        self._running_retranscriptions += 1
        try:
            return await transcribe_again(
                row, dependencies.recognizer, dependencies.polisher, self._history, dependencies.styles
            )
        finally:
            self._running_retranscriptions -= 1

    async def try_engine(self, live: bool, on_listening: Callable[[], None]) -> EngineTrial | UserError:
        """Try the chosen engine, unless the user is dictating; see `try_recognizer`."""
        if self._is_dictating():
            raise UserError("trial-while-dictating")
        return await try_recognizer(
            live, self._transcribe, self._dependencies().microphone, self._history, on_listening
        )

    async def try_polish(self, text: str, style: str) -> PolishTrial:
        """Have the configured language model rewrite `text` in the given style, within its time budget."""
        if not self._has_llm():
            raise UserError("language-model-unchosen")
        dependencies = self._dependencies()
        return await try_polisher(dependencies.polisher, text, style_named(dependencies.styles, style))


async def try_recognizer(
    live: bool, transcribe: Transcribe, microphone: Microphone, history: HistoryStore, on_listening: Callable[[], None]
) -> EngineTrial | UserError:
    """Try `transcribe` on speech recorded now if `live`, otherwise on the newest recording; return a `UserError` on
    failure, which says nothing of a dictation.

    `on_listening` is called when the microphone delivers sound.
    """
    try:
        if live:
            return await try_with_voice(transcribe, microphone, on_listening)
        return await try_with_recording(transcribe, history)
    except UserError as problem:
        return problem.outside_dictation()
    except Exception:
        logger.exception("the engine could not be tried")
        return UserError("trial-failed")


async def try_with_recording(transcribe: Transcribe, history: HistoryStore) -> EngineTrial:
    """Try `transcribe` on the newest kept recording. Raises `UserError`."""
    audio = await to_thread.run_sync(lambda: _load_newest_recording(history))
    return await _run_trial(
        transcribe, _TimedSpeech(iterate_frames(audio[: round(MAX_REPLAY_S * RATE_HZ)], realtime=True))
    )


async def try_with_voice(
    transcribe: Transcribe, microphone: Microphone, on_listening: Callable[[], None]
) -> EngineTrial:
    """Try `transcribe` on `LISTEN_S` of live speech; `on_listening` is called with the first sound. Raises
    `UserError`."""
    async with microphone.open() as recording:

        def count_frame(speech: _TimedSpeech) -> None:
            if speech.samples <= FRAME_SAMPLES:
                on_listening()
            if speech.samples >= LISTEN_S * RATE_HZ and not speech.released:
                speech.released = True
                recording.stop(speech.ended_at)

        return await _run_trial(transcribe, _TimedSpeech(recording, count_frame))


class _TimedSpeech:
    """Speech that counts its samples and records when it ended: at `released`, if that is set. `on_frame` is called
    with it for each frame."""

    def __init__(
        self, speech: AsyncIterable[Frame], on_frame: Callable[[_TimedSpeech], None] = lambda speech: None
    ) -> None:
        self.samples = 0
        self.ended_at = time.monotonic()
        self.released = False
        self._speech = speech
        self._on_frame = on_frame

    async def __aiter__(self) -> AsyncIterator[Frame]:
        async for frame in self._speech:
            self.samples += len(frame)
            if not self.released:
                self.ended_at = time.monotonic()
            self._on_frame(self)
            yield frame


async def _run_trial(transcribe: Transcribe, speech: _TimedSpeech) -> EngineTrial:
    transcript = await transcribe(speech, lambda partial: None)
    return EngineTrial(
        text=transcript.text,
        language=transcript.language,
        speech_s=speech.samples / RATE_HZ,
        release_ms=(time.monotonic() - speech.ended_at) * 1000,
        engine=transcript.engine,
        model=transcript.model,
        device=transcript.device,
        notes=transcript.notes,
        sent=transcript.sent,
    )


def _load_newest_recording(history: HistoryStore) -> Audio:
    for row in history.rows(SEARCHED_ROWS):
        if row.audio_path is not None and row.audio_path.is_file() and row.text:
            return read_audio(row.audio_path)
    raise UserError("trial-recording-missing")
