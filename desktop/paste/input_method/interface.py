"""What the paster needs of an input method, whichever protocol it speaks.

Intone is the input method of the focused field for a moment only, and the user's own is back afterwards, whatever
happens to the app meanwhile. Implementations belong to the engine's loop and raise `OSError` where the connection or
the field is lost; they never log texts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from desktop.core.types import FieldKind

type Choice = Literal["auto", "always", "off"]
"""When texts go in by the input method: `paste.input_method`."""

FIELD_TIMEOUT_S = 0.100
"""Seconds that a program may take to tell of its field before a text goes into it another way."""


@dataclass(frozen=True, slots=True)
class SurroundingText:
    """The text around the cursor, as the program reports it: all of the field, or only what is near.

    `cursor` and `anchor` are characters from the beginning of `text`; what is between them is selected. It is used at
    the moment and then forgotten: never stored, logged or sent.
    """

    text: str = field(repr=False)
    cursor: int
    anchor: int

    @property
    def before(self) -> str:
        """What stands before the cursor and the selection."""
        return self.text[: min(self.cursor, self.anchor)]

    @property
    def selected(self) -> str:
        """What is selected; empty where nothing is."""
        return self.text[min(self.cursor, self.anchor) : max(self.cursor, self.anchor)]

    @property
    def after(self) -> str:
        """What stands after the cursor and the selection."""
        return self.text[max(self.cursor, self.anchor) :]


@dataclass(frozen=True, slots=True)
class FieldTraits:
    """What a program reports of a field: `is_password` also for PINs and for hidden text; `is_private` where the text
    must not be learned. Only a terminal reports no text around the cursor; some programs do so once that changes."""

    is_password: bool = False
    is_terminal: bool = False
    is_private: bool = False

    @property
    def kind(self) -> FieldKind:
        """Return what a text that goes there is to be kept from."""
        if self.is_password:
            return FieldKind.PASSWORD
        return FieldKind.PRIVATE if self.is_private else FieldKind.PLAIN


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """What a program reported of its field at an earlier look of the same dictation, at the time `at`."""

    text: SurroundingText
    at: float


class FieldLostError(ConnectionResetError):
    """The field was lost, or must not be written into any more, before anything of what was to go in was sent."""


class InputContext(Protocol):
    """The focused field, while Intone is its input method."""

    @property
    def traits(self) -> FieldTraits:
        """Return what the program reports of the field now."""
        ...

    @property
    def surrounding(self) -> SurroundingText | None:
        """Return the newest text around the cursor; None where the program reports none."""
        ...

    @property
    def earlier(self) -> EarlierReport | None:
        """Return what the program reported before, where it reports nothing now. It fits a text, and proves nothing:
        the user may have typed or clicked since."""
        ...

    async def commit(self, text: str, on_sent: Callable[[], None] = lambda: None) -> SurroundingText | None:
        """Insert `text` once, in place of the selection and of the composition. Long texts go in several parts.
        `on_sent` is called when the last one is on its way.

        Return the text that was around the cursor before; None if the program does not tell. Some programs report only
        what has changed, so that this may be known where `surrounding` was None. Raises `OSError`; part of the text may
        be there then, unless it is a `FieldLostError`.
        """
        ...

    async def delete_before(self, count: int) -> None:
        """Delete `count` characters before the cursor. Raises `OSError`."""
        ...

    async def show_composition(self, text: str) -> None:
        """Show `text` at the cursor as being composed, in place of what was shown; an empty text removes it.

        Raises `OSError`.
        """
        ...

    async def press_return(self) -> bool:
        """Press Return in the field; return whether that was possible. Raises `OSError`."""
        ...

    async def wait_for_change(self) -> None:
        """Wait until the program reports another surrounding text, or the field is lost. The caller sets a limit.

        Several may wait. Raises `OSError` where the field has lost the focus, or the user's input method came back.
        """
        ...


class InputMethod(Protocol):
    """An input method of the session. One object for the app's life."""

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Connect in the background, again whenever the connection was lost. Never raises."""
        ...

    def close(self) -> None:
        """Give the user's input method back and disconnect."""
        ...

    def apply_choice(self, choice: Choice) -> None:
        """Apply what the user has chosen, before or after `start`; with "off" there is no connection."""
        ...

    @property
    def is_available(self) -> bool:
        """Return whether there is a connection by which a field could be had."""
        ...

    @property
    def focus(self) -> object:
        """Return what is another value once another field has got the focus; always the same where that is not told."""
        ...

    def acquire(
        self, program: str | int, timeout_s: float = FIELD_TIMEOUT_S, *, traits_only: bool = False
    ) -> AbstractAsyncContextManager[InputContext | None]:
        """Be the focused field's input method within the context; None if the field cannot be had.

        `program` is that of the focused window, by any name: one that was silent for so long before is not waited for
        `timeout_s`, but for a moment only. When the context is entered, the field's traits are known, and its
        surrounding text if the program reports it; with `traits_only` that need not be. A second caller meanwhile gets
        the same context; the user's input method comes back after the last.
        """
        ...
