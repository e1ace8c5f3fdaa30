"""A field whose input method Intone is, and a paster below, as short stand-ins."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from desktop.core.interfaces import PasterCapability
from desktop.core.types import Outcome, PasteResult, Selection, Target
from desktop.paste.input_method.interface import (
    FIELD_TIMEOUT_S,
    Choice,
    EarlierReport,
    FieldTraits,
    InputContext,
    SurroundingText,
)
from desktop.paste.request import PasteOptions
from desktop.paste.session_paster import PasteFocus, SessionPaster
from desktop.paste.text_fit import Insertion

NOTHING = PasterCapability(0)
FIRST = SurroundingText("", 0, 0)
"""The report of an empty field."""


@dataclass
class FakeField:
    """The field of a program: an `InputContext`, with what stands in it.

    `reports`: the program reports its text, of which `characters` around the cursor. `reports_late`: it does so only
    once something was committed into it, when it was empty. `reports_changes`: it does not report again what it did
    before, to the same input method, and its report of a commit tells what was there before. `deletes_silently`: nor
    what it has deleted, as GTK. `shows` is what it makes of a text. `breaks`: what raises `OSError`: "commit" at once,
    "part" after half of the text, "delete", "return", "wait".
    """

    text: str = ""
    cursor: int = 0
    anchor: int = 0
    traits: FieldTraits = FieldTraits()
    reports: bool = True
    reports_late: bool = False
    reports_changes: bool = False
    deletes_silently: bool = False
    characters: int = 100_000
    shows: Callable[[str], str] = lambda text: text
    breaks: str = ""
    can_press: bool = True
    composition: str = ""
    earlier: EarlierReport | None = None
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = asyncio.Event()
        self._stale: SurroundingText | None = None
        self._told: tuple[str, int, int] | None = None

    @classmethod
    def marked(cls, text: str, **traits: bool) -> FakeField:
        """The field that `text` draws: `|` is the cursor, and with a second one all between is selected."""
        parts = text.split("|")
        return cls("".join(parts), len("".join(parts[:-1])), len(parts[0]), FieldTraits(**traits))

    @property
    def surrounding(self) -> SurroundingText | None:
        if self._stale is not None:
            return self._stale
        is_told = self._told == (self.text, self.cursor, self.anchor)
        return self._find_surrounding() if self.reports and not is_told else None

    def _find_surrounding(self) -> SurroundingText:
        start = max(0, min(self.cursor, self.anchor) - self.characters // 2)
        shown = self.text[start : start + self.characters]
        return SurroundingText(shown, min(self.cursor - start, len(shown)), min(self.anchor - start, len(shown)))

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
        if self.breaks == "commit":
            raise ConnectionResetError
        before = self._find_surrounding() if self.reports_changes else self.surrounding
        self.done.append(f"commit {text}")
        self.composition = ""
        self._replace(self.shows(text[: len(text) // 2] if self.breaks == "part" else text))
        if self.breaks == "part":
            raise ConnectionResetError
        on_sent()
        self.reports |= self.reports_late
        return before if before is not None or not self.reports_late else FIRST

    async def delete_before(self, count: int) -> None:
        self.done.append(f"delete {count}")
        if self.breaks == "delete":
            raise ConnectionResetError
        last = self.surrounding if self.deletes_silently else None
        self.anchor = self.cursor - count
        self._replace("")
        self._stale = last

    async def show_composition(self, text: str) -> None:
        self.composition = text

    async def press_return(self) -> bool:
        if self.breaks == "return":
            raise ConnectionResetError
        self.done.append("return")
        return self.can_press

    async def wait_for_change(self) -> None:
        if self.breaks == "wait":
            raise ConnectionResetError
        await self._changed.wait()
        self._changed.clear()

    def release(self) -> None:
        """Remember what was reported."""
        if self.reports_changes:
            self._told = (self.text, self.cursor, self.anchor)

    def _replace(self, text: str) -> None:
        start, end = sorted((self.cursor, self.anchor))
        self.text = f"{self.text[:start]}{text}{self.text[end:]}"
        self.cursor = self.anchor = start + len(text)
        self._told = self._stale = None
        self._changed.set()


class FakeInputMethod:
    """An `InputMethod` with the focused `field`, None where the focused program has none."""

    def __init__(self, field: FakeField | None = None) -> None:
        self.field = field
        self.is_available = True
        self.focus = 0
        self.holders = 0
        self.programs: list[str | int] = []
        self.traits_only: list[bool] = []
        self.choices: list[str] = []
        self.breaks = ""
        self.on_acquire: Callable[[], None] = lambda: None

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        pass

    def close(self) -> None:
        self.is_available = False

    def apply_choice(self, choice: Choice) -> None:
        self.choices.append(choice)

    @asynccontextmanager
    async def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AsyncIterator[InputContext | None]:
        self.programs.append(program)
        self.traits_only.append(traits_only)
        if self.breaks == "acquire":
            raise ConnectionResetError
        self.holders += 1
        self.on_acquire()
        try:
            yield self.field
        finally:
            self.holders -= 1
            if self.field is not None:
                self.field.release()
        if self.breaks == "release":
            raise ConnectionResetError


class FakeSessionPaster(SessionPaster):
    """The paster below: it notes what it gets, and answers a paste at once or when `answers` is set."""

    def __init__(self, target: Target, capabilities: PasterCapability = NOTHING) -> None:
        self.is_input_known = False
        self.options = PasteOptions()
        self.focus = PasteFocus(target)
        self.x_windows = set[int]()
        self.can_press = False
        self.done: list[str] = []
        self.answers = asyncio.Event()
        self.answers.set()
        self._capabilities = capabilities

    @property
    def capabilities(self) -> PasterCapability:
        return self._capabilities

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        self.done.append("start")

    def close(self) -> None:
        self.done.append("close")

    async def find_target(self) -> Target:
        return self.focus.target

    async def find_focus(self) -> PasteFocus:
        return self.focus

    async def press_return(self, target: Target, since: float) -> bool:
        self.done.append("return")
        return self.can_press

    def is_xwayland(self, target: Target) -> bool:
        return target.handle in self.x_windows

    def note_insertion(self, insertion: Insertion | None) -> None:
        self.focus = replace(self.focus, last_insertion=insertion)

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        self.done.append(f"paste {text}{' and Return' if enter else ''}")
        on_sent()
        await self.answers.wait()
        self.note_insertion(Insertion(target.handle, text[-1:], 0.0))
        return PasteResult(Outcome.UNCONFIRMED)

    async def paste_around(
        self, before: str, after: str, target: Target, on_sent: Callable[[], None], enter: bool = False
    ) -> PasteResult:
        return await self.paste(f"{before}|{after}", target, on_sent, enter)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        self.done.append("undo")
        return PasteResult(Outcome.CANCELLED)

    async def read_clipboard(self) -> str | None:
        self.done.append("read clipboard")
        return "clipboard"

    async def read_selection(self) -> Selection:
        self.done.append("read selection")
        return Selection(self.focus.target.handle, "below")

    async def copy_selection(self, reported: Selection, target: Target) -> Selection:
        self.done.append("copy selection")
        return reported

    async def replace_selection(
        self, selection: Selection, text: str, target: Target, on_sent: Callable[[], None]
    ) -> PasteResult:
        return await self.paste(f"{selection.text} -> {text}", target, on_sent)
