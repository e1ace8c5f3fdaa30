"""The desk of macOS and the paster on it.

The paste thread waits for jobs alone; what concerns AppKit is done in the main thread, which tells of each read.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from time import monotonic

from desktop.macos import keyboard, permissions, programs
from desktop.macos.codes import CODES, ENTER
from desktop.macos.main_thread import on_main_or_here
from desktop.macos.pasteboard import Contents, Pasteboard, plain
from desktop.paste.applications import COMM
from desktop.paste.chords import Paste
from desktop.paste.desk import Held
from desktop.paste.promise import Reader, Told
from desktop.paste.promised import PromisedPaster
from desktop.paste.request import Hands
from desktop.ports import Delivery, Outcome, Target

PASSWORD = Delivery(Outcome.REFUSED, "This is a password field. Nothing was pasted.")


class MacPaster(PromisedPaster[Contents]):
    """The `Paster` of macOS."""

    def __init__(self, hands: Hands) -> None:
        super().__init__(MacDesk, hands, "macos")


class MacDesk:
    """A `Desk`; made in the paste thread. Raises `PasteProblem` without the person's permission."""

    def __init__(self) -> None:
        problem = permissions.to_press_keys()
        if problem is not None:
            raise problem
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._board = on_main_or_here(Pasteboard)
        self._lent: Callable[[], bool] = lambda: False

    def now(self) -> float:
        """As `Desk.now`."""
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        """As `Desk.wait`."""
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
        """As `Desk.post`."""
        self._jobs.put(job)

    def meant(self) -> Target:
        """The window in front: of those before it macOS tells nothing."""
        return programs.front()

    def active(self) -> Target:
        """As `Desk.active`."""
        return programs.front()

    def names(self, target: Target) -> tuple[str, str]:
        """The bundle's name, and the one that a person knows it by, as much of it as is compared."""
        return programs.bundle(target.pid), target.app[:COMM]

    def refusal(self, target: Target) -> Delivery | None:
        """Password fields, as far as they are known."""
        return PASSWORD if programs.is_password(target.pid) else None

    def held(self) -> Held:
        """As `Desk.held`."""
        return keyboard.held()

    def keys_of(self, chord: Paste) -> tuple[int, ...]:
        """Every program here pastes at Command and v, whatever `chord` is."""
        return CODES["super_l"], keyboard.code_for_paste()

    def label(self, chord: Paste) -> str:
        """As `Desk.label`."""
        return "Cmd+V"

    def press(self, keys: tuple[int, ...]) -> bool:
        """As `Desk.press`."""
        return keyboard.press_keys(keys)

    def enter(self) -> int:
        """As `Desk.enter`."""
        return ENTER

    def lend(self, text: str, target: Target, read: Told, lost: Callable[[], None]) -> Contents | None:
        """As `Desk.lend`."""

        def told() -> None:
            at = monotonic()
            self.post(lambda: read(Reader.TARGET, at))

        def gone() -> None:
            self.post(lost)

        before = on_main_or_here(self._board.copy)
        self._lent = lambda: self._board.promise(text, told, gone)
        return before if self.renew() else None

    def renew(self) -> bool:
        """As `Desk.renew`."""
        return on_main_or_here(self._lent)

    def ours(self) -> bool:
        """As `Desk.ours`."""
        return on_main_or_here(self._board.ours)

    def give_back(self, contents: Contents) -> bool:
        """As `Desk.give_back`."""
        return on_main_or_here(lambda: self._board.put(contents))

    def leave(self, text: str) -> bool:
        """As `Desk.leave`."""
        return self.give_back(plain(text))

    def close(self) -> None:
        """Nothing is held."""
