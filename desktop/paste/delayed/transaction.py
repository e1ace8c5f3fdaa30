"""The paste transaction with delayed rendering (Windows, macOS), by the same rules as `paste.x11.transaction`.

Take the clipboard, send the chord, watch the target read, restore the clipboard; one dictation after the other, in a
thread that serves the system in every wait. The differences: how a read is known (`ClipboardPromise`), and that the
system's part is a `PasteDesktop`.
"""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from desktop.core.chords import Paste, may_press
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste import joining
from desktop.paste.apps import Rule
from desktop.paste.delayed.desktop import HELD_S, Desk
from desktop.paste.delayed.promise import Promise, Reader
from desktop.paste.joining import Insertion
from desktop.paste.outcome import Lent, wake_at
from desktop.paste.request import TAKEN, UNREAD, UNSENT, Hands, Manner, Request

log = logging.getLogger(__name__)

POLL_S = 0.010
"""Seconds between two queries of the held keys."""

UNSEEN = "Another program read the text first, so it is not known whether it arrived. It is in the history."


@dataclass(frozen=True, slots=True)
class Loan[C]:
    """A paste whose end is awaited: the text as it was promised, and the previous contents of the clipboard."""

    target: Target
    rule: Rule
    chord: Paste
    promise: Promise
    text: str
    before: C


class Promising[C]:
    """Handles one paste at a time, until `close`. All of it belongs to the paste thread (`PasteDesktop.post`).

    `system` names the rows of the table of applications that apply here.
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
        """Paste this after the requests before it."""
        self._jobs.append(job)
        self._now_known(lambda promise: replace(promise, lent=replace(promise.lent, hurried=True)))

    def close(self) -> None:
        """End `run`: the open paste is answered by what is known."""
        self._closing = True

    def refuse(self, delivery: Delivery) -> None:
        """Answer all open requests with `delivery`."""
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
        """Return whether there is something to do: a paste that differs from `before`, or a request."""
        return self._closing or self._loan is not before or (self._loan is None and bool(self._jobs))

    def _watch(self, loan: Loan[C]) -> None:
        if not loan.promise.lent.lost and not self._desk.ours():
            self._lost()
        elif loan.promise.stale:
            self._renew()
        elif (outcome := loan.promise.ending(self._desk.now())) is not None:
            self._conclude(loan, outcome)

    def _renew(self) -> None:
        """Promise the text again; a failure to take the clipboard counts as one more try."""
        done = self._desk.renew()
        self._now_known(lambda promise: replace(promise.renewed(), kept=not done))

    def _paste(self, job: Request) -> None:
        """Do everything up to the chord, and answer if the paste ends before it."""
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
        """Return the promise's state as the chord is sent.

        What was read before it is proof only if the application reads when the clipboard changes; otherwise the text is
        promised again.
        """
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
        """Return `text` joined to the last insertion, if that is still what stands before the cursor."""
        if manner.join == "none":
            return text
        touched_at = self._hands.touched(inf) if manner.join == "auto" else 0.0
        return joining.join(joining.before(self._inserted, target.handle, self._desk.now(), touched_at), text)

    def _obstacle(self, target: Target) -> Delivery | None:
        """Return why the text must not go into the focused window."""
        if target.handle == 0:
            return Delivery(Outcome.COPIED, "No window had the focus.")
        if target.pid == os.getpid():
            return Delivery(Outcome.COPIED, "Intone does not write into its own windows.")
        if self._desk.active().handle != target.handle:
            return Delivery(Outcome.COPIED, "The window changed.")
        return self._desk.refusal(target)

    def _wait_for_keys(self, chord: Paste) -> Delivery | None:
        """Wait until the chord has its meaning. The timeout starts when the user stops talking."""
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
        """End without a chord: a refused text goes nowhere, any other stays on the clipboard."""
        if why.outcome is Outcome.COPIED:
            note = f"{why.note} The text is on the clipboard: press {self._desk.label(chord)}."
            self._end(Delivery(Outcome.COPIED, note) if self._desk.leave(text) else TAKEN)
        else:
            if before is not None:
                self._give_back(before)
            self._end(why)

    def _give_back(self, before: C) -> None:
        """Restore the clipboard, unless another program has put something there since."""
        if self._desk.ours():
            self._desk.give_back(before)

    def _conclude(self, loan: Loan[C], outcome: Outcome) -> None:
        """Answer and, unless the text is left for the user, restore what is still ours."""
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
        """Press Return if the user is still in the window. Returns a note if that was not possible.

        The talk key may be down again: a Control that does not affect Ctrl+V makes Return another key.
        """
        if why := self._wait_for_keys(Paste.SHIFT_INSERT) or self._obstacle(loan.target):
            return f"{why.note} {UNSENT}" if why.outcome is Outcome.COPIED else UNSENT
        keys = (self._desk.enter(),)
        self._hands.expect(keys)
        return "" if self._desk.press(keys) else UNSENT

    def _end(self, delivery: Delivery) -> None:
        """Answer the oldest request, which is the current one."""
        self._inserted = None
        job = self._jobs.popleft()
        log.info("a text of %d characters: %s", len(job.text), delivery.outcome)
        job.answer(delivery)

    def _read(self, reader: Reader, at: float) -> None:
        """Process a read of the text: a receipt if it was the target's and the chord was sent."""
        if self._loan is None:
            self._early.add(reader)
        self._now_known(lambda promise: promise.read(reader, at))

    def _lost(self) -> None:
        """Note that another program has taken the clipboard."""
        self._now_known(lambda promise: replace(promise, lent=replace(promise.lent, lost=True)))

    def _now_known(self, news: Callable[[Promise], Promise]) -> None:
        if self._loan is not None:
            self._loan = replace(self._loan, promise=news(self._loan.promise))
