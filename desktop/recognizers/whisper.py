"""Whisper on this machine, decoding while the person speaks.

`Whisper` owns the model's process and lives as long as the app uses that model; `_Take` is one dictation: it hears
frames, asks `speech.windows` where to cut and `speech.plan` what to decode, and puts the windows' texts together. When
the process dies the job is given to a new one, on the CPU if it died on a GPU: the sound is still here.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import anyio
import numpy as np

from desktop.ports import FRAME, RATE_HZ, Audio, Frame, Segment, Transcript
from desktop.problems import RecognizerProblem
from desktop.recognizers.child import Child, ChildDiedError, JobError
from desktop.recognizers.local_model import LocalModel
from desktop.speech.plan import Worker, last_job, next_job
from desktop.speech.text import join
from desktop.speech.vad import VoiceActivity
from desktop.speech.windows import Window, Windows

logger = logging.getLogger(__name__)

LOAD_LIMIT_S = 180.0
DECODE_LIMIT_S = 90.0
"""A window takes a second on two cores and ten on a phone; beyond this the process hangs and is replaced."""

SURE_S = 3.0
"""Speech from which a language is detected for the rest of the dictation (the field's usual bound)."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The words of one window."""

    text: str
    language: str
    guard: str
    took_s: float


class Whisper:
    """A Whisper model behind `ports.Recognizer`.

    `find` is awaited at every load, so a model may still be downloading while people already speak. `languages` limits
    what is detected; one alone is not detected at all; none means all.
    """

    def __init__(
        self,
        find: Callable[[], Awaitable[LocalModel]],
        languages: tuple[str, ...] = (),
        device: str = "auto",
        threads: int = 0,
    ) -> None:
        self.name = ""
        self.device = ""
        self.languages = languages
        self._find = find
        self._wanted_device = device
        self._threads = threads or min(os.cpu_count() or 1, 8)
        self._takes = 0
        self._unused = anyio.Event()
        self._child: Child | None = None
        self._loading: asyncio.Task[Child] | None = None

    @property
    def pid(self) -> int | None:
        """The process that holds the model, where one runs."""
        return self._child.pid if self._child is not None and self._child.alive else None

    async def load(self) -> None:
        """Have the model in memory. Raises `RecognizerProblem`."""
        await self._ready()

    async def close(self) -> None:
        """End the process and give the memory back, as soon as no dictation needs it any more."""
        while self._takes:
            await self._unused.wait()
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])
        if self._child is not None:
            await self._child.stop()

    async def decode(self, audio: Audio, language: str, beam: int) -> Decoded:
        """The words of up to 30 s of speech. Raises `RecognizerProblem` when two processes died of it."""
        head = {"do": "decode", "language": language, "allowed": self.languages, "beam": beam}
        for _ in range(2):
            child = await self._ready()
            try:
                answer = await child.ask(DECODE_LIMIT_S, head, audio.tobytes())
            except ChildDiedError as error:
                self._step_down(error)
            except JobError as error:
                raise RecognizerProblem(
                    f"Whisper could not transcribe this: {error}.", "The recording is kept; try again."
                ) from error
            else:
                return Decoded(answer["text"], answer["language"], answer["guard"], answer["took_s"])
        raise RecognizerProblem(
            "The speech model stopped twice while transcribing.",
            "The recording is kept. Try a smaller model, or free some memory.",
        )

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `ports.Recognizer`."""
        take = _Take(self, show)
        self._takes += 1
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(take.decode)
                async for frame in speech:
                    take.hear(frame)
                take.end()
        except* RecognizerProblem as problems:
            raise problems.exceptions[0] from None
        finally:
            self._takes -= 1
            if not self._takes:
                self._unused.set()
                self._unused = anyio.Event()
        return take.transcript()

    async def _ready(self) -> Child:
        if self._child is not None and self._child.alive:
            return self._child
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load())
        return await asyncio.shield(self._loading)

    async def _load(self) -> Child:
        model = await self._find()
        self.name = model.name
        head = {"do": "load", "folder": str(model.folder), "name": model.name, "threads": self._threads}
        while True:
            child = await Child.start()
            try:
                answer = await child.ask(LOAD_LIMIT_S, {**head, "device": self._wanted_device})
            except (ChildDiedError, JobError) as error:
                await child.stop()
                if self._step_down(error):
                    continue
                why = "its process ended" if isinstance(error, ChildDiedError) else str(error)
                raise RecognizerProblem(
                    f"The model {model.name} cannot be loaded: {why}.",
                    f"Fetch it again with `intone models pull {model.name}`, or choose a smaller one.",
                ) from error
            except asyncio.CancelledError:
                await child.stop()
                raise
            self.device = answer["device"]
            logger.info("model loaded in %.2f s on %s (%s)", answer["took_s"], self.device, answer["compute"])
            self._child = child
            return child

    def _step_down(self, error: Exception) -> bool:
        """Whether there is the CPU to go on with, after `error` on whatever was tried."""
        logger.warning("the model's process failed on %s: %s", self._wanted_device, error)
        if self._wanted_device == "cpu":
            return False
        self._wanted_device = "cpu"
        return True


class _Take:
    """One dictation: frames in, the best words known out."""

    def __init__(self, whisper: Whisper, show: Callable[[Transcript], None]) -> None:
        self._whisper = whisper
        self._show = show
        self._voice = VoiceActivity()
        self._windows = Windows()
        self._frames: list[Frame] = []
        self._samples = 0
        self._ended = False
        self._news = anyio.Event()
        self._done: dict[Window, Decoded] = {}
        self._live: tuple[Window, Decoded] | None = None
        self._worker = Worker()
        self._decode_s = 0.0
        self._guards: list[str] = []
        self._language = whisper.languages[0] if len(whisper.languages) == 1 else ""

    def hear(self, frame: Frame) -> None:
        """Take the next frame."""
        self._frames.append(frame)
        self._samples += len(frame)
        self._windows.hear(self._voice(frame))
        self._news.set()

    def end(self) -> None:
        """No more frames will come."""
        self._ended = True
        self._news.set()

    async def decode(self) -> None:
        """Decode whatever is worth it until all is known."""
        while True:
            now = time.monotonic()
            job = (
                last_job(self._windows, self._done, self._samples)
                if self._ended
                else next_job(self._windows, self._done, self._worker, now)
            )
            if job is None:
                if self._ended:
                    return
                self._news = anyio.Event()
                await self._news.wait()
                continue
            found = await self._whisper.decode(self._sound(job.window), self._language, job.beam)
            self._decode_s += found.took_s
            if job.live:
                self._live = (job.window, found)
            else:
                self._done[job.window] = found
            self._worker = Worker(time.monotonic(), found.took_s, job.window.end)
            if job.window.seconds >= SURE_S:
                self._language = found.language
            if found.guard:
                self._guards.append(found.guard)
            self._show(self.transcript())

    def transcript(self) -> Transcript:
        """What is known now."""
        sealed = self._windows.sealed
        known: list[tuple[Window, Decoded]] = []
        settled, firm = 0, True
        for index, window in enumerate([*sealed, *self._windows.finish(self._samples, self._done)]):
            final = self._done.get(window)
            firm = firm and final is not None and (self._ended or index < len(sealed))
            found = final or (self._live[1] if self._live and self._live[0].start == window.start else None)
            if found is not None:
                known.append((window, found))
                settled += firm
        return Transcript(
            text=join(found.text for _, found in known),
            settled=len(join(found.text for _, found in known[:settled])),
            language=self._language or next((found.language for _, found in reversed(known)), ""),
            segments=tuple(
                Segment(round(w.start / RATE_HZ, 3), round(w.end / RATE_HZ, 3), found.text) for w, found in known
            ),
            duration_s=round(self._samples / RATE_HZ, 3),
            decode_s=round(self._decode_s, 3),
            engine="whisper",
            model=self._whisper.name,
            device=self._whisper.device,
            guards=tuple(self._guards),
        )

    def _sound(self, window: Window) -> Audio:
        first = window.start // FRAME
        frames: list[Any] = self._frames[first : -(-window.end // FRAME)]
        offset = window.start - first * FRAME
        return np.concatenate(frames)[offset : offset + window.end - window.start]
