"""The focused field, by what the daemon says of it and what it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from desktop.paste.input_method.ibus import field as ibus_field
from desktop.paste.input_method.ibus.field import IBusField
from desktop.paste.input_method.ibus.messages import CAN_SURROUNDING, NO_CLIENT, decode_text, encode_text
from desktop.paste.input_method.interface import SurroundingText

pytestmark = pytest.mark.anyio

SECRET = "what is written there"


class Daemon:
    """Sends what a program says; `on_commit` answers a commit."""

    def __init__(
        self,
        client: str = "gtk3-im:editor",
        capabilities: int = CAN_SURROUNDING,
        purpose: int = 0,
        last_report: int | None = None,
        path: str = "/context",
        hints: int = 0,
    ) -> None:
        self.sent = list[tuple[str, tuple[Any, ...]]]()
        self.on_commit: Callable[[str], None] = lambda text: None
        self.field = IBusField(self._emit, last_report)
        self.field.on_call("FocusInId", [path, client])
        self.field.on_call("Enable", [])
        self.field.on_call("SetCapabilities", [capabilities])
        self.field.on_content_type([purpose, hints])

    def _emit(self, member: str, signature: str, *body: Any) -> None:
        self.sent.append((member, body))
        if member == "CommitText":
            self.on_commit(decode_text(body[0]) or "")

    def report(self, text: str, cursor: int | None = None, anchor: int | None = None) -> None:
        cursor = len(text) if cursor is None else cursor
        self.field.on_call("SetSurroundingText", [encode_text(text), cursor, cursor if anchor is None else anchor])

    def texts(self) -> list[str | None]:
        return [decode_text(body[0]) for member, body in self.sent if member == "CommitText"]


async def test_field_is_known_once_its_client_and_kind_are() -> None:
    field = IBusField(lambda *_: None)
    waiting = asyncio.create_task(field.wait_until_told())
    field.on_call("FocusIn", [])
    field.on_call("SetCapabilities", [CAN_SURROUNDING])
    field.on_content_type([8, 0])
    await asyncio.sleep(0)
    assert not waiting.done()
    field.on_call("FocusInId", ["/context", "gtk4-im:editor"])
    await waiting
    assert field.is_real
    assert field.traits.is_password


async def test_field_of_no_program_is_not_real() -> None:
    daemon = Daemon(NO_CLIENT)
    await daemon.field.wait_for_text(60)
    assert not daemon.field.is_real


@pytest.mark.parametrize(
    ("client", "capabilities", "purpose", "is_real"),
    [
        ("gtk3-im:editor", CAN_SURROUNDING, 0, True),
        ("gtk3-im:chromium", 9, 0, False),
        ("gtk3-im:console", 9, 10, True),
        ("gnome-shell", 9, 0, True),
        ("xim", 9, 0, False),
        ("QIBusInputContext", CAN_SURROUNDING, 0, False),
        ("QIBusInputContext", CAN_SURROUNDING, 8, True),
        (NO_CLIENT, CAN_SURROUNDING, 0, False),
    ],
)
async def test_field_is_real_if_its_program_tells_of_it(
    client: str, capabilities: int, purpose: int, is_real: bool
) -> None:
    daemon = Daemon(client, capabilities, purpose)
    await daemon.field.wait_until_told()
    assert daemon.field.is_real is is_real


async def test_terminal_is_not_waited_for() -> None:
    with anyio.fail_after(30):
        await Daemon(purpose=10).field.wait_for_text(60)


async def test_only_a_commit_without_a_report_shows_that_a_program_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ibus_field, "CHANGE_TIMEOUT_S", 0)
    daemon = Daemon()
    await daemon.field.wait_for_text(0)
    assert daemon.field.has_reported is None
    await daemon.field.commit("")
    assert daemon.field.has_reported is None
    await daemon.field.commit("text")
    assert daemon.field.has_reported is False
    daemon.report("text")
    daemon.field.lose()
    assert daemon.field.has_reported is True


@pytest.mark.parametrize(("kinds", "is_lost"), [([(0, 4)], False), ([(8, 0)], True), ([(0, 1 << 11)], True)])
async def test_field_of_another_kind_has_another_text(kinds: list[tuple[int, int]], is_lost: bool) -> None:
    daemon = Daemon()
    daemon.report("of the field before")
    daemon.field.on_content_type([0, 0])
    assert daemon.field.surrounding is not None
    for purpose, hints in kinds:
        daemon.field.on_content_type([purpose, hints])
    assert daemon.field.is_lost is is_lost


async def test_field_that_becomes_a_password_field_gets_no_further_part() -> None:
    daemon = Daemon()
    daemon.report("")

    def change(_: str) -> None:
        asyncio.get_running_loop().call_soon(daemon.field.on_content_type, [8, 0])

    daemon.on_commit = change
    with pytest.raises(OSError, match="focus"):
        await daemon.field.commit("word " * 2000)
    assert len(daemon.texts()) == 1


@pytest.mark.parametrize("call", ["FocusOut", "FocusOutId", "Disable"])
async def test_lost_field_refuses_everything(call: str) -> None:
    daemon = Daemon()
    daemon.report("before")
    waiting = asyncio.create_task(daemon.field.wait_for_change())
    await asyncio.sleep(0)
    daemon.field.on_call(call, ["/context"])
    with pytest.raises(OSError, match="focus"):
        await waiting
    acts = (
        daemon.field.commit("x"),
        daemon.field.delete_before(1),
        daemon.field.show_composition("x"),
        daemon.field.press_return(),
        daemon.field.wait_for_change(),
    )
    for act in acts:
        with pytest.raises(OSError, match="focus"):
            await act
    assert daemon.sent == []
    assert daemon.field.surrounding is None


async def test_commit_returns_what_was_reported_before() -> None:
    daemon = Daemon()
    daemon.report("before")
    assert await daemon.field.commit("text") == SurroundingText("before", 6, 6)
    assert daemon.texts() == ["text"]


@pytest.mark.parametrize(
    ("report", "before"),
    [
        (("one two", 7), SurroundingText("one ", 4, 4)),
        (("one two three", 7), SurroundingText("one  three", 4, 4)),
        (("one ", 4), SurroundingText("one ", 4, 4)),  # a slow program: of the time before
        (("one two", 7, 3), SurroundingText("one two", 7, 3)),
    ],
)
async def test_commit_finds_what_was_before_by_the_first_report(
    report: tuple[str, int], before: SurroundingText
) -> None:
    daemon = Daemon()
    daemon.on_commit = lambda _: daemon.report(*report)
    assert await daemon.field.commit("two") == before


async def test_late_report_of_the_time_before_is_no_proof_of_the_same_words_said_again() -> None:
    earlier = Daemon()
    earlier.report("one two")
    daemon = Daemon(last_report=earlier.field.last_report)
    daemon.on_commit = lambda _: daemon.report("one two")
    assert await daemon.field.commit("two") == SurroundingText("one two", 7, 7)


async def test_commit_of_a_long_line_counts_as_known_by_its_end() -> None:
    daemon = Daemon()
    daemon.on_commit = lambda text: daemon.report(text[-20:])
    assert await daemon.field.commit("a long line of many words") == SurroundingText("", 0, 0)


async def test_commit_waits_for_each_part_of_a_long_text() -> None:
    daemon, text, arrived = Daemon(), "word " * 2000, list[str]()

    def take(part: str) -> None:
        assert daemon.field.surrounding is not None
        assert daemon.field.surrounding.text == "".join(arrived)
        arrived.append(part)
        asyncio.get_running_loop().call_soon(daemon.report, "".join(arrived))

    daemon.on_commit = take
    daemon.report("")
    await daemon.field.commit(text)
    assert len(arrived) > 2
    assert "".join(arrived) == text


async def test_commit_stops_where_the_focus_is_lost_between_two_parts() -> None:
    daemon = Daemon()

    def lose(_: str) -> None:
        asyncio.get_running_loop().call_soon(daemon.field.lose)

    daemon.on_commit = lose
    with pytest.raises(OSError, match="focus"):
        await daemon.field.commit("word " * 2000)
    assert len(daemon.texts()) == 1


async def test_composition_goes_before_a_commit() -> None:
    daemon = Daemon()
    daemon.report("x")
    await daemon.field.show_composition("wo")
    await daemon.field.show_composition("words")
    await daemon.field.commit("Words.")
    await daemon.field.show_composition("")
    shown = [(member, decode_text(body[0]), *body[1:]) for member, body in daemon.sent]
    assert shown == [
        ("UpdatePreeditText", "wo", 2, True, 0),
        ("UpdatePreeditText", "words", 5, True, 0),
        ("UpdatePreeditText", "", 0, False, 0),
        ("CommitText", "Words."),
    ]


async def test_delete_counts_characters() -> None:
    daemon = Daemon()
    daemon.report("keep a😀b")
    await daemon.field.delete_before(3)
    assert daemon.sent == [("DeleteSurroundingText", (-3, 3))]


async def test_delete_without_reports_is_refused() -> None:
    daemon = Daemon(capabilities=0)
    with pytest.raises(OSError, match="deletes nothing"):
        await daemon.field.delete_before(3)


async def test_report_beyond_its_text_is_cut() -> None:
    daemon = Daemon()
    daemon.report("abc", 99, 2)
    assert daemon.field.surrounding == SurroundingText("abc", 3, 2)


async def test_return_is_a_key_down_and_up() -> None:
    daemon = Daemon()
    assert await daemon.field.press_return()
    assert daemon.sent == [
        ("ForwardKeyEvent", (0xFF0D, 28, 0)),
        ("ForwardKeyEvent", (0xFF0D, 28, 1 << 30)),
    ]
    assert not await Daemon("gtk4-im:editor").field.press_return()


async def test_kept_composition_is_committed_and_outdates_the_report() -> None:
    daemon = Daemon()
    daemon.report("before")
    daemon.on_commit = lambda text: daemon.report(f"before{text}")
    await daemon.field.keep_composition("你哈")
    assert daemon.texts() == ["你哈"]
    assert daemon.field.surrounding == SurroundingText("before你哈", 8, 8)


async def test_repr_has_no_text() -> None:
    daemon = Daemon()
    daemon.report(SECRET)
    await daemon.field.show_composition(SECRET)
    assert SECRET not in repr(daemon.field)
    assert SECRET not in repr(daemon.field.surrounding)
