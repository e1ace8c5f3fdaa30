"""Measuring recordings: what is deleted or fails meanwhile ends nothing and stays away, and other writers' results
stay."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile

from desktop.bench import mine
from desktop.bench.clock import SkippingClock
from desktop.bench.mine import MineSetup, Progress
from desktop.bench.said import read_said
from desktop.core.errors import RecognizerError, UserError
from desktop.core.paths import Paths
from desktop.core.types import Frame, Transcript
from desktop.history.bench_results import add_result, load_results
from desktop.history.rows import HistoryRow
from desktop.history.store import HistoryStore
from desktop.history.user_deletion import clear_history, delete_dictation
from desktop.stt.local.model_choice import LocalModel
from tests.support.bench_history import Dictated, fill, make_setup

RECORDINGS = 6


@dataclass
class FakeClient:
    """A recognizer that hears the same in each recording; the model `broken` cannot be loaded."""

    model: LocalModel
    is_busy: bool = False
    on_transcribe: Callable[[], None] = lambda: None

    async def load(self) -> None:
        """Load the model."""
        if self.model.name == "broken":
            raise RecognizerError("model-missing", model="broken")

    async def close(self) -> None:
        """Unload it."""

    async def transcribe(self, frames: AsyncIterable[Frame], on_partial: Callable[[str], None]) -> Transcript:
        """Return the words."""
        async for _ in frames:
            pass
        self.on_transcribe()
        return Transcript(text="we met")


@dataclass
class Bench:
    """A history of recordings, and models that are measured on them."""

    paths: Paths
    rows: list[HistoryRow]
    setup: MineSetup
    left_out: list[str] = field(default_factory=list)

    def run(self, on_progress: Callable[[Progress], None] = lambda progress: None) -> bool:
        """Measure all."""
        clock = SkippingClock()

        async def work() -> bool:
            return await mine.measure(
                clock,
                self.setup,
                self.paths.bench_results,
                on_progress,
                lambda name, problem: self.left_out.append(name),
            )

        return anyio.run(work, backend_options={"loop_factory": clock.create_loop})

    def stored(self) -> dict[str, int]:
        """Return how many results there are of each model."""
        results = load_results(self.paths.bench_results)
        return {Path(model.split()[0]).name: len(of) for model, of in results.items()}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    sound = tmp_path / "sound.flac"
    soundfile.write(sound, np.zeros(8_000, np.float32), 16_000)
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    history = fill(tmp_path, [Dictated(sound, 1.0, "we met", "we met") for _ in range(RECORDINGS)])
    rows = history.rows()
    models = {name: LocalModel(name, tmp_path / "own" / name) for name in ("a", "b")}
    for model in models.values():
        model.folder.mkdir(parents=True)
        (model.folder / "model.bin").write_bytes(b"")
    all_said = read_said(rows, ())
    setup = replace(make_setup([], ["a"]), models=models, all_said=all_said, drawn=all_said.recordings)
    monkeypatch.setattr(mine, "create_client", lambda setup, model: FakeClient(model))
    return Bench(paths, rows, setup)


def test_everything_is_measured_once(bench: Bench) -> None:
    assert bench.run()
    assert bench.stored() == {"a": RECORDINGS, "b": RECORDINGS}
    assert bench.run(lambda progress: pytest.fail("nothing is missing"))
    assert bench.left_out == []


def test_results_of_what_is_deleted_meanwhile_do_not_come_back(bench: Bench) -> None:
    gone = bench.rows[0]

    def delete(progress: Progress) -> None:
        if (progress.model, progress.done) == ("a", 2):
            delete_dictation(bench.paths, HistoryStore(bench.paths.history), gone.id)

    assert not bench.run(delete)
    assert gone.audio_path is not None
    assert not any(gone.audio_path.stem in of for of in load_results(bench.paths.bench_results).values())
    assert bench.stored() == {"a": RECORDINGS - 1, "b": RECORDINGS - 1}


def test_clearing_the_history_ends_a_run_without_a_trace(bench: Bench) -> None:
    def clear(progress: Progress) -> None:
        if (progress.model, progress.done) == ("a", 2):
            clear_history(bench.paths, HistoryStore(bench.paths.history))

    assert not bench.run(clear)
    assert not bench.paths.bench_results.exists()


def test_a_deletion_while_a_recording_is_heard_leaves_nothing_of_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clear() -> None:
        clear_history(bench.paths, HistoryStore(bench.paths.history))

    monkeypatch.setattr(mine, "create_client", lambda setup, model: FakeClient(model, on_transcribe=clear))
    assert not bench.run()
    assert not bench.paths.bench_results.exists()
    assert bench.left_out == []


def test_what_another_writer_stored_stays(bench: Bench) -> None:
    recording = bench.setup.drawn[0].file

    def write(progress: Progress) -> None:
        add_result(bench.paths.bench_results, "other", recording, (1.0, 1.0, 0.0, 0.0, 0.0, 9.0))

    assert bench.run(write)
    assert bench.stored() == {"other": 1, "a": RECORDINGS, "b": RECORDINGS}


def test_other_words_to_expect_are_measured_anew(bench: Bench) -> None:
    assert bench.run()
    bench.setup = replace(bench.setup, options=replace(bench.setup.options, words=("Ulm",)))
    totals: list[int] = []
    assert bench.run(lambda progress: totals.append(progress.done))
    assert (totals[0], totals[-1]) == (0, 2 * RECORDINGS)


def test_a_model_or_recording_that_fails_is_named_and_left_out(bench: Bench) -> None:
    broken = LocalModel("broken", bench.setup.models["a"].folder)
    bench.setup = replace(bench.setup, models={"broken": broken, "b": bench.setup.models["b"]})
    damaged = bench.setup.drawn[3]
    damaged.file.unlink()
    damaged.file.write_bytes(b"no sound")
    assert not bench.run()
    assert bench.left_out == ["broken", f"b, {damaged.key}"]
    assert bench.stored() == {"b": RECORDINGS - 1}


def test_a_model_that_fails_at_each_recording_is_left_out_soon(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise UserError("bench-mine-failed")

    monkeypatch.setattr(mine, "create_client", lambda setup, model: FakeClient(model, on_transcribe=fail))
    assert not bench.run()
    assert bench.left_out == [
        *(f"a, {one.key}" for one in bench.setup.drawn[: mine.MAX_FAILED - 1]),
        "a",
        *(f"b, {one.key}" for one in bench.setup.drawn[: mine.MAX_FAILED - 1]),
        "b",
    ]
