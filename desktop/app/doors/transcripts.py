"""Transcribe audio that a program of the user gives, by the model on this machine, after the user's own dictations.

The audio is read from the link no faster than it is transcribed, and nothing of it is kept. A service that the settings
choose is not asked: the user has chosen it for dictations.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import asdict

import anyio
import numpy as np

from desktop.app.ipc_links import CLIENT_GONE, Link
from desktop.core.errors import UserError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame
from desktop.settings.schema import LANGUAGES
from desktop.stt.local.client import low_priority
from desktop.stt.recognition import ConfiguredRecognizer

MAX_SAMPLES = 4 * 3600 * RATE_HZ
"""The longest audio."""

MAX_WAITING = 8
"""Clients at once: one is served, the others wait."""

_SAMPLE_BYTES = np.dtype(np.float32).itemsize


class TranscriptService:
    """Serves the links `transcribe`: a client gives `samples` samples at 16 kHz and gets a line with their text.

    `wait_until_idle` returns while no dictation is running.
    """

    def __init__(self, recognition: ConfiguredRecognizer, wait_until_idle: Callable[[], Awaitable[None]]) -> None:
        self._recognition = recognition
        self._wait_until_idle = wait_until_idle
        self._order = anyio.Lock()
        self._client_count = 0

    async def serve(self, link: Link) -> None:
        """Serve a link until it ends. Raises `UserError`."""
        language, count = link.text("language", 20), link.number("samples", 0, MAX_SAMPLES)
        if language and language not in LANGUAGES:
            raise UserError("language-not-known", language=language)
        if self._client_count >= MAX_WAITING:
            raise UserError("app-busy")
        status = self._recognition.local_status
        if not self._recognition.has_local_model:
            raise UserError("serve-model-missing")
        self._client_count += 1
        try:
            await link.accept(model=status.model)
            if count:
                async with self._order:
                    await self._transcribe(link, count, language)
        finally:
            self._client_count -= 1

    async def _transcribe(self, link: Link, count: int, language: str) -> None:
        is_read = anyio.Event()
        with anyio.CancelScope() as scope:

            async def read_frames() -> AsyncIterator[Frame]:
                for start in range(0, count, FRAME_SAMPLES):
                    await self._wait_until_idle()
                    length = min(FRAME_SAMPLES, count - start)
                    try:
                        data = await link.read(length * _SAMPLE_BYTES)
                    except CLIENT_GONE:
                        scope.cancel()
                        await anyio.sleep_forever()
                    yield np.frombuffer(data, np.float32)
                is_read.set()

            async def work() -> None:
                with low_priority():
                    transcript = await self._recognition.transcribe_locally(
                        read_frames(), (language,) if language else None
                    )
                await link.send(
                    {
                        "text": transcript.text,
                        "language": transcript.language,
                        "duration_s": transcript.duration_s,
                        "segments": [asdict(segment) for segment in transcript.segments],
                        "model": transcript.model,
                    }
                )

            await link.run_while_open(work, is_read)
