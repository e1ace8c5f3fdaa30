"""The layout of a real X server, and the engines of a real IBus over it: switched as users do, and read."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest

from desktop.layouts.factory import open_layout_ladder
from desktop.layouts.layout import LayoutLadder
from desktop.layouts.names import find_languages
from tests.support.desk import BUSY_S, stop, until
from tests.support.ibus import LATIN, LIBPINYIN, IBusDesk
from tests.support.session_bus import session_bus

pytestmark = pytest.mark.anyio

SWITCHES = 100

LAYOUTS = (("us", ("en",)), ("cz+qwerty", ("cs",)), ("ch+fr", ("fr",)), ("ch", ("de", "fr", "it")))

GROUP_KEY = 50, 64
"""The keycodes of Shift and Alt, which switch the group together."""

FCITX_METHODS = {"keyboard-us": ("en",), "keyboard-cz": ("cs",), "pinyin": ("zh",)}

FCITX_PROFILE = """
[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
[Groups/0/Items/1]
Name=keyboard-cz
[Groups/0/Items/2]
Name=pinyin
[GroupOrder]
0=Default
"""


def set_layouts(display: str, layouts: str, variants: str) -> None:
    """Give the display's keyboard its groups, and the key that switches them."""
    words = ("-layout", layouts, "-variant", variants, "-option", "", "-option", "grp:alt_shift_toggle")
    subprocess.run(["setxkbmap", "-display", display, *words], check=True)


async def read_languages(ladder: LayoutLadder) -> tuple[str, ...] | None:
    layout = await ladder.read()
    return find_languages(layout, {}) if layout is not None else None


async def test_group_switched_by_its_key_is_the_layout(display: str) -> None:
    set_layouts(display, "us,cz,ch,ch", ",qwerty,fr,")
    ladder, server = open_layout_ladder({"DISPLAY": display}, "linux"), Display(display)
    draw, group, wrong = Random(1), 0, []
    try:
        for _ in range(SWITCHES):
            for _ in range(taps := draw.randrange(1, len(LAYOUTS))):
                for event, codes in ((X.KeyPress, GROUP_KEY), (X.KeyRelease, reversed(GROUP_KEY))):
                    for code in codes:
                        xtest.fake_input(server, event, code)
            server.sync()
            group = (group + taps) % len(LAYOUTS)
            if (found := await read_languages(ladder)) != LAYOUTS[group][1]:
                wrong.append((LAYOUTS[group], found))
    finally:
        ladder.close()
        server.close()
        set_layouts(display, "us", "")
    assert wrong == []


@pytest.fixture(scope="module")
def ibus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IBusDesk]:
    with IBusDesk(tmp_path_factory.mktemp("ibus")) as desk:
        yield desk


async def test_engine_over_the_layout_is_the_language(ibus: IBusDesk) -> None:
    ladder = open_layout_ladder(ibus.environ, "linux")
    found = []
    for engine in (LIBPINYIN, LATIN, LIBPINYIN):
        ibus.choose(engine)
        set_layouts(ibus.environ["DISPLAY"], "cz", "")  # the command that chooses an engine sets a layout
        found.append(await read_languages(ladder))
    ladder.close()
    assert found == [("zh",), ("cs",), ("zh",)]


async def test_layout_is_read_while_intone_is_the_engine(ibus: IBusDesk) -> None:
    """The user's engine is back soon: it is waited for."""
    ibus.choose(LIBPINYIN)
    ladder = open_layout_ladder(ibus.environ, "linux")
    assert await read_languages(ladder) == ("zh",)
    ibus.stop_daemon(kill=True)
    assert await read_languages(ladder) == ("cs",), "a daemon that is gone leaves the layout"
    ibus.start_daemon()
    ibus.choose(LIBPINYIN)
    assert await read_languages(ladder) == ("zh",), "one that was started again is found"
    ladder.close()


@pytest.mark.skipif(shutil.which("fcitx5") is None, reason="fcitx5 is not installed here")
async def test_method_of_fcitx_is_the_language(display: str, tmp_path: Path) -> None:
    set_layouts(display, "us", "")
    profile = tmp_path / ".config/fcitx5/profile"
    profile.parent.mkdir(parents=True)
    profile.write_text(FCITX_PROFILE)
    environ = {"DISPLAY": display, "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    with session_bus(environ) as address:
        environ |= {"DBUS_SESSION_BUS_ADDRESS": address}
        fcitx = start_with_window(environ, tmp_path / "log")
        ladder = open_layout_ladder(environ, "linux")
        found = {}
        try:
            for method in FCITX_METHODS:
                until(lambda method=method: choose_method(environ, method), f"{method} is on", BUSY_S)
                found[method] = await read_languages(ladder)
        finally:
            ladder.close()
            for process in reversed(fcitx):
                stop(process)
            set_layouts(display, "us", "")
    assert found == FCITX_METHODS


def start_with_window(environ: dict[str, str], log: Path) -> list[subprocess.Popen[bytes]]:
    """Start fcitx5, and a terminal for its fields to be in: without a field it has no method."""
    with log.open("wb") as out:
        daemon = subprocess.Popen(["fcitx5", "--disable", "wayland,waylandim"], env=environ, stdout=out, stderr=out)
        told = ["gdbus", "wait", "--session", "--timeout", str(int(BUSY_S)), "org.fcitx.Fcitx5"]
        subprocess.run(told, env=environ, check=True, timeout=BUSY_S)
        modifiers = {**environ, "XMODIFIERS": "@im=fcitx"}
        return [daemon, subprocess.Popen(["xterm"], env=modifiers, stdout=out, stderr=out)]


def choose_method(environ: dict[str, str], method: str) -> bool:
    """Switch to a method of fcitx5, as its user does in the menu; whether it is on."""
    with suppress(subprocess.SubprocessError):
        subprocess.run(["fcitx5-remote", "-s", method], env=environ, timeout=BUSY_S, check=False)
        told = subprocess.run(["fcitx5-remote", "-n"], env=environ, timeout=BUSY_S, capture_output=True, check=False)
        return told.stdout.decode().strip() == method
    return False
