"""The Windows desk's set-up: what is pinned, what is done again, and what of the machine stays out of it."""

from __future__ import annotations

import re
import subprocess
import threading
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from queue import Queue

import pytest

ROOT = Path(__file__).parents[3]
_SPEC = spec_from_file_location("windows_desk", ROOT / "packaging/windows/desk.py")
assert _SPEC is not None
assert _SPEC.loader is not None
DESK = module_from_spec(_SPEC)
_SPEC.loader.exec_module(DESK)


def test_downloads_are_pinned_and_name_no_address() -> None:
    assert all(re.fullmatch("[0-9a-f]{64}", sha256) for _, sha256 in DESK.PACKAGES.values())
    assert "://" not in (ROOT / "packaging/windows/desk.py").read_text()


def stamp(desk: Path) -> None:
    (desk / "made").mkdir()
    for name, made_of in DESK.steps():
        (desk / "made" / name).write_text(made_of)


def test_a_step_is_done_again_where_its_inputs_changed(tmp_path: Path) -> None:
    assert not DESK.is_made(tmp_path)
    stamp(tmp_path)
    assert DESK.is_made(tmp_path)
    (tmp_path / "made/wheels").write_text("another lock")
    assert not DESK.is_made(tmp_path)


def test_wheel_of_an_earlier_pin_is_not_taken(tmp_path: Path) -> None:
    for name, (version, _) in DESK.PACKAGES.items():
        for one in ("0.9", version, f"{version}0"):
            (tmp_path / f"{name.replace('-', '_')}-{one}-py3-none-win_amd64.whl").touch()
    for name, (version, _) in DESK.PACKAGES.items():
        assert DESK.pinned_wheel(tmp_path, name).name.split("-")[:2] == [name.replace("-", "_"), version]


def test_desk_in_use_is_waited_for(tmp_path: Path) -> None:
    steps: Queue[str] = Queue()

    def use() -> None:
        steps.put("waits")
        with DESK.hold(tmp_path / "desk"):
            steps.put("uses")

    thread = threading.Thread(target=use)
    with DESK.hold(tmp_path / "desk"):
        thread.start()
        assert steps.get() == "waits"
        steps.put("ended")
    thread.join()
    assert [steps.get(), steps.get()] == ["ended", "uses"]
    with DESK.hold(tmp_path / "desk"):
        pass


def test_the_desk_has_nothing_of_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "PULSE_SERVER", "PYTHONPATH", "WINEARCH"):
        monkeypatch.setenv(name, "the user's")
    environ = DESK.environ(tmp_path)
    assert "the user's" not in environ.values()
    assert {environ["HOME"], environ["WINEPREFIX"]} == {f"{tmp_path}/home", f"{tmp_path}/prefix"}


@pytest.mark.parametrize(
    ("target", "wants"), [("windows-desk", True), ("test", False), ("setup", False), ("run", False)]
)
def test_windows_is_installed_where_it_is_asked_for(target: str, wants: bool) -> None:
    steps = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert ("packaging/debian/windows.txt && .venv/bin/python packaging/windows/desk.py" in steps) == wants
