"""One recording and one question about it, sent while it is spoken: what the services have in common that are given
whole files.

At the key-down something small is asked for (`warm`), which opens the connection and shows a wrong key or a network
that is down; it goes on beside the question, because it is what finds out that nobody answers on a connection any more.

The question is asked once more, of the same recording, where that may help: after a failure of the service's own
(`PASSING`: one machine of many, or a restart), and, at the release, after the network failed while the person was still
speaking. What the account or the request is at fault for stays as it is. A dead connection that had been kept is the
client's to replace.
"""

from __future__ import annotations

import logging
import re
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
"""After the end of speech a service that has said nothing for so long says nothing any more."""

PASSING = {500, 502, 503, 504}
"""The service's own failures, which may be over a moment later."""

TELLING = {0, None, 401}
"""What `warm` may fail of that makes the question hopeless: no way there, no key, a wrong one. Anything else is about
the list of models, which some servers do not have and some keys may not read."""


class Upload:
    """See the module. `ask` sends the question with the recording's body; it may be called again. `patient`: not before
    `warm` is over, whose answer it needs."""

    def __init__(
        self,
        service: Service,
        outgoing: Outgoing,
        warm: Callable[[], Awaitable[None]],
        ask: Callable[[], Awaitable[Answer]],
        answer_s: float = ANSWER_S,
        patient: bool = False,
    ) -> None:
        self._service = service
        self._outgoing = outgoing
        self._warm = warm
        self._ask = ask
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
        return answer

    def measure(self, answer: Answer, uplinks: Uplinks) -> None:
        """Note what this tells of the way to the service, and log how long it took."""
        phases, outgoing = answer.phases, self._outgoing
        sent_s, waited_s = phases.send_s or 0.0, phases.wait_s or 0.0
        late = behind(outgoing.size, sent_s + waited_s, waited_s, worked_s(answer.headers))
        uplinks.note(self._service.host, outgoing.bit_s)
        uplinks.note(self._service.host, late)
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
        await self._outgoing.over.wait()
        await anyio.sleep(self._answer_s)
        raise explained(self._service, TimeoutError())

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
