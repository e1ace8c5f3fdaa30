"""The paste transaction: take the clipboard, send the chord, watch the target read, restore the clipboard.

All of it runs in the paste thread, one dictation after the other; every wait inside serves the clipboard. The window is
never chosen or changed here: if the focused window is not the target, the text stays on the clipboard.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import replace
from functools import partial
from math import inf
from time import monotonic
from typing import Any

from Xlib import X

from desktop.core.chords import Chord
from desktop.core.types import Delivery, Field, Outcome, Selection, Target
from desktop.paste import joining
from desktop.paste.apps import Rule, is_electron
from desktop.paste.field import AGAIN_S
from desktop.paste.focus import Focus
from desktop.paste.joining import Insertion
from desktop.paste.outcome import Lent, evaluate
from desktop.paste.request import AWAY, LEFT, SECRET, TAKEN, Hands, Look, Manner, Reading, Request, losing
from desktop.paste.text_fit import fit
from desktop.paste.x11.after_paste import Arrived
from desktop.paste.x11.clipboard import Clipboard, text_contents
from desktop.paste.x11.clipboard_copy import Contents, Copy
from desktop.paste.x11.connection import Connection
from desktop.paste.x11.cursor import Cursor
from desktop.paste.x11.keyboard import Keyboard
from desktop.paste.x11.looking import Looking
from desktop.paste.x11.obstacles import COPY, Obstacles
from desktop.paste.x11.owned import Read
from desktop.paste.x11.paste_state import Loan
from desktop.paste.x11.receipts import Receipts
from desktop.paste.x11.selection import UNTOUCHED, Selecting
from desktop.paste.x11.undo import ASKING_S, Reversal, TakeBack, objection
from desktop.platforms.linux import x11_focus as context

log = logging.getLogger(__name__)


class Lending:
    """Handles one request at a time (paste, undo, look), until `close`.

    Call `submit` and `close` in the paste thread (`X11Connection.post`).
    """

    def __init__(
        self,
        connection: Connection,
        hands: Hands,
        manner: Callable[[], Manner],
        secret: Callable[[Target], Future[bool]],
        again: Callable[[Target], Future[Field | None]],
        keep: Callable[[Contents], None] = lambda contents: None,
        held: Callable[[Sequence[int]], None] = lambda keycodes: None,
    ) -> None:
        """`is_password_focused` returns whether a password field of a window has the focus now, `recheck_field` the
        focused field with the text around its cursor; `on_restorable` is the clipboard's, `on_keys_held` the
        keyboard's."""
        self._x = connection
        self._hands = hands
        self._manner = manner
        self._again = again
        self._clipboard = Clipboard(connection, self._read, self._lost, keep, self._asked)
        self._keyboard = Keyboard(connection, held)
        self._requests: deque[Request | Reversal | Reading | Look] = deque()
        self._cursor = Cursor(self._keyboard, hands.expect)
        selecting = Selecting(connection, self._clipboard, self._keyboard, hands)
        self._takeback = TakeBack(connection, self._clipboard, self._keyboard, hands.expect, selecting)
        self._obstacles = Obstacles(connection, self._keyboard, hands, secret, lambda: self._closing)
        self._looking = Looking(connection, self._clipboard, selecting, self._obstacles, self._rule, self._requests)
        self._glance = self._looking.glance
        self._arrived = Arrived(self._keyboard, self._cursor, self._obstacles, hands.expect, self._glance)
        self._loan: Loan | None = None
        self._before: Mapping[str, Copy] = {}
        self._inserted: Insertion | None = None
        self._receipts = Receipts(connection, self._clipboard, hands.touched)
        self._closing = False
        self.unread = False
        """Whether a window may still read what was pasted, because this was closed before it had."""
        self._focus = Focus()
        self._active = connection.atom("_NET_ACTIVE_WINDOW")
        self._root = connection.display.screen().root
        self._root.change_attributes(event_mask=X.PropertyChangeMask)
        self._focus.moved(context.active(connection.display), monotonic())
        connection.handle = self._handle

    def target(self) -> Target:
        """Return the target window now; see `paste.focus`. Without a window manager that reports the focus, the focused
        window.

        While the user talks there is time to copy the clipboard early, so that is requested here.
        """
        now, active = monotonic(), context.active(self._x.display)
        told = self._root.get_property(self._active, X.AnyPropertyType, 0, 1) is not None
        self._focus.moved(active, now)
        self._clipboard.ahead.wanted |= self._hands.speaking()
        return self._focus.meant(now) if told else active

    def _handle(self, event: Any) -> None:
        if event.type == X.PropertyNotify and event.window == self._root and event.atom == self._active:
            self._focus.moved(context.active(self._x.display), monotonic())
        self._clipboard.handle(event)

    def submit(self, request: Request | Reversal | Reading | Look) -> None:
        """Handle this request after those before it."""
        self._requests.append(request)
        if self._loan is not None and not isinstance(request, Reading):
            self._loan = self._loan.hurried()

    def close(self) -> None:
        """End `run`: the open paste is answered by what is known."""
        self._closing = True

    def refuse(self, delivery: Delivery) -> None:
        """Answer all open requests with `delivery`; the clipboard is restored if possible."""
        before, self._loan = self._before, None
        with suppress(Exception):  # the display may be gone
            self._give_back(before)
        while self._requests:
            self._end(delivery)

    def run(self) -> None:
        """Serve until `close`."""
        while not self._closing:
            self._x.wait(partial(self._due, self._loan), self._loan.wake_at if self._loan else None)
            if self._loan is not None:
                self._watch(self._loan)
            elif self._requests and not self._looking.late:
                match self._requests[0]:
                    case Request() as request:
                        self._paste(request)
                    case Reversal() as reversal:
                        self._take_back(reversal)
                    case Reading() | Look() as question:
                        self._looking.tell(question)
                        self._requests.popleft()
            elif self._looking.wanted:
                self._looking.meanwhile(lambda: self._closing or bool(self._requests))
        if self._loan is not None:
            known = self._loan.lent.read_at is not None and not self._loan.lent.doubtful and self._loan.sure
            self.unread = not known  # nothing may serve the previous contents, no clipboard manager either
            self._conclude(self._loan, Outcome.UNCONFIRMED if self.unread else Outcome.INSERTED)
        if not self.unread:
            self._clipboard.hand_over()

    def _due(self, before: Loan | None) -> bool:
        """Return whether there is something to do: a paste that differs from `before`, a request, or idle work."""
        changed = self._closing or self._loan is not before
        return changed or (self._loan is None and (bool(self._requests) or self._looking.wanted))

    def _watch(self, loan: Loan) -> None:
        """Renew the clipboard if that tells more of what was read, and end the paste if it is over."""
        if loan.due_at is not None and monotonic() >= loan.due_at:
            if loan.receipt is not None and loan.receipt.wants_renewal:
                self._renew(loan)
            else:
                self._loan = loan.closed()
        elif (outcome := evaluate(loan.lent, monotonic())) is not None:
            self._conclude(loan, outcome)

    def _renew(self, loan: Loan) -> None:
        serial = self._receipts.renew(loan)
        if self._loan is not None:
            self._loan = self._loan.lost() if serial is None else self._loan.renewed(serial, monotonic())

    def _paste(self, request: Request) -> None:
        """Do everything up to the chord, and answer if the paste ends before it."""
        target, manner = request.target, self._manner()
        rule = self._rule(target)
        rule = rule.model_copy(update={"enter": rule.enter or request.enter})
        text = rule.fitted(request.text)
        chord = self._keyboard.chord(rule.chord)
        place, keys = self._obstacles.place, self._obstacles.keys
        obstacle = place(target) or keys(chord, self._glance) or place(target)
        if request.over is not None:
            obstacle = obstacle or keys(COPY, self._glance) or self._looking.changed(request.over)
        if self._obstacles.left(request.since):
            self._end(AWAY)
            return
        if obstacle:
            self._stop(request, chord, text, obstacle)
            return
        previous, joined = "", text
        if request.over is None:
            previous, joined = self._joined(self._previous(target, manner), text, target, manner)
        before = {selection: self._clipboard.copy(selection) for selection in chord.selections}
        self._receipts.begin(rule, target)
        if self._obstacles.secret(target):
            self._end(SECRET)
            return
        self._before = before
        if not self._own(chord, joined, before):
            self._give_back(before)
            self._end(TAKEN)
            return
        self._x.pause(rule.delay_ms / 1000)
        self._receipts.let_early_readers()
        obstacle = keys(chord) or place(target)
        if self._obstacles.left(request.since):
            self._give_back(before)
            self._end(AWAY)
        elif obstacle:
            self._stop(request, chord, text, obstacle, before)
        elif not all(map(self._clipboard.owns, chord.selections)):
            self._give_back(before)
            self._end(TAKEN)
        else:
            now, hurried = monotonic(), len(self._requests) > 1
            lent, receipt = self._receipts.opened(rule, Lent(now, hurried=hurried))
            inserted = Insertion(target.handle, joined, now, previous, request.text, original=request.original)
            if request.final:
                inserted = Insertion(target.handle, "", now, joined)
            loan = Loan(chord, rule, target, lent, before, inserted, rule.fitted(request.after), receipt=receipt)
            self._loan = replace(loan, lent_at=self._receipts.lent_at, clean=self._receipts.clean)
            self._hands.expect(chord.keycodes)
            pressed = self._keyboard.press(chord.keycodes, rule.hold_ms / 1000)
            self._loan = self._loan.pressed(pressed)
            request.sent()

    def _take_back(self, reversal: Reversal) -> None:
        """Remove what was inserted last and paste the other text in its place, if there is one."""
        inserted, target, keys = self._inserted, context.active(self._x.display), self._obstacles.keys
        touched_at = self._hands.touched(reversal.asked_at - ASKING_S)
        why = objection(reversal, inserted, target.handle, self._rule(target), touched_at)
        why = why or keys(COPY, self._glance) or (LEFT if self._obstacles.left(reversal.asked_at) else "")
        if inserted is not None and not why:
            obstacle = self._obstacles.untouched(target, monotonic())
            why = self._cursor.at_end(inserted.after, obstacle, partial(self._takeback.remove, inserted, obstacle))
        if inserted is None or why:
            self._end(Delivery(Outcome.REFUSED, reversal.refusal(why)))
            self._inserted = inserted
            return
        left = Insertion(target.handle, "", monotonic(), inserted.previous)
        if reversal.texts:
            self._inserted = left
            other = reversal.other(inserted.said)
            self._paste(Request(other, target, reversal.sent, reversal.answer, original=inserted.original))
        elif inserted.original:
            self._inserted = left
            self._paste(Request(inserted.original, target, lambda: None, reversal.answer, final=True))
        else:
            self._end(Delivery(Outcome.CANCELLED))
            self._inserted = left

    def _rule(self, target: Target) -> Rule:
        return self._manner().applications.rule(target.app, context.comm(target.pid), electron=is_electron(target.pid))

    def _previous(self, target: Target, manner: Manner) -> str:
        """Return the character before the cursor, if the last insertion still ends there and should be joined to."""
        if manner.join == "none":
            return ""
        touched_at = self._hands.touched(inf) if manner.join == "auto" else 0.0
        return joining.before(self._inserted, target.handle, monotonic(), touched_at)

    def _joined(self, previous: str, text: str, target: Target, manner: Manner) -> tuple[str, str]:
        """Return the character before the cursor, as far as it is known, and `text` as it must be inserted after it.

        What is read there now counts first, then `previous`, which we inserted, then what was read at the release. A
        browser reports a text some time after it has it: if nothing was touched, what we inserted must be there.
        """
        if not manner.cursor:
            return previous, joining.join(previous, text)
        field = self._x.answer(self._again(target), AGAIN_S, None) or (None if previous else target.field)
        if field is None or field.before is None:
            return previous, joining.join(previous, text)
        if manner.join == "auto" and previous.strip() and not field.before.endswith(previous):
            return previous, joining.join(previous, text)
        return field.before[-1:], fit(text, field.before, field.after)

    def _own(self, chord: Chord, text: str, before: Mapping[str, Copy] | None = None) -> bool:
        """Put `text` into every selection of the chord, as a paste if what was there `before` will be restored.

        Returns False if one is unavailable.
        """
        self._looking.forget()
        contents, lent = text_contents(self._x, text), {name: copy.contents for name, copy in (before or {}).items()}
        return all(self._clipboard.own(name, contents, lent.get(name), ours=True) for name in chord.selections)

    def _stop(
        self, request: Request, chord: Chord, text: str, why: str, before: Mapping[str, Copy] | None = None
    ) -> None:
        """End without the chord. An edit then changes nothing at all, so what was there `before` is restored."""
        if request.over is not None:
            self._give_back(before or {})
            inserted = self._inserted
            self._end(Delivery(Outcome.REFUSED, f"{why} {UNTOUCHED} The text is in the history."))
            self._inserted = inserted
        else:
            self._copy(chord, text, why)

    def _copy(self, chord: Chord, text: str, why: str) -> None:
        """Leave the text on the clipboard for the user to paste."""
        note = f"{why} The text is on the clipboard: press {chord.paste.value}."
        self._end(Delivery(Outcome.COPIED, note) if self._own(chord, text) else TAKEN)

    def _conclude(self, loan: Loan, outcome: Outcome) -> None:
        """Answer and, unless the text is left for the user, restore what is still ours."""
        self._loan = None
        self._receipts.learn(loan)
        if outcome is Outcome.COPIED:
            who = loan.target.app or "The window"
            for selection in loan.chord.selections:
                self._clipboard.leave(selection)
            note = f"{who} did not take the text. It is on the clipboard: press {loan.chord.paste.value}."
            self._end(Delivery(outcome, note))
        else:
            give_back = partial(self._give_back, {} if self.unread else loan.before)
            loan, outcome = self._receipts.settle(loan, outcome, give_back)
            enters = loan.rule.enter and outcome is Outcome.INSERTED
            inserted, note = loan.inserted, loan.unread if outcome is Outcome.UNCONFIRMED else ""
            if enters:
                note = self._arrived.press_enter(loan)
            elif loan.after and outcome is Outcome.INSERTED:
                note = self._arrived.put_cursor(loan)
                inserted = inserted if note else replace(inserted, after=loan.after)
            self._end(Delivery(outcome, note, loan.read_s))
            gone = Insertion(loan.target.handle, "", loan.lent.sent_at, "\n")
            self._inserted = gone if enters and not note else inserted

    def _give_back(self, before: Mapping[str, Copy]) -> None:
        for selection, copy in before.items():
            self._clipboard.give_back(selection, copy.contents)

    def _end(self, delivery: Delivery) -> None:
        """Answer the oldest request, which is the current one and whose clipboard has been restored, and add a note on
        what could not be kept of the previous contents."""
        request, lent, self._before = self._requests.popleft(), self._before.get("CLIPBOARD"), {}
        delivery = losing(delivery, lent.contents, lent.whole) if lent is not None else delivery
        if isinstance(request, Reading):
            request.answer(None)
            return
        if isinstance(request, Look):
            request.answer(Selection(why=delivery.note))
            return
        self._inserted = None
        size = f"a text of {len(request.text)} characters" if isinstance(request, Request) else "taking back"
        log.info("%s: %s", size, delivery.outcome)
        request.answer(request.told(delivery) if isinstance(request, Reversal) else delivery)

    def _read(self, read: Read) -> None:
        """Process a read by a window: a receipt if it is the target's and the chord was sent, else it is recorded."""
        if self._loan is None:
            (self._receipts.note if self._requests else self._receipts.saw)(read)
        elif self._x.same_program(read.window, self._loan.target.handle):
            self._loan = self._loan.read(monotonic(), read)

    def _asked(self, window: int) -> None:
        """Process a listing of the targets by a window: the target is not done."""
        if self._loan is not None and self._x.same_program(window, self._loan.target.handle):
            self._loan = self._loan.asked(monotonic())

    def _lost(self, selection: str) -> None:
        """Process the loss of a selection to another program."""
        if self._loan is not None and selection in self._loan.before:
            self._loan = self._loan.lost()
