"""Transcribe with Whisper on this machine while the user speaks.

`WhisperClient` owns the model's process and lives as long as the app uses that model; each dictation is a
`desktop.stt.local.streaming.WhisperStream`. When the process dies the job is given to a new one, on the CPU if it died
on a GPU: the audio is still here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterable, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, fields, replace
from functools import partial
from typing import Any

import anyio

from desktop.core.engine_names import model_title
from desktop.core.errors import RecognizerError
from desktop.core.messages import Foreign, Message, PartList
from desktop.core.tasks import Notifier
from desktop.core.types import Audio, Frame, Transcript
from desktop.stt.local import cuda
from desktop.stt.local.decoding import (
    GGUF_UNREADABLE,
    LIBRARY_UNUSABLE,
    VULKAN,
    VULKAN_UNUSABLE,
    AlignedText,
    DecodeRequest,
    DecodeResult,
    TokenTime,
)
from desktop.stt.local.language_guide import GuidedDecoder
from desktop.stt.local.model_choice import LocalModel, find_guide_model
from desktop.stt.local.process import WorkerDiedError, WorkerError, WorkerJobError, WorkerProcess
from desktop.stt.local.scheduler import DecodeCost, DecodeLane
from desktop.stt.local.streaming import WhisperStream
from desktop.stt.local.verification import WindowDecoder
from desktop.stt.traits import WHISPER, load_traits
from models.store import ModelStore

logger = logging.getLogger(__name__)

LOAD_TIMEOUT_S = 180.0
LOAD_MAX_MISSED_HEARTBEATS = 30
"""Missed heartbeats allowed during a load: loading libraries blocks them, on a slow disk for seconds."""

DECODE_TIMEOUT_S = 90.0
"""Timeout of a decode: a window takes a second on two cores and ten on a phone; beyond this the process is replaced."""

IS_LOW_PRIORITY: ContextVar[bool] = ContextVar("is_low_priority", default=False)
"""Whether a transcription in this context may wait for all others.

A context variable, since it applies to a task and all that it starts, and no parameter of the port: a recognizer
without a queue, such as a service, need not know it.
"""


@contextmanager
def low_priority() -> Iterator[None]:
    """Give low priority to transcriptions in this context: a recording from disk yields to live dictation."""
    token = IS_LOW_PRIORITY.set(True)
    try:
        yield
    finally:
        IS_LOW_PRIORITY.reset(token)


class Urgency:
    """How many transcriptions run that others with low priority wait for: those of a client and of its guide."""

    def __init__(self) -> None:
        self.count = 0
        self.none_left = Notifier()


type ShowPartial = Callable[[Transcript], None]
"""What `desktop.core.interfaces.Recognizer.transcribe` calls with a better partial transcript."""

DECODE_KEYS = tuple(field.name for field in fields(DecodeResult))


class WhisperClient:
    """A Whisper model behind `desktop.core.interfaces.Recognizer`.

    `find_model` is awaited until a load succeeds, so a model may still be downloading while users already speak; the
    model that was loaded is loaded again when its process has died. `languages` limits detection; a single one needs
    none; empty means all. From `store` comes Whisper where the model needs it beside it (`language_guide`).
    """

    load_timeout_s = LOAD_TIMEOUT_S
    decode_timeout_s = DECODE_TIMEOUT_S

    def __init__(
        self,
        find_model: Callable[[], Awaitable[LocalModel]],
        languages: tuple[str, ...] = (),
        device: str = "auto",
        user_words: tuple[str, ...] = (),
        store: ModelStore | None = None,
        urgency: Urgency | None = None,
    ) -> None:
        self.name = ""
        self.format = ""
        self.device = ""
        self.note: Message | None = None
        self.languages = languages
        self.user_words = user_words
        self.last_language = ""
        self.cost = DecodeCost()
        self.traits = load_traits(WHISPER)
        self.model_languages: tuple[str, ...] = ()
        self._find_model = find_model
        self._store = store
        self._guide: WhisperClient | None = None
        self._failed_guides: list[WhisperClient] = []
        self._device_to_try = device
        self._active_count = 0
        self._unused = Notifier()
        self._urgency = urgency or Urgency()
        self._model: LocalModel | None = None
        self._worker: WorkerProcess | None = None
        self._loading: asyncio.Task[WorkerProcess] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a model is being loaded or a window decoded."""
        loading = self._loading is not None and not self._loading.done()
        is_guide_busy = self._guide is not None and self._guide.is_busy
        return loading or is_guide_busy or (self._worker is not None and self._worker.is_busy)

    @property
    def pid(self) -> int | None:
        """The process that holds the model, if one runs."""
        return self._worker.pid if self._worker is not None and self._worker.is_alive else None

    async def load(self) -> None:
        """Load the model. Raises `RecognizerError`."""
        await self._get_worker()

    async def close(self) -> None:
        """End the process and free its memory, as soon as no dictation needs it any more."""
        while self._active_count:
            await self._unused.wait()
        for guide in (*self._failed_guides, *([self._guide] if self._guide else [])):
            await guide.close()
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])
        if self._worker is not None:
            await self._worker.stop()

    async def find_guide(self, failed: WindowDecoder | None = None) -> WhisperClient | None:
        """See `desktop.stt.local.language_guide.GuidedEngine`. One that failed is not used again by this client."""
        if self._guide is not None and self._guide is failed:
            self._failed_guides.append(self._guide)
            self._guide = None
        if self._guide is None and self._store is not None:
            names = [guide.name for guide in self._failed_guides]
            model = await find_guide_model(self._store, (self.name, *names))
            if model is not None and self._guide is None:
                self._guide = WhisperClient(partial(_return_model, model), urgency=self._urgency)
                self._guide.name = model.name  # before it is loaded, as it may fail
            if self._guide is None and names:
                raise RecognizerError("speech-model-unstartable", name=names[-1], reason="")
        return self._guide

    async def decode(self, audio: Audio, request: DecodeRequest) -> DecodeResult:
        """Decode up to 30 s of speech. Raises `RecognizerError` when two processes died of it.

        Low priority waits for all others.
        """
        answer = await self._request({"do": "decode", "ask": asdict(request)}, audio, IS_LOW_PRIORITY.get())
        return DecodeResult(**{key: answer[key] for key in DECODE_KEYS})

    async def align(self, audio: Audio, texts: Sequence[str], language: str) -> list[AlignedText]:
        """See `desktop.stt.local.decoding.Decoder`. Low priority waits for all transcriptions; raises as `decode`."""
        head = {"do": "align", "texts": [*texts], "language": language}
        answer = await self._request(head, audio, IS_LOW_PRIORITY.get())
        return [
            AlignedText(text, tuple(TokenTime(*token) for token in tokens))
            for text, tokens in zip(answer["texts"], answer["tokens"], strict=True)
        ]

    async def list_alternatives(self, audio: Audio, language: str, count: int) -> list[str]:
        """See `desktop.stt.local.decoding.Decoder`. Waits for all transcriptions; raises as `decode`."""
        answer = await self._request({"do": "alternatives", "language": language, "count": count}, audio, True)
        return [*answer["texts"]]

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the process from being ended by `close`."""
        self._active_count += 1
        try:
            yield
        finally:
            self._active_count -= 1
            if not self._active_count:
                self._unused.notify()

    async def _request(self, head: dict[str, Any], audio: Audio, is_low_priority: bool) -> dict[str, Any]:
        """Have the process do a job, a new one if it dies of it; with low priority when no transcription runs."""
        while is_low_priority and self._urgency.count:
            await self._urgency.none_left.wait()
        for _ in range(2):
            worker = await self._get_worker()
            try:
                return await worker.request(self.decode_timeout_s, head, audio.tobytes())
            except WorkerDiedError as error:
                self._fall_back_to_cpu(error)
            except WorkerJobError as error:
                raise RecognizerError("whisper-failed", reason=error.reason or Foreign(error)) from error
        raise RecognizerError("whisper-stopped-twice")

    async def transcribe(
        self, speech: AsyncIterable[Frame], on_partial: ShowPartial, languages: tuple[str, ...] | None = None
    ) -> Transcript:
        """See `desktop.core.interfaces.Recognizer`. `languages` are those of this dictation alone, empty for any."""
        decoder = GuidedDecoder(self, languages)
        stream = WhisperStream(decoder, lambda text: on_partial(decoder.name_decoder(text, stream.results)))
        is_urgent = not IS_LOW_PRIORITY.get()
        self._urgency.count += is_urgent
        try:
            with self.hold():
                async with anyio.create_task_group() as group:
                    if self._store is not None:
                        group.start_soon(decoder.preload)
                    for lane in DecodeLane:
                        group.start_soon(stream.run_lane, lane)
                    async for frame in speech:
                        stream.add_frame(frame)
                        await stream.wait_for_room()
                    if not stream.is_faster_than_speech():  # else a file, for which users do not wait
                        decoder.end_speech()
                    await stream.finish()
                    group.cancel_scope.cancel()  # an obsolete decode is not waited for
        except* RecognizerError as problems:
            raise problems.exceptions[0] from None
        finally:
            self._urgency.count -= is_urgent
            if not self._urgency.count:
                self._urgency.none_left.notify()
        transcript = decoder.name_decoder(stream.build_transcript(), stream.results)
        if languages and decoder.lacks_language:  # else the status has said so before
            note = Message("language-beyond-model", name=model_title(self.name), languages=PartList(languages))
            return replace(transcript, notes=(*transcript.notes, note))
        return transcript

    async def _get_worker(self) -> WorkerProcess:
        if self._worker is not None and self._worker.is_alive:
            return self._worker
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load_worker())
        loading = self._loading
        try:
            return await asyncio.shield(loading)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if not loading.cancelled() or (task is not None and task.cancelling()):
                raise
            # `close` cancelled the load, not the caller: this must not cancel those that wait for a model.
            raise RecognizerError("speech-model-closed") from None

    async def _load_worker(self) -> WorkerProcess:
        model = self._model
        if model is None or not model.folder.exists():  # else a dictation that runs would go on with another model
            model = await self._find_model()
        self.name, self.format, self.traits = model.name, model.format, load_traits(model.family)
        self.model_languages = model.languages
        head = {
            "do": "load",
            "folder": str(model.folder),
            "name": model.name,
            "format": model.format,
            "family": model.family,
        }
        if model.format == "gguf" and self._device_to_try not in ("cpu", VULKAN):
            self._device_to_try = VULKAN if model.name.endswith(VULKAN) else "cpu"  # a GPU is used by choice alone
        while True:
            try:
                worker = await WorkerProcess.start()
            except WorkerDiedError as error:
                raise RecognizerError("speech-model-unstartable", name=model.name, reason=str(error)) from error
            try:
                answer = await worker.request(
                    self.load_timeout_s, {**head, "device": self._device_to_try}, max_missed=LOAD_MAX_MISSED_HEARTBEATS
                )
            except (WorkerDiedError, WorkerJobError) as error:
                await worker.stop()
                logger.warning("a model was not loaded: %s", str(error))  # of a process that was not used yet
                if self._fall_back_to_cpu(error):
                    continue
                if isinstance(error, WorkerDiedError):
                    raise RecognizerError("speech-model-process-ended", name=model.name) from error
                if error.reason is not None and error.reason.code == LIBRARY_UNUSABLE:
                    raise RecognizerError("speech-runtime-unusable", name=model.name, reason=error.reason) from error
                reason = error.reason or str(error)
                raise RecognizerError("speech-model-unloadable", name=model.name, reason=reason) from error
            except asyncio.CancelledError:
                await worker.stop()
                raise
            self.device = answer["device"]
            logger.info("model loaded in %.2f s on %s (%s)", answer["took_s"], self.device, answer["compute"])
            self._worker, self._model = worker, model
            return worker

    def _fall_back_to_cpu(self, error: WorkerError) -> bool:
        """Note `error`, and return whether the CPU is left to try."""
        logger.warning("the model's process failed on %s: %s", self._device_to_try, error)
        if self._device_to_try == "cpu":
            return False
        self.note = _describe_failure(self._device_to_try, error)
        self._device_to_try = "cpu"
        return True


async def _return_model(model: LocalModel) -> LocalModel:
    return model


def is_lasting(problem: RecognizerError) -> bool:
    """Whether a model that failed to load so cannot work before something is installed anew: its file is no model, or
    the library of its format cannot be used."""
    reason = problem.message.params.get("reason")
    return isinstance(reason, Message) and reason.code in (LIBRARY_UNUSABLE, GGUF_UNREADABLE)


def _describe_failure(device: str, error: WorkerError) -> Message | None:
    """Return the message for running on the CPU because of `error` on `device`; None if nothing was given up."""
    if device != VULKAN:
        return cuda.describe_failure(device, error)
    if isinstance(error, WorkerDiedError) and error.reason is None:  # its last lines are those of a library
        return Message("vulkan-process-ended")
    return Message("vulkan-failed", reason=error.reason or Message(VULKAN_UNUSABLE))
