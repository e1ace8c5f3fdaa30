"""The transaction where the clipboard keeps promises (Windows, macOS): the same in every rule as X11's `lending`.

Lend the clipboard, send the chord, see the target read, give the clipboard back; one dictation after the other, in a
thread that serves the system in every wait. What differs is how a read is known (`promise`) and that the system's own
half is a `Desk`.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from desktop.paste import joining
from desktop.paste.applications import Rule
from desktop.paste.chords import Paste, may_press
from desktop.paste.decision import Lent, wake_at
from desktop.paste.desk import HELD_S, Desk
from desktop.paste.joining import Insertion
from desktop.paste.promise import Promise, Reader
from desktop.paste.request import TAKEN, UNREAD, UNSENT, Hands, Manner, Request
from desktop.ports import Delivery, Outcome, Target

log = logging.getLogger(__name__)

POLL_S = 0.010
"""How often the held keys are asked for."""

UNSEEN = "Another program read the text first, so it is not known whether it arrived. It is in the history."


@dataclass(frozen=True, slots=True)
class Loan[C]:
    """The paste whose end is awaited: the text as it was promised, and what was on the clipboard before."""

    target: Target
    rule: Rule
    chord: Paste
    promise: Promise
    text: str
    before: C


class Promising[C]:
    """Pastes one job at a time, until `close`. All of it belongs to the paste thread (`Desk.post`).

    `system` names the rows of the table of applications that hold here.
    """

    def __init__(self, desk: Desk[C], hands: Hands, manner: Callable[[], Manner], system: str) -> None:
        self._desk = desk
        self._hands = hands
        self._manner = manner
        self._system = system
        self._jobs: deque[Request] = deque()
        self._loan: Loan[C] | None = None
        self._early: set[Reader] = set()
        self._inserted: Insertion | None = None
        self._closing = False

    def submit(self, job: Request) -> None:
        """Paste this after those before it."""
        self._jobs.append(job)
        self._now_known(lambda promise: replace(promise, lent=replace(promise.lent, hurried=True)))

    def close(self) -> None:
        """End `run`: what is awaited gets its answer by what is known."""
        self._closing = True

    def refuse(self, delivery: Delivery) -> None:
        """Answer all that has no answer yet with `delivery`."""
        self._loan = None
        while self._jobs:
            self._end(delivery)

    def run(self) -> None:
        """Serve until `close`."""
        while not self._closing:
            self._desk.wait(partial(self._due, self._loan), wake_at(self._loan.promise.lent) if self._loan else None)
            if self._loan is not None:
                self._watch(self._loan)
            elif self._jobs:
                self._paste(self._jobs[0])
        if self._loan is not None:
            read = self._loan.promise.lent.read_at is not None
            self._conclude(self._loan, Outcome.INSERTED if read else Outcome.UNCONFIRMED)

    def _due(self, before: Loan[C] | None) -> bool:
        """Whether there is something to do or to think over: a loan that is not as it was `before`, or a job."""
        return self._closing or self._loan is not before or (self._loan is None and bool(self._jobs))

    def _watch(self, loan: Loan[C]) -> None:
        if not loan.promise.lent.lost and not self._desk.ours():
            self._lost()
        elif loan.promise.stale:
            self._renew()
        elif (outcome := loan.promise.ending(self._desk.now())) is not None:
            self._conclude(loan, outcome)

    def _renew(self) -> None:
        """Promise anew; a clipboard that cannot be had for it counts as one more try."""
        done = self._desk.renew()
        self._now_known(lambda promise: replace(promise.renewed(), kept=not done))

    def _paste(self, job: Request) -> None:
        """Everything up to the chord, and what ends before it."""
        target, manner = job.target, self._manner()
        rule = manner.applications.rule(*self._desk.names(target), system=self._system)
        chord, text = rule.chord or Paste.CTRL_V, rule.fitted(job.text)
        obstacle = self._obstacle(target) or self._wait_for_keys(chord) or self._obstacle(target)
        if obstacle is not None:
            self._stop(obstacle, chord, text)
            return
        joined = self._joined(text, target, manner)
        self._early.clear()
        before = self._desk.lend(joined, target, self._read, self._lost)
        if before is None:
            self._end(TAKEN)
            return
        self._desk.wait(lambda: self._closing, self._desk.now() + rule.delay_ms / 1000)
        obstacle = self._wait_for_keys(chord) or self._obstacle(target)
        if obstacle is None and not self._desk.ours():
            self._end(TAKEN)
        elif obstacle is not None:
            self._stop(obstacle, chord, text, before)
        else:
            self._send(job, Loan(target, rule, chord, self._promise(rule), joined, before))

    def _promise(self, rule: Rule) -> Promise:
        """What is known as the chord is sent. What was read before it is proof only where the application reads when
        the clipboard changes; elsewhere the text is promised anew."""
        now, hurried = self._desk.now(), len(self._jobs) > 1
        if Reader.TARGET in self._early and rule.reads == "early":
            return Promise(Lent(now, read_at=now, hurried=hurried), kept=True)
        return Promise(Lent(now, hurried=hurried), kept=bool(self._early) and not self._desk.renew())

    def _send(self, job: Request, loan: Loan[C]) -> None:
        keys = self._desk.keys_of(loan.chord)
        self._loan = loan
        self._hands.expect(keys)
        if self._desk.press(keys):
            job.sent()
        else:
            self._loan = None
            why = Delivery(Outcome.COPIED, "The system did not let Intone press keys.")
            self._stop(why, loan.chord, loan.text, loan.before)

    def _joined(self, text: str, target: Target, manner: Manner) -> str:
        """`text` as it goes on from what was inserted last, if that is still what stands before the cursor."""
        if manner.join == "none":
            return text
        touched_at = self._hands.touched(inf) if manner.join == "auto" else 0.0
        return joining.join(joining.before(self._inserted, target.handle, self._desk.now(), touched_at), text)

    def _obstacle(self, target: Target) -> Delivery | None:
        """Why the text must not go where the focus is now."""
        if target.handle == 0:
            return Delivery(Outcome.COPIED, "No window had the focus.")
        if target.pid == os.getpid():
            return Delivery(Outcome.COPIED, "Intone does not write into its own windows.")
        if self._desk.active().handle != target.handle:
            return Delivery(Outcome.COPIED, "The window changed.")
        return self._desk.refusal(target)

    def _wait_for_keys(self, chord: Paste) -> Delivery | None:
        """Wait until the chord means what it should. The time a person has counts from when they stop to talk."""
        desk = self._desk
        give_up = desk.now() + HELD_S
        while True:
            held = desk.held()
            if may_press(chord, held.down, held.chord, talk_held=self._hands.held()):
                return None
            if self._hands.talking():
                give_up = desk.now() + HELD_S
            elif desk.now() >= give_up:
                return Delivery(Outcome.COPIED, "A key was held down.")
            if desk.wait(lambda: self._closing, desk.now() + POLL_S):
                return Delivery(Outcome.COPIED, "Intone was closed.")

    def _stop(self, why: Delivery, chord: Paste, text: str, before: C | None = None) -> None:
        """End without a chord: a text that was refused goes nowhere, any other stays on the clipboard."""
        if why.outcome is Outcome.COPIED:
            note = f"{why.note} The text is on the clipboard: press {self._desk.label(chord)}."
            self._end(Delivery(Outcome.COPIED, note) if self._desk.leave(text) else TAKEN)
        else:
            if before is not None:
                self._give_back(before)
            self._end(why)

    def _give_back(self, before: C) -> None:
        """Put back what was there, unless another program has put something there since."""
        if self._desk.ours():
            self._desk.give_back(before)

    def _conclude(self, loan: Loan[C], outcome: Outcome) -> None:
        """Answer and, where the text is not left for the person, give back what is still ours."""
        self._loan = None
        if outcome is Outcome.COPIED:
            self._desk.leave(loan.text)
            who = loan.target.app or "The window"
            chord = self._desk.label(loan.chord)
            self._end(Delivery(outcome, f"{who} did not take the text. It is on the clipboard: press {chord}."))
            return
        self._give_back(loan.before)
        enter = loan.rule.enter or self._jobs[0].enter
        if outcome is Outcome.INSERTED:
            note = self._press_enter(loan) if enter else ""
        else:
            note = UNREAD if loan.promise.lent.lost or not loan.promise.kept else UNSEEN
        self._end(Delivery(outcome, note))
        entered = enter and not note
        self._inserted = Insertion(loan.target.handle, "\n" if entered else loan.text[-1:], loan.promise.lent.sent_at)

    def _press_enter(self, loan: Loan[C]) -> str:
        """Send what was inserted, if the person is still where it was. A note where that could not be.

        The talk key may be down again: a Control that Ctrl+V does not mind makes another key of Return.
        """
        if why := self._wait_for_keys(Paste.SHIFT_INSERT) or self._obstacle(loan.target):
            return f"{why.note} {UNSENT}" if why.outcome is Outcome.COPIED else UNSENT
        keys = (self._desk.enter(),)
        self._hands.expect(keys)
        return "" if self._desk.press(keys) else UNSENT

    def _end(self, delivery: Delivery) -> None:
        """Answer the oldest job, which is the one in hand."""
        self._inserted = None
        job = self._jobs.popleft()
        log.info("a text of %d characters: %s", len(job.text), delivery.outcome)
        job.answer(delivery)

    def _read(self, reader: Reader, at: float) -> None:
        """Somebody took the text: a receipt, if it was the target and the chord was sent."""
        if self._loan is None:
            self._early.add(reader)
        self._now_known(lambda promise: promise.read(reader, at))

    def _lost(self) -> None:
        """Another program has taken the clipboard."""
        self._now_known(lambda promise: replace(promise, lent=replace(promise.lent, lost=True)))

    def _now_known(self, news: Callable[[Promise], Promise]) -> None:
        if self._loan is not None:
            self._loan = replace(self._loan, promise=news(self._loan.promise))
