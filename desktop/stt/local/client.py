"""Transcribe with Whisper on this machine while the user speaks.

`WhisperClient` owns the model's process and lives as long as the app uses that model; each dictation is a
`streaming.WhisperStream`. When the process dies the job is given to a new one, on the CPU if it died on a GPU: the
audio is still here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Awaitable, Callable
from dataclasses import asdict, dataclass, field, fields

import anyio

from desktop.core.errors import RecognizerProblem
from desktop.core.types import Audio, Frame, Transcript
from desktop.stt.local import cuda
from desktop.stt.local.model_choice import LocalModel
from desktop.stt.local.patience import PATIENT
from desktop.stt.local.process import Child, ChildDiedError, JobError
from desktop.stt.local.scheduler import Cost, Lane
from desktop.stt.local.streaming import Take
from desktop.stt.local.whisper_decoder import Question

logger = logging.getLogger(__name__)

LOAD_LIMIT_S = 180.0
LOAD_MISSED = 30
"""Missed heartbeats allowed during a load: loading libraries blocks them, on a slow disk for seconds."""

DECODE_LIMIT_S = 90.0
"""Timeout of a decode: a window takes a second on two cores and ten on a phone; beyond this the process is replaced."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The result of one window; `guard`, `sure`, `odds` and `voice` as in `whisper_decoder.DecodeResult`."""

    text: str
    language: str
    guard: str
    sure: bool
    took_s: float
    odds: dict[str, float]
    voice: list[float] = field(default_factory=list)


KEYS = tuple(each.name for each in fields(Decoded))


class Whisper:
    """A Whisper model behind `core.interfaces.Recognizer`.

    `find_model` is awaited at every load, so a model may still be downloading while users already speak. `languages`
    limits detection; a single one needs none; empty means all.
    """

    def __init__(
        self,
        find: Callable[[], Awaitable[LocalModel]],
        languages: tuple[str, ...] = (),
        device: str = "auto",
        threads: int = 0,
        words: tuple[str, ...] = (),
    ) -> None:
        self.name = ""
        self.device = ""
        self.note = ""
        self.languages = languages
        self.words = words
        self.last_language = ""
        self.cost = Cost()
        self._find = find
        self._wanted_device = device
        self._threads = threads
        self._takes = 0
        self._unused = anyio.Event()
        self._hurried = 0
        self._unhurried = anyio.Event()
        self._child: Child | None = None
        self._loading: asyncio.Task[Child] | None = None

    @property
    def busy(self) -> bool:
        """Whether a model is being loaded or a window decoded."""
        loading = self._loading is not None and not self._loading.done()
        return loading or (self._child is not None and self._child.busy)

    @property
    def pid(self) -> int | None:
        """The process that holds the model, if one runs."""
        return self._child.pid if self._child is not None and self._child.alive else None

    async def load(self) -> None:
        """Load the model. Raises `RecognizerError`."""
        await self._ready()

    async def close(self) -> None:
        """End the process and free its memory, as soon as no dictation needs it any more."""
        while self._takes:
            await self._unused.wait()
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])
        if self._child is not None:
            await self._child.stop()

    async def decode(self, audio: Audio, question: Question) -> Decoded:
        """Decode up to 30 s of speech. Raises `RecognizerError` when two processes died of it.

        Low priority waits for all others.
        """
        while PATIENT.get() and self._hurried:
            await self._unhurried.wait()
        head = {"do": "decode", "ask": asdict(question)}
        for _ in range(2):
            child = await self._ready()
            try:
                answer = await child.ask(DECODE_LIMIT_S, head, audio.tobytes())
            except ChildDiedError as error:
                self._step_down(error)
            except JobError as error:
                raise RecognizerProblem(
                    f"Whisper could not transcribe this: {error}.",
                    "The recording is kept; try again.",
                    said=str(error),
                ) from error
            else:
                return Decoded(**{key: answer[key] for key in KEYS})
        raise RecognizerProblem(
            "The speech model stopped twice while transcribing.",
            "The recording is kept. Try a smaller model, or free some memory.",
        )

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `core.interfaces.Recognizer`."""
        take, hurried = Take(self, show), not PATIENT.get()
        self._takes += 1
        self._hurried += hurried
        try:
            async with anyio.create_task_group() as group:
                for lane in Lane:
                    group.start_soon(take.decode, lane)
                async for frame in speech:
                    take.hear(frame)
                    await take.room()
                await take.end()
                group.cancel_scope.cancel()  # an obsolete decode is not waited for
        except* RecognizerProblem as problems:
            raise problems.exceptions[0] from None
        finally:
            self._takes -= 1
            self._hurried -= hurried
            if not self._hurried:
                self._unhurried.set()
                self._unhurried = anyio.Event()
            if not self._takes:
                self._unused.set()
                self._unused = anyio.Event()
        return take.transcript()

    async def _ready(self) -> Child:
        if self._child is not None and self._child.alive:
            return self._child
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load())
        loading = self._loading
        try:
            return await asyncio.shield(loading)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not loading.cancelled() or (task is not None and task.cancelling()):
                raise
            # `close` cancelled the load, not the caller: this must not cancel those that wait for a model.
            raise RecognizerProblem("The model was closed while it was loading.", "Try again.") from None

    async def _load(self) -> Child:
        model = await self._find()
        self.name = model.name
        head = {"do": "load", "folder": str(model.folder), "name": model.name, "threads": self._threads}
        while True:
            try:
                child = await Child.start()
            except ChildDiedError as error:
                raise RecognizerProblem(
                    f"The model {model.name} cannot be loaded: {error}.", "Close something, then try again."
                ) from error
            try:
                answer = await child.ask(LOAD_LIMIT_S, {**head, "device": self._wanted_device}, missed=LOAD_MISSED)
            except (ChildDiedError, JobError) as error:
                await child.stop()
                logger.warning("a model was not loaded: %s", str(error))  # of a process that was not used yet
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
        """Note `error`, and return whether the CPU is left to try."""
        logger.warning("the model's process failed on %s: %s", self._wanted_device, error)
        if self._wanted_device == "cpu":
            return False
        self.note = cuda.failure(self._wanted_device, error)
        self._wanted_device = "cpu"
        return True
