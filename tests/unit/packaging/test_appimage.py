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
from shipping import appimage, project  # noqa: E402

NEEDED = ("gcc", "mksquashfs")
APP = """\
#!/bin/sh
echo "$APPDIR|$APPIMAGE|$OWD|$ARGV0|$*"
case "$1" in
sleep) exec sleep 60 ;;
read) read word; wc -c < "$APPDIR/deep/er/file" ;;
fail) exit 7 ;;
esac
"""
CONTENT = b"".join(sha256(bytes([each % 256, each // 256])).digest() for each in range(10_000))
"""Bytes that nothing compresses, more than one block of the image."""

UNMOUNT = ("umount", "--lazy") if os.geteuid() == 0 else ("fusermount3", "-u", "-z")

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
        subprocess.run([*UNMOUNT, place], check=True)
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
    os.kill(server, signal.SIGTERM)  # its clock ends it after 10 idle seconds, and after one from now on
    until(lambda: not list(Path(environ["XDG_RUNTIME_DIR"]).iterdir()), "the mount is gone")


@needs_fuse
def test_server_that_is_told_to_end_serves_until_the_app_has(package: Path, environ: dict[str, str]) -> None:
    command = ["env", "--ignore-signal=INT", package, "read"]  # as a shell starts it in the background
    with subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        place = Path(app.stdout.readline().partition("|")[0])
        (server,) = _find_servers(str(place))
        for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            os.kill(server, told)
            assert (place / "deep" / "link").read_bytes() == CONTENT
        said, _ = app.communicate("go on\n")
    assert (app.returncode, int(said)) == (0, len(CONTENT))
    until(lambda: not list(Path(environ["XDG_RUNTIME_DIR"]).iterdir()), "the mount is gone once it is idle")


@needs_fuse
@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes a mount namespace here")
def test_mount_of_another_namespace_is_left_alone(package: Path, run: Runner, environ: dict[str, str]) -> None:
    place = run().stdout.partition("|")[0]
    apart = ["unshare", "--mount", "--propagation", "private", package]
    ran = subprocess.run(apart, env=environ, capture_output=True, text=True, check=True)
    other = ran.stdout.partition("|")[0]
    assert other != place
    (server,) = (process for process in _find_servers(other) if _serves(process, other))
    os.kill(server, signal.SIGTERM)
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


@pytest.mark.parametrize("only_unpack", ["0", "1"])
def test_app_learns_the_real_path_of_its_folder(
    package: Path, environ: dict[str, str], tmp_path: Path, only_unpack: str
) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    linked = {name: value.replace(str(tmp_path), f"{tmp_path}/link") for name, value in environ.items()}
    ran = subprocess.run(
        [package], env={**linked, "APPIMAGE_EXTRACT_AND_RUN": only_unpack}, capture_output=True, text=True, check=True
    )
    place = ran.stdout.partition("|")[0]
    assert place == str(Path(place).resolve())
    assert place.startswith(str(tmp_path))


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


def test_copy_goes_at_the_next_start_of_another_that_is_whole(run: Runner, environ: dict[str, str]) -> None:
    assert run(APPIMAGE_EXTRACT_AND_RUN="1").returncode == 0
    old = Path(environ["HOME"], ".cache/tiny-appimage/old")
    old.mkdir()
    lock = Path(f"{old}.lock")
    lock.touch()
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        assert run(APPIMAGE_EXTRACT_AND_RUN="1").stderr == ""
        assert old.exists()
    assert run(APPIMAGE_EXTRACT_AND_RUN="1").stderr == ""
    assert not old.exists()
    assert not lock.exists()


def test_half_a_copy_that_a_kill_left_is_made_anew(run: Runner, environ: dict[str, str]) -> None:
    folder = Path(run(APPIMAGE_EXTRACT_AND_RUN="1").stdout.partition("|")[0])
    folder.rename(f"{folder}.part")
    (Path(f"{folder}.part") / "deep" / "debris").touch()
    assert run(APPIMAGE_EXTRACT_AND_RUN="1").returncode == 0
    assert sorted(path.name for path in folder.parent.iterdir()) == [folder.name, f"{folder.name}.lock"]
    assert not (folder / "deep" / "debris").exists()


def test_damaged_copy_that_an_app_runs_from_is_said(run: Runner, environ: dict[str, str]) -> None:
    folder = Path(run(APPIMAGE_EXTRACT_AND_RUN="1").stdout.partition("|")[0])
    (folder / "AppRun").unlink()
    with Path(f"{folder}.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        ran = run(APPIMAGE_EXTRACT_AND_RUN="1")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"tiny: {folder} is in use and damaged. Quit tiny, and start it again.\n"
    assert run(APPIMAGE_EXTRACT_AND_RUN="1").returncode == 0


def test_copy_that_another_start_is_unpacking_is_waited_for(
    package: Path, run: Runner, environ: dict[str, str]
) -> None:
    folder = Path(run(APPIMAGE_EXTRACT_AND_RUN="1").stdout.partition("|")[0])
    folder.rename(f"{folder}.part")
    variables = {**environ, "APPIMAGE_EXTRACT_AND_RUN": "1"}
    with Path(f"{folder}.lock").open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen([package], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as app:
            until(lambda: _waits_for_a_lock(app.pid), "the other start waits")
            Path(f"{folder}.part").rename(folder)
            fcntl.flock(held, fcntl.LOCK_UN)
            said, problems = app.communicate()
    assert (app.returncode, problems) == (0, b"")
    assert said.startswith(bytes(folder))


def test_lock_that_was_removed_meanwhile_is_taken_anew(package: Path, run: Runner, environ: dict[str, str]) -> None:
    folder = Path(run(APPIMAGE_EXTRACT_AND_RUN="1").stdout.partition("|")[0])
    lock = Path(f"{folder}.lock")
    variables = {**environ, "APPIMAGE_EXTRACT_AND_RUN": "1"}
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen([package, "sleep"], env=variables, stdout=subprocess.PIPE) as app:
            until(lambda: _waits_for_a_lock(app.pid), "the other start waits")
            lock.unlink()
            lock.touch()  # by a third start
            fcntl.flock(held, fcntl.LOCK_UN)
            assert app.stdout is not None
            app.stdout.readline()
            forgotten = run("--appimage-forget")
            app.kill()
    assert (forgotten.returncode, (folder / "AppRun").exists()) == (0, True)


def _waits_for_a_lock(process: int) -> bool:
    return any("->" in line and f" {process} " in line for line in Path("/proc/locks").read_text().splitlines())


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


@pytest.mark.parametrize(
    ("umask", "mode"), [(0o002, 0o755), (0o077, 0o700)], ids=["of a private group", "of the user alone"]
)
def test_extract_makes_folders_as_the_umask_says(
    package: Path, environ: dict[str, str], tmp_path: Path, umask: int, mode: int
) -> None:
    for _ in range(2):
        subprocess.run([package, "--appimage-extract"], env=environ, cwd=tmp_path, umask=umask, check=True)
    root = tmp_path / "squashfs-root"
    assert {path.stat().st_mode & 0o777 for path in (root, root / "deep", root / "deep/er")} == {mode}


@pytest.mark.parametrize("mode", [0o777, 0o775])
def test_extract_refuses_a_folder_that_others_write_to(run: Runner, tmp_path: Path, mode: int) -> None:
    victim = tmp_path / "victim"
    (victim / "er").mkdir(parents=True)
    root = tmp_path / "squashfs-root"
    root.mkdir()
    root.chmod(mode)
    (root / "deep").symlink_to(victim)
    ran = run("--appimage-extract")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Remove it, or unpack elsewhere." in ran.stderr
    assert not list((victim / "er").iterdir())


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes another user's folder")
def test_extract_refuses_a_folder_of_another_user(run: Runner, tmp_path: Path) -> None:
    root = tmp_path / "squashfs-root"
    root.mkdir()
    os.chown(root, 1000, 1000)
    assert run("--appimage-extract").returncode == 1
    assert not list(root.iterdir())


def test_extract_refuses_a_link_to_a_folder(run: Runner, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "squashfs-root").symlink_to("elsewhere")
    assert run("--appimage-extract").returncode == 1
    assert not list((tmp_path / "elsewhere").iterdir())


def test_unknown_option_is_named_with_where_to_look(run: Runner) -> None:
    ran = run("--appimage-update")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "no option --appimage-update; --appimage-help" in ran.stderr


def test_tools_that_made_the_file_are_named_with_versions(package: Path) -> None:
    assert package.exists()  # or else they are not installed
    tools = appimage.read_tools()
    assert {"dpkg", "gcc", "squashfs-tools"} <= tools.keys()
    assert any(name.startswith("gcc-") for name in tools), "Debian's gcc is a link to that of a version"
    assert all(version[0].isdigit() for version in tools.values())


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
    before = os.umask(0o077)
    try:
        appimage.lay_out_app_dir(bundle, app_dir)
    finally:
        os.umask(before)
    modes = {path.stat().st_mode & 0o777 for path in (app_dir, *app_dir.rglob("*")) if not path.is_symlink()}
    assert modes == {0o755, 0o644}
    assert {int(path.lstat().st_mtime) for path in app_dir.rglob("*")} == {int(project.source_date_epoch())}
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
