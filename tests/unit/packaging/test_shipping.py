"""What packages are made of: what a desktop reads of them, what they hold and leave out, one version everywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from configparser import ConfigParser
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import PySide6
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

import desktop
from desktop.__main__ import COMMANDS
from desktop.core import wait_for_exit
from desktop.core.installation import format_install_hint
from desktop.paste.input_method.ibus import restorer
from desktop.paste.x11 import clipboard_restorer
from desktop.polish.rules.numbers.numbers import LANGUAGES

ROOT = Path(__file__).parents[3]
LINUX = ROOT / "packaging/linux"

sys.path.append(str(ROOT / "packaging"))
from shipping import completions, contents, deb, project, sizes, trim  # noqa: E402

DATA = [
    path.relative_to(ROOT).as_posix()
    for package in ("desktop", "models")
    for path in (ROOT / package).rglob("*")
    if path.is_file() and path.suffix not in (".py", ".pyc")
]
"""What the app reads beside its modules."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    (found,) = folder.glob("*.whl")
    return found


def test_a_wheel_has_every_file_that_the_app_reads(wheel: Path) -> None:
    assert set(DATA) <= set(ZipFile(wheel).namelist())


def test_a_wheel_starts_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path / "site")
    site = os.pathsep.join([str(tmp_path / "site"), *(path for path in sys.path if path.endswith("site-packages"))])
    ran = subprocess.run(
        [sys.executable, "-P", "-S", "-m", "desktop", "doctor", "--json"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": site, "INTONE_HOME": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert [json.loads(line)["name"] for line in ran.stdout.splitlines()][:1] == ["python"], ran.stderr


def test_there_is_one_version(wheel: Path) -> None:
    version = desktop.__version__
    assert version == project.VERSION == wheel.name.split("-")[1]
    assert f"\nVersion: {version}\n" in ZipFile(wheel).read(f"intone-{version}.dist-info/METADATA").decode()
    page = ET.fromstring(project.fill_template((LINUX / "app.intone.Intone.metainfo.xml").read_text()))
    assert [release.get("version") for release in page.iter("release")] == [version]
    assert f'"Intone {version}"' in project.fill_template((LINUX / "intone.1").read_text())


def test_the_desktop_entry_names_what_the_package_has() -> None:
    entry = ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment, method-assign]
    entry.read(LINUX / "app.intone.Intone.desktop")
    told = entry["Desktop Entry"]
    assert (told["Type"], told["Exec"], told["TryExec"], told["Icon"]) == ("Application", "intone", "intone", "intone")
    assert all(told[key] for key in ("Comment", "Comment[zh_CN]"))


def test_what_a_software_centre_reads_is_whole() -> None:
    page = ET.fromstring((LINUX / "app.intone.Intone.metainfo.xml").read_text())
    assert page.findtext("launchable") == "app.intone.Intone.desktop"
    assert page.findtext("id") == "app.intone.Intone"
    assert all(len(summary.text or "") <= 80 for summary in page.findall("summary"))
    lists = page.findall(".//p") + page.findall(".//li")
    english = [text for text in lists if not text.attrib]
    assert len(lists) == 2 * len(english), "each in English and in Chinese"


def test_program_ignores_caller_python_environment(tmp_path: Path) -> None:
    told = tmp_path / "python"
    told.write_text('#!/bin/sh\necho "$@" "${PYTHONPATH-none}" "$PYTHONSAFEPATH"\n')
    told.chmod(0o755)
    program = (LINUX / "intone.sh").read_text()
    assert "exec /opt/intone/bin/python " in program
    ran = subprocess.run(
        ["sh", "-c", program.replace("/opt/intone/bin/python", str(told)), "intone", "status", "--json"],
        env={"PATH": os.defpath, "PYTHONPATH": "/elsewhere"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "-m desktop status --json none 1"


def test_qt_imports_found_in_source(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from PySide6.QtCore import Qt\nimport PySide6.QtSvg\n")
    (tmp_path / "b.py").write_text("def late():\n    from PySide6 import QtNetwork, QtGui\n")
    assert trim.find_qt_imports(tmp_path) == {"QtCore", "QtSvg", "QtNetwork", "QtGui"}
    assert {"QtCore", "QtGui", "QtWidgets"} <= trim.find_qt_imports(ROOT / "desktop")


def test_shipped_qt_plugins_are_in_the_wheel() -> None:
    plugins = Path(PySide6.__path__[0]) / "Qt/plugins"
    assert [pattern for pattern in trim.QT_PLUGINS if not list(plugins.glob(pattern))] == []
    assert {"platforms/libqxcb.so", "platforms/libqwayland.so"} <= set(trim.QT_PLUGINS)


def test_nothing_of_the_app_is_left_out_but_training() -> None:
    table = tomllib.loads((ROOT / "packaging/shipping/left_out.toml").read_text())["leave"]
    data = [place for place in DATA if "/training/" not in place]
    own = [*data, *(path.relative_to(ROOT).as_posix() for path in (ROOT / "desktop").rglob("*.py"))]
    assert {place for place in own if trim.find_reason(place, "intone", table)} == set()
    assert trim.find_reason("models/emotion/training/text.py", "intone", table)


def test_a_wheel_has_the_grammars_and_their_licence(wheel: Path) -> None:
    archive = ZipFile(wheel)
    taken = {name.partition("/")[2] for name in archive.namelist() if name.startswith("intone_grammars/")}
    grammars = {f"{language}/{part}.fst" for language in LANGUAGES for part in ("tagger", "verbalizer")}
    assert taken == {*grammars, "LICENSE", "SHA256SUMS", "SOURCE.txt"}
    assert "Apache License" in archive.read("intone_grammars/LICENSE").decode()
    sums = (ROOT / "packaging/grammars/SHA256SUMS").read_text().splitlines()
    for name in sorted(grammars):
        assert f"{sha256(archive.read(f'intone_grammars/{name}')).hexdigest()}  {name}" in sums


def test_other_grammars_than_the_tested_stop_the_build(tmp_path: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "packaging/grammars", tmp_path / "packaging/grammars")
    sums = tmp_path / "packaging/grammars/SHA256SUMS"
    sums.write_text(f"{'0' * 64}{sums.read_text()[64:]}")
    for package in ("desktop", "models"):
        (tmp_path / package).mkdir()
        shutil.copy(ROOT / package / "__init__.py", tmp_path / package)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode != 0
    assert "has another en/tagger.fst than the one tested" in ran.stderr
    assert not list(tmp_path.glob("dist/*.whl"))


USE_OF_OPENAI = """
import sys, anyio, httpx2
sys.path.append(sys.argv[1])
from shipping import trim
from desktop.network import openai_sdk

class Shipped:
    def find_spec(self, name, path=None, target=None):
        place = name.replace(".", "/")
        if place.startswith("openai/") and any(trim.find_reason(f"{place}{end}", "openai", table)
                                               for end in (".py", "/__init__.py")):
            raise ModuleNotFoundError(f"{name} is left out")

class Server(httpx2.AsyncBaseTransport):
    async def handle_async_request(self, request):
        if request.url.path.endswith("/completions"):
            body = 'data: {"choices": [{"delta": {"content": "a"}}], "usage": {}}\\n\\ndata: [DONE]\\n\\n'
            return httpx2.Response(200, headers={"Content-Type": "text/event-stream"}, text=body)
        return httpx2.Response(500 if request.method == "POST" else 200, json={"data": []})

async def main():
    sdk = openai_sdk._create_sdk(Server(), openai_sdk._import_sdk())
    from openai import APIConnectionError, InternalServerError, OpenAIError
    await sdk.models.with_raw_response.list()
    stream = await sdk.chat.completions.create(model="a", messages=[{"role": "user", "content": "b"}], stream=True)
    assert [chunk.choices[0].delta.content async for chunk in stream] == ["a"]
    await sdk.chat.completions.with_raw_response.create(model="a", messages=[])
    try:
        await sdk.post("/audio/transcriptions", cast_to=httpx2.Response, content=b"a")
    except InternalServerError:
        print("used")

table = trim._load_table()
sys.meta_path.insert(0, Shipped())
anyio.run(main)
"""


def test_openai_needs_nothing_that_is_left_out() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", USE_OF_OPENAI, str(ROOT / "packaging")], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.stdout == "used\n", ran.stderr
    omitted = "openai/types/beta/a.py", "openai/resources/realtime/a/b.py"
    table = tomllib.loads((ROOT / "packaging/shipping/left_out.toml").read_text())["leave"]
    assert all(trim.find_reason(place, "openai", table) for place in omitted)


def test_omitted_packages_locked_but_never_imported() -> None:
    locked = project.read_pins("app.txt")
    assert set(trim.list_removed()) <= set(locked)
    source = "".join(path.read_text() for name in ("desktop", "models") for path in (ROOT / name).rglob("*.py"))
    imported = {match.replace("_", "-") for match in re.findall(r"^\s*(?:from|import) (\w+)", source, re.MULTILINE)}
    assert not imported & set(trim.list_removed())


def test_contents_list_has_packages_version_and_hash() -> None:
    site = Path(pytest.__file__).parents[1]
    locked = project.read_pins("app.txt")
    found = [each for each in contents.list_distributions(site) if project.normalize_name(each.name) in locked]
    bill = contents.build_bill(site, found, "app.txt")
    whole = {**bill, "components": [*bill["components"], contents.build_debian_component("libffi8", "3.4.8-2")]}
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(whole)) is None
    *libraries, grammars = bill["components"]
    assert (grammars["type"], grammars["name"], len(grammars["components"])) == ("data", "wetext", 4)
    assert {each["name"] for each in libraries} == {project.normalize_name(each.name) for each in found}
    for component in libraries:
        version, hashes = locked[component["name"]]
        assert component["version"] == version
        assert [told["value"] for told in component["properties"]] == hashes != []
        assert component["licenses"][0]["license"]["name"] not in ("", "not named"), component["name"]
        assert all(part["licenses"][0]["license"]["name"] for part in component.get("components", ())), component[
            "name"
        ]


def test_notices_of_the_word_lists_are_on_the_licence_page(tmp_path: Path) -> None:
    page = contents.build_licence_text(tmp_path, [])
    for name in ("common_english.txt", "known_english.txt"):
        section = page.partition(f"\nWord list {name}\n")[2].partition("\nWord list ")[0]
        assert "Copyright 2000-2011 by Kevin Atkinson" in section
        assert "WordNet 1.6 Copyright 1997 by Princeton University. All rights reserved." in section
        assert "this permission notice appear in" in section
    assert "Copyright 1993, Geoff Kuenning" in section
    assert "Beresford" not in page  # the UKACD's terms ask for a document that is not at hand


def test_contents_list_names_the_libraries_that_run_gguf() -> None:
    site = Path(pytest.__file__).parents[1]
    (wheel,) = [each for each in contents.list_distributions(site) if each.name == "transcribe-cpp-native"]
    (component,) = contents.build_bill(site, [wheel], "app.txt")["components"][:1]
    licences = {part["name"]: part["licenses"][0]["license"]["name"] for part in component["components"]}
    assert licences["libggml-vulkan.so"] == "MIT (ggml)"
    assert licences["libtranscribe.so"].startswith("MIT (transcribe.cpp)")
    text = contents.build_licence_text(site, [wheel])
    assert "libggml-base.so: MIT (ggml)" in text
    for author in ("The ggml authors", "RAD Game Tools", "Silero"):
        assert author in text, author


def test_bytecode_counts_to_whose_source_it_is_of(tmp_path: Path) -> None:
    (tmp_path / "one" / "__pycache__").mkdir(parents=True)
    (tmp_path / "one" / "a.py").write_bytes(b"1234")
    (tmp_path / "one" / "__pycache__" / "a.cpython-313.pyc").write_bytes(b"123456")
    (tmp_path / "two.so").write_bytes(b"12")
    assert sizes.sum_by_component(tmp_path, {"one/a.py": "first", "two.so": "second"}) == {"first": 10, "second": 2}


def test_bundle_answers_process_start_commands() -> None:
    start = (ROOT / "packaging/pyinstaller/start.py").read_text()
    source = "".join(path.read_text() for name in ("desktop", "models") for path in (ROOT / name).rglob("*.py"))
    started = set(re.findall(r'sys\.executable, (?:"-P", )?"-m", "([\w.]+)"', source))
    assert started
    assert started | {wait_for_exit.__name__, clipboard_restorer.__name__, restorer.__name__} <= set(
        re.findall(r'"([\w.]+)"', start.partition("MODULES = ")[2].partition(")")[0])
    )


SHOW_ENVIRONMENT = """
import os, runpy, sys
runpy.run_path(sys.argv[1])["restore_library_path"]()
print(os.environ.get("LD_LIBRARY_PATH", "none"), os.environ.get("PYINSTALLER_RESET_ENVIRONMENT"))
"""


@pytest.mark.parametrize(("before", "after"), [({}, "none"), ({"LD_LIBRARY_PATH_ORIG": "/mine"}, "/mine")])
def test_bundle_keeps_its_libraries_for_its_own_children_alone(before: dict[str, str], after: str) -> None:
    command = [sys.executable, "-c", SHOW_ENVIRONMENT, str(ROOT / "packaging/pyinstaller/start.py")]
    environ = {"LD_LIBRARY_PATH": "/bundle", **before}
    ran = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == [after, "1"]


SHOW_PROGRAM = """
import os, runpy, sys, types
archive = types.SimpleNamespace(_filename=sys.argv[2])
sys.modules["pyimod02_importers"] = types.SimpleNamespace(pyz_archive=archive)
hold_program = runpy.run_path(sys.argv[1])["hold_program"]
hold_program()
os.remove(sys.argv[2])
with open(archive._filename, "rb") as program:
    print(archive._filename, program.read(4))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there a program that runs is replaced")
def test_bundle_reads_its_program_once_it_is_gone(tmp_path: Path) -> None:
    program = tmp_path / "python"
    shutil.copy(Path(sys.executable).resolve(), program)
    command = [program, "-c", SHOW_PROGRAM, str(ROOT / "packaging/pyinstaller/start.py"), str(program)]
    ran = subprocess.run(command, env={"PYTHONHOME": sys.base_prefix}, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["/proc/self/exe", r"b'\x7fELF'"]


def test_a_remedy_names_what_can_be_done_where_one_is() -> None:
    assert "`make cuda`" in str(format_install_hint("cuda", prefix="/home/me/intone/.venv", frozen=False))
    assert "package intone-local-llm" in str(format_install_hint("local-llm", prefix="/opt/intone", frozen=False))
    assert "make" not in str(format_install_hint("cuda", prefix="/opt/intone", frozen=True)).split("'s")[0]
    assert {f"{name}.txt" for name in deb.EXTRAS} == {extra.lock for extra in deb.EXTRAS.values()}


ASK_BASH = """\
source "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
$(complete -p intone | sed 's/.*-F \\([^ ]*\\) .*/\\1/')
printf '%s\n' "${COMPREPLY[@]}"
"""
"""What bash does when Tab is pressed behind the last argument."""


@pytest.fixture(scope="module")
def completion_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("share")
    completions.write_completions(folder)
    return folder


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("intone", "hist"), {"history"}),
        (("intone", "settings", "set", "polish.mo"), {"polish.mode", "polish.model"}),
        (("intone", "models", "pull", "tiny"), {"tiny", "tiny.en"}),
        (("intone", "transcribe", str(ROOT / "pyproj")), {str(ROOT / "pyproject.toml")}),
        (("intone", "bench", "accuracy", str(ROOT / "pack")), {str(ROOT / "packaging")}),
    ],
)
def test_bash_completes_command_key_model_and_file(
    completion_folder: Path, words: tuple[str, ...], offered: set[str]
) -> None:
    file = completion_folder / completions.SHELLS["bash"]
    ran = subprocess.run(["bash", "-c", ASK_BASH, "bash", file, *words], capture_output=True, text=True, check=True)
    assert set(ran.stdout.splitlines()) == offered, ran.stderr


@pytest.mark.parametrize("shell", completions.SHELLS)
def test_completions_have_every_command(completion_folder: Path, shell: str) -> None:
    text = (completion_folder / completions.SHELLS[shell]).read_text()
    assert {name for name in COMMANDS if not re.search(rf"\b{name}\b", text)} == set()


def test_completion_library_is_not_in_the_app() -> None:
    assert "shtab" in project.read_pins("package.txt")
    assert "shtab" not in project.read_pins("app.txt")
    sources = [path.read_text() for name in ("desktop", "models") for path in (ROOT / name).rglob("*.py")]
    assert not any("shtab" in source for source in sources)
