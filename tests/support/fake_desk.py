"""Fake keyboard, clipboard and windows with delayed rendering, as on Windows and macOS; a test plays the system."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from queue import Empty, SimpleQueue
from time import monotonic

from desktop.core.chords import PasteShortcut
from desktop.core.interfaces import UserActivity
from desktop.core.keys import HeldModifiers
from desktop.core.messages import Message, Notes
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.delayed.pending_text import ReaderKind, TextReadCallback
from desktop.paste.delayed.transaction import DelayedPasteTransaction
from desktop.paste.request import CONTENTS_LOST, PasteOptions, PasteRequest
from desktop.paste.selection import FIELD_ALTERED, SELECTION_CHANGED
from desktop.paste.undo import TEXT_CHANGED

EDITOR = Target(7, "Editor", "Untitled", 1234)
OTHER = Target(8, "Mail", "Inbox", 1235)
CONTROL, SHIFT, V = 17, 16, 86


@dataclass
class FakeDesk:
    """A desk on which everything happens at the time it is planned for; it waits no longer than until the next of it.

    `written` stands in the field, with the cursor `back` before its end and `selected` within; the field `tells` that,
    or `alters` what it is to change. `clipboard` is what who reads it gets. A `history` reads `greed` times, each
    `lag_s` after the clipboard changed. The window's program answers after `answer_s`; `timeouts` is how long it was
    waited for each time, `ending` whether the app quit when a selection was read.
    """

    focus: Target = EDITOR
    clipboard: str = "before"
    down: frozenset[int] = frozenset()
    password: bool = False
    elevated: bool = False
    may_press: bool = True
    free: bool = True
    field_in_focus: int = 0
    greed: int = 0
    lag_s: float = 0.001
    written: str = ""
    history: ReaderKind = ReaderKind.OTHER
    tells: bool = True
    alters: bool = False
    selected: str = ""
    back: int = 0
    pressed: list[tuple[int, ...]] = field(default_factory=list)
    on_press: Callable[[], None] = lambda: None
    on_leave: Callable[[], None] = lambda: None
    on_asked: Callable[[], None] = lambda: None
    answer_s: float = 0.0
    timeouts: list[float] = field(default_factory=list)
    ending: list[bool] = field(default_factory=list)
    _now: float = 1000.0
    _plan: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _numbers: count[int] = field(default_factory=count)
    _ours: bool = False
    _offered: bool = False

    def after(self, seconds: float, happens: Callable[[], None]) -> None:
        heappush(self._plan, (self._now + seconds, next(self._numbers), happens))

    def read(self, reader: ReaderKind) -> str:
        """Paste: the system requests the text once and no more."""
        if self._offered:
            self._offered = False
            self._told(reader, self.now())
        return self.clipboard

    def take(self, text: str) -> None:
        """Another program copies."""
        self.clipboard, self._ours, self._offered = text, False, False

    # What Promising asks.

    def now(self) -> float:
        return self._now

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        while not done():
            if self._plan and (until is None or self._plan[0][0] <= until):
                self._now, _, happens = heappop(self._plan)
                happens()
            elif until is None:
                raise AssertionError("it waits for ever")
            else:
                self._now = max(self._now, until)
                return False
        return True

    def post(self, job: Callable[[], None]) -> None:
        self.after(0, job)

    def target_window(self) -> Target:
        return self.focus

    def active_window(self) -> Target:
        return self.focus

    def app_names(self, target: Target) -> tuple[str, str]:
        return target.app, ""

    def is_electron(self, target: Target) -> bool:
        return target.app == "Slack"

    def find_refusal(self, target: Target, timeout_s: float, is_ending: Callable[[], bool]) -> PasteResult | None:
        self.on_asked()
        self._now += self.answer_s
        self.timeouts.append(timeout_s)
        if self.elevated:
            return PasteResult(Outcome.COPIED, (Message("window-elevated"),))
        return PasteResult(Outcome.REFUSED, (Message("password-field-not-pasted"),)) if self.password else None

    def focused_field(self, target: Target) -> int:
        return self.field_in_focus

    def held_modifiers(self) -> HeldModifiers:
        return HeldModifiers(self.down, frozenset((CONTROL,)))

    def shortcut_keys(self, shortcut: PasteShortcut) -> tuple[int, ...]:
        return CONTROL, V

    def shortcut_label(self, shortcut: PasteShortcut) -> str:
        return shortcut.value

    def press_keys(self, keys: tuple[int, ...]) -> bool:
        if self.may_press:
            self.pressed.append(keys)
            self.on_press()
        return self.may_press

    def enter_key(self) -> int:
        return 13

    def offer_text(
        self, text: str, target: Target, on_read: TextReadCallback, on_lost: Callable[[], None]
    ) -> str | None:
        if not self.free:
            return None
        before, self.clipboard, self._told = self.clipboard, text, on_read
        self.renew_offer()
        return before

    def renew_offer(self) -> bool:
        self._ours = self._offered = True
        if self.greed:
            self.greed -= 1
            self.after(self.lag_s, lambda: self.read(self.history) and None)
        return True

    def owns_clipboard(self) -> bool:
        return self._ours

    def restore_clipboard(self, contents: str, is_ending: Callable[[], bool]) -> Notes:
        if not self.owns_clipboard():
            return ()
        if self.free:
            self.clipboard, self._offered = contents, False
        return () if self.free else (CONTENTS_LOST,)

    def leave_text(self, text: str, is_ending: Callable[[], bool], *, over_own: bool = False) -> bool:
        self.on_leave()
        is_left = self.free and (self._ours or not over_own)
        if is_left:
            self.clipboard, self._ours, self._offered = text, True, False
        return is_left

    def read_text(self, contents: str | None) -> str | None:
        return self.clipboard if contents is None else contents

    def remove_text(self, text: str, target: Target, text_after_cursor: str, replacement: str) -> Message | None:
        end = len(self.written) - self.back + len(text_after_cursor)
        if not self.written[:end].endswith(text):
            return TEXT_CHANGED
        if self.alters:
            return FIELD_ALTERED
        self.written = self.written[:end].removesuffix(text) + replacement + self.written[end:]
        self.back = len(self.written) - end + len(text) - len(replacement)
        return None

    def move_cursor(self, text: str, target: Target, text_after_cursor: str) -> bool:
        self.back = len(text_after_cursor) if self.tells else 0
        return self.tells

    def read_selection(self, target: Target, is_ending: Callable[[], bool]) -> str | None:
        self.ending.append(is_ending())
        return self.selected if self.tells else None

    def replace_selection(self, target: Target, selected: str, text: str) -> Message | None:
        if selected != self.selected:
            return SELECTION_CHANGED
        if self.alters:
            return FIELD_ALTERED
        self.written = self.written.replace(selected, text)
        return None

    def close(self) -> None: ...


class LiveDesk(FakeDesk):
    """The same in a thread, in real time: nothing happens but what is posted."""

    def __init__(self) -> None:
        super().__init__()
        self.closed = False
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def now(self) -> float:
        return monotonic()

    def wait(self, done: Callable[[], bool], until: float | None = None) -> bool:
        while not done():
            left = None if until is None else until - monotonic()
            if left is not None and left <= 0:
                return False
            try:
                self._jobs.get(timeout=left)()
            except Empty:
                continue
        return True

    def post(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)

    def close(self) -> None:
        self.closed = True


class Typist:
    """Dictates to a desk, and keeps what came of it and what the target took."""

    def __init__(self, desk: FakeDesk, manner: PasteOptions | None = None, *, talk_held: bool = False) -> None:
        self.desk = desk
        self.expected: list[tuple[int, ...]] = []
        self.taken: list[str] = []
        self.ends: list[PasteResult] = []
        self.sent = 0
        hands = UserActivity(
            lambda keys: self.expected.append(tuple(keys)), lambda: talk_held, lambda: False, lambda until: 0.0
        )
        self.promising = DelayedPasteTransaction(desk, hands, lambda: manner or PasteOptions(), "windows")

    def reads(self, after_s: float) -> None:
        """The target reads so long after each chord."""
        self.desk.on_press = lambda: self.desk.after(
            after_s, lambda: self.taken.append(self.desk.read(ReaderKind.TARGET))
        )

    def paste(self, *texts: str, target: Target = EDITOR, enter: bool = False) -> None:
        """Until all are answered; then the thread is ended."""
        for text in texts:
            self.promising.submit(PasteRequest(text, target, self._chord, self._answer(len(texts)), enter))
        self.promising.run()

    def _chord(self) -> None:
        self.sent += 1

    def _answer(self, of: int) -> Callable[[PasteResult], None]:
        def answer(result: PasteResult) -> None:
            self.ends.append(result)
            if len(self.ends) == of:
                self.promising.close()

        return answer
