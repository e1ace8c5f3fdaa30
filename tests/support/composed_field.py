"""A field whose input method we are, without a desktop: what stands in it, and what is being composed there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import anyio

from desktop.core.interfaces import Composition, PasterCapability
from desktop.core.types import PasteResult, Target
from desktop.paste.input_method.composition import FieldCompositions, FitWords, OpenField
from desktop.paste.input_method.interface import (
    FIELD_TIMEOUT_S,
    Choice,
    FieldTraits,
    InputContext,
    InputMethod,
    SurroundingText,
)
from tests.support.stage import FakePaster

EDITOR = Target(1, "editor")


class ComposedField:
    """The focused field. `frames` are its text and composition after each message. `leave` takes its focus away and
    `click` moves the cursor; with either the composition becomes text, as in Qt and Chromium, and the first one takes
    the place of what is `selected`. Messages wait for `gate`; `sending` counts those under way, `most_sending` at most.
    """

    def __init__(self, traits: FieldTraits | None = None) -> None:
        self.traits = traits or FieldTraits()
        self.surrounding: SurroundingText | None = None
        self.text = self.composition = ""
        self.frames: list[tuple[str, str]] = []
        self.messages = 0
        self.gate = anyio.Event()
        self.gate.set()
        self.sending = self.most_sending = 0
        self.is_lost = False
        self._changed = anyio.Event()

    @property
    def selected(self) -> str:
        return self.surrounding.selected if self.surrounding is not None else ""

    def select(self, text: str) -> None:
        """Have the user select `text`, which is all of the field."""
        self.text = text
        self.surrounding = SurroundingText(text, len(text), 0)
        self.change()

    def leave(self) -> None:
        self.is_lost = True
        self.click()

    def click(self) -> None:
        """Have the user click at the beginning."""
        self.text, self.composition = self.text + self.composition, ""
        if self.surrounding is not None:
            self.surrounding = SurroundingText(self.text, 0, 0)
        self.change()

    def change(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> None:
        await self._send()
        self.text += text
        self.composition = ""
        self.frames.append((self.text, self.composition))
        on_sent()

    async def show_composition(self, text: str) -> None:
        await self._send()
        if text and self.selected:
            self.text, self.surrounding = "", SurroundingText("", 0, 0)
        self.composition = text
        self.frames.append((self.text, self.composition))

    async def delete_before(self, count: int) -> None:
        await self._send()
        self.text = self.text[:-count]

    async def press_return(self) -> bool:
        await self._send()
        return True

    async def wait_for_change(self) -> None:
        await self._changed.wait()
        if self.is_lost:
            raise OSError

    async def _send(self) -> None:
        self.sending += 1
        self.most_sending = max(self.most_sending, self.sending)
        try:
            await self.gate.wait()
        finally:
            self.sending -= 1
        self.messages += 1
        if self.is_lost:
            raise OSError


class FieldInputMethod:
    """The input method of `field`, None where nothing can be had; `users` have it now, of the programs `acquired`."""

    is_available = True
    focus = None

    def __init__(self, field: ComposedField | None) -> None:
        self.field = field
        self.users = 0
        self.acquired: list[str | int] = []

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """It has nothing to connect to."""

    def close(self) -> None:
        if self.field is not None:
            self.field.leave()

    def apply_choice(self, choice: Choice) -> None:
        """It is there whatever is chosen."""

    @asynccontextmanager
    async def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AsyncIterator[ComposedField | None]:
        self.acquired.append(program)
        self.users += 1
        try:
            yield self.field
        finally:
            self.users -= 1


def open_field_by(method: InputMethod, fit: FitWords = lambda words, surrounding: words) -> OpenField:
    """Have the field by `method`, whose words `fit` fits in."""

    @asynccontextmanager
    async def open_field(target: Target) -> AsyncIterator[tuple[InputContext, FitWords] | None]:
        async with method.acquire(target.app) as context:
            yield None if context is None else (context, fit)

    return open_field


class ComposingPaster(FakePaster):
    """Commits into `field`, where words are shown while they are spoken; `rungs` are the windows that are pasted into
    by the clipboard."""

    capabilities = PasterCapability.LIVE_TEXT

    def __init__(self, field: ComposedField | None = None) -> None:
        super().__init__()
        self.field = field or ComposedField()
        self.input_method = FieldInputMethod(self.field)
        self.rungs: set[int] = set()
        self._compositions = FieldCompositions(open_field_by(self.input_method), interval_s=0.0, timeout_s=30.0)

    def open_composition(self, target: Target) -> AbstractAsyncContextManager[Composition]:
        return self._compositions.open(target)

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        if target.handle in self.rungs:
            await self._compositions.remove()
        else:
            async with self.input_method.acquire(target.app), self._compositions.replaced():
                await self.field.commit(text)
        return await super().paste(text, target, on_sent, enter)


def report(text: str) -> SurroundingText:
    """What a program reports of a text in which `|` is the cursor."""
    at = text.index("|")
    return SurroundingText(text.replace("|", ""), at, at)


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(30):
        while not met():
            await anyio.lowlevel.checkpoint()


async def settle() -> None:
    """Let everything run that waits for nothing."""
    for _ in range(30):
        await anyio.lowlevel.checkpoint()


@asynccontextmanager
async def composing(
    field: ComposedField, interval_s: float = 0.0, timeout_s: float = 30.0
) -> AsyncIterator[tuple[Composition, FieldCompositions, FieldInputMethod]]:
    """A composition in `field`; afterwards nothing of it is there, and the input method is given back."""
    method = FieldInputMethod(field)
    compositions = FieldCompositions(open_field_by(method), interval_s, timeout_s)
    async with compositions.open(EDITOR) as composition:
        yield composition, compositions, method
    assert (field.composition, method.users) == ("", 0)
