"""The engine's side of that paste thread."""

from __future__ import annotations

import asyncio

import pytest

from desktop.core.errors import PasteError
from desktop.core.interfaces import UserActivity
from desktop.core.messages import Message
from desktop.core.types import Outcome, PasteResult, Target
from desktop.paste.delayed.paster import DelayedPaster
from desktop.paste.delayed.pending_text import ReaderKind
from desktop.paste.request import APP_CLOSED, NO_SCREEN, PasteOptions, leave_on_clipboard
from tests.support.fake_desk import EDITOR, SHIFT, LiveDesk

PATIENCE_S = 10.0


def paster(desk: LiveDesk, activity: UserActivity | None = None) -> DelayedPaster[str]:
    made = DelayedPaster(lambda: desk, activity or UserActivity(), "windows")
    made.options = PasteOptions()
    return made


def test_text_goes_to_target_and_chord_is_reported() -> None:
    desk = LiveDesk()
    desk.on_press = lambda: desk.post(lambda: desk.read(ReaderKind.TARGET) and None)

    async def dictate() -> PasteResult:
        made, sent = paster(desk), asyncio.Event()
        made.start(asyncio.get_running_loop())
        result = await made.paste("one", await made.find_target(), sent.set)
        await sent.wait()
        made.close()
        return result

    assert asyncio.run(dictate()) == PasteResult(Outcome.INSERTED)
    assert desk.clipboard == "before"
    assert desk.closed


def test_close_answers_pending_and_restores_clipboard() -> None:
    desk = LiveDesk()

    async def close_early() -> list[PasteResult]:
        made, sent = paster(desk), asyncio.Event()
        made.start(asyncio.get_running_loop())
        pasting = [asyncio.create_task(made.paste(text, EDITOR, sent.set)) for text in ("one", "two")]
        await sent.wait()
        made.close()
        return [await one for one in pasting]

    results = asyncio.run(close_early())
    assert results[0].outcome is Outcome.UNCONFIRMED
    assert results[1] == APP_CLOSED
    assert desk.clipboard == "before"


def test_end_checks_waits_no_longer_for_a_held_key() -> None:
    """The user holds the key of the next dictation, which is waited for as long as that lasts otherwise."""
    desk = LiveDesk()
    desk.down = frozenset((SHIFT,))

    async def quit_while_waiting() -> PasteResult:
        loop, waits = asyncio.get_running_loop(), asyncio.Event()

        def is_talking() -> bool:
            loop.call_soon_threadsafe(waits.set)
            return True

        made = paster(desk, UserActivity(is_talking=is_talking))
        made.start(loop)
        pasting = asyncio.create_task(made.paste("one", EDITOR, lambda: None))
        await waits.wait()
        made.end_checks()
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await pasting
        finally:
            made.close()

    assert asyncio.run(quit_while_waiting()) == leave_on_clipboard("Ctrl+V", Message("paste-closed-before-keys"))
    assert (desk.clipboard, desk.pressed) == ("one", [])


def test_denied_start_raises_and_pastes_fail() -> None:
    def refused() -> LiveDesk:
        raise PasteError("reported-message", title="It is not allowed.", advice="Allow it.")

    async def start() -> tuple[Target, PasteResult]:
        made = DelayedPaster(refused, UserActivity(), "macos")
        with pytest.raises(PasteError, match="It is not allowed"):
            made.start(asyncio.get_running_loop())
        made.end_checks()
        made.close()
        return await made.find_target(), await made.paste("one", EDITOR, lambda: None)

    assert asyncio.run(start()) == (Target(), NO_SCREEN)
