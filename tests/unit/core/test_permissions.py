"""What exists with modes that let others in is closed to them; what cannot be is said, and no key is taken from it."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from desktop.app import ipc
from desktop.core import permissions
from desktop.core.errors import CredentialsError
from desktop.core.messages import Message
from desktop.core.paths import Paths, find_paths, make_private_dir
from desktop.core.permissions import XDG_VARIABLES, can_restrict, restrict_all, restrict_to_owner
from desktop.credentials import store
from desktop.credentials.environment import KEY_VARIABLES
from desktop.doctor import checks
from desktop.doctor import files as doctor_files
from desktop.doctor.checks import Finding
from desktop.history import retention
from desktop.settings import store as settings_store
from tests.support.keyring import InFile

KEY = "sk-test-0123456789abcdef"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    """A home with everything in it, all of which others may read; no key in the environment or a keyring."""
    for name in KEY_VARIABLES.values():
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "intone"
    monkeypatch.setenv("INTONE_HOME", str(root))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setenv("INTONE_TEST_KEYRING", str(tmp_path / "keyring.json"))
    before = keyring.get_keyring()
    keyring.set_keyring(InFile())
    here = Paths(config=root, data=root, state=root, runtime=tmp_path)
    for folder in (here.audio, here.spool, here.logs, here.models):
        folder.mkdir(parents=True)
    for name in ("settings.toml", "vocabulary.toml", "styles.toml", "applications.toml", "clock.json", "intone.lock"):
        (root / name).touch()
    for name in ("history.db", "history.db-wal", "history.cleared", "logs/intone.log.1", "spool/a.take"):
        (root / name).touch()
    here.valid_settings.touch()
    (root / ".valid-settings.toml.a1b2c3_4").touch()  # of a copy that was killed
    here.keys.write_text(f'openai = "{KEY}"\n')
    for path in (root, *root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    yield here
    keyring.set_keyring(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def wide(here: Paths) -> list[str]:
    return [path.name for path in (here.config, *here.config.rglob("*")) if mode(path) & 0o077]


def keep_no_modes(monkeypatch: pytest.MonkeyPatch, error: OSError | None = None) -> None:
    """As on vfat: modes are those of the mount, and setting another is refused, or takes no effect."""

    def chmod(path: Path, mode: int, *, follow_symlinks: bool = True) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(Path, "chmod", chmod)


@pytest.mark.parametrize(("before", "after"), [(0o644, 0o600), (0o755, 0o700), (0o600, 0o600), (0o444, 0o400)])
def test_narrow_takes_what_others_may(tmp_path: Path, before: int, after: int) -> None:
    file = tmp_path / "file"
    file.touch()
    file.chmod(before)
    assert restrict_to_owner(file)
    assert mode(file) == after


def test_narrow_changes_nothing_behind_a_link(tmp_path: Path) -> None:
    (file := tmp_path / "file").touch()
    file.chmod(0o644)
    (link := tmp_path / "link").symlink_to(file)
    assert not restrict_to_owner(link)
    assert mode(file) == 0o644
    file.chmod(0o600)
    assert restrict_to_owner(link)


@pytest.mark.parametrize("error", [None, PermissionError(1, "Operation not permitted")])
def test_narrow_tells_where_no_modes_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError | None
) -> None:
    tmp_path.chmod(0o755)
    keep_no_modes(monkeypatch, error)
    assert not restrict_to_owner(tmp_path)


def test_private_closes_a_folder_that_is_there(tmp_path: Path) -> None:
    folder = tmp_path / "audio"
    folder.mkdir()
    folder.chmod(0o755)
    assert make_private_dir(folder, is_own=False) == folder
    assert mode(folder) == 0o755
    assert make_private_dir(folder) == folder
    assert mode(folder) == 0o700


@pytest.mark.parametrize("name", ["", "..", ".config", ".local/share", "elsewhere"])
def test_private_leaves_the_users_own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    home = tmp_path / "people" / "user"
    folder = (home / name).resolve()
    for each in (home, folder):
        each.mkdir(parents=True, exist_ok=True)
        each.chmod(0o755)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "elsewhere"))
    make_private_dir(folder)
    assert mode(folder) == 0o755


def test_narrow_all_closes_everything(home: Paths) -> None:
    assert len(wide(home)) > 15
    assert restrict_all(home) == []
    assert wide(home) == []
    assert mode(home.runtime) == 0o700


def test_narrow_all_goes_behind_no_link(home: Paths, tmp_path: Path) -> None:
    theirs = tmp_path / "dotfiles"
    home.config.rename(theirs)
    home.config.symlink_to(theirs)
    before = wide(home)
    assert restrict_all(home) == []
    assert wide(home) == before
    home.config.unlink()
    home.config.mkdir()
    for name in ("settings.toml", "spool", "audio"):
        (home.config / name).symlink_to(theirs / name)
    assert restrict_all(home) == []
    assert {"settings.toml", "spool", "audio", "a.take"} <= {path.name for path in theirs.rglob("*") if mode(path) & 7}


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home as others may read it, in which folders and files have names that Intone uses, too."""
    for name in (*XDG_VARIABLES, "INTONE_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = tmp_path / "people" / "user"
    for name in ("Documents/report.odt", "Documents/history.txt", *USERS):
        for folder in (home, home / "Documents"):
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
    for each in (home.parent, *home.parent.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return home


USERS = (
    "notes.txt",
    "history.csv",
    "logs/web.log",
    "audio/song.flac",
    "models/base/plane.obj",
    "models/house.obj",
    "spool/film.part",
)
"""What lies in folders of the user's, beside what Intone keeps there."""

INTONES = (
    "settings.toml",
    "history.db",
    "history.db-wal",
    "logs/intone.log",
    "audio/20260101-120000-000001.flac",
    "spool/tmpabcd_123.take",
    "spool/tmpabcd_123.take.part",
    "history.seal.part",
)


def put_ours(root: Path) -> None:
    for file in [root / name for name in INTONES]:
        file.parent.mkdir(exist_ok=True)
        file.touch()
        file.chmod(0o644)


def start(monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    """All that a start does to folders and files that exist."""
    monkeypatch.setenv("INTONE_HOME", named)
    here = find_paths()
    for folder in (here.state, here.logs, here.spool, here.audio):
        make_private_dir(folder)
    assert restrict_all(here) == []


def changed(above: Path) -> set[str]:
    """What others may not read any more."""
    return {str(path.relative_to(above)) for path in (above, *above.rglob("*")) if not mode(path) & 0o004}


@pytest.mark.parametrize("named", ["~/Documents", "~", "~/Documents/..", "~/Documents/logs/../.."])
def test_start_in_users_folder_closes_only_ours(user: Path, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
    root = Path(named).expanduser()
    put_ours(root)
    start(monkeypatch, named)
    assert changed(root.resolve()) == set(INTONES)


def test_start_in_linked_home_leaves_it_open(user: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (link := tmp_path / "home").symlink_to(user)
    monkeypatch.setenv("HOME", str(link))
    for file in [path for path in user.rglob("*") if path.is_file()]:
        file.unlink()
    shutil.rmtree(user / "Documents")
    put_ours(user)
    start(monkeypatch, str(user))
    assert changed(user) == {*INTONES, "audio", "logs", "spool", "models"} - {INTONES[4]}, "it is in a closed one"


def test_start_closes_a_folder_of_ours_alone(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = user / "intone"
    root.mkdir()
    put_ours(root)
    (model := root / "models" / "base").mkdir(parents=True)
    (model / "model.bin").touch()
    root.chmod(0o755)
    start(monkeypatch, str(root))
    assert {".", "audio", "logs", "spool", "models", *INTONES} - changed(root) == {INTONES[4]}, "it is in a closed one"
    assert {mode(folder) for folder in (root, root / "audio", root / "models")} == {0o700}


def test_may_close_knows_every_name_of_paths(tmp_path: Path) -> None:
    root = tmp_path / "intone"
    here = Paths(config=root, data=root, state=root, runtime=root)
    named = [getattr(here, name) for name, it in vars(Paths).items() if isinstance(it, property)]
    files = [path for path in named if isinstance(path, Path) and path.suffix]
    root.mkdir()
    for each in files:
        each.touch()
    assert len(files) > 14
    assert can_restrict(root)
    (root / "of the user").touch()
    assert not can_restrict(root)


def test_recordings_have_the_names_that_are_swept() -> None:
    assert permissions._SUBFOLDER_FILE_NAMES["audio"].pattern == retention.RECORDING_NAME.pattern


def test_narrow_follows_no_link_that_comes_between(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    for file in (theirs, ours):
        file.touch()
        file.chmod(0o644)
    real = Path.chmod

    def chmod(path: Path, mode: int, *, follow_symlinks: bool = True) -> None:
        path.unlink()
        path.symlink_to(theirs)
        real(path, mode, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "chmod", chmod)
    assert not restrict_to_owner(ours)
    assert mode(theirs) == 0o644


def test_may_close_knows_models_by_their_files(tmp_path: Path) -> None:
    (models := tmp_path / "models").mkdir()
    for name in ("base/model.bin", ".staging/tiny/model.bin.part", ".staging/tiny.lock"):
        (models / name).parent.mkdir(parents=True, exist_ok=True)
        (models / name).touch()
    (models / "small").symlink_to(tmp_path)
    assert can_restrict(models)
    (models / "tiny").touch()
    assert not can_restrict(models)


def test_private_leaves_what_lies_in_a_link(tmp_path: Path) -> None:
    (folder := tmp_path / "dotfiles" / "logs").mkdir(parents=True)
    folder.chmod(0o755)
    (tmp_path / "intone").symlink_to(folder.parent)
    make_private_dir(tmp_path / "intone" / "logs")
    assert mode(folder) == 0o755


def test_open_folder_of_recordings_is_named_once(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_ours(root := user / "Documents")
    keep_no_modes(monkeypatch)
    named = restrict_all(Paths(config=root, data=root, state=root, runtime=root))
    assert named == [root / name for name in ("audio", *sorted({*INTONES} - {INTONES[4]}))]


def test_narrow_all_names_what_stays_open(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_no_modes(monkeypatch)
    assert {home.config, home.audio, home.history, home.keys} <= set(restrict_all(home))
    found = checks.run_check(checks.Check("private files", doctor_files.check_private_files))
    assert not found.ok
    assert found.message.title.startswith(f"Other users of this machine may read {home.config}, ")
    assert found.message.title.endswith(", and more: the modes cannot be changed.")


def test_the_doctor_closes_what_it_can(home: Paths) -> None:
    found = checks.run_check(checks.Check("private files", doctor_files.check_private_files))
    assert found == Finding("private files", True, Message("files-private"), True)
    assert wide(home) == []


def test_a_command_closes_what_it_opens(tmp_path: Path, home: Paths) -> None:
    above = tmp_path / "people"
    environment = {**os.environ, "HOME": str(above), "XDG_CONFIG_HOME": "", "XDG_RUNTIME_DIR": str(tmp_path)}
    environment |= {"XDG_DATA_HOME": "", "XDG_STATE_HOME": ""}
    del environment["INTONE_HOME"]
    for folder in (".config/intone", ".local/share/intone"):
        (above / folder).mkdir(parents=True)
    for folder in (above, *above.rglob("*")):
        folder.chmod(0o755)
    for words in (("settings", "set", "polish.mode", "off"), ("history", "list")):
        subprocess.run([sys.executable, "-m", "desktop", *words], env=environment, check=True, timeout=60)
    assert {path.relative_to(above): mode(path) for path in above.rglob("*") if path.is_dir()} == {
        Path(".config"): 0o755,
        Path(".config/intone"): 0o700,
        Path(".local"): 0o755,
        Path(".local/share"): 0o755,
        Path(".local/share/intone"): 0o700,
        Path(".local/state"): 0o700,
        Path(".local/state/intone"): 0o700,
    }


def test_settings_behind_a_link_leave_its_folder(home: Paths, tmp_path: Path) -> None:
    theirs = tmp_path / "dotfiles"
    theirs.mkdir(mode=0o755)
    theirs.chmod(0o755)
    (home.settings.rename(theirs / "settings.toml")).touch()
    home.settings.symlink_to(theirs / "settings.toml")
    settings_store.write_setting(home.settings, "polish.mode", "off")
    assert mode(theirs) == 0o755


def test_the_sessions_folder_for_sockets_is_left(home: Paths, tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    lock = ipc.acquire_lock(home)
    assert lock is not None
    with lock:
        assert mode(tmp_path) == 0o755
        assert mode(home.state) == 0o700


# -- keys ----------------------------------------------------------------------------------------------------------


def test_a_key_file_that_can_be_closed_is_used(home: Paths) -> None:
    assert store.find_key("openai") == KEY
    assert mode(home.keys) == 0o600


@pytest.mark.parametrize("error", [None, PermissionError(1, "Operation not permitted")])
def test_a_key_that_others_can_read_is_not_used(
    home: Paths, monkeypatch: pytest.MonkeyPatch, error: OSError | None
) -> None:
    keep_no_modes(monkeypatch, error)
    with pytest.raises(CredentialsError) as raised:
        store.find_key("openai")
    assert str(raised.value) == (
        f"The key in {home.keys} is not used: other users of this machine can read it."
        " Make it yours alone with chmod 600, or keep the key in the keyring with `intone key set openai`."
    )
    assert store.find_key("deepgram") == "", "which is not in it"


def test_linked_key_used_only_where_private(home: Paths, tmp_path: Path) -> None:
    theirs = home.keys.rename(tmp_path / "keys.toml")
    home.keys.symlink_to(theirs)
    with pytest.raises(CredentialsError, match="is not used"):
        store.find_key("openai")
    assert mode(theirs) == 0o644
    theirs.chmod(0o600)
    assert store.find_key("openai") == KEY


def test_a_key_is_not_left_where_others_can_read_it(home: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    store.store_key("deepgram", KEY, unencrypted=True)
    assert store.remove_key("deepgram")
    monkeypatch.setattr(store, "restrict_to_owner", lambda path: False)
    with pytest.raises(CredentialsError, match="is not used"):
        store.store_key("deepgram", KEY, unencrypted=True)
    assert "deepgram" not in home.keys.read_text()
