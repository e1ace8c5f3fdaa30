"""Compare cloud services that have a key, and the local engine, on the same audio at the pace of speech: the time from
the last word to the text, and its parts.

What happens before the release costs no time, so what remains afterwards counts: handshakes not hidden behind the
speech, the rest of the upload, and the wait for the answer. The app's HTTP client measures these for engines that send
requests; an engine on a WebSocket shows only the total. The engines' trials alternate, so that other load on the
network affects all of them.

This sends the recordings to the services, which charge for it; a warning says so before.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import anyio
from anyio import to_thread

from desktop.audio import file as audio_file
from desktop.bench import metrics
from desktop.bench.dataset import DatasetItem, read_manifest, sample_items
from desktop.bench.decoders import load_streaming
from desktop.bench.metrics import percentile
from desktop.core.errors import UserError
from desktop.core.interfaces import Recognizer
from desktop.core.messages import Notes
from desktop.core.paths import find_paths
from desktop.core.table import ProgressBar, format_table
from desktop.core.types import RATE_HZ, Audio, Frame, Transcript
from desktop.credentials import store
from desktop.network import provider_models, services
from desktop.network.client import ServiceClient
from desktop.network.timing import ExchangeWatch
from desktop.settings.live import load_in_force
from desktop.settings.schema import AUTO, Settings
from desktop.stt.chinese_script import ScriptConverter
from models.store import ModelStore

LOCAL_ENGINE = "whisper"

ANSWER_TIMEOUT_S = 30.0
"""Timeout in seconds for an answer, after the end of the audio."""

RESPONSE_STARTED, REQUEST_SENT = "receive_response_headers.complete", "send_request_body.complete"
HANDSHAKE_STEPS = ("connect_tcp.complete", "start_tls.complete")

type CreateRecognizer = Callable[[str, Settings, ServiceClient], Recognizer]
"""Creates the recognizer of the service with this name."""


@dataclass(frozen=True, slots=True)
class ReleaseRemainder:
    """What remained at the release, in ms; None where no request reports it. `hidden`: every handshake was over before.

    `upload_ms`: until the last byte of audio was sent; `wait_ms`: from then to the answer's first byte.
    """

    hidden: bool | None = None
    upload_ms: float | None = None
    wait_ms: float | None = None


@dataclass(frozen=True, slots=True)
class CloudMeasurement:
    """One trial of one engine. `problem` says why there is no text."""

    engine: str
    path: str
    duration_s: float
    text: str = ""
    model: str = ""
    release_to_text_ms: float | None = None
    rest: ReleaseRemainder = ReleaseRemainder()
    sent_bytes: int = 0
    cost_usd: float | None = None
    problem: str = ""


class ExchangeLog:
    """Collects the client's exchanges during a trial."""

    def __init__(self) -> None:
        self._watches: list[ExchangeWatch] = []

    def __call__(self, watch: ExchangeWatch) -> None:
        """Add an exchange; called by `ServiceClient`."""
        self._watches.append(watch)

    def clear(self) -> None:
        """Start anew."""
        self._watches.clear()

    def remainder_at(self, released_at: float) -> ReleaseRemainder:
        """Return what remained at `released_at` of all requests since `clear`."""
        answers = [
            (answered_at, watch)
            for watch in self._watches
            if (answered_at := watch.time_of(RESPONSE_STARTED)) is not None
        ]
        answered_at, last = max(answers, key=lambda answer: answer[0], default=(0.0, None))
        if last is None or answered_at < released_at:
            return ReleaseRemainder()
        handshake_ends = [watch.time_of(step) for watch in self._watches for step in HANDSHAKE_STEPS]
        sent_at = last.time_of(REQUEST_SENT) or released_at
        return ReleaseRemainder(
            not any(at is not None and at > released_at for at in handshake_ends),
            _round_ms(max(0.0, sent_at - released_at)),
            _round_ms(answered_at - max(sent_at, released_at)),
        )


async def measure_cloud(
    files: Sequence[Path],
    requested: Sequence[str],
    limit: int | None,
    seed: int,
    model: str,
    create_recognizer: CreateRecognizer,
) -> dict[str, Any]:
    """Measure and return the report, see `build_cloud_report`.

    `files` are recordings, or one folder with a manifest; `requested` are engines, all available ones if empty. Raises
    `UserError`.
    """
    folder, items, scored = await to_thread.run_sync(_find_items, files)
    if scored:
        metrics.require_scoring()
    settings = load_in_force(find_paths()).settings
    log = ExchangeLog()
    async with AsyncExitStack() as stack:
        client = ServiceClient(settings.network.http, on_exchange=log)
        stack.push_async_callback(client.aclose)
        engines = await _create_engines(requested, settings, client, model, create_recognizer, stack)
        chosen = sample_items(items, limit, seed)
        recordings = [(item, await to_thread.run_sync(audio_file.read_audio, folder / item.path)) for item in chosen]
        _warn_of_cost(engines, sum(len(audio) for _, audio in recordings) / RATE_HZ)
        measured = await _measure_all(engines, recordings, log, settings.recognizer.chinese)
    references = {item.path: item for item in chosen} if scored else {}
    return await to_thread.run_sync(build_cloud_report, measured, references, seed)


def _find_items(files: Sequence[Path]) -> tuple[Path, list[DatasetItem], bool]:
    """Return a folder, the recordings in it, and whether their texts are known."""
    if len(files) == 1 and files[0].is_dir():
        return files[0], read_manifest(files[0]), True
    if not files:
        raise UserError("bench-cloud-speech-missing")
    return Path(), [DatasetItem(str(file), "") for file in files], False


async def _create_engines(
    requested: Sequence[str],
    settings: Settings,
    client: ServiceClient,
    model: str,
    create_recognizer: CreateRecognizer,
    stack: AsyncExitStack,
) -> dict[str, Recognizer]:
    """Create the engines by name, the local one last. Raises `UserError` where none is available."""
    engines: dict[str, Recognizer] = {}
    for name in requested or services.CLOUD_ENGINES:
        if name != LOCAL_ENGINE and (requested or await _is_available(name, settings, client)):
            engines[name] = create_recognizer(name, settings, client)
            _write_notes(name, await services.load_client(name))
    installed = any(ModelStore(find_paths().models).list_installed())
    if LOCAL_ENGINE in requested or (installed and not requested):
        engines[LOCAL_ENGINE] = (await stack.enter_async_context(load_streaming(model))).whisper
    if not engines:
        raise UserError("bench-engine-missing")
    return engines


async def _is_available(name: str, settings: Settings, client: ServiceClient) -> bool:
    """Return whether a service has a key or, for one that may need none, whether it answers."""
    try:
        service = services.build_service(name, settings)
        if not service.is_key_optional:
            return bool(await to_thread.run_sync(store.find_key, service.secret.name))
        with anyio.fail_after(ANSWER_TIMEOUT_S):
            await services.check_access(client, service, name)
    except UserError as problem:
        sys.stderr.write(f"{name} is not measured. {problem.outside_dictation()}\n")
        return False
    except TimeoutError:
        sys.stderr.write(f"{name} is not measured. It does not answer.\n")
        return False
    return True


def _write_notes(name: str, notes: Notes) -> None:
    """Write what the engine called `name` cannot do here."""
    for note in notes:
        sys.stderr.write(f"{name}: {note.outside_dictation()}\n")


def _warn_of_cost(engines: Mapping[str, Recognizer], seconds: float) -> None:
    if names := [name for name in engines if name != LOCAL_ENGINE]:
        sys.stderr.write(f"{seconds / 60:.1f} min of audio go to {', '.join(names)}, which charge for it.\n")


async def _measure_all(
    engines: Mapping[str, Recognizer], recordings: Sequence[tuple[DatasetItem, Audio]], log: ExchangeLog, chinese: str
) -> list[CloudMeasurement]:
    bar = ProgressBar(len(engines) * sum(len(audio) for _, audio in recordings) / RATE_HZ)
    measured: list[CloudMeasurement] = []
    try:
        for item, audio in recordings:
            for name, recognizer in engines.items():
                bar.update(sum(trial.duration_s for trial in measured), f"{name}: {item.path}")
                measured.append(await measure_trial(name, recognizer, item.path, audio, log, chinese))
    finally:
        bar.clear()
    return measured


async def measure_trial(
    name: str, recognizer: Recognizer, path: str, audio: Audio, log: ExchangeLog, chinese: str = AUTO
) -> CloudMeasurement:
    """Stream `audio` to `recognizer` at the pace of speech and time its answer; `chinese` is the setting of the
    script."""
    released_at = 0.0
    duration_s = round(len(audio) / RATE_HZ, 2)
    log.clear()
    timeout = anyio.CancelScope()

    async def speech() -> AsyncIterator[Frame]:
        nonlocal released_at
        async for frame in audio_file.iterate_frames(audio, realtime=True):
            yield frame
        released_at = time.monotonic()
        timeout.deadline = anyio.current_time() + ANSWER_TIMEOUT_S

    transcript: Transcript | None = None
    try:
        with timeout:
            transcript = await recognizer.transcribe(speech(), lambda partial: None)
    except UserError as problem:
        return CloudMeasurement(name, path, duration_s, problem=str(problem.outside_dictation()))
    if transcript is None:
        return CloudMeasurement(name, path, duration_s, problem=f"{name} did not answer in {ANSWER_TIMEOUT_S:.0f} s.")
    costs = [sent.cost_usd for sent in transcript.sent if sent.cost_usd is not None]
    return CloudMeasurement(
        name,
        path,
        duration_s,
        ScriptConverter(chinese, os.environ)(transcript).text,
        transcript.model,
        _round_ms(time.monotonic() - released_at),
        log.remainder_at(released_at) if name != LOCAL_ENGINE else ReleaseRemainder(),
        sum(sent.audio_bytes for sent in transcript.sent),
        sum(costs) if costs else None,
    )


def build_cloud_report(
    measured: Sequence[CloudMeasurement], references: Mapping[str, DatasetItem], seed: int
) -> dict[str, Any]:
    """Build all figures by engine, and the trials; error rates in percent for paths in `references`."""
    names = list(dict.fromkeys(trial.engine for trial in measured))
    rows = [_engine_row(name, [trial for trial in measured if trial.engine == name], references) for name in names]
    return {"seed": seed, "engines": rows, "takes": [asdict(trial) for trial in measured]}


def _engine_row(name: str, trials: Sequence[CloudMeasurement], references: Mapping[str, DatasetItem]) -> dict[str, Any]:
    successful = [trial for trial in trials if trial.release_to_text_ms is not None]
    models = sorted({trial.model for trial in successful})
    remainders = [trial.rest for trial in successful if trial.rest.hidden is not None]
    costs = [trial.cost_usd for trial in successful if trial.cost_usd is not None]
    times = [trial.release_to_text_ms or 0.0 for trial in successful]
    return {
        "engine": name,
        "model": ", ".join(models),
        "takes": len(trials),
        "failed": len(trials) - len(successful),
        "release_to_text_p50_ms": percentile(times, 50),
        "release_to_text_p95_ms": percentile(times, 95),
        "handshakes_hidden": sum(1 for rest in remainders if rest.hidden) if remainders else None,
        "upload_rest_p50_ms": percentile([rest.upload_ms or 0.0 for rest in remainders], 50),
        "wait_p50_ms": percentile([rest.wait_ms or 0.0 for rest in remainders], 50),
        "error_percent": _error_percent(successful, references),
        "usd_per_min": _price_per_min(name, models),
        "cost_usd": round(sum(costs), 6) if costs else None,
    }


def _error_percent(measured: Sequence[CloudMeasurement], references: Mapping[str, DatasetItem]) -> float | None:
    """Return the error rate in percent of words, or characters; None where nothing can be compared."""
    wrong = words = 0
    for trial in measured:
        item = references.get(trial.path)
        if item is None or not (reference := metrics.tokenize(item.text, item.lang)):
            continue
        wrong += metrics.count_edits(reference, metrics.tokenize(trial.text, item.lang))
        words += len(reference)
    return round(100 * wrong / words, 3) if words else None


def _price_per_min(name: str, models: Sequence[str]) -> float | None:
    if name == LOCAL_ENGINE:
        return 0.0
    return provider_models.find_provider_model(name, models[0]).usd_per_min if len(models) == 1 else None


def format_cloud(report: dict[str, Any]) -> str:
    """Format the report as text."""
    keys = ("takes", "release_to_text_p50_ms", "release_to_text_p95_ms", "handshakes_hidden", "upload_rest_p50_ms")
    rows = [
        [
            row["engine"],
            row["model"],
            *(row[key] for key in (*keys, "wait_p50_ms", "error_percent")),
            _cents_per_min(row),
        ]
        for row in report["engines"]
    ]
    header = ("engine", "model", "takes", "p50 ms", "p95 ms", "hidden", "upload ms", "wait ms", "WER %", "cents/min")
    failed = [
        f"{trial['engine']}, {trial['path']}: {trial['problem']}" for trial in report["takes"] if trial["problem"]
    ]
    return "\n".join(
        [
            format_table(header, rows),
            "",
            "p50, p95: from the last word to the text. Hidden: takes in which every handshake was over before that.",
            "Upload: what was left to send then. Wait: from there to the answer. A socket shows as a whole.",
            *(["", *failed] if failed else []),
        ]
    )


def _cents_per_min(row: Mapping[str, Any]) -> float | None:
    return None if row["usd_per_min"] is None else 100 * row["usd_per_min"]


def _round_ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
