"""Watch the target read: each read, listing or loss of the clipboard changes the pending paste.

All in the paste thread; `desktop.paste.x11.paste_state` is the pending paste, `desktop.paste.outcome` decides when it
is over.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from desktop.core.interfaces import UserActivity
from desktop.core.types import Outcome
from desktop.paste.outcome import evaluate_outcome
from desktop.paste.x11.clipboard import X11Clipboard
from desktop.paste.x11.clipboard_copy import SelectionContents
from desktop.paste.x11.connection import X11Connection
from desktop.paste.x11.owned_selection import SelectionRead
from desktop.paste.x11.paste_state import PendingPaste
from desktop.paste.x11.receipts import ReceiptCollector


class PasteWatcher:
    """Watches the clipboard, which it opens. `pending` is the paste whose chord has been sent, None without one."""

    def __init__(
        self,
        connection: X11Connection,
        activity: UserActivity,
        has_requests: Callable[[], bool],
        on_restorable: Callable[[SelectionContents], None],
    ) -> None:
        """`has_requests` returns whether a request is open; `on_restorable` is the clipboard's."""
        self._x = connection
        self._has_requests = has_requests
        self.pending: PendingPaste | None = None
        self.clipboard = X11Clipboard(connection, self._on_read, self._on_lost, on_restorable, self._on_inspected)
        self.receipts = ReceiptCollector(connection, self.clipboard, activity.last_input_at)

    def note_next_waiting(self) -> None:
        """Note that the next request waits for the pending paste."""
        if self.pending is not None:
            self.pending = self.pending.with_next_waiting()

    def advance(self, pending: PendingPaste) -> Outcome | None:
        """Renew the clipboard if that tells more of what was read. Returns the outcome if the paste is over."""
        if pending.renewal_due_at is None or monotonic() < pending.renewal_due_at:
            return evaluate_outcome(pending.progress, monotonic())
        if pending.receipt is not None and pending.receipt.needs_renewal:
            self._renew(pending)
        else:
            self.pending = pending.with_renewals_closed()
        return None

    def _renew(self, pending: PendingPaste) -> None:
        serial = self.receipts.renew(pending)
        if self.pending is not None:
            self.pending = (
                self.pending.with_loss() if serial is None else self.pending.with_renewal(serial, monotonic())
            )

    def _on_read(self, read: SelectionRead) -> None:
        """Process a read by a window: a receipt if it is the target's and the chord was sent, else it is recorded."""
        if self.pending is None:
            (self.receipts.note_read if self._has_requests() else self.receipts.learn_from_read)(read)
        elif self._x.is_same_program(read.window, self.pending.target.handle):
            self.pending = self.pending.with_read(monotonic(), read)

    def _on_inspected(self, window: int) -> None:
        """Process a listing of the targets by a window: the target is not done."""
        if self.pending is not None and self._x.is_same_program(window, self.pending.target.handle):
            self.pending = self.pending.with_inspection(monotonic())

    def _on_lost(self, selection: str) -> None:
        """Process the loss of a selection to another program."""
        if self.pending is not None and selection in self.pending.replaced_contents:
            self.pending = self.pending.with_loss()
