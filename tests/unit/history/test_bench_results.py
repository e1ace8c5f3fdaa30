"""What was counted in recordings is stored without words, and goes with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from desktop.bench import mine
from desktop.bench.said import digest_said, read_said
from desktop.core.paths import Paths
from desktop.history.bench_results import (
    Draw,
    add_result,
    extend_draw,
    forget_results,
    keep_results,
    load_draw,
    load_results,
)
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history, delete_dictation
from tests.support.bench_history import Dictated, fill, make_row
from tests.support.encrypted_home import turn
from tests.support.private_files import is_private

RESULTS = {"base hub": {"1": (77.0, 5.0, 1.0, 0.0, 0.0, 210.5), "2": (78.0, 4.0, 0.0, 1.0, 1.0, 180.0)}}

WRITER = """
import sys
from pathlib import Path
from desktop.history.bench_results import add_result
for number in range(40):
    add_result(Path(sys.argv[1]), f"{sys.argv[2]}{number}", Path(sys.argv[3]), (1.0,) * 6)
"""


def save(file: Path) -> None:
    """Store `RESULTS`, of recordings beside the file."""
    for model, results in RESULTS.items():
        for name, result in results.items():
            recording = file.with_name(f"{name}.flac")
            recording.parent.mkdir(exist_ok=True)
            recording.touch()
            assert add_result(file, model, recording, result)


def test_results_are_stored_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "state" / "bench.json"
    assert load_results(file) == {}
    save(file)
    assert load_results(file) == RESULTS
    assert is_private(file)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"version": 2, "results": {}}',
        '{"version": 1, "results": {"base": {"1": [1, 2]}}, "key_id": ""}',
        '{"version": 1}',
    ],
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bench.json"
    file.write_text(text)
    assert load_results(file) == {}


def test_what_was_drawn_is_kept_as_long_as_its_recordings(tmp_path: Path) -> None:
    file = tmp_path / "state" / "bench.json"
    draw = Draw(("2", "1", "3"), frozenset({"1", "3"}))
    assert extend_draw(file, lambda stored: stored) == Draw()
    assert not file.exists()
    assert extend_draw(file, lambda stored: draw) == load_draw(file) == draw
    keep_results(file, lambda: {Path("audio/1.flac"), Path("audio/2.flac")})
    assert load_draw(file) == Draw(("2", "1"), frozenset({"1"}))


def test_nothing_is_stored_of_a_recording_that_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    assert not add_result(file, "base", tmp_path / "1.flac", (1.0,) * 6)
    assert not file.exists()


def test_what_was_measured_with_other_options_is_dropped(tmp_path: Path) -> None:
    file, recording = tmp_path / "bench.json", tmp_path / "1.flac"
    recording.touch()
    for model in ("base hub 1", "tiny hub 1", "base hub 2"):
        add_result(file, model, recording, (1.0,) * 6)
    assert load_results(file).keys() == {"tiny hub 1", "base hub 2"}


def test_several_writers_take_turns(tmp_path: Path) -> None:
    file, recording = tmp_path / "bench.json", tmp_path / "1.flac"
    recording.touch()
    commands = [[sys.executable, "-c", WRITER, str(file), name, str(recording)] for name in "ab"]
    writers = [subprocess.Popen(command) for command in commands]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert load_results(file).keys() == {f"{name}{number}" for name in "ab" for number in range(40)}


def test_what_a_killed_writer_left_goes_too(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    part = tmp_path / "bench.json.part"
    part.write_text("a part")
    keep_results(file, set)
    assert not part.exists()
    part.write_text("a part")
    forget_results(file)
    assert not part.exists()


def test_results_end_with_their_recordings(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    keep_results(file, lambda: pytest.fail("without results no recording is looked for"))
    assert not file.exists()
    save(file)
    keep_results(file, lambda: {Path("audio/2.flac"), Path("audio/3.flac")})
    assert load_results(file) == {"base hub": {"2": RESULTS["base hub"]["2"]}}
    forget_results(file)
    forget_results(file)
    assert not file.exists()


def test_deleting_a_dictation_or_all_deletes_what_was_counted(paths: Paths, tmp_path: Path) -> None:
    sound = tmp_path / "sound.flac"
    sound.write_bytes(b"")
    fill(paths.data, [Dictated(sound, 3.0, "one", None), Dictated(sound, 3.0, "two", None)])
    history = HistoryStore(paths.history)
    rows = history.rows()
    recordings = [row.audio_path for row in rows if row.audio_path is not None]
    for recording in recordings:
        assert add_result(paths.bench_results, "base", recording, (1.0, 1.0, 0.0, 0.0, 0.0, 9.0))
    delete_dictation(paths, history, rows[0].id)
    assert load_results(paths.bench_results)["base"].keys() == {recordings[1].stem}
    clear_history(paths, history)
    assert not paths.bench_results.exists()


def test_without_the_key_of_an_encrypted_history_a_digest_tells_no_words(home: Paths) -> None:
    assert mine.load_digest_key(home.history) == (b"", "")
    turn(home, on=True)
    key, key_id = mine.load_digest_key(home.history)
    assert (len(key), bool(key_id)) == (32, True)
    pins = [read_said([make_row(1, f"my pin is {pin}", None)], ()).recordings[0] for pin in range(4700, 4720)]
    with_key, without = ([digest_said(pin, (), secret) for pin in pins] for secret in (key, b""))
    assert len(set(with_key)) == len(pins)
    assert not set(with_key) & set(without)
    assert key.hex() not in key_id


def test_what_was_stored_in_the_clear_goes_once_the_history_is_encrypted(home: Paths, tmp_path: Path) -> None:
    recording = tmp_path / "1.flac"
    recording.touch()
    result = (77.0, 1.0, 0.0, 0.0, 0.0, 9.0)
    add_result(home.bench_results, "base", recording, result)
    extend_draw(home.bench_results, lambda draw: Draw(("1",), draw.asked))
    turn(home, on=True)
    assert load_results(home.bench_results) == {}
    assert load_draw(home.bench_results) == Draw(("1",)), "a name tells no words"
    _, key_id = mine.load_digest_key(home.history)
    add_result(home.bench_results, "base", recording, result, key_id)
    turn(home, on=True)
    assert load_results(home.bench_results, key_id) == {"base": {"1": result}}
    assert load_results(home.bench_results) == {}, "digests of another key say nothing"
