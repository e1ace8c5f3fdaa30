"""The keys that KDE keeps for an earlier identity, against a service like KDE's and a portal on a bus."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from desktop import APP_ID
from desktop.core.keys import Action
from desktop.core.messages import Message as Text
from desktop.hotkeys.shortcut_binder import AgreedKeys, load_agreed
from tests.support.portal import FakePortal, fake_portal
from tests.support.portal_keys import CHOSEN, VERSION, bound, described, keys_on

pytestmark = pytest.mark.anyio


class FakeKeyService:
    """KDE's service of global keys: `keys` is what it keeps, by component and action; `kept` what it does not free.

    `on_set` is called once a program has set a key; `refuses` says whether none may.
    """

    def __init__(self, bus: MessageBus, keys: dict[tuple[str, str], int]) -> None:
        self.keys = keys
        self.kept: set[tuple[str, str]] = set()
        self.on_set: Callable[[], None] = lambda: None
        self.refuses = False
        bus.add_message_handler(self._handle)

    def _handle(self, message: Message) -> Message | None:
        if message.path != "/kglobalaccel" or message.message_type is not MessageType.METHOD_CALL:
            return None
        if message.member == "shortcut":
            code = self.keys.get((message.body[0][0], message.body[0][1]))
            return Message.new_method_return(message, "ai", [[code] if code is not None else []])
        if message.member in ("doRegister", "setShortcut") and self.refuses:
            return Message.new_error(message, "org.freedesktop.DBus.Error.AccessDenied", "no")
        if message.member == "doRegister":
            return Message.new_method_return(message)
        if message.member == "setShortcut":
            (component, action, *_), codes, _ = message.body
            if codes[0] not in self.keys.values():
                self.keys[component, action] = codes[0]
            self.on_set()
            return Message.new_method_return(message, "ai", [codes])
        assert message.member == "unregister"
        if tuple(message.body) in self.kept:
            return Message.new_error(message, "org.freedesktop.DBus.Error.Failed", "no")
        return Message.new_method_return(message, "b", [self.keys.pop(tuple(message.body), None) is not None])


@pytest.fixture
async def service(bus: str) -> AsyncIterator[FakeKeyService]:
    kde = await MessageBus(bus).connect()
    keys = {("token_intone", "talk"): 0x01000037, ("token_intone", "undo"): 0x3F, ("kwin", "talk"): 0x01000038}
    service = FakeKeyService(kde, keys)
    await kde.request_name("org.kde.kglobalaccel")
    yield service
    kde.disconnect()


def proposed(portal: FakePortal) -> list[dict[str, str]]:
    """The keys that each bind asked for."""
    return [
        {name: about["preferred_trigger"].value for name, about in asked if "preferred_trigger" in about}
        for _, asked, *_ in portal.calls("BindShortcuts")
    ]


async def test_old_key_is_carried_over_without_a_question(bus: str, tmp_path: Path, service: FakeKeyService) -> None:
    file = tmp_path / "agreed.json"
    before = dict(service.keys)
    async with fake_portal(bus, **VERSION) as portal:

        def list_it() -> None:
            portal.results["ListShortcuts"] = CHOSEN

        service.on_set = list_it
        async with keys_on(file, bus, "KDE", undo="ctrl+alt+u") as (_, heard):
            await heard.until(lambda: heard.well == 1)
            left = {name: code for name, code in before.items() if name[0] != "token_intone"}
            assert service.keys == {**left, (APP_ID, "talk"): 0x01000037, (APP_ID, "undo"): 0x3F}
            assert (portal.calls("BindShortcuts"), portal.calls("ConfigureShortcuts")) == ([], [])
            portal.shortcut("Activated")
            await heard.until(lambda: bool(heard.events))
    assert not load_agreed(file).old_keys


async def test_old_key_that_does_not_come_over_is_proposed(bus: str, tmp_path: Path, service: FakeKeyService) -> None:
    file = tmp_path / "agreed.json"
    service.keys["intone", "talk"] = 0x01000036
    service.kept = {("token_intone", "talk")}
    service.refuses = True
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.refuses = {"BindShortcuts"}
        async with keys_on(file, bus, "KDE") as (keys, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            assert heard.problems[0].message.code == "portal-key-unasked"
            keys.request_keys()
            await heard.until(
                lambda: [problem.message.code for problem in heard.problems][-1:] == ["portal-key-refused"]
            )
        assert ("intone", "talk") not in service.keys
        assert load_agreed(file).old_keys == {Action.TALK: "F8"}
        service.keys.clear()
        portal.refuses = set()
        async with keys_on(file, bus, "KDE") as (keys, again):
            await again.until(lambda: bool(again.problems))
            assert again.problems[0].message.code == "portal-key-refused", "the desktop was asked before"
            keys.request_keys()
            await again.until(lambda: again.well == 1)
        assert proposed(portal) == [{"talk": "F8"}, {"talk": "F8"}]
    assert not load_agreed(file).old_keys


@pytest.mark.parametrize("is_asked_first", [False, True], ids=["start", "request"])
async def test_old_key_without_a_trigger_is_carried_over(
    bus: str, tmp_path: Path, service: FakeKeyService, is_asked_first: bool
) -> None:
    file = tmp_path / "agreed.json"
    service.keys = {("token_intone", "talk"): 0x2C}
    async with fake_portal(bus, **VERSION) as portal:

        def list_it() -> None:
            portal.results["ListShortcuts"] = portal.results["BindShortcuts"] = CHOSEN

        service.on_set = list_it
        if is_asked_first:
            service.refuses, keys = True, dict(service.keys)
            async with keys_on(file, bus, "KDE") as (keys_open, heard):
                await heard.until(lambda: bool(heard.problems))
                service.refuses, service.keys = False, keys
                keys_open.request_keys()
                await heard.until(lambda: heard.well == 1)
        else:
            async with keys_on(file, bus, "KDE") as (_, heard):
                await heard.until(lambda: heard.well == 1)
    assert service.keys == {(APP_ID, "talk"): 0x2C}
    assert load_agreed(file) == AgreedKeys(frozenset({Action.TALK}), was_asked=True)


async def test_empty_key_is_named_as_the_old_one(bus: str, tmp_path: Path, service: FakeKeyService) -> None:
    async with fake_portal(bus, **VERSION) as portal:

        def list_it_empty() -> None:
            portal.results["ListShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [described("")])}

        service.on_set = list_it_empty
        service.keys["token_intone", "talk"] = 0x01000036
        async with keys_on(tmp_path / "agreed.json", bus, "KDE") as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message == Text("portal-key-empty", key="F7")


async def test_key_that_works_stays_while_another_is_asked_for(
    bus: str, tmp_path: Path, service: FakeKeyService
) -> None:
    service.keys.clear()
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(tmp_path / "agreed.json", bus, "KDE") as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            keys.rebind(bound(undo="ctrl+alt+u"))
            await heard.until(lambda: heard.well == 2)
            assert portal.calls("BindShortcuts")
            assert (heard.problems, heard.names) == ([], ["F9", "F9"])


async def test_old_key_that_cannot_be_kept_is_not_taken(bus: str, tmp_path: Path, service: FakeKeyService) -> None:
    (tmp_path / "file").write_text("a file, and no folder")
    before = dict(service.keys)
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(tmp_path / "file" / "agreed.json", bus, "KDE") as (keys, heard):
            keys.request_keys()
            await heard.until(lambda: heard.well == 1)
        assert proposed(portal) == [{"talk": "F9"}]
    assert service.keys == before
