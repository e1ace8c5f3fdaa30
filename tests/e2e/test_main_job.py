"""Hold the key, speak, let go: real speech, a real model, real windows."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from desktop.emotion.baseline import StoredVoiceBaselines
from tests.conftest import Clip
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve
from tests.support.desk import Desk, read_until, until
from tests.support.hands import LETTER_C, OTHERS
from tests.support.words import error_rate

CLIPBOARD = "what was there before ✓".encode()


def new_row(desk: Desk, before: int) -> dict[str, object]:
    """The row that came after there were `before`."""
    rows: list[dict[str, object]] = desk.wait_rows(before + 1)
    assert len(rows) == before + 1
    return rows[0]


def xterm(desk: Desk, file: Path) -> Callable[[], None]:
    desk.open_xterm(file)
    return lambda: None


def mousepad(desk: Desk, file: Path) -> Callable[[], None]:
    desk.open_mousepad(file)
    return desk.save


def qt(desk: Desk, file: Path) -> Callable[[], None]:
    desk.open_qt_editor(file)
    return lambda: None


@pytest.mark.parametrize("editor", [xterm, mousepad, qt])
def test_text_is_pasted_once_and_clipboard_restored(
    desk: Desk, clips: list[Clip], tmp_path: Path, editor: Callable[[Desk, Path], Callable[[], None]]
) -> None:
    file, before = tmp_path / "text", len(desk.history())
    save = editor(desk, file)
    desk.copy(CLIPBOARD)
    desk.dictate(clips[4].path)
    row = new_row(desk, before)
    assert row["delivery"] == "inserted"
    save()
    text = read_until(file, lambda text: text.rstrip("\n") == row["text"])
    assert error_rate(clips[4].text, text) <= 0.2
    assert desk.clipboard() == CLIPBOARD


def test_a_dictation_longer_than_whispers_window_works_as_a_short_one(
    desk: Desk, clips: list[Clip], long_clip: Clip, tmp_path: Path
) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    desk.dictate(clips[1].path)
    short = new_row(desk, before)
    desk.dictate(long_clip.path)
    long = new_row(desk, before + 1)
    assert isinstance(long["duration_s"], float)
    assert long["duration_s"] > 35
    assert error_rate(clips[1].text, str(short["text"])) <= 0.3
    assert error_rate(long_clip.text, str(long["text"])) <= 0.1
    read_until(file, lambda text: text == f"{short['text']} {long['text']}")


def test_escape_pastes_nothing(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_xterm(file)
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[1].path)
    desk.esc()
    desk.release()
    row = new_row(desk, before)
    assert row["delivery"] == "cancelled"
    assert Path(str(row["audio_path"])).is_file()
    desk.wait_state("idle")
    assert file.read_bytes() == b"", "neither text nor the Esc itself reaches the window"


def test_silence_pastes_nothing(desk: Desk, quiet_room: Path, tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_xterm(file)
    desk.copy(CLIPBOARD)
    desk.dictate(quiet_room)
    desk.wait_state("idle")
    assert len(desk.history()) == before
    assert file.read_bytes() == b""
    assert desk.clipboard() == CLIPBOARD


@pytest.mark.parametrize("editor", [xterm, qt])
def test_overlapping_second_dictation_is_pasted_after(
    desk: Desk, clips: list[Clip], tmp_path: Path, editor: Callable[[Desk, Path], Callable[[], None]]
) -> None:
    file, before = tmp_path / "text", len(desk.history())
    editor(desk, file)
    desk.dictate(clips[0].path)
    desk.press()
    desk.say(clips[1].path)
    desk.release()
    until(lambda: len(desk.history()) == before + 2, "both are in the history", 60)
    second, first = desk.history()[:2]
    assert error_rate(clips[0].text, first["text"]) <= 0.1
    assert error_rate(clips[1].text, second["text"]) <= 0.3
    read_until(file, lambda text: text == f"{first['text']} {second['text']}")


def test_a_tap_locks_and_the_next_tap_ends(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    desk.tap(105)
    desk.wait_state("listening")
    desk.say(clips[1].path)
    desk.tap(105)
    row = new_row(desk, before)
    read_until(file, lambda text: text == row["text"] != "")


def test_the_command_line_drives_it_as_the_key_does(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    assert desk.intone("start").returncode == 0
    desk.wait_state("listening")
    desk.say(clips[1].path)
    assert desk.intone("stop").returncode == 0
    row = new_row(desk, before)
    read_until(file, lambda text: text == row["text"] != "")
    assert desk.intone("paste-last").returncode == 0
    read_until(file, lambda text: text == f"{row['text']} {row['text']}")
    assert desk.intone("undo").returncode == 0
    read_until(file, lambda text: text == row["text"])
    again = desk.intone("undo")
    assert (again.returncode, again.stderr) == (1, "There is no text that could be taken back. Nothing was undone.\n")


def test_a_shortcut_with_the_talk_key_is_a_shortcut(desk: Desk, tmp_path: Path) -> None:
    before = len(desk.history())
    desk.open_qt_editor(tmp_path / "text")
    desk.tap(105, 54)
    desk.wait_state("idle")
    assert len(desk.history()) == before


def test_other_keys_during_a_dictation_cost_no_word(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    desk.press()
    desk.wait_state("listening")
    speaking = desk.say(clips[0].path, wait=False)
    for code in (*OTHERS, LETTER_C):
        Event().wait(0.4)
        desk.key(code, down=True)
        desk.key(code, down=False)
    speaking.wait()
    desk.release()
    row = new_row(desk, before)
    assert row["delivery"] == "inserted"
    assert error_rate(clips[0].text, row["text"]) <= 0.1
    read_until(file, lambda text: text == row["text"])


def test_command_line_setting_applies_at_once(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    f9 = 75
    for key, value in (("hotkey.talk", "f9"), ("recognizer.model", "tiny.en")):
        assert desk.intone("settings", "set", key, value).returncode == 0
    try:
        until(lambda: desk.status()["model"] == "tiny.en", "the other model is loaded")
        desk.dictate(clips[4].path, f9)
        row = new_row(desk, before)
        assert row["model"] == "tiny.en"
        read_until(file, lambda text: text == row["text"] != "")
    finally:
        for key in ("hotkey.talk", "recognizer.model"):
            desk.intone("settings", "reset", key)
        until(lambda: desk.status()["model"] == "base" and desk.status()["ready"], "all is as it was")


def test_private_words_are_only_in_the_window(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", desk.history()
    files = sorted(desk.home.glob("audio/*"))
    desk.open_xterm(file)
    assert desk.intone("settings", "set", "history.private", "on").returncode == 0
    try:
        desk.dictate(clips[1].path)
        desk.wait_state("idle")
        text = read_until(file, lambda text: len(text.split()) >= 7)
        assert error_rate(clips[1].text, text) <= 0.2
    finally:
        desk.intone("settings", "reset", "history.private")
    desk.dictate(clips[4].path)
    row, *others = desk.wait_rows(len(before) + 1)
    assert others == before
    assert [str(path) for path in sorted(desk.home.glob("audio/*")) if path not in files] == [row["audio_path"]]
    assert list((desk.home / "spool").glob("*")) == []


def test_emotion_is_noted_after_paste_unless_disabled(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    def noted() -> object:
        return desk.history()[0]["emotion"]

    file, before = tmp_path / "text", len(desk.history())
    voices = StoredVoiceBaselines(desk.home / "history.db")
    desk.open_xterm(file)
    try:
        desk.dictate(clips[1].path)
        row = new_row(desk, before)
        until(noted, "how it sounded is in the row")
        assert desk.history()[0]["emotion"]["engine"] == "local"
        assert desk.intone("history", "correct-emotion", str(row["id"]), "surprise").returncode == 0
        found = desk.intone("history", "list", "--emotion", "surprise", "--json").stdout.splitlines()
        assert [json.loads(line)["id"] for line in found] == [row["id"]]
        known = voices.latest_status()
        assert known is not None

        assert desk.intone("mood").returncode == 0
        assert desk.intone("settings", "get", "emotion.engine").stdout.strip() == "off"
        desk.dictate(clips[1].path)
        new_row(desk, before + 1)
        assert noted() is None
        assert desk.intone("mood").returncode == 0
        assert desk.intone("settings", "get", "emotion.engine").stdout.strip() == "local"

        said = len(file.read_text())
        assert desk.intone("settings", "set", "history.exclude", str(row["app"])).returncode == 0
        desk.dictate(clips[1].path)
        read_until(file, lambda text: len(text) > said)
        desk.wait_state("idle")
        assert len(desk.history()) == before + 2
        assert voices.latest_status() == known
    finally:
        desk.intone("settings", "reset", "history.exclude")
        desk.intone("settings", "reset", "emotion.engine")


def test_language_model_polishes_and_detects_emotion(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    joy = {"label": "joy", "confidence": 0.9, "valence": 0.8, "arousal": 0.4}

    def answer(messages: list[dict[str, Any]]) -> str:
        said: str = messages[-1]["content"].removeprefix("<dictation>\n").removesuffix("\n</dictation>")
        return json.dumps(joy) if "valence" in messages[0]["content"] else said.upper()

    file, before = tmp_path / "text", len(desk.history())
    (desk.home / "keys.toml").write_text('polish = "sk-test"\n')  # the keyring would ask for a password
    desk.open_qt_editor(file)
    with serve(OpenAI(compatible=True, chat=answer, key="sk-test"), tls=False) as server:
        chosen = {
            "polish.mode": "llm",
            "polish.url": f"{server.url}/v1",
            "polish.budget_ms": "3000",
            "emotion.engine": "llm",
        }
        try:
            for key, value in chosen.items():
                assert desk.intone("settings", "set", key, value).returncode == 0
            desk.dictate(clips[4].path)
            new_row(desk, before)
            until(lambda: desk.history()[0]["emotion"], "the emotion is in the row")
            row = desk.history()[0]
        finally:
            for key in chosen:
                desk.intone("settings", "reset", key)
    assert {**row["emotion"], **joy} == row["emotion"]
    assert row["text"] == row["raw_text"].upper() != ""
    assert [sent["purpose"] for sent in row["sent"]] == ["polish", "emotion"]
    assert {sent["host"] for sent in row["sent"]} == {f"localhost:{server.port}"}
    read_until(file, lambda text: text == row["text"])


def test_local_language_model_sends_nothing_out(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    assert desk.app is not None
    app, chosen = desk.app.pid, {"polish.model": "smollm2-135m", "polish.url": "local", "polish.mode": "llm"}
    try:
        for key, value in chosen.items():
            assert desk.intone("settings", "set", key, value).returncode == 0
        until(lambda: processes(app, b"llm.local_worker"), "the language model has a process")
        desk.dictate(clips[4].path)
        row = new_row(desk, before)
    finally:
        for key in chosen:
            desk.intone("settings", "reset", key)
    assert row["sent"] == []
    read_until(file, lambda text: text == row["text"] != "")
    until(lambda: not processes(app, b"llm.local_worker"), "it is not wanted any more, and its process has ended")


def test_a_model_process_that_is_killed_costs_no_word(desk: Desk, clips: list[Clip], tmp_path: Path) -> None:
    file, before = tmp_path / "text", len(desk.history())
    desk.open_qt_editor(file)
    desk.press()
    desk.wait_state("listening")
    desk.say(clips[0].path, wait=False)
    assert desk.app is not None
    (model,) = processes(desk.app.pid, b"stt.local.worker")
    os.kill(model, signal.SIGKILL)
    desk.say(clips[1].path)
    desk.release()
    row = new_row(desk, before)
    read_until(file, lambda text: text == row["text"] != "")
    assert desk.app.poll() is None


def processes(app: int, name: bytes) -> list[int]:
    """The app's children that are called so."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == app and name in (stat.parent / "cmdline").read_bytes():
                found.append(int(stat.parent.name))
    return found
