"""The AppImage's runtime, linked and run for real behind a folder of two small files."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.desk import until

ROOT = Path(__file__).parents[3]

sys.path.append(str(ROOT / "packaging"))
from shipping import appimage  # noqa: E402

NEEDED = ("gcc", "mksquashfs")
APP = """\
#!/bin/sh
echo "$APPDIR|$APPIMAGE|$OWD|$ARGV0|$*"
case "$1" in
sleep) exec sleep 60 ;;
fail) exit 7 ;;
esac
"""
CONTENT = b"".join(sha256(bytes([each % 256, each // 256])).digest() for each in range(10_000))
"""Bytes that nothing compresses, more than one block of the image."""

Runner = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = [program for program in NEEDED if not shutil.which(program)]
    if missing or not Path("/usr/include/squashfuse/ll.h").exists():
        pytest.skip("gcc, mksquashfs or libsquashfuse-dev is not installed: packaging/debian/appimage.txt")
    folder = tmp_path_factory.mktemp("appimage")
    app = folder / "AppDir"
    (app / "deep" / "er").mkdir(parents=True)
    (app / "AppRun").write_text(APP)
    (app / "AppRun").chmod(0o755)
    (app / "deep" / "er" / "file").write_bytes(CONTENT)
    (app / "deep" / "link").symlink_to("er/file")
    place = folder / "a folder"
    place.mkdir()
    return appimage.pack(app, place / "tiny app.AppImage", "tiny", folder)


@pytest.fixture
def environ(tmp_path: Path) -> Iterator[dict[str, str]]:
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    yield {"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home"), "XDG_RUNTIME_DIR": str(runtime)}
    for place in (*runtime.iterdir(), *tmp_path.glob("home/.cache/*/*-appimage-*")):
        os.kill(next(iter(_find_servers(str(place)))), signal.SIGINT)  # what its clock does after 10 idle seconds
        until(lambda place=place: not os.path.lexists(place), "the mount is gone")


@pytest.fixture
def run(package: Path, environ: dict[str, str], tmp_path: Path) -> Runner:
    def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [package, *words]
        return subprocess.run(command, env={**environ, **variables}, cwd=tmp_path, capture_output=True, text=True)

    return run


def _can_mount() -> bool:
    return os.access("/dev/fuse", os.R_OK | os.W_OK) and (os.geteuid() == 0 or shutil.which("fusermount3") is not None)


needs_fuse = pytest.mark.skipif(not _can_mount(), reason="there is no FUSE here")


def test_file_carries_the_mark_of_an_appimage_where_its_image_begins(package: Path, run: Runner) -> None:
    content = package.read_bytes()
    assert content[8:11] == b"AI\x02"
    offset = int(run("--appimage-offset").stdout)
    assert content[offset : offset + 4] == b"hsqs"


@needs_fuse
def test_starts_of_the_same_file_share_a_mount(package: Path, run: Runner, environ: dict[str, str]) -> None:
    first, second = run("fail", "two words"), run("other")
    assert (first.returncode, first.stderr, second.returncode) == (7, "", 0)
    place, image, here, name, words = first.stdout.strip().split("|")
    assert (image, name, words) == (str(package), str(package), "fail two words")
    assert place.startswith(environ["XDG_RUNTIME_DIR"])
    assert second.stdout.partition("|")[0] == place
    assert not Path(environ["HOME"]).exists()
    assert Path(here).is_dir()


@needs_fuse
def test_mount_whose_server_was_killed_is_made_anew(run: Runner) -> None:
    place = run().stdout.partition("|")[0]
    (server,) = _find_servers(place)
    os.kill(server, signal.SIGKILL)
    until(lambda: not _find_servers(place), "the server has ended")
    again = run()
    assert (again.returncode, again.stdout.partition("|")[0], again.stderr) == (0, place, "")


@needs_fuse
def test_mount_lasts_while_the_app_runs_and_goes_after_its_kill(package: Path, environ: dict[str, str]) -> None:
    with subprocess.Popen([package, "sleep"], env=environ, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        place = Path(app.stdout.readline().partition("|")[0])
        assert (place / "AppRun").exists()
        app.kill()
    (server,) = _find_servers(str(place))
    os.kill(server, signal.SIGINT)  # what its clock does after 10 idle seconds
    until(lambda: not list(Path(environ["XDG_RUNTIME_DIR"]).iterdir()), "the mount is gone")


@needs_fuse
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a mount namespace here")
def test_mount_of_another_namespace_is_left_alone(package: Path, run: Runner, environ: dict[str, str]) -> None:
    place = run().stdout.partition("|")[0]
    apart = ["unshare", "--mount", "--propagation", "private", package]
    ran = subprocess.run(apart, env=environ, capture_output=True, text=True, check=True)
    other = ran.stdout.partition("|")[0]
    assert other != place
    (server,) = (process for process in _find_servers(other) if _serves(process, other))
    os.kill(server, signal.SIGINT)
    until(lambda: not Path(other).exists(), "the other mount is gone")
    assert (Path(place) / "AppRun").exists()


def _serves(process: int, place: str) -> bool:
    return place in Path(f"/proc/{process}/mounts").read_text(encoding="utf-8")


def _find_servers(place: str) -> list[int]:
    """The processes that serve a mount, by the environment that they were started with."""
    home = str(Path(place).parents[2] if ".cache" in place else Path(place).parent)
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"tiny app.AppImage" in (process / "cmdline").read_bytes():
                environ = (process / "environ").read_bytes().decode().split("\0")
                found += [int(process.name)] * bool({f"XDG_RUNTIME_DIR={home}", f"HOME={home}"}.intersection(environ))
        except OSError:
            continue
    return found


@needs_fuse
def test_runtime_folder_that_others_can_write_to_is_not_used(run: Runner, environ: dict[str, str]) -> None:
    Path(environ["XDG_RUNTIME_DIR"]).chmod(0o777)
    place = Path(run().stdout.partition("|")[0])
    assert place.parent == Path(environ["HOME"], ".cache/tiny-appimage")
    assert not list(Path(environ["XDG_RUNTIME_DIR"]).iterdir())


def test_without_fuse_it_is_unpacked_once_and_forgotten_on_request(run: Runner, environ: dict[str, str]) -> None:
    first = run("a", APPIMAGE_EXTRACT_AND_RUN="1")
    folder = Path(first.stdout.partition("|")[0])
    assert "Unpacking once" in first.stderr
    assert folder.parent == Path(environ["HOME"], ".cache/tiny-appimage")
    assert (folder / "deep/link").read_bytes() == CONTENT
    second = run("--appimage-extract-and-run", "b")
    assert (second.stderr, second.stdout.split("|")[-1]) == ("", "b\n")
    assert run("--appimage-forget").returncode == 0
    assert not folder.parent.exists()


def test_copy_of_another_version_goes_unless_it_runs(run: Runner, environ: dict[str, str]) -> None:
    cache = Path(environ["HOME"], ".cache/tiny-appimage")
    for name in ("idle", "runs"):
        (cache / name).mkdir(parents=True)
        (cache / f"{name}.lock").touch()
    with (cache / "runs.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert run(APPIMAGE_EXTRACT_AND_RUN="1").returncode == 0
        assert (cache / "runs").exists()
    assert not (cache / "idle").exists()


def test_half_a_copy_that_a_kill_left_is_made_anew(run: Runner, environ: dict[str, str]) -> None:
    folder = Path(run(APPIMAGE_EXTRACT_AND_RUN="1").stdout.partition("|")[0])
    folder.rename(f"{folder}.part")
    (Path(f"{folder}.part") / "deep" / "debris").touch()
    assert run(APPIMAGE_EXTRACT_AND_RUN="1").returncode == 0
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, f"{folder.name}.lock"]
    assert not (folder / "deep" / "debris").exists()


def test_no_folder_to_unpack_to_is_said_with_a_remedy(run: Runner) -> None:
    ran = run(APPIMAGE_EXTRACT_AND_RUN="1", HOME="", XDG_CACHE_HOME="/proc/nothing")
    assert ran.returncode == 1
    assert ran.stderr.startswith("tiny: there is no folder to unpack to")
    assert "Set XDG_CACHE_HOME" in ran.stderr


def test_damaged_file_is_said_and_leaves_nothing(package: Path, environ: dict[str, str], tmp_path: Path) -> None:
    short = tmp_path / "short.AppImage"
    short.write_bytes(package.read_bytes()[:-100_000])
    short.chmod(0o755)
    ran = subprocess.run(
        [short], env={**environ, "APPIMAGE_EXTRACT_AND_RUN": "1"}, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, "the file is damaged" in ran.stderr) == (1, True)
    assert not list(Path(environ["HOME"]).rglob("AppRun"))


def test_extract_writes_what_matches(run: Runner, tmp_path: Path) -> None:
    assert run("--appimage-extract", "deep/er").stdout == "squashfs-root\n"
    assert [path.name for path in (tmp_path / "squashfs-root").rglob("*")] == ["deep", "er", "file"]


def test_unknown_option_is_named_with_where_to_look(run: Runner) -> None:
    ran = run("--appimage-update")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no option --appimage-update; --appimage-help" in ran.stderr


def test_app_dir_has_what_desktops_read_and_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    missing = [name for name in appimage.LINKED_PACKAGES if not Path("/usr/share/doc", name, "copyright").exists()]
    if missing:
        pytest.skip(f"{', '.join(missing)} is not installed: packaging/debian/appimage.txt")
    bundle = tmp_path / "bundle"
    for place in ("intone", "LICENCES.txt", "share/man/man1/intone.1", "share/zsh/a", "share/fish/b"):
        (bundle / place).parent.mkdir(parents=True, exist_ok=True)
        (bundle / place).write_text(place)
    (bundle / "share/bash-completion").mkdir()
    app_dir = tmp_path / "AppDir"
    appimage.lay_out_app_dir(bundle, app_dir)
    assert (bundle / "LICENCES.txt").read_text() == "LICENCES.txt"
    licences = (app_dir / "opt/intone/LICENCES.txt").read_text()
    assert licences.startswith("LICENCES.txt")
    assert all(f"{name}, of Debian" in licences for name in appimage.LINKED_PACKAGES)
    assert (app_dir / "AppRun").read_text() == "intone"
    assert "TryExec=intone" in (app_dir / "app.intone.Intone.desktop").read_text()
    assert (app_dir / ".DirIcon").read_text() == (app_dir / "intone.svg").read_text()
    assert {path.name for path in app_dir.iterdir()} == {
        *("AppRun", "opt", "usr"),
        *("app.intone.Intone.desktop", "intone.svg", ".DirIcon"),
    }
    assert (app_dir / "usr/share/man/man1/intone.1").exists()
