"""What desktops answer, and what it means: values as they were seen on real ones, or are documented."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import anyio.abc
import pytest
from dbus_fast import Variant

from desktop.layouts.bus import GnomeReader, SessionBus, decode_kde_layout, decode_methods, decode_source
from desktop.layouts.compositors import parse_hyprland, parse_niri, parse_sway
from desktop.layouts.factory import EnvironmentReader, open_layout_ladder
from desktop.layouts.ibus import decode_engine, describe_engine
from desktop.layouts.layout import KeyboardLayout, choose_layout
from desktop.layouts.windows import describe_layout
from desktop.layouts.x11 import find_group_layout

pytestmark = pytest.mark.anyio

RULES = b"evdev\0pc105\0us,cz,ch\0,qwerty,fr\0grp:alt_shift_toggle\0"


@pytest.mark.parametrize(
    ("names", "group", "name"),
    [
        (RULES, 0, "us"),
        (RULES, 1, "cz+qwerty"),
        (RULES, 2, "ch+fr"),
        (RULES, 3, None),
        (b"evdev\0pc105\0us\0\0\0", 0, "us"),
        (b"evdev\0pc105\0us,de", 1, "de"),
        (b"", 0, None),
    ],
)
def test_group_of_x11_is_a_layout(names: bytes, group: int, name: str | None) -> None:
    layout = find_group_layout(names, group)
    assert (layout.name if layout is not None else None) == name


@pytest.mark.parametrize(
    ("name", "language", "layout"),
    [
        ("xkb:cz:qwerty:ces", "cs", KeyboardLayout("cz+qwerty", (), is_plain=True, source="IBus")),
        ("xkb:us::eng", "en", KeyboardLayout("us", (), is_plain=True, source="IBus")),
        ("libpinyin", "zh", KeyboardLayout("libpinyin", ("zh",), source="IBus")),
        ("table:wubi", "", KeyboardLayout("table:wubi", (), source="IBus")),
        ("", "", None),
    ],
)
def test_engine_of_ibus_is_a_layout(name: str, language: str, layout: KeyboardLayout | None) -> None:
    assert describe_engine(name, language) == layout


def test_engine_of_ibus_tells_its_language() -> None:
    strings = ["libpinyin", "Intelligent Pinyin", "", "zh_CN", "GPL", "", "", "us"]
    value = Variant("(sa{sv}ssssssssu)", ["IBusEngineDesc", {}, *strings, 99])
    assert decode_engine(Variant("v", value)) == ("libpinyin", "zh_CN")
    assert decode_engine(Variant("s", "nothing")) == ("", "")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ([["xkb", "cz+qwerty"], ["xkb", "us"]], "cz+qwerty"),
        ([["ibus", "libpinyin"]], "libpinyin"),
        ([], None),
        (None, None),
    ],
)
def test_first_source_of_gnome_is_the_layout(value: object, name: str | None) -> None:
    layout = decode_source(value)
    assert (layout.name if layout is not None else None) == name


class FakePortal(SessionBus):
    """Tells GNOME's settings."""

    def __init__(self, **settings: Variant) -> None:
        super().__init__("")
        self.settings = settings

    async def call(self, name: str, path: str, interface: str, member: str, *body: str, starts: bool = False) -> Any:
        return self.settings.get(body[1].replace("-", "_"))


NONE_YET, CZECH_LAST = Variant("v", Variant("a(ss)", [])), Variant("v", Variant("a(ss)", [["xkb", "cz"]]))
BY_WINDOW, BY_SESSION = Variant("v", Variant("b", True)), Variant("v", Variant("b", False))


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"mru_sources": CZECH_LAST, "per_window": BY_SESSION}, "cz"),
        ({"mru_sources": NONE_YET, "sources": CZECH_LAST, "per_window": BY_SESSION}, "cz"),
        ({"mru_sources": CZECH_LAST}, "cz"),
        ({"mru_sources": CZECH_LAST, "per_window": BY_WINDOW}, None),
        ({}, None),
    ],
)
async def test_gnome_tells_the_last_source_unless_each_window_has_its_own(
    settings: dict[str, Variant], name: str | None
) -> None:
    layout = await GnomeReader(FakePortal(**settings)).read()
    assert (layout.name if layout is not None else None) == name


@pytest.mark.parametrize(
    ("index", "name"), [(0, "us"), (1, "cz+qwerty"), (2, "xx"), (3, None), (-1, None), (None, None)]
)
def test_layout_of_kde_has_its_variant_by_its_description(index: object, name: str | None) -> None:
    listed = [["us", "", "English (US)"], ["cz", "", "Czech (QWERTY)"], ["xx", "", "of nothing"]]
    layout = decode_kde_layout(listed, index)
    assert (layout.name if layout is not None else None) == name


def test_methods_of_fcitx_tell_their_languages() -> None:
    listed = [["pinyin", "Pinyin", "", "", "", "zh_CN", True], ["short"]]
    assert decode_methods(listed) == {"pinyin": "zh_CN"}
    assert decode_methods(None) == {}


def keyboard(identifier: str, active: int, *layouts: str) -> dict[str, Any]:
    name = layouts[active] if layouts else None
    return {
        "identifier": identifier,
        "type": "keyboard",
        "xkb_layout_names": list(layouts),
        "xkb_active_layout_index": active,
        "xkb_active_layout_name": name,
    }


TWO = "English (US)", "Czech"
VIRTUAL = keyboard("0:0:wlr_virtual_keyboard_v1", 0, "English (US)")


@pytest.mark.parametrize(
    ("inputs", "before", "description"),
    [
        ([keyboard("1:1:a", 1, *TWO)], {}, "Czech"),
        ([keyboard("1:1:a", 0, *TWO), keyboard("2:2:b", 1, *TWO)], {}, "Czech"),
        ([keyboard("1:1:a", 0, *TWO), keyboard("2:2:b", 1, *TWO)], {"1:1:a 0": 1, "2:2:b 0": 1}, "English (US)"),
        ([keyboard("1:1:a", 0, *TWO), keyboard("1:1:a", 1, *TWO)], {"1:1:a 0": 0, "1:1:a 1": 0}, "Czech"),
        ([keyboard("1:1:a", 1, *TWO), keyboard("2:2:b", 0, *TWO)], {"2:2:b 0": 0, "1:1:a 0": 1}, "English (US)"),
        ([keyboard("3:3:new", 1, *TWO), keyboard("2:2:b", 0, *TWO)], {"2:2:b 0": 0}, "English (US)"),
        ([VIRTUAL, keyboard("1:1:a", 1, *TWO)], {}, "Czech"),
        ([VIRTUAL], {}, "English (US)"),
        ([{**VIRTUAL, "xkb_layout_names": [None], "xkb_active_layout_name": None}, VIRTUAL], {}, "English (US)"),
        ([keyboard("1:1:a", 0), {"identifier": "3:3:mouse", "type": "pointer"}], {}, ""),
    ],
)
def test_layout_of_sway_is_that_of_the_keyboard_switched_last(
    inputs: list[dict[str, Any]], before: dict[str, int], description: str
) -> None:
    assert parse_sway(inputs, before)[0] == description


def test_keyboard_of_sway_that_was_believed_is_until_another_is_switched() -> None:
    seen: list[str] = []
    numbers: Mapping[str, int] = {}
    for first, second in ((1, 1), (1, 0), (1, 0), (0, 0), (0, 1), (0, 1)):
        name, numbers = parse_sway([keyboard("1:1:a", first, *TWO), keyboard("2:2:b", second, *TWO)], numbers)
        seen.append(name)
    assert seen == ["Czech", "English (US)", "English (US)", "English (US)", "Czech", "Czech"]


@pytest.mark.parametrize(
    ("handle", "name"),
    [
        (0x04050405, "cs-CZ"),
        (0x04090405, "cs-CZ"),
        (0xE0200804, "zh-CN"),
        (0x04090409, "en-US"),
        (0xFFFF, None),
        (0, None),
    ],
)
def test_language_of_windows_is_in_the_low_word(handle: int, name: str | None) -> None:
    layout = describe_layout(handle)
    assert (layout.name if layout is not None else None) == name


def test_layouts_of_hyprland_and_niri() -> None:
    keyboards = [{"active_keymap": "Czech", "main": False}, {"active_keymap": "German", "main": True}]
    assert parse_hyprland({"keyboards": keyboards}, {})[0] == "German"
    assert parse_niri({"names": ["English (US)", "German"], "current_idx": 1}, {})[0] == "German"


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"XKB_DEFAULT_LAYOUT": "cz", "XKB_DEFAULT_VARIANT": "qwerty"}, "cz+qwerty"),
        ({"XKB_DEFAULT_LAYOUT": "us,cz"}, None),
        ({}, None),
    ],
)
async def test_one_layout_of_the_environment_is_the_layout(environ: dict[str, str], name: str | None) -> None:
    layout = await EnvironmentReader(environ).read()
    assert (layout.name if layout is not None else None) == name


PLAIN, CHINESE, CZECH = KeyboardLayout("us", is_plain=True), KeyboardLayout("rime"), KeyboardLayout("cz")


@pytest.mark.parametrize(
    ("answers", "believed"),
    [
        ([CHINESE, CZECH], CHINESE),
        ([PLAIN, CZECH], CZECH),
        ([PLAIN, None], PLAIN),
        ([None, CHINESE], CHINESE),
        ([None, None], None),
        ([], None),
    ],
)
def test_method_over_the_layout_is_believed_first(
    answers: list[KeyboardLayout | None], believed: KeyboardLayout | None
) -> None:
    assert choose_layout(answers) == believed


@pytest.mark.parametrize(
    ("environ", "readers"),
    [
        ({"DISPLAY": ":9"}, ["IBusReader", "X11Reader"]),
        ({"DISPLAY": ":9", "WAYLAND_DISPLAY": "wayland-0"}, ["IBusReader", "EnvironmentReader"]),
        (
            {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "XDG_CURRENT_DESKTOP": "ubuntu:GNOME", "WAYLAND_DISPLAY": "w"},
            ["FcitxReader", "IBusReader", "GnomeReader", "EnvironmentReader"],
        ),
        (
            {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x", "XDG_CURRENT_DESKTOP": "KDE", "DISPLAY": ":9"},
            ["FcitxReader", "IBusReader", "KdeReader", "X11Reader"],
        ),
        ({"SWAYSOCK": "/x", "WAYLAND_DISPLAY": "w"}, ["IBusReader", "CompositorReader", "EnvironmentReader"]),
    ],
)
def test_session_has_its_readers(environ: dict[str, str], readers: list[str]) -> None:
    assert [type(reader).__name__ for reader in open_layout_ladder(environ, "linux")._readers] == readers


async def test_session_that_breaks_off_tells_no_layout_and_raises_nothing(tmp_path: Path) -> None:
    async def break_off(stream: anyio.abc.SocketStream) -> None:
        await stream.aclose()

    socket = tmp_path / "bus"
    address = f"unix:path={socket}"
    environ = {"DBUS_SESSION_BUS_ADDRESS": address, "IBUS_ADDRESS": address, "SWAYSOCK": str(socket)}
    ladder = open_layout_ladder({**environ, "XDG_CURRENT_DESKTOP": "GNOME:KDE"}, "linux")
    async with await anyio.create_unix_listener(socket) as listener, anyio.create_task_group() as tasks:
        tasks.start_soon(listener.serve, break_off)
        assert await ladder.read() is None
        tasks.cancel_scope.cancel()
    ladder.close()
