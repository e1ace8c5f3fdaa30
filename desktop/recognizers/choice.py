"""Which answer is taken where a service is asked and the local model listens along.

`decide` is pure and says the policy whole. The person let go; the text is owed now. So the deadline does not end
anything: it is when the service loses its precedence, and whoever has words first from then on is believed. That
there are none is believed only of both, since what was said is thrown away then: a lost sentence costs more than a
strange one, and nobody waits for silence.
"""

from __future__ import annotations

import logging
import math
from collections.abc import AsyncIterable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Literal

import anyio
from anyio.streams.memory import MemoryObjectSendStream

from desktop.ports import RATE_HZ, Frame, Heard, Recognizer, Sent, Shared, Transcript
from desktop.problems import Problem, RecognizerProblem, ServiceProblem

logger = logging.getLogger(__name__)

type Policy = Literal["fallback", "best", "fastest"]
"""`fallback`: the service's answer, the local one where it fails or is late. `best`: the better of those that are there
at the deadline. `fastest`: the first."""

type Answer = Transcript | Problem | None
"""What one of the two said; None as long as it says nothing."""

ALONE_S = 10.0
"""Without a local answer a service is waited for so long beyond the deadline: a text after ten seconds is better than
none, and what was said is kept anyway. A recording that is read from a file and not spoken is still being sent then:
the time in which more of it is accepted does not count, and a quarter of its length comes on top for the answer."""

SHARE = 0.5
"""A service's text with less than this share of the local one's letters has lost something: engines differ by a few
percent."""

ABSENT = RecognizerProblem("There is no local model.", "Install one: intone models pull base")


@dataclass(frozen=True, slots=True)
class Rules:
    """`policy`, and `deadline_s` seconds after the end of speech; `name` is what the service is called."""

    policy: Policy
    deadline_s: float
    name: str


def decide(rules: Rules, service: Answer, local: Answer, late: bool) -> Answer:
    """The answer to take now, None to wait on. With both failed it is the service's problem: it was the chosen one. So
    it is where the service failed and the local model alone heard nothing. An empty text is `agreed` where both heard
    nothing; of the service alone it is for the flow to doubt (`silence`).

    `late`: the deadline has passed. The local transcript has a `note` that says why it was taken, but for `fastest`.
    """
    match service, local:
        case Transcript() as said, Transcript() as heard:
            if not said.text and heard.text:
                return _noted(heard, f"{rules.name} heard nothing.")
            if rules.policy == "best" and letters(said.text) < SHARE * letters(heard.text):
                return _noted(heard, f"{rules.name} sent much less text.")
            return said if said.text else replace(said, agreed=True)
        case Transcript() as said, None if not said.text or (rules.policy == "best" and not late):
            return None
        case Transcript() as said, _:
            return said
        case Problem() as problem, Transcript() as heard if heard.text:
            return _noted(heard, problem.title)
        case Problem() as problem, Transcript() | Problem():
            return problem
        case None, Transcript() as heard if rules.policy == "fastest" and heard.text:
            return heard
        case None, Transcript() as heard if late and heard.text:
            return _noted(heard, f"{rules.name} did not answer in {rules.deadline_s:g} s.")
        case _:
            return None


def given_up_at(late_at: float, sending_s: float, heard_s: float) -> float:
    """When a service that answers alone is given up. It is late at `late_at`; the last time that it was seen to accept
    more of the `heard_s` seconds of sound was `sending_s` after the end of speech, or before it where that is less than
    0."""
    return late_at + max(0.0, sending_s) + ALONE_S + heard_s / 4


def letters(text: str) -> int:
    """How many letters and digits `text` has: what is left when writing habits are taken away."""
    return sum(character.isalnum() for character in text)


def _noted(heard: Transcript, why: str) -> Transcript:
    return replace(heard, note=f"{why} Used the local text.")


class Choice:
    """`ports.Recognizer`: `service` and, where there is one, `local`, by the rules. Both hear everything."""

    def __init__(self, service: Recognizer, local: Recognizer | None, rules: Rules) -> None:
        self._service = service
        self._local = local
        self._rules = rules

    async def transcribe(self, speech: AsyncIterable[Frame], show: Callable[[Transcript], None]) -> Transcript:
        """See `ports.Recognizer`."""
        take = _Take(self._rules, show)
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(take.ask, "service", self._service, take.ear(speech))
                if self._local is None:
                    take.answers["local"] = ABSENT
                else:
                    tasks.start_soon(take.ask, "local", self._local, take.ear(speech))
                await take.feed(speech)
                answer = await take.answer()
                tasks.cancel_scope.cancel()
        except* Problem as problems:
            raise problems.exceptions[0] from None
        return replace(take.voiced(answer), sent=take.sent)


class _Take:
    """One dictation."""

    def __init__(self, rules: Rules, show: Callable[[Transcript], None]) -> None:
        self.answers: dict[str, Answer] = {"service": None, "local": None}
        self.sent: tuple[Sent, ...] = ()
        self._rules = rules
        self._show = show
        self._service_tells = False
        self._shown = Transcript()
        self._voice = Transcript()
        self._ears: list[MemoryObjectSendStream[Frame]] = []
        self._news = anyio.Event()
        self._heard_s = 0.0
        self._sent_at = -math.inf

    def ear(self, speech: AsyncIterable[Frame]) -> Heard:
        """All of `speech`: from there where it can be had twice, else through `feed`, which keeps it in memory."""
        if isinstance(speech, Shared):
            return speech.ear()
        send, frames = anyio.create_memory_object_stream[Frame](math.inf)
        self._ears.append(send)
        return frames

    async def feed(self, speech: AsyncIterable[Frame]) -> None:
        """Return at the end of `speech`; meanwhile it is given to every ear that has it from here."""
        async for frame in speech:
            self._heard_s += len(frame) / RATE_HZ
            for ear in self._ears:
                with suppress(anyio.BrokenResourceError):  # one that has failed hears no more
                    ear.send_nowait(frame)
        for ear in self._ears:
            await ear.aclose()

    async def ask(self, who: str, recognizer: Recognizer, frames: Heard) -> None:
        """Have `recognizer` hear, and keep what it says. A bug of one does not cost the words of the other."""
        async with aclosing(frames):
            try:
                said = await recognizer.transcribe(frames, lambda partial: self._partly(who, partial))
            except Problem as problem:
                self.answers[who] = problem
            except Exception:
                logger.exception("one of two recognizers failed")
                self.answers[who] = RecognizerProblem("Something went wrong in Intone.", "The log says more.")
            else:
                self._count(said)
                self.answers[who] = said
            news, self._news = self._news, anyio.Event()
            news.set()

    def voiced(self, answer: Transcript) -> Transcript:
        """`answer`, and where it is a service's, how the voice sounded to the local model as far as that had heard."""
        if answer.voice is not None or self._voice.voice is None:
            return answer
        return replace(answer, voice=self._voice.voice, voice_model=self._voice.model)

    async def answer(self) -> Transcript:
        """The answer of one of them, after the end of speech. Raises `Problem` where neither has one."""
        began_at = anyio.current_time()
        late_at = began_at + self._rules.deadline_s
        while True:
            now = anyio.current_time()
            over_at = given_up_at(late_at, self._sent_at - began_at, self._heard_s)
            service, local = self.answers["service"], self.answers["local"]
            found = decide(self._rules, service, local, now >= late_at)
            if isinstance(found, Problem):
                raise found
            if found is not None:
                return found
            if now >= over_at and (local is not None or isinstance(service, Transcript)):
                raise self._unanswered(now - began_at)
            wake_at = late_at if now < late_at else over_at if now < over_at else math.inf
            with anyio.CancelScope(deadline=wake_at):
                await self._news.wait()

    def _unanswered(self, waited_s: float) -> ServiceProblem:
        name, kept = self._rules.name, "What you said is kept. Try again."
        if self.answers["service"] is None:
            return ServiceProblem(f"{name} did not answer in {waited_s:.0f} s.", kept)
        return ServiceProblem(f"{name} heard nothing, and the local engine did not answer in {waited_s:.0f} s.", kept)

    def _partly(self, who: str, partial: Transcript) -> None:
        """Show what is known: the service's words where it tells them while one speaks, else the local ones."""
        self._count(partial)
        if who == "service" and partial.text:
            self._service_tells = True
            self._shown = partial
        elif who == "local" and not self._service_tells:
            self._shown = replace(partial, settled=0)
        self._show(replace(self._shown, sent=self.sent))

    def _count(self, said: Transcript) -> None:
        if said.voice is not None:
            self._voice = said
        if said.sent:
            if _bytes(said.sent) > _bytes(self.sent):
                self._sent_at = anyio.current_time()
            self.sent = said.sent


def _bytes(sent: tuple[Sent, ...]) -> int:
    """How many bytes of sound left the machine."""
    return sum(part.audio_bytes for part in sent)
