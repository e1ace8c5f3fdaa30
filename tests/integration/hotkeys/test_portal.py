"""The talk key that a desktop lends through its portal, against a portal on a bus of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbus_fast import Variant

from desktop.core.keys import Action
from desktop.hotkeys.gesture import GestureEvent
from tests.support.portal import FakePortal, fake_portal
from tests.support.portal_keys import CHOSEN, DOWN, UP, VERSION, bound, described, keys_on

pytestmark = pytest.mark.anyio


async def test_a_key_is_heard_as_it_goes_down_and_comes_up(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, talk="ctrl+alt+space") as (_, heard):
            session, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert session == portal.session
            ((name, about),) = asked
            assert (name, about["preferred_trigger"].value) == ("talk", "CTRL+ALT+space")
            portal.shortcut("Activated", "somebody else's")
            portal.shortcut("Activated")
            portal.shortcut("Activated")
            portal.shortcut("Deactivated")
            portal.shortcut("Activated")
            await heard.until(lambda: len(heard.events) == 3)
            assert heard.events == [DOWN, UP, DOWN]
        assert portal.calls("Close")


async def test_dialog_names_the_keys_in_the_users_language(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        async with keys_on(agreed, bus, translate=str.upper, undo="ctrl+alt+u") as (keys, _):
            await portal.until_asked("BindShortcuts")
            keys.request_keys()
            _, asked, _, _ = await portal.until_asked("BindShortcuts", times=2)
        assert [about["description"].value for _, about in asked] == ["HOLD TO TALK", "UNDO THE LAST INSERTION"]


async def test_all_keys_but_esc_bind_and_only_talk_releases(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, undo="ctrl+alt+u", send="button8") as (_, heard):
            _, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert [name for name, _ in asked] == ["talk", "send", "undo"]
            assert "preferred_trigger" not in asked[1][1]
            for member in ("Activated", "Deactivated", "Activated"):
                portal.shortcut(member, "undo")
            portal.shortcut("Activated", "send")
            await heard.until(lambda: len(heard.events) == 3)
            undo = GestureEvent.DOWN, Action.UNDO
            assert heard.events == [undo, undo, (GestureEvent.DOWN, Action.SEND)]


async def test_nothing_is_heard_while_the_person_shows_a_key(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, undo="ctrl+alt+u") as (keys, heard):
            await portal.until_asked("BindShortcuts")
            keys.rebind({})
            portal.shortcut("Activated", "undo")
            portal.shortcut("Activated")
            portal.shortcut("Deactivated")
            await heard.until(lambda: heard.events == [UP])
            keys.rebind(bound(undo="ctrl+alt+u"))
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [UP, DOWN])
            assert not portal.calls("ConfigureShortcuts")


async def test_remembered_key_is_not_requested_again(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await portal.until_asked("ListShortcuts")
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
        assert not portal.calls("BindShortcuts")


@pytest.mark.parametrize("no", ["refused", "none chosen"])
async def test_declined_key_shows_the_alternatives(bus: str, agreed: Path, no: str) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [])}
        portal.refuses = {"BindShortcuts"} if no == "refused" else set()
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-refused"
            assert "\nintone toggle\n" in heard.problems[0].remedy


async def test_nothing_is_asked_for_until_the_user_wants(bus: str, tmp_path: Path) -> None:
    file = tmp_path / "state" / "agreed.json"
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(file, bus, undo="ctrl+alt+u") as (keys, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-unasked"
            assert not portal.calls("BindShortcuts")
            keys.request_keys()
            _, asked, _, _ = await portal.until_asked("BindShortcuts")
            assert [name for name, _ in asked] == ["talk", "undo"]
            await heard.until(lambda: heard.well == 1)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
        async with keys_on(file, bus, undo="ctrl+alt+u") as (_, again):
            _, asked, _, _ = await portal.until_asked("BindShortcuts", times=2)
            assert [name for name, _ in asked] == ["talk"]
            await again.until(lambda: again.well == 1)
            assert not again.problems


async def test_list_of_bound_keys_counts_not_the_status(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        portal.statuses["BindShortcuts"] = 2
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])
            assert (heard.problems, heard.names) == ([], ["F9"])


async def test_answer_without_a_list_is_looked_up(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:

        def bind_without_a_list() -> None:
            portal.results["ListShortcuts"] = CHOSEN

        portal.before_answer["BindShortcuts"] = bind_without_a_list
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            assert (heard.problems, len(portal.calls("ListShortcuts"))) == ([], 2)


async def test_shortcut_without_a_key_is_no_key(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = {"shortcuts": Variant("a(sa{sv})", [described("")])}
        async with keys_on(agreed, bus, "KDE") as (_, heard):
            await heard.until(lambda: bool(heard.problems))
            assert heard.problems[0].message.code == "portal-key-empty"
            assert "another program has F9" in heard.problems[0].remedy
            portal.change_shortcuts(described("Meta+F8"))
            await heard.until(lambda: heard.well == 1)
            assert heard.names == ["", "Meta+F8"]
            portal.change_shortcuts()
            await heard.until(lambda: len(heard.problems) == 2)


async def test_the_key_that_swaps_is_named_only_where_the_desktop_gives_it(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, swap="f8") as (_, heard):
            await heard.until(lambda: heard.well == 1)
            assert heard.swap_key == ""
            portal.change_shortcuts(described("F9"), described("Meta+F8", "swap"))
            await heard.until(lambda: heard.well == 2)
            assert heard.swap_key == "Meta+F8"
            portal.change_shortcuts(described("F9"), described("", "swap"))
            await heard.until(lambda: heard.well == 3)
            assert heard.swap_key == ""


async def test_another_key_is_the_desktops_to_choose(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            keys.rebind(bound(talk="f8"))
            assert (await portal.until_asked("ConfigureShortcuts"))[0] == portal.session


async def test_refused_request_keeps_the_key_that_works(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, version=Variant("u", 1)) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (keys, heard):
            await heard.until(lambda: heard.well == 1)
            portal.before_answer["BindShortcuts"] = lambda: refuse_until_the_next(portal)
            keys.rebind(bound(undo="ctrl+alt+u"))
            await heard.until(lambda: heard.well == 2)
            asked = [[name for name, _ in about] for _, about, *_ in portal.calls("BindShortcuts")]
            assert asked == [["talk"], ["talk", "undo"], ["talk"]]
            assert [problem.message.code for problem in heard.problems] == ["portal-key-asked"], "during the dialog"
            assert heard.names == ["F9", "", "F9"]
            portal.shortcut("Activated")
            await heard.until(lambda: heard.events == [DOWN])


def refuse_until_the_next(portal: FakePortal) -> None:
    """Refuse this bind, and answer the next as before."""
    portal.refuses = set() if portal.refuses else {"BindShortcuts"}
    if not portal.refuses:
        portal.before_answer.clear()


async def test_key_removed_in_the_desktop_is_not_asked_for(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, version=Variant("u", 1)) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            portal.change_shortcuts()
            await heard.until(lambda: len(heard.problems) == 1)
        async with keys_on(agreed, bus) as (_, again):
            await again.until(lambda: len(again.problems) == 1)
            portal.change_shortcuts(described("Press F8"))
            await again.until(lambda: again.well == 1)
        assert [problem.message.code for problem in heard.problems + again.problems] == ["portal-key-refused"] * 2
        assert len(portal.calls("BindShortcuts")) == 1
        async with keys_on(agreed, bus) as (_, third):
            await third.until(lambda: third.well == 1)


async def test_kde_is_asked_for_nothing_at_a_start(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        async with keys_on(agreed, bus, "KDE") as (_, heard):
            await heard.until(lambda: len(heard.problems) == 1)
            assert heard.problems[0].message.code == "portal-key-refused"
        assert not portal.calls("BindShortcuts")


async def test_status_of_the_list_of_keys_counts_nothing(bus: str, agreed: Path) -> None:
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["ListShortcuts"] = CHOSEN
        portal.statuses["ListShortcuts"] = 2
        async with keys_on(agreed, bus) as (_, heard):
            await heard.until(lambda: heard.well == 1)
            assert (heard.problems, heard.names) == ([], ["F9"])
