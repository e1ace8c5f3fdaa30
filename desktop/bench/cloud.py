"""Compare cloud services that have a key, and the local engine, on the same audio at the pace of speech: the time from
the last word to the text, and its parts.

What happens before the release costs no time, so what remains afterwards counts: handshakes not hidden behind the
speech, the rest of the upload, and the wait for the answer. The app's HTTP client measures these for engines that send
requests; an engine on a WebSocket shows only the total. The engines' takes alternate, so that other load on the network
affects all of them.

This sends the recordings to the services, which charge for it; a warning says so before.
"""

from __future__ import annotations

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
from desktop.bench import metrics as score
from desktop.bench.dataset import Item, drawn, read
from desktop.bench.engines import streaming
from desktop.bench.estimate import percentile
from desktop.core.errors import Problem
from desktop.core.interfaces import Recognizer
from desktop.core.paths import paths
from desktop.core.table import Bar, table
from desktop.core.types import RATE_HZ, Audio, Frame, Transcript
from desktop.credentials import store as credentials
from desktop.network import provider_models as offers
from desktop.network import services
from desktop.network.client import Client
from desktop.network.timing import Watch
from desktop.settings.schema import Settings
from desktop.settings.store import load
from models.store import Store

LOCAL = "whisper"

PATIENCE_S = 30.0
"""Timeout in seconds for an answer, after the end of the audio."""

type Make = Callable[[str, Settings, Client], Recognizer]
"""Creates the recognizer of the service with this name."""


@dataclass(frozen=True, slots=True)
class Rest:
    """What remained at the release, in ms; None where no request reports it. `hidden`: every handshake was over before.

    `upload_ms`: until the last byte of audio was sent; `wait_ms`: from then to the answer's first byte.
    """

    hidden: bool | None = None
    upload_ms: float | None = None
    wait_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """One take of one engine. `problem` says why there is no text."""

    engine: str
    path: str
    duration_s: float
    text: str = ""
    model: str = ""
    release_to_text_ms: float | None = None
    rest: Rest = Rest()
    sent_bytes: int = 0
    cost_usd: float | None = None
    problem: str = ""


class Exchanges:
    """Collects the client's exchanges during a take."""

    def __init__(self) -> None:
        self._watches: list[Watch] = []

    def __call__(self, watch: Watch) -> None:
        """Add an exchange; called by `Client`."""
        self._watches.append(watch)

    def clear(self) -> None:
        """Start anew."""
        self._watches.clear()

    def rest(self, released_at: float) -> Rest:
        """Return what remained at `released_at` of all requests since `clear`."""
        ends = [(answered, watch) for watch in self._watches if (answered := watch.at(ANSWERED)) is not None]
        answered, last = max(ends, key=lambda end: end[0], default=(0.0, None))
        if last is None or answered < released_at:
            return Rest()
        shakes = [watch.at(step) for watch in self._watches for step in HANDSHAKES]
        out = last.at(SENT) or released_at
        return Rest(
            not any(at is not None and at > released_at for at in shakes),
            _ms(max(0.0, out - released_at)),
            _ms(answered - max(out, released_at)),
        )


ANSWERED, SENT = "receive_response_headers.complete", "send_request_body.complete"
HANDSHAKES = ("connect_tcp.complete", "start_tls.complete")


async def measure(
    files: Sequence[Path], wanted: Sequence[str], limit: int | None, seed: int, model: str, make: Make
) -> dict[str, Any]:
    """Measure and return the report, see `build_cloud_report`.

    `files` are recordings, or one folder with a manifest; `requested` are engines, all available ones if empty. Raises
    `UserError`.
    """
    folder, items, scored = await to_thread.run_sync(_items, files)
    if scored:
        score.ready()
    settings = load(paths().settings).settings
    exchanges = Exchanges()
    async with AsyncExitStack() as stack:
        client = Client(settings.network.http, watched=exchanges)
        stack.push_async_callback(client.aclose)
        engines = await _engines(wanted, settings, client, model, make, stack)
        chosen = drawn(items, limit, seed)
        recordings = [(item, await to_thread.run_sync(audio_file.read, folder / item.path)) for item in chosen]
        _warn(engines, sum(len(audio) for _, audio in recordings) / RATE_HZ)
        measured = await _takes(engines, recordings, exchanges)
    references = {item.path: item for item in chosen} if scored else {}
    return await to_thread.run_sync(report, measured, references, seed)


async def _takes(
    engines: Mapping[str, Recognizer], recordings: Sequence[tuple[Item, Audio]], exchanges: Exchanges
) -> list[Measured]:
    bar = Bar(len(engines) * sum(len(audio) for _, audio in recordings) / RATE_HZ)
    measured: list[Measured] = []
    try:
        for item, audio in recordings:
            for name, recognizer in engines.items():
                bar.to(sum(one.duration_s for one in measured), f"{name}: {item.path}")
                measured.append(await take(name, recognizer, item.path, audio, exchanges))
    finally:
        bar.clear()
    return measured


async def take(name: str, recognizer: Recognizer, path: str, audio: Audio, exchanges: Exchanges) -> Measured:
    """Stream `audio` to `recognizer` at the pace of speech and time its answer."""
    released_at = 0.0
    duration_s = round(len(audio) / RATE_HZ, 2)
    exchanges.clear()
    patience = anyio.CancelScope()

    async def speech() -> AsyncIterator[Frame]:
        nonlocal released_at
        async for frame in audio_file.frames(audio, pace=True):
            yield frame
        released_at = time.monotonic()
        patience.deadline = anyio.current_time() + PATIENCE_S

    said: Transcript | None = None
    try:
        with patience:
            said = await recognizer.transcribe(speech(), lambda partial: None)
    except Problem as problem:
        return Measured(name, path, duration_s, problem=str(problem))
    if said is None:
        return Measured(name, path, duration_s, problem=f"{name} did not answer in {PATIENCE_S:.0f} s.")
    costs = [sent.cost_usd for sent in said.sent if sent.cost_usd is not None]
    return Measured(
        name,
        path,
        duration_s,
        said.text,
        said.model,
        _ms(time.monotonic() - released_at),
        exchanges.rest(released_at) if name != LOCAL else Rest(),
        sum(sent.audio_bytes for sent in said.sent),
        sum(costs) if costs else None,
    )


def _items(files: Sequence[Path]) -> tuple[Path, list[Item], bool]:
    """Return a folder, the recordings in it, and whether their texts are known."""
    if len(files) == 1 and files[0].is_dir():
        return files[0], read(files[0]), True
    if not files:
        raise Problem(
            "There is no speech to measure with.", "Give recordings, or a folder with a manifest.tsv of their texts."
        )
    return Path(), [Item(str(file), "") for file in files], False


async def _engines(
    wanted: Sequence[str], settings: Settings, client: Client, model: str, make: Make, stack: AsyncExitStack
) -> dict[str, Recognizer]:
    """Create the engines by name, the local one last. Raises `UserError` where none is available."""
    found: dict[str, Recognizer] = {}
    for name in wanted or services.ENGINES:
        if name != LOCAL and (wanted or await _answers(name, settings, client)):
            found[name] = make(name, settings, client)
    installed = any(Store(paths().models).installed())
    if LOCAL in wanted or (installed and not wanted):
        found[LOCAL] = (await stack.enter_async_context(streaming(model))).whisper
    if not found:
        raise Problem("No engine can be asked.", "Set a key: intone key set openai. Or install a model.")
    return found


async def _answers(name: str, settings: Settings, client: Client) -> bool:
    """Return whether a service has a key or, for one that may need none, whether it answers."""
    try:
        service = services.service(name, settings)
        if not service.optional:
            return bool(await to_thread.run_sync(credentials.find, service.secret.name))
        with anyio.fail_after(PATIENCE_S):
            await client.ask(service, "GET", services.listing(name))
    except (Problem, TimeoutError) as why:
        sys.stderr.write(f"{name} is not measured. {str(why) or 'It does not answer.'}\n")
        return False
    return True


def _warn(engines: Mapping[str, Recognizer], seconds: float) -> None:
    if names := [name for name in engines if name != LOCAL]:
        sys.stderr.write(f"{seconds / 60:.1f} min of audio go to {', '.join(names)}, which charge for it.\n")


def report(measured: Sequence[Measured], references: Mapping[str, Item], seed: int) -> dict[str, Any]:
    """Build all figures by engine, and the takes; error rates in percent for paths in `references`."""
    names = list(dict.fromkeys(one.engine for one in measured))
    rows = [_row(name, [one for one in measured if one.engine == name], references) for name in names]
    return {"seed": seed, "engines": rows, "takes": [asdict(one) for one in measured]}


def _row(name: str, takes: Sequence[Measured], references: Mapping[str, Item]) -> dict[str, Any]:
    heard = [one for one in takes if one.release_to_text_ms is not None]
    models = sorted({one.model for one in heard})
    told = [one.rest for one in heard if one.rest.hidden is not None]
    costs = [one.cost_usd for one in heard if one.cost_usd is not None]
    times = [one.release_to_text_ms or 0.0 for one in heard]
    return {
        "engine": name,
        "model": ", ".join(models),
        "takes": len(takes),
        "failed": len(takes) - len(heard),
        "release_to_text_p50_ms": percentile(times, 50),
        "release_to_text_p95_ms": percentile(times, 95),
        "handshakes_hidden": sum(1 for rest in told if rest.hidden) if told else None,
        "upload_rest_p50_ms": percentile([rest.upload_ms or 0.0 for rest in told], 50),
        "wait_p50_ms": percentile([rest.wait_ms or 0.0 for rest in told], 50),
        "error_percent": _errors(heard, references),
        "usd_per_min": _price(name, models),
        "cost_usd": round(sum(costs), 6) if costs else None,
    }


def _errors(heard: Sequence[Measured], references: Mapping[str, Item]) -> float | None:
    """Return the error rate in percent of words, or characters; None where nothing can be compared."""
    wrong = words = 0
    for one in heard:
        item = references.get(one.path)
        if item is None or not (reference := score.tokens(item.text, item.lang)):
            continue
        wrong += score.edits(reference, score.tokens(one.text, item.lang))
        words += len(reference)
    return round(100 * wrong / words, 3) if words else None


def _price(name: str, models: Sequence[str]) -> float | None:
    if name == LOCAL:
        return 0.0
    return offers.offer(name, models[0]).usd_per_min if len(models) == 1 else None


def text(report: dict[str, Any]) -> str:
    """Format the report as text."""
    keys = ("takes", "release_to_text_p50_ms", "release_to_text_p95_ms", "handshakes_hidden", "upload_rest_p50_ms")
    rows = [
        [row["engine"], row["model"], *(row[key] for key in (*keys, "wait_p50_ms", "error_percent")), _cents(row)]
        for row in report["engines"]
    ]
    header = ("engine", "model", "takes", "p50 ms", "p95 ms", "hidden", "upload ms", "wait ms", "WER %", "cents/min")
    failed = [f"{take['engine']}, {take['path']}: {take['problem']}" for take in report["takes"] if take["problem"]]
    return "\n".join(
        [
            table(header, rows),
            "",
            "p50, p95: from the last word to the text. Hidden: takes in which every handshake was over before that.",
            "Upload: what was left to send then. Wait: from there to the answer. A socket shows as a whole.",
            *(["", *failed] if failed else []),
        ]
    )


def _cents(row: Mapping[str, Any]) -> float | None:
    return None if row["usd_per_min"] is None else 100 * row["usd_per_min"]


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 1)
