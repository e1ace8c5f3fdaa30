"""The microphone goes, comes back, is another one, is muted, or its server restarts, in the middle of speech: nothing
that was heard is lost, the status says what is wrong while it is, and the row what was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.types import Outcome
from desktop.history.store import HistoryStore
from tests.conftest import Clip
from tests.e2e.conftest import MODELS
from tests.support.desk import Desk, read_until, until
from tests.support.words import error_rate


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk with the app running and ready, on the quickest model: it is the sound that matters here."""
    with Desk(tmp_path_factory.mktemp("desk")) as desk:
        (desk.home / "models").symlink_to(MODELS)
        (desk.home / "settings.toml").write_text('[recognizer]\nmodel = "tiny.en"\n[audio]\ndevice = ["headset"]\n')
        desk.start()
        desk.wait_ready()
        yield desk


@pytest.fixture
def talking(desk: Desk, clips: list[Clip], tmp_path: Path) -> Iterator[Path]:
    """Somebody has said the first sentence with the key down; the file of the window it goes to."""
    for name in desk.sound.plugged:
        desk.sound.unplug(name)
    desk.sound.plug()
    file = tmp_path / "text"
    desk.open_qt_editor(file)
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[1].path)
    yield file
    desk.release()


def wait_note(desk: Desk, says: str) -> None:
    """Wait until the status says so."""
    until(lambda: says in desk.status()["note"], f"the status says {says!r}")


def ends(desk: Desk, file: Path, text: str, note: str) -> None:
    """Let go; what was said is in the window and in the row, which has this in its note."""
    before = len(desk.history())
    desk.release()
    desk.wait_rows(before + 1)
    row = HistoryStore(desk.home / "history.db").last()
    assert row is not None
    assert row.delivery is Outcome.INSERTED
    assert error_rate(text, row.text) <= 0.3
    assert note in row.note
    read_until(file, lambda written: written == row.text)


def test_unplugged_and_back(desk: Desk, talking: Path, clips: list[Clip]) -> None:
    desk.sound.unplug()
    wait_note(desk, "vmic-description was unplugged.")
    desk.sound.plug()
    wait_note(desk, "silent")
    desk.say(clips[4].path)
    ends(desk, talking, f"{clips[1].text} {clips[4].text}", "vmic-description was unplugged. It was back after ")


def test_unplugged_for_good(desk: Desk, talking: Path, clips: list[Clip]) -> None:
    desk.sound.unplug()
    wait_note(desk, "vmic-description was unplugged.")
    ends(desk, talking, clips[1].text, "vmic-description was unplugged. Kept ")


def test_preferred_microphone_replaces_unplugged_one(desk: Desk, talking: Path, clips: list[Clip]) -> None:
    desk.sound.plug("headset")
    desk.sound.unplug()
    wait_note(desk, "silent")
    desk.sound.play(clips[4].path, name="headset")
    ends(desk, talking, f"{clips[1].text} {clips[4].text}", "Went on with headset-description")


def test_muted(desk: Desk, talking: Path, clips: list[Clip]) -> None:
    desk.sound.mute()
    wait_note(desk, "vmic-description is muted. Unmute it in the sound settings.")
    desk.say(clips[1].path)
    desk.sound.mute(on=False)
    desk.say(clips[4].path)
    ends(desk, talking, f"{clips[1].text} {clips[4].text}", "vmic-description was muted for ")


def test_a_restart_of_the_sound_server(desk: Desk, talking: Path, clips: list[Clip]) -> None:
    desk.sound.restart()
    wait_note(desk, "silent")
    desk.say(clips[4].path)
    ends(desk, talking, f"{clips[1].text} {clips[4].text}", "It was back after ")


def test_other_sound_is_restored_after_esc_and_crash(desk: Desk) -> None:
    full, soft = 65536, 13107
    desk.sound.stream("music")
    assert desk.intone("settings", "set", "audio.others", "duck").returncode == 0
    desk.press()
    desk.wait_state("listening")
    until(lambda: desk.sound.volumes()["music"] == soft, "the music is soft")
    desk.esc()
    desk.release()
    until(lambda: desk.sound.volumes()["music"] == full, "the music is as it was")
    desk.press()
    desk.wait_state("listening")
    until(lambda: desk.sound.volumes()["music"] == soft, "the music is soft")
    assert desk.app is not None
    desk.app.kill()
    desk.app.wait()
    desk.release()
    desk.start()
    until(lambda: desk.sound.volumes()["music"] == full, "the music is as it was")
    desk.wait_ready()
