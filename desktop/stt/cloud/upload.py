"""Send one recording and one request during a dictation: the common part of services that take files.

At the key press a small request (`open_connection`) opens the connection and reveals a wrong key or a network failure;
it runs beside the main request, because it detects a connection that no longer answers.

The request is repeated with the same recording where that may help: after a failure of the service
(`TRANSIENT_STATUSES`: one machine of many, or a restart), and, at the release, after a network failure during the
dictation. Failures of the account or the request are final, and so is a busy server's refusal: asked again at once it
would be busier. A dead kept-alive connection is replaced by the client.

After the end of speech an upload times out once nothing more of it was accepted for `answer_timeout_s`, or no answer
came that long after the last byte: a long recording over a slow network takes its time (see `EncodedRecording` for
"accepted"), and the client's own timeout on a new connection is longer. A kept connection that accepts nothing is
replaced sooner, and the recording restarts. The measured speed is stored in any case, so that the next recording is
encoded for it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping

import anyio

from desktop.core.errors import ServiceError, UserError
from desktop.core.types import Frame
from desktop.network.client import ServiceAnswer
from desktop.network.endpoint import Service
from desktop.network.errors import OVERLOADED, service_error
from desktop.network.timing import UplinkSpeeds, measure_delayed
from desktop.stt.cloud.audio_upload import EncodedRecording

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 30.0
"""Seconds after which a connection that accepted nothing is dead, and a service that has everything but did not
answer."""

ANSWER_SHARE = 0.25
"""Share of a long recording's length that the answer may take, as in `desktop.stt.fallback`: slow servers transcribe
four times as fast as speech."""

PROGRESS_INTERVAL_S = 0.1
"""Minimum seconds between two progress reports, and before the first: a dictation's last tenths are sent in no time."""

TRANSIENT_STATUSES = {500, 502, 503, 504}
"""Transient failures of the service."""

FATAL_STATUSES = {0, None, 401}
"""Statuses of a failed `open_connection` that make the request hopeless: no connection, no key, a wrong one.

Any other concerns the list of models, which some servers lack and some keys may not read.
"""


class AudioUpload:
    """One recording on its way to a service; `send_request` sends the request with its body, and may be called again.

    `on_progress` is called after the end of speech when more was accepted. `wait_for_connection`: send only after
    `open_connection`, whose answer is needed.
    """

    def __init__(
        self,
        service: Service,
        outgoing: EncodedRecording,
        open_connection: Callable[[], Awaitable[None]],
        send_request: Callable[[], Awaitable[ServiceAnswer]],
        uplinks: UplinkSpeeds,
        on_progress: Callable[[], None],
        answer_timeout_s: float = ANSWER_TIMEOUT_S,
        wait_for_connection: bool = False,
    ) -> None:
        self._service = service
        self._outgoing = outgoing
        self._open_connection = open_connection
        self._send_request = send_request
        self._uplinks = uplinks
        self._on_progress = on_progress
        self._answer_timeout_s = answer_timeout_s
        self._wait_for_connection = wait_for_connection
        self._connection_opened = anyio.Event()
        self._connection_problem: ServiceError | None = None

    async def send(self, speech: AsyncIterable[Frame]) -> ServiceAnswer | None:
        """Return the answer; None if there was too little audio. Raises `ServiceError`."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._outgoing.encode, speech)
                tasks.start_soon(self._open)
                tasks.start_soon(self._report_progress)
                answer = await self._ask_with_retry()
                tasks.cancel_scope.cancel()
        except* UserError as problems:
            raise problems.exceptions[0] from problems.exceptions[0].__cause__
        finally:
            self._uplinks.add(self._service.host, self._outgoing.measure_bit_s(time.monotonic()))
        return answer

    def note_timing(self, answer: ServiceAnswer) -> None:
        """Store the speed of the network from the answer, and log how long it took."""
        phases, outgoing = answer.timing, self._outgoing
        sent_s, waited_s = phases.send_s or 0.0, phases.wait_s or 0.0
        speed = measure_delayed(outgoing.size, sent_s + waited_s, waited_s, parse_processing_s(answer.headers))
        self._uplinks.add(self._service.host, speed)
        logger.info(
            "%.1f s of sound as %d bytes over %s; answered %.0f ms after the last of them",
            *(outgoing.duration_s, outgoing.size, phases.http, 1000 * waited_s),
        )

    async def _open(self) -> None:
        try:
            await self._open_connection()
        except ServiceError as problem:
            if problem.status in FATAL_STATUSES:
                self._connection_problem = problem
        finally:
            self._connection_opened.set()

    async def _report_progress(self) -> None:
        """Report progress after the end of speech. Raises `ServiceError` when there is none any more."""
        outgoing = self._outgoing
        await outgoing.ended.wait()
        reported_at = anyio.current_time()
        while True:
            with anyio.move_on_after(self._get_timeout_s()) as limit:
                await outgoing.wait_for_progress()
            if limit.cancelled_caught:
                raise service_error(self._service, TimeoutError())
            if anyio.current_time() - reported_at >= PROGRESS_INTERVAL_S:
                reported_at = anyio.current_time()
                self._on_progress()

    def _get_timeout_s(self) -> float:
        """Return the seconds to wait for the next sign of life."""
        return max(
            self._answer_timeout_s, ANSWER_SHARE * self._outgoing.duration_s if self._outgoing.is_body_complete else 0.0
        )

    async def _ask_with_retry(self) -> ServiceAnswer | None:
        try:
            return await self._ask_when_due(first=True)
        except ServiceError as problem:
            ended = self._outgoing.ended
            is_transient = problem.status in TRANSIENT_STATUSES and problem.code not in OVERLOADED
            if not (is_transient or (problem.status == 0 and not ended.is_set())):
                raise
            logger.info("a service failed (%s) and is asked once more", problem.status or "not reached")
            await ended.wait()
            return await self._ask_when_due(first=False)

    async def _ask_when_due(self, first: bool) -> ServiceAnswer | None:
        if first:
            await (
                self._connection_opened.wait()
                if self._wait_for_connection
                else _wait_for_either(self._connection_opened, self._outgoing.ended)
            )
            if self._connection_problem is not None:
                raise self._connection_problem
        return await self._send_request() if await self._outgoing.wait_until_due() else None


async def _wait_for_either(first: anyio.Event, second: anyio.Event) -> None:
    async with anyio.create_task_group() as tasks:

        async def until(event: anyio.Event) -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(until, first)
        tasks.start_soon(until, second)


def parse_processing_s(headers: Mapping[str, str]) -> float | None:
    """Return the processing seconds that the service reports, as OpenAI does; None if it does not."""
    value = headers.get("openai-processing-ms", "")
    return int(value) / 1000 if re.fullmatch("[0-9]{1,9}", value) else None
