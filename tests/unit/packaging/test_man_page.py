"""The man page: what the parsers say, in roff that man and mandoc take without a complaint."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import platformdirs
import pytest

from desktop.core.paths import Paths
from tests.contracts.surface.command_line import commands

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "packaging/linux/intone.1"

sys.path[:0] = [str(ROOT / "packaging")]
import man_page  # noqa: E402
from shipping import project  # noqa: E402

CHECKS = {"mandoc": ("mandoc", "-T", "lint"), "man": ("man", "--warnings", "-l")}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("man") / "intone.1"
    path.write_text(project.fill_template(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return path


@pytest.mark.parametrize("program", CHECKS)
def test_man_page_filled_in_draws_no_complaint(filled: Path, program: str) -> None:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed: make dev")
    ran = subprocess.run([*CHECKS[program], filled], capture_output=True, text=True, check=False)
    complaints = ran.stdout if program == "mandoc" else ran.stderr
    assert (ran.returncode, complaints) == (0, "")


def test_man_page_shows_every_command_and_option() -> None:
    if not shutil.which("mandoc"):
        pytest.skip("mandoc is not installed: make dev")
    shown = subprocess.run(["mandoc", "-T", "utf8", "-O", "width=200", PAGE], capture_output=True, check=True)
    plain = subprocess.run(["col", "-b"], input=shown.stdout, capture_output=True, check=True).stdout.decode()
    sections = {line.strip() for line in plain.splitlines() if line.startswith("   ")}
    for words, parser in commands().items():
        assert not words or f"intone {words}" in sections, words
        for flag in (flag for action in parser._actions for flag in action.option_strings):
            assert flag == "-h" or flag in plain, (words, flag)


def test_man_page_files_are_those_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    folders = (platformdirs.user_config_path("intone"), platformdirs.user_data_path("intone"))
    paths = Paths(*folders, platformdirs.user_state_path("intone"), Path("/run"))
    known = {paths.settings, paths.vocabulary, paths.styles, paths.applications, paths.data, paths.state}
    assert {Path(name).expanduser() for name in man_page.FILES} == known


def test_format_page_escapes_what_roff_would_take_for_commands() -> None:
    page = man_page.format_page(["One \\n and `a-b`. Two."], ["## `intone x`", ".so else\n"], {"A-B": "'quoted"})
    assert "One \\en and \\fBa\\-b\\fP.\nTwo.\n" in page
    assert ".SS intone x\n\\&.so else\n" in page
    assert ".B A\\-B\n\\&'quoted\n" in page
