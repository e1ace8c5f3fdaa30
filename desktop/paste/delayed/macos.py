"""The macOS implementation of `PasteDesktop`, and the paster on it. Written from documentation, never run.

The paste thread waits for jobs only; what needs AppKit runs in the main thread, which posts each read.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic

from desktop.core.chords import PasteShortcut
from desktop.core.interfaces import UserActivity
from desktop.core.keys import HeldModifiers
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.apps import COMM_BYTES
from desktop.paste.delayed.macos_pasteboard import MacPasteboard, PasteboardContents, text_contents
from desktop.paste.delayed.paster import DelayedPaster
from desktop.paste.delayed.pending_text import ReaderKind, TextReadCallback
from desktop.paste.request import CONTENTS_LOST
from desktop.paste.undo import TEXT_UNREADABLE
from desktop.platforms.macos import focus, keyboard
from desktop.platforms.macos.key_codes import CODES, ENTER
from desktop.platforms.macos.main_thread import on_main_or_here

PASSWORD_FIELD = PasteResult(Outcome.REFUSED, (Message("password-field-not-pasted"),))


class MacPaster(DelayedPaster[PasteboardContents]):
    """The `Paster` of macOS."""

    def __init__(self, activity: UserActivity) -> None:
        super().__init__(MacPasteDesktop, activity, "macos")


class MacPasteDesktop:
    """A `PasteDesktop`; created in the paste thread. Raises `PasteError` without the user's permission."""

    def __init__(self) -> None:
        problem = keyboard.check_can_press_keys()
        if problem is not None:
            raise problem
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._pasteboard = on_main_or_here(MacPasteboard)

    def now(self) -> float:
        """As `PasteDesktop.now`."""
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """As `PasteDesktop.wait`."""
        while not done():
            left_s = None if until is None else until - monotonic()
            if left_s is not None and left_s <= 0:
                return False
            try:
                self._jobs.get(timeout=left_s)()
            except Empty:
                return done()
        return True

    def post(self, job: Callable[[], None]) -> None:
        """As `PasteDesktop.post`."""
        self._jobs.put(job)

    def target_window(self) -> Target:
        """Return the window in front: macOS does not report earlier ones."""
        return focus.find_front_window()

    def active_window(self) -> Target:
        """As `PasteDesktop.active_window`."""
        return focus.find_front_window()

    def app_names(self, target: Target) -> tuple[str, str]:
        """Return the bundle's name and the program's displayed name, the latter as far as it is compared."""
        return focus.bundle_identifier(target.pid), target.app[:COMM_BYTES]

    def is_electron(self, target: Target) -> bool:
        """Return False: what reads of the clipboard is not told here."""
        return False

    def find_refusal(self, target: Target, timeout_s: float, is_ending: Callable[[], bool]) -> PasteResult | None:
        """Refuse password fields, as far as they are recognized."""
        return PASSWORD_FIELD if focus.is_password_focused(target.pid) else None

    def focused_field(self, target: Target) -> int:
        """Return 0: accessibility has to be asked for it."""
        return 0

    def held_modifiers(self) -> HeldModifiers:
        """As `PasteDesktop.held_modifiers`."""
        return keyboard.held_modifiers()

    def shortcut_keys(self, shortcut: PasteShortcut) -> tuple[int, ...]:
        """Return Command and v, with which every program here pastes, whatever `shortcut` is."""
        return CODES["super_l"], keyboard.find_paste_code()

    def shortcut_label(self, shortcut: PasteShortcut) -> str:
        """As `PasteDesktop.shortcut_label`."""
        return "Cmd+V"

    def press_keys(self, keys: tuple[int, ...]) -> bool:
        """As `PasteDesktop.press_keys`."""
        return keyboard.press_keys(keys)

    def enter_key(self) -> int:
        """As `PasteDesktop.enter_key`."""
        return ENTER

    def offer_text(
        self, text: str, target: Target, on_read: TextReadCallback, on_lost: Callable[[], None]
    ) -> PasteboardContents | None:
        """As `PasteDesktop.offer_text`."""

        def post_read() -> None:
            at = monotonic()
            self.post(lambda: on_read(ReaderKind.TARGET, at))

        def post_loss() -> None:
            self.post(on_lost)

        return on_main_or_here(lambda: self._pasteboard.offer_text(text, post_read, post_loss))

    def renew_offer(self) -> bool:
        """As `PasteDesktop.renew_offer`."""
        return on_main_or_here(self._pasteboard.renew_offer)

    def owns_clipboard(self) -> bool:
        """As `PasteDesktop.owns_clipboard`."""
        return on_main_or_here(self._pasteboard.is_owned)

    def restore_clipboard(self, contents: PasteboardContents, is_ending: Callable[[], bool]) -> Notes:
        """As `PasteDesktop.restore_clipboard`."""
        is_restored = self._put_contents(contents, over_own=True) or not self.owns_clipboard()
        return () if is_restored else (CONTENTS_LOST,)

    def leave_text(self, text: str, is_ending: Callable[[], bool], *, over_own: bool = False) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self._put_contents(text_contents(text), over_own=over_own)

    def read_text(self, contents: PasteboardContents | None) -> str | None:
        """Return nothing: it is not asked for here."""
        return None

    def remove_text(self, text: str, target: Target, text_after_cursor: str, replacement: str) -> Message | None:
        """Remove nothing: no text is read here."""
        return TEXT_UNREADABLE

    def move_cursor(self, text: str, target: Target, text_after_cursor: str) -> bool:
        """Leave the cursor."""
        return False

    def read_selection(self, target: Target, is_ending: Callable[[], bool]) -> str | None:
        """Return nothing: no text is read here."""
        return None

    def replace_selection(self, target: Target, selected: str, text: str) -> Message | None:
        """Replace nothing."""
        return TEXT_UNREADABLE

    def close(self) -> None:
        """Do nothing: nothing is held."""

    def _put_contents(self, contents: PasteboardContents, *, over_own: bool) -> bool:
        board = self._pasteboard
        return on_main_or_here(lambda: (board.is_owned() or not over_own) and board.put_contents(contents))
