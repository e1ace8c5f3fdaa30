"""A history as a user has it who corrects some texts: recordings, what a model made of them, and what was said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.bench.mine import MineSetup
from desktop.bench.said import draw_recordings, find_sample, read_said
from desktop.core.types import Outcome
from desktop.history.bench_results import Draw
from desktop.history.repair import RECORDING_NAME_FORMAT
from desktop.history.rows import HistoryEntry, HistoryRow
from desktop.history.store import HistoryStore
from desktop.settings.schema import Settings
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.model_choice import LocalModel
from models.store import ModelStore
from tests.support.lent_files import lend

BEGAN = datetime(2026, 3, 14, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Dictated:
    """A dictation of `recording`, recognized as `heard`; `said` is the user's correction, None where there is none."""

    recording: Path
    duration_s: float
    heard: str
    said: str | None
    model: str = "tiny.en"
    language: str = "en"


def fill(home: Path, dictated: Iterable[Dictated]) -> HistoryStore:
    """Write a row of each into the history of `home`, with its recording."""
    audio = home / "audio"
    audio.mkdir(parents=True, exist_ok=True)
    history = HistoryStore(home / "history.db")
    for number, one in enumerate(dictated):
        started_at = BEGAN + number * timedelta(minutes=3)
        recording = audio / f"{started_at:{RECORDING_NAME_FORMAT}}.flac"
        lend(one.recording, recording)
        row = history.add(
            HistoryEntry(
                started_at=started_at,
                raw_text=one.heard,
                text=one.heard,
                language=one.language,
                duration_s=one.duration_s,
                engine="whisper",
                model=one.model,
                delivery=Outcome.INSERTED,
                audio_path=recording,
            )
        )
        if one.said is not None:
            history.correct_text(row.id, one.said)
    return history


def make_row(number: int, heard: str, edited: str | None, model: str = "tiny") -> HistoryRow:
    """Return a row with a recording of three seconds that is not on the disk."""
    return HistoryRow(
        id=number,
        started_at=BEGAN + number * timedelta(minutes=3),
        raw_text=heard,
        text=heard,
        edited=edited,
        language="en",
        duration_s=3.0,
        engine="whisper",
        model=model,
        delivery=Outcome.INSERTED,
        audio_path=Path(f"{number}.flac"),
    )


def make_setup(texts: Sequence[tuple[str, str, bool]], models: Sequence[str], words: Sequence[str] = ()) -> MineSetup:
    """Return what compares `models`, the first is in use and wrote the texts.

    `texts` are what was heard, what was said, and whether that is known.
    """
    rows = [
        make_row(number, heard, said if is_checked else None, models[0])
        for number, (heard, said, is_checked) in enumerate(texts, 1)
    ]
    said = read_said(rows, words)
    keys = tuple(one.key for one in said.recordings)
    draw = Draw(keys, frozenset(keys))
    return MineSetup(
        settings=Settings(),
        options=LocalEngineOptions(),
        store=ModelStore(Path("models")),
        models={name: LocalModel(name, Path("models") / name) for name in models},
        all_said=said,
        draw=draw,
        sample=find_sample(draw, said.recordings),
        drawn=tuple(draw_recordings(said.recordings, None, 0)),
        seed=0,
    )
