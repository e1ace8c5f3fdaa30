"""The macOS implementation of `PasteDesktop`, and the paster on it.

The paste thread waits for jobs only; what needs AppKit runs in the main thread, which posts each read.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic

from desktop.core.chords import Paste
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.apps import COMM
from desktop.paste.delayed.desktop import Held
from desktop.paste.delayed.macos_pasteboard import Contents, Pasteboard, plain
from desktop.paste.delayed.paster import PromisedPaster
from desktop.paste.delayed.promise import Reader, Told
from desktop.paste.request import Hands
from desktop.platforms.macos import focus as programs
from desktop.platforms.macos import keyboard, permissions
from desktop.platforms.macos.key_codes import CODES, ENTER
from desktop.platforms.macos.main_thread import on_main_or_here

PASSWORD = Delivery(Outcome.REFUSED, "This is a password field. Nothing was pasted.")


class MacPaster(PromisedPaster[Contents]):
    """The `Paster` of macOS."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(MacDesk, hands, "macos")


class MacDesk:
    """A `PasteDesktop`; created in the paste thread. Raises `PasteError` without the user's permission."""

    def __init__(self) -> None:
        problem = permissions.to_press_keys()
        if problem is not None:
            raise problem
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._board = on_main_or_here(Pasteboard)
        self._lent: Callable[[], bool] = lambda: False

    def now(self) -> float:
        """As `PasteDesktop.now`."""
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """As `PasteDesktop.wait`."""
        while not done():
            left = None if until is None else until - monotonic()
            if left is not None and left <= 0:
                return False
            try:
                self._jobs.get(timeout=left)()
            except Empty:
                return done()
        return True

    def post(self, job: Callable[[], None]) -> None:
        """As `PasteDesktop.post`."""
        self._jobs.put(job)

    def meant(self) -> Target:
        """Return the window in front: macOS does not report earlier ones."""
        return programs.front()

    def active(self) -> Target:
        """As `PasteDesktop.active_window`."""
        return programs.front()

    def names(self, target: Target) -> tuple[str, str]:
        """Return the bundle's name and the program's displayed name, the latter as far as it is compared."""
        return programs.bundle(target.pid), target.app[:COMM]

    def refusal(self, target: Target) -> Delivery | None:
        """Refuse password fields, as far as they are recognized."""
        return PASSWORD if programs.is_password(target.pid) else None

    def held(self) -> Held:
        """As `PasteDesktop.held_modifiers`."""
        return keyboard.held()

    def keys_of(self, chord: Paste) -> tuple[int, ...]:
        """Return Command and v, with which every program here pastes, whatever `shortcut` is."""
        return CODES["super_l"], keyboard.code_for_paste()

    def label(self, chord: Paste) -> str:
        """As `PasteDesktop.shortcut_label`."""
        return "Cmd+V"

    def press(self, keys: tuple[int, ...]) -> bool:
        """As `PasteDesktop.press_keys`."""
        return keyboard.press_keys(keys)

    def enter(self) -> int:
        """As `PasteDesktop.enter_key`."""
        return ENTER

    def lend(self, text: str, target: Target, read: Told, lost: Callable[[], None]) -> Contents | None:
        """As `PasteDesktop.promise_text`."""

        def told() -> None:
            at = monotonic()
            self.post(lambda: read(Reader.TARGET, at))

        def gone() -> None:
            self.post(lost)

        before = on_main_or_here(self._board.copy)
        self._lent = lambda: self._board.promise(text, told, gone)
        return before if self.renew() else None

    def renew(self) -> bool:
        """As `PasteDesktop.renew_promise`."""
        return on_main_or_here(self._lent)

    def ours(self) -> bool:
        """As `PasteDesktop.owns_clipboard`."""
        return on_main_or_here(self._board.ours)

    def give_back(self, contents: Contents) -> bool:
        """As `PasteDesktop.restore_clipboard`."""
        return on_main_or_here(lambda: self._board.put(contents))

    def leave(self, text: str) -> bool:
        """As `PasteDesktop.leave_text`."""
        return self.give_back(plain(text))

    def close(self) -> None:
        """Do nothing: nothing is held."""
