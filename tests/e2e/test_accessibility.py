"""The windows, dialogs and menus as a screen reader finds them, over a real accessibility bus: each control has a name
and a role, Tab or the arrows come to each, and what happens where the focus is not is announced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import anyio
import pytest

from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.e2e.test_tray import ICON, open_menu, windows
from tests.support.desk import Desk, until
from tests.support.screen_reader import CHECKED, Address, Part, ScreenReader, screen_reader

CONTROLS = {
    *("push button", "toggle button", "check box", "radio button", "combo box", "slider", "button menu"),
    *("text", "password text", "document text", "list", "list item", "table", "table cell", "tree"),
    *("label", "filler"),
}
"""Roles that the focus may come to: what one does something with, and what one reads, of which the last is a page that
is scrolled by the arrow keys."""

APART = ("radio button", "label")
"""Of several to choose from Tab comes to the one that is chosen, and arrows to the others; a text of which the pointer
selects something needs no focus to be read."""

WITHIN = ("list", "table", "tree")
"""What is in one of these is reached by arrows, and Tab goes on to what comes after it."""

LINES = {"menu item", "check menu item", "radio menu item"}
"""Roles of what one comes to in a menu."""

ICON_ITSELF = ("Intone", "filler")
"""The icon's window, which has the focus for the moment between the click on it and its menu."""

ACCESSIBILITY = {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
SECTIONS = 13
PAGES = (
    "Speak instead of typing",
    "Say something",
    "What is missing",
    "What turns",
    "Hold this key",
    "Your first",
    "What is kept",
)
TAB, DOWN, PATIENCE_S = 23, 116, 20

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk where accessibility is on, with the app, whose history is open since there is no tray."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.environ |= ACCESSIBILITY
        desk.start()
        yield desk


class Reading:
    """Somebody who reads the windows of the app at a desk by a screen reader, and says what is amiss in them."""

    def __init__(self, desk: Desk, reader: ScreenReader) -> None:
        self._desk = desk
        self._reader = reader
        self.amiss: list[str] = []
        self.walked: list[str] = []

    async def window(self, title: str) -> list[Part]:
        """Give the focus to the window whose title begins so, and look through its controls. Files in a tree are the
        machine's own, and where one has no size there is none to be said."""

        def open_now() -> list[int]:
            return [one for one in self._desk.windows() if self._desk.title(one).startswith(title)]

        until(open_now, f"{title} is open")
        self._desk.focus(open_now()[0])
        controls = [part for part in await self._controls(title) if part.role != "tree item"]
        single = [part for part in controls if not set(WITHIN) & set(part.within)]
        self._note(title, "no name", (part for part in controls if not part.name))
        self._note(title, "no role that says what it is", (part for part in controls if part.role not in CONTROLS))
        times = Counter((part.role, part.name) for part in single)
        self._note(title, "the name of another", (part for part in single if times[part.role, part.name] > 1))
        self.walked.append(title)
        await self._tab_through(title, [part for part in single if part.role not in APART])
        return controls

    async def wait_for_others(self, title: str, controls: list[Part]) -> None:
        """Wait until the window has other controls than these."""
        with anyio.fail_after(PATIENCE_S):
            while {part.at for part in await self._controls(title)} == {part.at for part in controls}:
                pass

    async def menu(self, name: str) -> list[Part]:
        """Walk down the menu that is open, `name` in words, until it begins again. Where the focus is may be said
        twice, and a walk begins below what lay under the pointer."""
        met: dict[Address, Part] = {}
        last: Address | None = None
        with anyio.fail_after(PATIENCE_S):
            while last is None or last != next(iter(met), None) or len(met) == 1:
                self._reader.focused.clear()
                self._desk.key(DOWN, down=True)
                self._desk.key(DOWN, down=False)
                await self._reader.met(lambda before=last: any(at != before for at in self._reader.focused))
                last = next(at for at in reversed(self._reader.focused) if at != last)
                part = await self._reader.part(last)
                if (part.name, part.role) != ICON_ITSELF:
                    met[last] = part
        self._note(name, "no name", (part for part in met.values() if not part.name))
        self._note(name, "no role that says what it is", (part for part in met.values() if part.role not in LINES))
        return list(met.values())

    async def press(self, controls: list[Part], name: str) -> None:
        """Press the button of that name, as a screen reader does."""
        await self._reader.press(next(part for part in controls if part.name == name))

    async def _controls(self, title: str) -> list[Part]:
        with anyio.fail_after(PATIENCE_S):
            while True:
                for name, found in (await self._reader.windows("Intone")).items():
                    if name.startswith(title):
                        return [part for part in await self._reader.parts(found) if part.focusable]

    async def _tab_through(self, title: str, wanted: list[Part]) -> None:
        """Press Tab as often as there are controls, and note those that the focus did not come to."""
        self._reader.focused.clear()
        for _ in range(len(wanted) + 3):
            self._desk.key(TAB, down=True)
            self._desk.key(TAB, down=False)
        with anyio.move_on_after(2):
            await self._reader.met(lambda: {part.at for part in wanted} <= set(self._reader.focused))
        missed = [part for part in wanted if part.at not in self._reader.focused]
        self._note(title, "Tab does not come to it", missed)

    def _note(self, title: str, what: str, parts: Iterable[Part]) -> None:
        self.amiss += [f"{title}: {part.role} {part.name!r}: {what}" for part in parts]


async def test_every_control_is_named_and_tab_comes_to_it(desk: Desk) -> None:
    async with screen_reader(desk.environ) as reader:
        reading = Reading(desk, reader)
        await reading.press(await reading.window("Intone history"), "Settings")
        controls = await reading.window("Intone settings")
        for _ in range(SECTIONS - 1):
            desk.keys("ctrl+f", "Down", "Down")
            await reading.wait_for_others("Intone settings", controls)
            controls = await reading.window("Intone settings")
            if any(part.name == "Import" for part in controls):
                for kind in ("Replacements", "Snippets"):
                    await reading.press([part for part in controls if part.role == "radio button"], kind)
                    shown = await reading.window("Intone settings")
                await reading.press(controls, "Import")
                await reading.window("Import words")
                desk.keys("Escape")
                controls = shown
        assert "Import words" in reading.walked
        await reading.press(controls, "Look what is wrong")
        await reading.window("What works here")
        await reading.press(await reading.window("Intone history"), "Mood and numbers")
        await reading.window("Intone mood")
        assert reading.amiss == []


async def test_what_happens_to_a_dictation_is_announced(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    async with screen_reader(desk.environ) as reader:
        desk.wait_ready()
        desk.open_xterm(tmp_path / "text")
        desk.dictate(clips[4].path)
        desk.wait_rows(1)
        with anyio.move_on_after(PATIENCE_S):
            await reader.met(lambda: reader.announced and reader.announced[-1].startswith("Inserted"))
        assert "Listening" in reader.announced
        assert reader.announced[-1] == "Inserted → XTerm"
        reading = Reading(desk, reader)
        controls = await reading.window("Intone history")
        (sounded,) = (part for part in controls if part.role == "button menu")
        await reading.press(controls, sounded.name)
        assert {"Sounded joyful", "As first heard"} <= {line.name for line in await reading.menu("How it sounded")}
        desk.keys("Escape")
        desk.spawn("stalonetray")
        until(lambda: ICON.search(windows(desk, "stalonetray")), "the icon is in the tray")
        icon = ICON.search(windows(desk, "stalonetray"))
        assert icon is not None
        open_menu(desk, icon[1])
        lines = await reading.menu("The tray")
        assert [line.name for line in lines if line.states & CHECKED] == ["Note how it sounded"]
        assert {"Start dictation", "Polish", "Private mode", "Settings…", "Quit"} <= {line.name for line in lines}
        desk.keys("Escape")
        assert reading.amiss == []


async def test_the_pages_of_the_first_run_are_like_that_too(tmp_path: Path) -> None:
    with Desk(tmp_path / "desk", new=True) as desk:
        (desk.home / "models").symlink_to(MODELS)
        desk.environ |= ACCESSIBILITY
        async with screen_reader(desk.environ) as reader:
            reading = Reading(desk, reader)
            desk.start()
            for page in PAGES:
                controls = await reading.window(page)
                await reading.press(controls, "Done" if page == PAGES[-1] else "Continue")
            assert reading.amiss == []
