"""A window with a field whose input method Intone is, and what tests of its paster do there."""

from __future__ import annotations

import asyncio
from time import monotonic

from desktop.core.interfaces import PasterCapability, UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.input_method.paster import InputMethodPaster
from desktop.paste.input_method.route import CommitRoute
from desktop.paste.request import PasteOptions
from tests.support.input_method import NOTHING, FakeField, FakeInputMethod, FakeSessionPaster

EDITOR = Target(7, "editor", "Letter")
TERMINAL = Target(8, "xterm")
UNKNOWN = Target(-1)
INSERTED = PasteResult(Outcome.INSERTED)
BELOW = PasteResult(Outcome.UNCONFIRMED)
UNDONE = PasteResult(Outcome.CANCELLED)
NOTHING_UNDONE = Message("nothing-undone")
BLIND = UserActivity(last_input_at=lambda until: min(monotonic(), until))
"""A session in which other keys than the talk key are not known, as the desktop's portal of keys says it."""
PLACES = ["|", "Dear Bob, |", "Dear | Bob", "ha ha |", "x |old| y", "\n|\n", "Fox. " * 90 + "|" + "Dog. " * 90]


class Desk:
    """A window `target` with a `field`, and a paster for it."""

    def __init__(
        self,
        field: FakeField | None,
        target: Target = EDITOR,
        activity: UserActivity | None = None,
        below: PasterCapability = NOTHING,
        options: PasteOptions | None = None,
        is_input_known: bool = False,
    ) -> None:
        self.field = field or FakeField()
        self.method = FakeInputMethod(field)
        self.below = FakeSessionPaster(target, below)
        self.below.options = options or PasteOptions()
        self.below.is_input_known = is_input_known
        self.target = target
        self.sent_at: list[str] = []
        self.sent = asyncio.Event()
        self.paster = InputMethodPaster(
            self.below, CommitRoute(self.method, lambda app: app == "pinentry"), activity or UserActivity()
        )

    def on_sent(self) -> None:
        self.sent_at.append(self.field.text)
        self.sent.set()

    async def paste(self, text: str, enter: bool = False) -> PasteResult:
        return await self.paster.paste(text, self.target, self.on_sent, enter)


def paste(desk: Desk, text: str, enter: bool = False) -> PasteResult:
    return asyncio.run(desk.paste(text, enter))


def refused(reason: Message, swap: bool = False) -> PasteResult:
    return PasteResult(Outcome.REFUSED, (reason, Message("nothing-swapped") if swap else NOTHING_UNDONE))


async def undo(desk: Desk, *texts: str) -> PasteResult:
    return await desk.paster.undo_paste(texts, desk.on_sent)


def put(desk: Desk, marked: str) -> None:
    """Change what stands in the field."""
    drawn = FakeField.marked(marked)
    desk.field.text, desk.field.cursor, desk.field.anchor = drawn.text, drawn.cursor, drawn.anchor
