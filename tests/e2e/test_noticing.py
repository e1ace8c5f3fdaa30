"""Who puts a word right in the window just dictated into is asked about it, and from then on it is written so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from Xlib import XK, X
from Xlib.display import Display
from Xlib.error import BadDrawable, BadWindow
from Xlib.ext import xtest

from desktop.vocabulary.store import load_vocabulary_file
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, until

HEARD, MEANT, OTHER = "amiable himself", "Amabel Himsel", "Amabell Himsell"


@pytest.fixture
def screen(desk: Desk) -> Iterator[Any]:
    display: Any = Display(desk.environ["DISPLAY"])
    yield display
    display.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose GTK programs may come to the accessibility bus, with an app that notices corrections."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        desk.environ["NO_AT_BRIDGE"] = "0"
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text('[vocabulary]\nnotice = "on"\n[recognizer]\nlanguage = "en"\n')
        (desk.home / "vocabulary.toml").write_text('[declined]\nkuchera = ["Kucera"]\n')
        desk.start()
        desk.wait_ready()
        yield desk


def type_keys(screen: Any, text: str, backspaces: int = 0) -> None:
    """Strike Backspace so often, and the keys of `text`."""
    shift = screen.keysym_to_keycode(XK.XK_Shift_L)
    for keysym in [XK.XK_BackSpace] * backspaces + [ord(letter) for letter in text]:
        keys = [screen.keysym_to_keycode(keysym)]
        if chr(keysym).isupper():
            keys.insert(0, shift)
        for key in keys:
            xtest.fake_input(screen, X.KeyPress, key)
        for key in reversed(keys):
            xtest.fake_input(screen, X.KeyRelease, key)
    screen.sync()


def pill(screen: Any) -> tuple[int, int, int, int] | None:
    """Where the pill is seen: left, top, width, height."""
    for window in screen.screen().root.query_tree().children:
        with suppress(BadWindow, BadDrawable):
            seen = window.get_attributes()
            if window.get_wm_name() == "Intone" and seen.override_redirect and seen.map_state == X.IsViewable:
                place = window.get_geometry()
                return place.x, place.y, place.width, place.height
    return None


def click(screen: Any, x: int, y: int) -> None:
    xtest.fake_input(screen, X.MotionNotify, x=x, y=y)
    for kind in (X.ButtonPress, X.ButtonRelease):
        xtest.fake_input(screen, kind, 1)
    screen.sync()


def dictate(desk: Desk, clip: Path, rows: int) -> str:
    desk.dictate(clip)
    row = desk.wait_rows(rows)[0]
    assert row["delivery"] == "inserted"
    return str(row["text"])


def test_a_correction_is_learned_by_one_click(desk: Desk, screen: Any, clips: list[Clip], tmp_path: Path) -> None:
    other = desk.open_xterm(tmp_path / "other.txt")
    entry = desk.opened(lambda: desk.spawn("yad", "--entry"), "yad")
    said = 0
    while not pill(screen):  # a field that does not tell at once what it is is not watched
        said += 1
        assert said <= 3, "the pill asks"
        desk.focus(entry)
        text = dictate(desk, clips[4].path, said)
        assert text[:-1].endswith(f" {HEARD}"), "and a mark"
        until(lambda: pill(screen) is None, "the pill has gone")
        type_keys(screen, f"{MEANT}.", backspaces=len(HEARD) + 1)
        desk.focus(other)
        with suppress(AssertionError):
            until(lambda: pill(screen), "the pill asks", timeout_s=10)
    assert load_vocabulary_file(desk.home / "vocabulary.toml").declined == frozenset(), (
        "no answer yet, and the old ones are gone"
    )
    place = pill(screen)
    assert place is not None
    left, top, width, height = place
    click(screen, left + width - 48, top + height // 2)
    until(lambda: load_vocabulary_file(desk.home / "vocabulary.toml").replacements == {HEARD: MEANT}, "it is learned")
    assert load_vocabulary_file(desk.home / "vocabulary.toml").declined == frozenset()
    desk.focus(entry)
    assert dictate(desk, clips[4].path, said + 1)[:-1].endswith(f" {MEANT}")
    desk.shut(entry)
    desk.shut(other)


def asked(desk: Desk) -> int:
    return (desk.home / "logs" / "intone.log").read_text().count("asked whether to learn")


def test_correction_in_excluded_app_is_not_noticed(desk: Desk, screen: Any, clips: list[Clip], tmp_path: Path) -> None:
    assert desk.intone("vocabulary", "remove", HEARD).returncode == 0
    assert desk.intone("settings", "set", "history.exclude", "yad").returncode == 0
    file, before, rows = desk.home / "vocabulary.toml", asked(desk), len(desk.history())
    stood = file.read_text()
    other = desk.open_xterm(tmp_path / "other.txt")
    entry = desk.opened(lambda: desk.spawn("yad", "--entry"), "yad")
    for _ in range(2):  # a field that does not tell at once what it is is not watched in any case
        desk.focus(entry)
        desk.dictate(clips[4].path)
        desk.wait_state("idle")
        until(lambda: pill(screen) is None, "the pill has gone")
        type_keys(screen, f"{OTHER}.", backspaces=len(HEARD) + 1)
        desk.focus(other)
        with suppress(AssertionError):
            until(lambda: pill(screen), "the pill asks", timeout_s=5)
    assert (len(desk.history()), asked(desk), file.read_text()) == (rows, before, stood)
