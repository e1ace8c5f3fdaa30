"""`make voice-head`: which recordings it takes, and what it makes of what was measured of them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from desktop.core.paths import find_paths
from desktop.emotion.voice_heads import VoiceHeads
from tests.support.voice_head import write_measures

sys.path.append(str(Path(__file__).parents[3] / "packaging"))
import licences
import voice_head


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Empty files with the names of RAVDESS (six actors, a song, a copy, notes) and of 320 read sentences."""
    for actor in range(1, 7):
        folder = tmp_path / f"ravdess/Actor_{actor:02}"
        folder.mkdir(parents=True)
        for name in (f"03-01-05-01-02-01-{actor:02}.wav", f"03-02-05-01-02-01-{actor:02}.wav", "notes.txt"):
            (folder / name).touch()
    (tmp_path / "ravdess/03-01-05-01-02-01-06.flac").touch()
    (tmp_path / "read").mkdir()
    for reader in range(8):
        for sentence in range(40):
            (tmp_path / f"read/{reader}-1-{sentence:04}.flac").touch()
    return tmp_path


def test_speech_of_actors_is_taken_and_songs_are_not(corpus: Path) -> None:
    taken = voice_head.find_acted(corpus / "ravdess")
    assert [path.stem for path in taken] == [f"03-01-05-01-02-01-{actor:02}" for actor in range(1, 7)]


def test_read_speech_is_taken_evenly(corpus: Path) -> None:
    taken = voice_head.find_read([corpus / "read", corpus / "ravdess"])
    assert voice_head.MIN_READ <= len(taken) <= voice_head.MAX_READ
    by_reader = [sum(path.name.startswith(f"{reader}-") for path in taken) for reader in range(8)]
    assert max(by_reader) - min(by_reader) <= 1


def test_too_few_speakers_are_refused(corpus: Path) -> None:
    with pytest.raises(voice_head.CorpusError, match="by 1 actors"):
        voice_head.find_acted(corpus / "ravdess/Actor_01")
    with pytest.raises(voice_head.CorpusError, match="0 recordings of read speech"):
        voice_head.find_read([corpus / "ravdess"])


def measured(corpus: Path, models: tuple[str, ...]) -> Path:
    """A folder for parts in which all recordings are measured already, one part by each model."""
    work = corpus / "work"
    files = voice_head.find_acted(corpus / "ravdess") + voice_head.find_read([corpus / "read"])
    folder = voice_head.parts_folder(work, files)
    folder.mkdir(parents=True)
    for index in range(-(-len(files) // voice_head.PART_SIZE)):
        write_measures(folder / f"{index:03}.npz", seed=index + 1, model=models[index % len(models)])
    return work


def test_killed_run_goes_on_and_builds_the_head(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(corpus / "home"))
    work = measured(corpus, ("small",))
    path, figures = voice_head.build(corpus / "ravdess", [corpus / "read"], work)
    assert path == find_paths().voice_heads / "voice-small-ravdess-1.npz"
    assert figures == {**figures, **{"acted": 192, "read": 48}}
    assert json.loads(path.with_suffix(".json").read_text())["acted"] == 192
    assert VoiceHeads(find_paths().voice_heads, ()).list_models() == ["small"]
    assert not list(work.iterdir()), "the next run measures anew"


def test_two_models_make_no_head(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(corpus / "home"))
    work = measured(corpus, ("small", "base"))
    with pytest.raises(voice_head.CorpusError, match="base, small"):
        voice_head.build(corpus / "ravdess", [corpus / "read"], work)
    assert not (corpus / "home").exists()


def test_unreadable_recording_stops_the_command(corpus: Path) -> None:
    command = [sys.executable, "packaging/voice_head.py", "--ravdess", corpus / "ravdess", "--read", corpus / "read"]
    run = subprocess.run(
        [*command, "--work", corpus / "work"],
        cwd=voice_head.ROOT,
        env={"INTONE_HOME": str(corpus), "PYTHONPATH": str(voice_head.ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    progress, *problems = run.stderr.splitlines()
    assert "0 of 113 recordings" in progress
    assert "03-01-05-01-02-01-01.wav: " in problems[0], "the first that cannot be read is named"


@pytest.mark.parametrize(
    ("card", "is_free"),
    [
        ("Data: GoEmotions, CC BY 4.0", True),
        ("Data: RAVDESS, CC BY-NC-SA 4.0", False),
        ("Data: CC BY 4.0, and some for non-commercial use", False),
        ("Data: found somewhere", False),
        (None, False),
    ],
)
def test_head_in_the_package_needs_free_data(tmp_path: Path, card: str | None, is_free: bool) -> None:
    for folder in ("heads", "cards"):
        (tmp_path / folder).mkdir()
    np.savez(tmp_path / "heads/voice-base-x-1.npz")
    if card is not None:
        (tmp_path / "cards/voice-base-x-1.md").write_text(card)
    assert bool(licences.find_unfree_heads(tmp_path)) is not is_free


def test_heads_of_intone_are_free() -> None:
    assert licences.find_unfree_heads(voice_head.ROOT / "models/emotion") == []
