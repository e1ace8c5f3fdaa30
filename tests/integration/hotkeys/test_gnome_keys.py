"""Keys that the user removed in GNOME's settings, as its tool tells them, are not asked for again at a start."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from desktop.core.keys import Action
from desktop.hotkeys import gnome_keys
from desktop.hotkeys.gnome_keys import has_removed_keys
from desktop.hotkeys.shortcut_binder import load_agreed
from tests.support.portal import fake_portal
from tests.support.portal_keys import CHOSEN, VERSION, keys_on

pytestmark = pytest.mark.anyio

OURS = "['org.example.Other', 'app.intone.Intone']"
NONE = "@a(sa{sv}) []"
F9 = "[('talk', {'description': <'Hold to talk'>, 'shortcuts': <['F9']>})]"


def tool(folder: Path, applications: str, shortcuts: str) -> Mapping[str, str]:
    """An environment in which `gsettings` prints these."""
    program = folder / "gsettings"
    program.write_text(f'#!/bin/sh\ncase "$3" in applications) echo "{applications}";; *) echo "{shortcuts}";; esac\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("applications", "shortcuts", "is_removed"),
    [
        (OURS, NONE, True),
        (OURS, F9, False),
        ("@as []", NONE, False),
        ("['org.example.Other']", NONE, False),
        ("no such schema", NONE, False),
        ("", "", False),
    ],
)
async def test_empty_list_of_ours_is_removed_keys(
    tmp_path: Path, applications: str, shortcuts: str, is_removed: bool
) -> None:
    assert await has_removed_keys(tool(tmp_path, applications, shortcuts)) is is_removed


async def test_missing_or_hanging_tool_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gnome_keys, "TOOL_TIMEOUT_S", 0.1)
    assert not await has_removed_keys({"PATH": str(tmp_path)})
    environ = tool(tmp_path, OURS, NONE)
    (tmp_path / "gsettings").write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    assert not await has_removed_keys(environ)


async def test_removed_key_is_asked_for_only_on_request(bus: str, agreed: Path, tmp_path: Path) -> None:
    removed = tmp_path / "removed"
    removed.mkdir()
    environ = tool(removed, OURS, NONE)
    assert Action.TALK in load_agreed(agreed).names
    async with fake_portal(bus, **VERSION) as portal:
        portal.results["BindShortcuts"] = CHOSEN
        async with keys_on(agreed, bus, path=environ["PATH"]) as (keys, heard):
            await heard.until(lambda: bool(heard.problems))
            assert [problem.message.code for problem in heard.problems] == ["portal-key-refused"]
            assert not portal.calls("BindShortcuts")
            keys.request_keys()
            await heard.until(lambda: heard.well == 1)
            assert heard.names[-1] == "F9"
