"""Every way in which a service can fail, with the local model beside it: the words arrive all the same, and when.

The recognizers are made of settings as the app makes them, the servers speak the vendors' protocols over TLS, the local
engine is the real model, and real speech is fed at its own pace. A line is a row of the table: a service, what it did,
whose text it was, how long after the end of speech, and the sentence. OpenAI's live engine has its batch engine to fall
back on, at the same host, before the local one.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import anyio
import trustme

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.errors import UserError
from desktop.core.messages import render
from desktop.network.client import ServiceClient
from desktop.network.services import build_service, load_client
from desktop.settings.schema import EnginesSettings, Settings
from desktop.stt.cloud.factory import create_recognizer
from desktop.stt.fallback import FallbackRecognizer, FallbackRules
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.conftest import sentences
from tests.prove.record import MODELS, Line, Run, tell
from tests.support.cloud import tls_server
from tests.support.cloud.deepgram import Deepgram
from tests.support.cloud.faults import At, Close, Fault, Refuse, Say, Silence, Skip, Stall, Truncate, refused
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.openai_realtime import completed, error
from tests.support.cloud.openai_rules import Wrong
from tests.support.cloud.relay import Relay, relayed
from tests.support.cloud.server import TEXT
from tests.support.cloud.tls_server import serve, trusting

DEADLINE_S = 1.5
"""The default of `recognizer.deadline_ms`."""

LATE_S = 0.25
"""What a fallback may take beyond the deadline, with a local text that was ready: the loop's own time, and a look."""

BATCH = ("openai", "deepgram", "compatible")
OVER_SOCKETS = ("openai-live", "deepgram-live", "deepgram-live flux")

KEYS = {"OPENAI_API_KEY": "sk-proof", "DEEPGRAM_API_KEY": "dg-proof", "INTONE_COMPATIBLE_KEY": "own-proof"}


def nothing(relay: Relay) -> None:
    """The way is good."""


@dataclass(frozen=True)
class Row:
    """What goes wrong: by the server's script, its certificate, on the `way`, or by where it is said to be."""

    name: str
    engines: tuple[str, ...]
    faults: tuple[Fault, ...] = ()
    certificate: Callable[[], trustme.LeafCert] | None = None
    way: Callable[[Relay], None] = nothing
    url: str = ""
    keys: dict[str, str] = field(default_factory=lambda: KEYS)
    says: str = ""


def rows() -> Iterator[Row]:
    """The table. `says` is in the sentence, empty where the service has the words in the end."""
    both, wrong = (*BATCH, *OVER_SOCKETS), dict.fromkeys(KEYS, "wrong")
    yield Row("connection refused", both, way=lambda relay: relay.refuse(), says="Nothing answers at localhost")
    yield Row("name not found", both, url="nowhere.invalid", says="nowhere.invalid was not found")
    yield Row("half-open from the first byte", both, way=lambda relay: relay.freeze(new=True), says="did not answer in")
    yield Row("certificate of a stranger", both, certificate=tls_server.stranger, says="is not trusted")
    yield Row("certificate of another host", both, certificate=tls_server.elsewhere, says="is not trusted")
    yield Row("certificate expired", both, certificate=tls_server.expired, says="does not hold at this computer's time")
    yield Row(
        "certificate of tomorrow", both, certificate=tls_server.not_yet, says="does not hold at this computer's time"
    )
    yield Row("401", both, keys=wrong, says="does not accept the key")
    for engines, at in ((BATCH, At.TRANSCRIPTION), (OVER_SOCKETS, At.HANDSHAKE)):
        yield Row(
            "403", engines, (refused(at, 403, error={"message": "Country not supported"}),), says="not allow this"
        )
        limited = refused(at, 429, {"Retry-After": "7"}, error={"message": "Slow down", "code": "rate_limit_exceeded"})
        yield Row("429 with Retry-After", engines, (limited,), says="has had too many requests")
        empty = refused(at, 429, error={"message": "Pay", "code": "insufficient_quota"})
        yield Row("429 without credit", engines, (empty,), says="is out of credit")
        for status in (500, 503):
            yield Row(f"{status} once", engines, (refused(at, status),))
            yield Row(f"{status} again and again", engines, (refused(at, status),) * 9, says=f"(status {status})")
    yield Row("no answer", BATCH, (Stall(At.TRANSCRIPTION),) * 2, says="did not answer in")
    yield Row("body stalls half-way", BATCH, (Stall(At.TRANSCRIPTION, 0.5),) * 2, says="did not answer in")
    yield Row("JSON cut in half", BATCH, (Truncate(At.TRANSCRIPTION),), says="makes no sense")
    other = Refuse(At.TRANSCRIPTION, 200, {"content-type": "application/json"}, b'{"weather": ["fine"]}')
    yield Row("JSON of something else", BATCH, (other,), says="makes no sense")
    yield Row("reset in the middle of the answer", BATCH, way=lambda relay: relay.reset_after(3000))
    points = (At.ACCEPTED, At.AUDIO, At.ENDING)
    for at in (*points, At.CREATED, At.UPDATED, At.COMMITTED):
        engines = OVER_SOCKETS if at in points else ("openai-live",)
        yield Row(f"closed: {at}", engines, (Close(at),))
        yield Row(f"silent: {at}", engines, (Silence(at),) * 4, says="did not answer in")
    item = completed("item_other", "Words of another.")
    for at in (At.ENDING, At.COMMITTED):
        yield Row(f"no final: {at}", ("openai-live",), (Skip(at),) * 4, says="did not answer in")
    yield Row("no final", OVER_SOCKETS[1:], (Skip(At.ENDING),))
    yield Row("words of another item", ("openai-live",), (Say(At.COMMITTED, item),))
    quota = error(Wrong("You exceeded your quota.", None, "insufficient_quota", 429))
    yield Row("error event", ("openai-live",), (Say(At.AUDIO, quota),), says="is out of credit")


@contextmanager
def standing(row: Row, engine: str) -> Iterator[Settings]:
    """The server of `engine` with what is wrong in `row`, and the settings that point to it."""
    name = engine.partition(" ")[0]
    model = {"model": "flux-general-en"} if engine.endswith("flux") else {}
    kind: Any = Deepgram if name.startswith("deepgram") else OpenAI
    key = KEYS["DEEPGRAM_API_KEY" if kind is Deepgram else "OPENAI_API_KEY"]
    own = {"compatible": True, "key": KEYS["INTONE_COMPATIBLE_KEY"]} if name == "compatible" else {"key": key}
    with ExitStack() as stack:
        served = stack.enter_context(
            serve(kind(**own, faults=row.faults), certificate=row.certificate() if row.certificate else None)
        )
        relay = stack.enter_context(relayed(served, rtt_s=0.0, up_bit_s=None))
        row.way(relay)
        url = relay.url.replace("localhost", row.url) if row.url else relay.url
        tree = EnginesSettings()
        field_name = name.replace("-", "_")
        chosen = getattr(tree, field_name).model_copy(update={"url": url, **model})
        yield Settings().model_copy(update={"engines": tree.model_copy(update={field_name: chosen})})


async def told(row: Row, engine: str, local: WhisperClient | None, audio: Any) -> Line:
    """One cell of the table."""
    os.environ.update(row.keys)
    with standing(row, engine) as settings:
        name = engine.partition(" ")[0]
        client = ServiceClient(ssl_context=trusting())
        rules = FallbackRules("fallback", DEADLINE_S, build_service(name, settings).name)
        choice = FallbackRecognizer(create_recognizer(name, settings, client), local, rules)
        ended = 0.0

        async def speech() -> Any:
            nonlocal ended
            async for frame in iterate_frames(audio, realtime=True):
                yield frame
            ended = time.monotonic()

        try:
            said = await choice.transcribe(speech(), lambda partial: None)
            found = {"text": said.text, "by": said.engine, "note": render(said.notes)}
        except UserError as problem:
            found = {"text": "", "by": "", "note": str(problem)}
        took_s = time.monotonic() - ended
        await client.aclose()
    right = bool(found["text"]) and (row.says in found["note"] if row.says else found["by"] == name)
    in_time = took_s <= DEADLINE_S + LATE_S
    return {
        "engine": engine,
        "fault": row.name,
        "by": found["by"],
        "after_ms": round(1000 * took_s),
        "note": found["note"],
        "ok": right and in_time and (found["by"] != name or found["text"] == TEXT),
    }


async def run_all(run: Run, cells: list[tuple[Row, str]]) -> None:
    """Run what is missing of `cells`."""
    audio = read_audio(sentences()[1].path)
    await load_client("openai")  # as the app does when the engine is chosen

    async def found() -> LocalModel:
        return LocalModel.from_catalog(run.model, MODELS / run.model)

    whisper = WhisperClient(found, ("en",))
    await whisper.load()
    try:
        for number, (row, engine) in enumerate(cells):
            run.lines.add(f"{engine}: {row.name}", await told(row, engine, whisper, audio))
            tell(f"cloud-faults: {number + 1}/{len(cells)}", "\r")
    finally:
        await whisper.close()


def prove(run: Run) -> dict[str, Any]:
    """Every row for every engine that it concerns; `run.limit` is how many cells."""
    cells = [(row, engine) for row in rows() for engine in row.engines]
    cells = cells[: run.upto(len(cells))]
    missing = [(row, engine) for row, engine in cells if f"{engine}: {row.name}" not in run.lines]
    if missing:
        anyio.run(partial(run_all, run, missing))
    lines = [run.lines[f"{engine}: {row.name}"] for row, engine in cells]
    wrong = [line for line in lines if not line["ok"]]
    return {
        "cells": len(lines),
        "by_service": sum(line["by"] not in ("whisper", "") for line in lines),
        "by_local": sum(line["by"] == "whisper" for line in lines),
        "worst_ms": max(line["after_ms"] for line in lines),
        "deadline_ms": 1000 * DEADLINE_S,
        "wrong": wrong,
        "ok": not wrong,
    }
