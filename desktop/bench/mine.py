"""Compare the installed models on the user's own recordings and corrected texts: `intone bench mine`.

Nothing leaves the machine: services are listed with their price and not run. Each recording is streamed to one model
after the other at the pace of speech, on a clock that skips waits (`desktop.bench.clock`), as a dictation streams it;
the time at release is from its end to the text, without polish and paste. What was counted is stored, so that a run
that was ended goes on, and the report is made of what is stored.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import anyio
from anyio import to_thread

from desktop.app import factory
from desktop.audio.file import iterate_frames, read_audio
from desktop.bench import said, word_counts
from desktop.bench.clock import SkippingClock
from desktop.bench.comparison import ComparedRecording, WordCounts
from desktop.bench.said import SaidRecording, SaidRecordings
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.core.types import RATE_HZ
from desktop.history import bench_results, connection
from desktop.history.bench_results import BenchResult, BenchResults, Draw
from desktop.history.schema import history_errors
from desktop.history.store import HistoryStore
from desktop.settings.live import load_in_force
from desktop.settings.schema import AUTO, Settings
from desktop.stt.chinese_script import ScriptConverter
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.cuda import has_cuda
from desktop.stt.local.engine_options import LocalEngineOptions, local_engine_options
from desktop.stt.local.model_choice import LocalModel
from models.catalog import ModelError
from models.choice import choose_model
from models.store import ModelStore

DEFAULT_LIMIT = 60
"""Recordings to compare by, unless the user says otherwise: some minutes for each model."""

MAX_ROWS = 5_000
"""Newest dictations among which recordings are looked for."""


MAX_FAILED = 3
"""Recordings in a row that a model may fail at before it is left out."""


class Progress(NamedTuple):
    """`done` of `total` results are there; `model` is being measured."""

    done: int
    total: int
    model: str


@dataclass(frozen=True, slots=True)
class MineSetup:
    """What is compared: the models by name, the one in use first, and the recordings drawn from `all_said`, of which
    those of the `sample` stand for all; `draw` is what the user is asked to check.

    `digest_key`, whose id is `key_id`, is the key of an encrypted history.
    """

    settings: Settings
    options: LocalEngineOptions
    store: ModelStore
    models: Mapping[str, LocalModel]
    all_said: SaidRecordings
    draw: Draw
    sample: frozenset[str]
    drawn: tuple[SaidRecording, ...]
    seed: int
    digest_key: bytes = b""
    key_id: str = ""

    @property
    def in_use(self) -> str:
        """The model that the others are compared with."""
        return next(iter(self.models))

    def unchecked_totals(self) -> dict[str, int]:
        """Return how many unchecked recordings there are of each writer."""
        return Counter(one.writer for one in self.all_said.recordings if not one.is_checked)


def load_setup(paths: Paths, chosen: Sequence[str], limit: int | None, seed: int) -> MineSetup:
    """Read the settings, the models and the history. Blocks. Raises `UserError`.

    `chosen` are the models beside the one in use, empty for all that are installed.
    """
    settings = load_in_force(paths).settings
    vocabulary = factory.load_vocabulary(settings.vocabulary, paths.vocabulary)
    options = local_engine_options(factory.add_recognition_terms(settings, vocabulary))
    store = ModelStore(paths.models)
    models = _find_models(store, options, chosen)
    rows = HistoryStore(paths.history).rows(MAX_ROWS)
    existing = [row for row in rows if row.audio_path is not None and row.audio_path.is_file()]
    all_said = said.read_said(existing, vocabulary.words)
    draw = bench_results.load_draw(paths.bench_results)
    if said.extend_draw(draw, all_said.recordings) != draw:
        with history_errors(paths.bench_results):
            draw = bench_results.extend_draw(
                paths.bench_results, lambda stored: said.extend_draw(stored, all_said.recordings)
            )
    sample = said.find_sample(draw, all_said.recordings)
    drawn = said.draw_recordings(all_said.recordings, limit, seed, sample)
    return MineSetup(
        settings, options, store, models, all_said, draw, sample, tuple(drawn), seed, *load_digest_key(paths.history)
    )


def load_digest_key(history: Path) -> tuple[bytes, str]:
    """Return the key for digests of what was said in the history, and its id; both empty where it is not encrypted.
    Blocks. Raises `HistoryError`."""
    with history_errors(history), connection.shared_lock(history):
        key = connection.load_key(history, connection.current_file(history))
    return (b"", "") if key is None else (key.derive("bench"), key.id.hex())


def _find_models(store: ModelStore, options: LocalEngineOptions, chosen: Sequence[str]) -> dict[str, LocalModel]:
    installed = list(store.list_installed())
    in_use = options.model
    if in_use == AUTO:
        in_use = choose_model(installed, (), cuda=has_cuda(), languages=options.model_languages).installed or ""
    names = dict.fromkeys((in_use, *(chosen or installed)))
    try:
        models = {
            name: LocalModel.from_catalog(name, store.resolve_folder(name), store.models) for name in names if name
        }
    except ModelError as error:
        raise UserError.from_coded(error) from error
    if not models:
        raise UserError("bench-mine-model-missing")
    return models


async def measure(
    clock: SkippingClock,
    setup: MineSetup,
    file: Path,
    on_progress: Callable[[Progress], None],
    on_left_out: Callable[[str, UserError], None],
    max_s: float | None = None,
) -> bool:
    """Measure what `file` has no result of, one model after the other, and store each result; return whether all are
    there. Ends after `max_s` seconds, with the recording that it is at.

    A model or recording that fails is left out, and given to `on_left_out` by its name; what is deleted meanwhile is
    left out without a word.
    """
    results = await to_thread.run_sync(bench_results.load_results, file, setup.key_id)
    deadline = None if max_s is None else anyio.current_time() - clock.skipped_s + max_s
    total, done = len(setup.models) * len(setup.drawn), len(current_counts(setup, results))
    for name, model in setup.models.items():
        identity = identify_model(setup, model)
        known = results.get(identity, {})
        missing = [one for one in setup.drawn if not _is_current(known.get(one.key), one, setup)]
        if not missing:
            continue
        on_progress(Progress(done, total, name))
        client = create_client(setup, model)
        try:
            await client.load()
            with suppress(UserError):  # the first decode compiles kernels
                await stream_recording(clock, client, missing[0], setup)
            failed = 0
            for recording in missing:
                if deadline is not None and anyio.current_time() - clock.skipped_s > deadline:
                    return False
                try:
                    result = await _measure_recording(clock, client, recording, setup)
                    done += await to_thread.run_sync(_store_result, file, identity, recording, result, setup.key_id)
                except UserError as problem:
                    if not recording.file.is_file():
                        continue
                    failed += 1
                    if failed == MAX_FAILED:
                        raise
                    on_left_out(f"{name}, {recording.key}", problem)
                else:
                    failed = 0
                    on_progress(Progress(done, total, name))
        except UserError as problem:
            on_left_out(name, problem)
        finally:
            await client.close()
    return done >= total


def _store_result(file: Path, identity: str, recording: SaidRecording, result: BenchResult, key_id: str) -> bool:
    with history_errors(file):
        return bench_results.add_result(file, identity, recording.file, result, key_id)


def create_client(setup: MineSetup, model: LocalModel) -> WhisperClient:
    """Return the recognizer of `model` as a dictation has it."""

    async def get_model() -> LocalModel:
        return model

    options = setup.options
    return WhisperClient(get_model, options.languages, user_words=options.words, store=setup.store)


async def _measure_recording(
    clock: SkippingClock, client: WhisperClient, recording: SaidRecording, setup: MineSetup
) -> BenchResult:
    text, release_ms = await stream_recording(clock, client, recording, setup)
    heard = word_counts.split_said(text, recording.row.language)
    names, names_right = word_counts.count_names(setup.all_said.names, recording.words, heard)
    errors = word_counts.count_errors(recording.words, heard)
    digest = said.digest_said(recording, setup.all_said.names, setup.digest_key)
    return (digest, len(recording.words), errors, names, names_right, round(release_ms, 1))


async def stream_recording(
    clock: SkippingClock, client: WhisperClient, recording: SaidRecording, setup: MineSetup
) -> tuple[str, float]:
    """Stream a recording at the pace of speech; return the text, and the milliseconds from its end to the text."""
    audio = await to_thread.run_sync(read_audio, recording.file)
    if not len(audio):  # of a damaged file
        raise UserError("audio-file-silent", path=str(recording.file))
    with clock.skipping(lambda: client.is_busy):
        started_at = anyio.current_time()
        frames = iterate_frames(audio, realtime=True)
        transcript = await client.transcribe(frames, lambda partial: None)
        taken_s = anyio.current_time() - started_at
    transcript = ScriptConverter(setup.settings.recognizer.chinese, os.environ)(transcript)
    return transcript.text, 1000 * max(0.0, taken_s - len(audio) / RATE_HZ)


def identify_model(setup: MineSetup, model: LocalModel) -> str:
    """Return the model's name with what tells its revision, where its files are from or when the user's own were
    written, and a digest of the languages and words that it is to expect."""
    options = setup.options
    digest = said.digest_text("\n".join([*options.languages, "", *options.words]), setup.digest_key)
    source = setup.store.installed_source(model.name) if model.name in setup.store.models else None
    if source is not None:
        return f"{model.name} {source.origin} {digest}"
    return f"{model.folder} {max(file.stat().st_mtime_ns for file in model.folder.iterdir())} {digest}"


def current_counts(setup: MineSetup, results: BenchResults) -> dict[tuple[str, str], WordCounts]:
    """Return the results that hold for the recordings as they are now, by recording and model."""
    found = {}
    for name, model in setup.models.items():
        known = results.get(identify_model(setup, model), {})
        for recording in setup.drawn:
            result = known.get(recording.key)
            if result is not None and _is_current(result, recording, setup):
                words, errors, names, names_right = (int(value) for value in result[1:-1])
                found[recording.key, name] = WordCounts(words, errors, names, names_right, result[-1])
    return found


def _is_current(result: BenchResult | None, recording: SaidRecording, setup: MineSetup) -> bool:
    return result is not None and result[0] == said.digest_said(recording, setup.all_said.names, setup.digest_key)


def list_compared(setup: MineSetup, counts: Mapping[tuple[str, str], WordCounts]) -> list[ComparedRecording]:
    """Return the drawn recordings with what each model made of them."""
    return [
        ComparedRecording(
            one.is_checked,
            one.writer,
            {name: counts[one.key, name] for name in setup.models if (one.key, name) in counts},
            one.key in setup.sample,
        )
        for one in setup.drawn
    ]
