"""What was counted in recordings is stored without words, and goes with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.core.paths import Paths
from desktop.history.bench_results import forget_results, keep_results, load_results, save_results
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history, delete_dictation
from tests.support.bench_history import Dictated, fill
from tests.support.private_files import is_private

RESULTS = {"base hub": {"1": (77.0, 5.0, 1.0, 0.0, 0.0, 210.5), "2": (78.0, 4.0, 0.0, 1.0, 1.0, 180.0)}}


def test_results_are_stored_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "state" / "bench.json"
    assert load_results(file) == {}
    save_results(file, RESULTS)
    assert load_results(file) == RESULTS
    assert is_private(file)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"version": 2, "results": {}}', '{"version": 1, "results": {"base": {"1": [1, 2]}}}', '{"version": 1}'],
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bench.json"
    file.write_text(text)
    assert load_results(file) == {}


def test_results_end_with_their_recordings(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    keep_results(file, lambda: pytest.fail("without results no recording is looked for"))
    assert not file.exists()
    save_results(file, RESULTS)
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
    recordings = [row.audio_path.stem for row in rows if row.audio_path is not None]
    save_results(paths.bench_results, {"base": dict.fromkeys(recordings, (1.0, 1.0, 0.0, 0.0, 0.0, 9.0))})
    delete_dictation(paths, history, rows[0].id)
    assert load_results(paths.bench_results)["base"].keys() == {recordings[1]}
    clear_history(paths, history)
    assert not paths.bench_results.exists()
