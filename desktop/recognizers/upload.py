"""One recording and one question about it, sent while it is spoken: what the services have in common that are given
whole files.

At the key-down something small is asked for (`warm`), which opens the connection and shows a wrong key or a network
that is down; it goes on beside the question, because it is what finds out that nobody answers on a connection any more.

The question is asked once more, of the same recording, where that may help: after a failure of the service's own
(`PASSING`: one machine of many, or a restart), and, at the release, after the network failed while the person was still
speaking. What the account or the request is at fault for stays as it is. A dead connection that had been kept is the
client's to replace.

After the end of speech an upload ends in a timeout once nothing more of it was accepted for `answer_s`, or no answer
came so long after the last byte was: a long recording over a slow network takes its time (see `outgoing` for what
"accepted" means), and the client's own timeout on a new connection is longer. A kept one that takes nothing is replaced
sooner, and the recording begins anew. How fast the way was is noted whatever comes of it, so that the next recording is
encoded for it.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import AsyncIterable, Awaitable, Callable, Mapping

import anyio

from desktop.network import Answer, Service
from desktop.network.faults import explained
from desktop.network.uplink import Uplinks, behind
from desktop.ports import Frame
from desktop.problems import Problem, ServiceProblem
from desktop.recognizers.outgoing import Outgoing

logger = logging.getLogger(__name__)

ANSWER_S = 30.0
"""A connection that has accepted nothing for so long is dead, and so is a service that has said nothing for so long
after it had everything."""

WORK = 0.25
"""Of a long recording this share of its length is the time for the answer, as in `choice`: slow servers transcribe four
times as fast as one speaks."""

TELL_S = 0.1
"""How often at most the progress is told, and not before: the last tenths of a dictation are sent in no time."""

PASSING = {500, 502, 503, 504}
"""The service's own failures, which may be over a moment later."""

TELLING = {0, None, 401}
"""What `warm` may fail of that makes the question hopeless: no way there, no key, a wrong one. Anything else is about
the list of models, which some servers do not have and some keys may not read."""


class Upload:
    """See the module. `ask` sends the question with the recording's body; it may be called again. `on_progress` is
    called after the end of speech when more was accepted. `patient`: not before `warm` is over, whose answer it needs.
    """

    def __init__(
        self,
        service: Service,
        outgoing: Outgoing,
        warm: Callable[[], Awaitable[None]],
        ask: Callable[[], Awaitable[Answer]],
        uplinks: Uplinks,
        on_progress: Callable[[], None],
        answer_s: float = ANSWER_S,
        patient: bool = False,
    ) -> None:
        self._service = service
        self._outgoing = outgoing
        self._warm = warm
        self._ask = ask
        self._uplinks = uplinks
        self._on_progress = on_progress
        self._answer_s = answer_s
        self._patient = patient
        self._warmed = anyio.Event()
        self._trouble: ServiceProblem | None = None

    async def send(self, speech: AsyncIterable[Frame]) -> Answer | None:
        """The answer; None where there was nothing to ask about. Raises `ServiceProblem`."""
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._outgoing.hear, speech)
                tasks.start_soon(self._open)
                tasks.start_soon(self._end)
                answer = await self._answered()
                tasks.cancel_scope.cancel()
        except* Problem as problems:
            raise problems.exceptions[0] from problems.exceptions[0].__cause__
        finally:
            self._uplinks.note(self._service.host, self._outgoing.bit_s(time.monotonic()))
        return answer

    def measure(self, answer: Answer) -> None:
        """Note what the answer tells of the way to the service, and log how long it took."""
        phases, outgoing = answer.phases, self._outgoing
        sent_s, waited_s = phases.send_s or 0.0, phases.wait_s or 0.0
        late = behind(outgoing.size, sent_s + waited_s, waited_s, worked_s(answer.headers))
        self._uplinks.note(self._service.host, late)
        logger.info(
            "%.1f s of sound as %d bytes over %s; answered %.0f ms after the last of them",
            *(outgoing.duration_s, outgoing.size, phases.http, 1000 * waited_s),
        )

    async def _open(self) -> None:
        try:
            await self._warm()
        except ServiceProblem as problem:
            if problem.status in TELLING:
                self._trouble = problem
        finally:
            self._warmed.set()

    async def _end(self) -> None:
        """Tell the progress after the end of speech. Raises `ServiceProblem` where there is none any more."""
        outgoing = self._outgoing
        await outgoing.over.wait()
        told_at = anyio.current_time()
        while True:
            with anyio.move_on_after(self._limit_s()) as limit:
                await outgoing.progress()
            if limit.cancelled_caught:
                raise explained(self._service, TimeoutError())
            if anyio.current_time() - told_at >= TELL_S:
                told_at = anyio.current_time()
                self._on_progress()

    def _limit_s(self) -> float:
        """How long to wait for the next sign of life."""
        return max(self._answer_s, WORK * self._outgoing.duration_s if self._outgoing.whole else 0.0)

    async def _answered(self) -> Answer | None:
        try:
            return await self._asked(first=True)
        except ServiceProblem as problem:
            over = self._outgoing.over
            if not (problem.status in PASSING or (problem.status == 0 and not over.is_set())):
                raise
            logger.info("a service failed (%s) and is asked once more", problem.status or "not reached")
            await over.wait()
            return await self._asked(first=False)

    async def _asked(self, first: bool) -> Answer | None:
        if first:
            await (self._warmed.wait() if self._patient else _either(self._warmed, self._outgoing.over))
            if self._trouble is not None:
                raise self._trouble
        return await self._ask() if await self._outgoing.due() else None


async def _either(one: anyio.Event, other: anyio.Event) -> None:
    async with anyio.create_task_group() as tasks:

        async def until(event: anyio.Event) -> None:
            await event.wait()
            tasks.cancel_scope.cancel()

        tasks.start_soon(until, one)
        tasks.start_soon(until, other)


def worked_s(headers: Mapping[str, str]) -> float | None:
    """How many seconds the service says it needed, as OpenAI does; None where it says nothing."""
    told = headers.get("openai-processing-ms", "")
    return int(told) / 1000 if re.fullmatch("[0-9]{1,9}", told) else None
