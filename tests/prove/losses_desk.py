"""The windows that the commands of `tests.prove.losses_commands` are about, the recognizer and a program that asks.

A window is a list of pieces, so that it is known of each text where it stands. Whether one may be taken back is the
app's own decision (`desktop.paste.undo`); what is taken back here is always what the app said it had put in.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from time import monotonic

import anyio
import numpy as np

from desktop.core.interfaces import Paster, PasterCapability
from desktop.core.messages import Message
from desktop.core.types import (
    FRAME_SAMPLES,
    RATE_HZ,
    Audio,
    Frame,
    InputField,
    Outcome,
    PasteResult,
    Target,
    Transcript,
)
from desktop.paste.apps import PasteRule
from desktop.paste.request import CLIPBOARD_UNAVAILABLE, PASSWORD_FOCUSED, leave_on_clipboard
from desktop.paste.text_fit import Insertion
from desktop.paste.undo import UndoRequest, find_undo_objection

WINDOWS = (
    Target(1, "editor", "Untitled", field=InputField()),
    Target(2, "chat", "Ada", field=InputField()),
)

NEXT_PASTES = {"fails": CLIPBOARD_UNAVAILABLE, "is refused": PASSWORD_FOCUSED}
"""What may become of one paste instead of arriving."""

NUMBER_SCALE = 1 << 15
"""The first sample of each voiced frame is the number of what is said, divided by this: too little to be heard."""


class PieceKind(Enum):
    """Whose text a piece of a window is: a dictation's, one pasted again, or the user's own."""

    DICTATED = auto()
    COPY = auto()
    TYPED = auto()


is_copying = ContextVar("is_copying", default=False)
"""Whether what is pasted in this context is a text that was pasted before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in a window."""

    text: str
    kind: PieceKind


@dataclass
class Window:
    """What stands in a window and was not sent, and what Return has sent from it."""

    pieces: list[Piece] = field(default_factory=list)
    sent: list[Piece] = field(default_factory=list)


class Desk(Paster):
    """Pastes into two windows, takes back and presses Return. `faults` are what it was asked to do and should not.

    `next_paste` is what becomes of the next paste; `is_blocked`: the next text that is to come in the place of another
    does not get in.
    """

    capabilities = PasterCapability.UNDO | PasterCapability.PRESS_RETURN

    def __init__(self) -> None:
        self.focus = WINDOWS[0]
        self.windows = {target.handle: Window() for target in WINDOWS}
        self.next_paste = ""
        self.is_blocked = False
        self.pasted: list[str] = []
        self.faults: list[str] = []
        self._last_input_at = 0.0
        self._insertion: Insertion | None = None
        self._lock = anyio.Lock()

    def touch(self) -> None:
        """Type something into the window that has the focus."""
        self.windows[self.focus.handle].pieces.append(Piece("typed", PieceKind.TYPED))
        self._last_input_at = monotonic()

    def forget(self) -> None:
        """Forget the insertion: the app has been started again."""
        self._insertion = None

    def find_pieces(self, kind: PieceKind) -> list[str]:
        """Return the texts of this kind in all windows, and those that were sent."""
        windows = self.windows.values()
        return [piece.text for window in windows for piece in window.pieces + window.sent if piece.kind is kind]

    async def find_target(self) -> Target:
        """See `Paster`."""
        return self.focus

    async def paste(self, text: str, target: Target, on_sent: Callable[[], None], enter: bool = False) -> PasteResult:
        """See `Paster`."""
        async with self._lock:
            await anyio.lowlevel.checkpoint()
            how, self.next_paste = self.next_paste, ""
            if how:
                return NEXT_PASTES[how]
            if target.handle != self.focus.handle:
                return leave_on_clipboard("Ctrl+V", Message("window-changed"))
            on_sent()
            self._insert(text, PieceKind.COPY if is_copying.get() else PieceKind.DICTATED)
            return PasteResult(Outcome.INSERTED)

    async def undo_paste(self, texts: tuple[str, ...], on_sent: Callable[[], None]) -> PasteResult:
        """See `Paster`."""
        async with self._lock:
            await anyio.lowlevel.checkpoint()
            request = UndoRequest(texts, monotonic(), on_sent, lambda result: None)
            inserted, handle = self._insertion, self.focus.handle
            objection = find_undo_objection(request, inserted, handle, PasteRule(), self._last_input_at)
            if objection is not None or inserted is None:
                return PasteResult(Outcome.REFUSED, request.refusal_notes(objection or Message("undo-nothing")))
            piece = self.windows[handle].pieces.pop()
            if piece.text != inserted.text or piece.kind is PieceKind.TYPED:
                self.faults.append(f"took back {piece} instead of {inserted.text!r}")
            self._insertion = replace(inserted, text="", spoken_text="")
            if not texts:
                return PasteResult(Outcome.CANCELLED)
            is_blocked, self.is_blocked = self.is_blocked, False
            if is_blocked:
                return replace(request, is_removed=True).adjust_result(CLIPBOARD_UNAVAILABLE)
            on_sent()
            self._insert(request.other_text(inserted.spoken_text), piece.kind)
            return PasteResult(Outcome.INSERTED)

    async def press_return(self, target: Target, since: float) -> bool:
        """See `Paster`."""
        async with self._lock:
            await anyio.lowlevel.checkpoint()
            if self.focus.handle != target.handle or self._last_input_at > since:
                return False
            window = self.windows[target.handle]
            if not window.pieces or window.pieces[-1].kind is PieceKind.TYPED:
                self.faults.append(f"pressed Return after {window.pieces[-1:]}")
            window.sent += window.pieces
            window.pieces = []
            self._insertion = self._insertion and replace(self._insertion, text="", spoken_text="")
            return True

    def _insert(self, text: str, kind: PieceKind) -> None:
        self.windows[self.focus.handle].pieces.append(Piece(text, kind))
        self.pasted.append(text)
        self._insertion = Insertion(self.focus.handle, text, monotonic(), spoken_text=text)


class NumberedRecognizer:
    """Knows what is said by the numbers in its frames, once `gate` is open. `begun` are those that it was given."""

    def __init__(self, texts: list[str]) -> None:
        """`texts` are what the numbers from 1 say."""
        self.gate = anyio.Event()
        self.gate.set()
        self.begun: set[int] = set()
        self._texts = texts

    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        """See `Recognizer`."""
        heard = list[int]()
        samples = 0
        async for frame in speech:
            samples += len(frame)
            number = round(float(frame[0]) * NUMBER_SCALE)
            if number and number not in heard:
                heard.append(number)
                self.begun.add(number)
        await self.gate.wait()
        text = " ".join(self._texts[number - 1] for number in heard)
        return Transcript(text, len(text), "en", duration_s=samples / RATE_HZ, engine="fake", model="fake")


def number_voice(voice: Audio, number: int, quiet_s: float) -> Audio:
    """Return whole frames of `voice`, each with the number, and silence after them."""
    frames = voice[: len(voice) // FRAME_SAMPLES * FRAME_SAMPLES].copy()
    frames[::FRAME_SAMPLES] = number / NUMBER_SCALE
    quiet = int(quiet_s * RATE_HZ / FRAME_SAMPLES) * FRAME_SAMPLES
    return np.concatenate([frames, np.zeros(quiet, np.float32)])


class Question:
    """Asks for the next dictation, and takes it unless it `is_late`; `given` are the answers."""

    program = "assistant"

    def __init__(self) -> None:
        self.is_late = False
        self.given: list[str] = []

    def is_answered_by(self, pressed_at: float) -> bool:
        """See `OpenQuestion`."""
        return True

    def is_private(self) -> bool:
        """See `OpenQuestion`."""
        return False

    async def give(self, text: str) -> bool:
        """See `OpenQuestion`."""
        await anyio.lowlevel.checkpoint()
        if not self.is_late:
            self.given.append(text)
        return not self.is_late
