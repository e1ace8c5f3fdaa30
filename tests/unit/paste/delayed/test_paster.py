"""The engine's side of that paste thread."""

from __future__ import annotations

import asyncio

import pytest

from desktop.core.errors import PasteProblem
from desktop.core.types import Delivery, Outcome, Target
from desktop.paste.delayed.paster import PromisedPaster
from desktop.paste.delayed.promise import Reader
from desktop.paste.request import CLOSED, NO_SCREEN, Hands, Manner
from tests.support.fake_desk import EDITOR, LiveDesk


def paster(desk: LiveDesk) -> PromisedPaster[str]:
    made = PromisedPaster(lambda: desk, Hands(), "windows")
    made.manner = Manner()
    return made


def test_text_goes_to_target_and_chord_is_reported() -> None:
    desk = LiveDesk()
    desk.on_press = lambda: desk.post(lambda: desk.read(Reader.TARGET) and None)

    async def dictate() -> Delivery:
        made, sent = paster(desk), asyncio.Event()
        made.start(asyncio.get_running_loop())
        delivery = await made.paste("one", await made.target(), sent.set)
        await sent.wait()
        made.close()
        return delivery

    assert asyncio.run(dictate()) == Delivery(Outcome.INSERTED)
    assert desk.clipboard == "before"
    assert desk.closed


def test_close_answers_pending_and_restores_clipboard() -> None:
    desk = LiveDesk()

    async def close_early() -> list[Delivery]:
        made, sent = paster(desk), asyncio.Event()
        made.start(asyncio.get_running_loop())
        pasting = [asyncio.create_task(made.paste(text, EDITOR, sent.set)) for text in ("one", "two")]
        await sent.wait()
        made.close()
        return [await one for one in pasting]

    deliveries = asyncio.run(close_early())
    assert deliveries[0].outcome is Outcome.UNCONFIRMED
    assert deliveries[1] == CLOSED
    assert desk.clipboard == "before"


def test_denied_start_raises_and_pastes_fail() -> None:
    def refused() -> LiveDesk:
        raise PasteProblem("It is not allowed.", "Allow it.")

    async def start() -> tuple[Target, Delivery]:
        made = PromisedPaster(refused, Hands(), "macos")
        with pytest.raises(PasteProblem, match="It is not allowed"):
            made.start(asyncio.get_running_loop())
        made.close()
        return await made.target(), await made.paste("one", EDITOR, lambda: None)

    assert asyncio.run(start()) == (Target(), NO_SCREEN)
