"""What the doctor says of the keyboard's layout."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.errors import UserError
from desktop.core.messages import PartList
from desktop.doctor.layout import check_layout

BY_LAYOUT = '[recognizer]\nlanguage = ["layout", "en"]\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A session of a compositor without an interface for layouts."""
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "IBUS_ADDRESS", "SWAYSOCK", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    for name in ("XKB_DEFAULT_LAYOUT", "XKB_DEFAULT_VARIANT", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-none")
    return tmp_path


def test_layout_that_nothing_asks_for_is_not_looked_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XKB_DEFAULT_LAYOUT", "cz")
    assert check_layout().code == "layout-unused"
    (home / "applications.toml").write_text('[mail]\nlanguage = "de"\n')
    assert check_layout().code == "layout-unused"
    (home / "applications.toml").write_text('[mail]\nlanguage = "layout"\n')
    assert check_layout().code == "layout-known"


@pytest.mark.parametrize(
    ("table", "code", "languages"),
    [("", "layout-known", ("cs",)), ("cz=de/fr", "layout-known", ("de", "fr")), ("cz=auto", "layout-known-any", None)],
)
def test_layout_is_named_with_its_languages(
    home: Path, monkeypatch: pytest.MonkeyPatch, table: str, code: str, languages: tuple[str, ...] | None
) -> None:
    monkeypatch.setenv("XKB_DEFAULT_LAYOUT", "cz")
    (home / "settings.toml").write_text(f"{BY_LAYOUT}layouts = {[table] if table else []}\n")
    message = check_layout()
    assert (message.code, message.params["name"], message.params["source"]) == (code, "cz", "XKB_DEFAULT_LAYOUT")
    assert message.params.get("languages") == (PartList(languages) if languages else None)


@pytest.mark.parametrize(
    ("layout", "code"), [("", "layout-untold"), ("us,cz", "layout-untold"), ("epo", "layout-unknown")]
)
def test_layout_that_is_not_known_is_said(home: Path, monkeypatch: pytest.MonkeyPatch, layout: str, code: str) -> None:
    monkeypatch.setenv("XKB_DEFAULT_LAYOUT", layout)
    (home / "settings.toml").write_text(BY_LAYOUT)
    with pytest.raises(UserError) as problem:
        check_layout()
    assert problem.value.code == code
