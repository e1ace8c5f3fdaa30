"""`intone transcribe FILE...`: transcribe recordings with the chosen engine and the same segments as dictation.

Writes no history and needs no running app, so scripts and tests use it to measure what a dictation would produce;
`--realtime` feeds a file at speaking pace and reports how long the text took after its end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from desktop.core.errors import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.core.interfaces import Polisher, Recognizer
    from desktop.core.paths import Paths
    from desktop.core.state import Progress
    from desktop.network.client import Client
    from desktop.settings.schema import Settings


@dataclass(frozen=True, slots=True)
class Ears:
    """The recognizer, a function that loads the local model before anything is timed, and the polisher."""

    recognizer: Recognizer
    load: Callable[[], Awaitable[None]]
    polisher: Polisher


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "transcribe",
        help="transcribe audio files",
        description="Transcribe audio files with the chosen engine. Writes no history; works with and without the app.",
        epilog="example: intone transcribe --json interview.m4a",
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="audio or video, any format that FFmpeg reads")
    parser.add_argument("--json", action="store_true", help="print one JSON object a file")
    parser.add_argument("--realtime", action="store_true", help="feed it at speaking pace and time the end")
    parser.add_argument("--polish", action="store_true", help="add the polished text")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import anyio

    return anyio.run(partial(_transcribe, arguments))


async def _transcribe(arguments: argparse.Namespace) -> int:
    from pathlib import Path

    from desktop.core.paths import paths
    from desktop.settings.store import load

    here = paths()
    settings = load(here.settings).settings
    failed = False
    async with _ears(settings, here) as ears:
        for file in arguments.files:
            try:
                answer = await _one(ears, Path(file), arguments.realtime, arguments.polish)
            except Problem as problem:
                failed = True
                answer = {"file": file, "error": str(problem)}
            _print(answer, arguments.json)
    return 1 if failed else 0


@asynccontextmanager
async def _ears(settings: Settings, here: Paths) -> AsyncIterator[Ears]:
    """Open what the settings choose: the local model, or a service with the local model as fallback where installed."""
    from contextlib import AsyncExitStack, suppress

    from desktop.app import factory as making
    from desktop.stt.fallback import Choice, Rules
    from desktop.stt.in_script import InScript
    from desktop.stt.local.client import Whisper
    from desktop.stt.local.model_choice import AUTO, find
    from desktop.stt.local.model_choice import here as is_here
    from models.store import Store

    words = making.vocabulary(settings.vocabulary, here.vocabulary)
    settings = making.listening(settings, words)
    chosen, store = settings.recognizer, Store(here.models)
    languages = tuple(code for code in chosen.language if code != AUTO)
    whisper = Whisper(partial(find, store, chosen.model, _progress), languages, words=settings.vocabulary.words)
    local = InScript(whisper, chosen.chinese)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(whisper.close)

        @cache
        def client() -> Client:
            from desktop.network.client import Client

            made = Client(settings.network.http)
            stack.push_async_callback(made.aclose)
            return made

        llm = settings.polish.mode == "llm"
        chosen_polish = settings.polish if llm else settings.polish.model_copy(update={"mode": "rules"})
        chat = making.chat(settings, client) if llm else None
        if chat is not None:
            stack.push_async_callback(chat.aclose)
            await chat.warm()
        polisher = making.polisher(chosen_polish, chat, words)
        if chosen.engine == "whisper":
            yield Ears(local, whisper.load, polisher)
            return
        from desktop.network.services import service
        from desktop.stt.cloud.factory import recognizer

        rules = Rules(chosen.policy, chosen.deadline_ms / 1000, service(chosen.engine, settings).name)
        joins = is_here(store, chosen.model)

        async def load() -> None:
            if joins:
                with suppress(Problem):  # the service may answer all the same
                    await whisper.load()

        asked = recognizer(chosen.engine, settings, client())
        yield Ears(Choice(asked, local if joins else None, rules), load, polisher)


async def _one(ears: Ears, file: Path, realtime: bool, polish: bool) -> dict[str, Any]:
    import time

    from anyio import to_thread

    from desktop.audio.file import frames, read
    from desktop.core.types import Context, Polished

    audio = await to_thread.run_sync(read, file)
    await ears.load()
    ended = 0.0

    async def speech() -> Any:
        nonlocal ended
        async for frame in frames(audio, pace=realtime):
            yield frame
        ended = time.monotonic()

    said = await ears.recognizer.transcribe(speech(), lambda partial: None)
    after_ms = round((time.monotonic() - ended) * 1000, 1)
    context = Context(language=said.language)
    polished = await ears.polisher.polish(said.text, context, lambda draft: None) if polish else Polished("")
    return {
        "file": str(file),
        "text": said.text,
        "language": said.language,
        "duration_s": said.duration_s,
        "segments": [asdict(segment) for segment in said.segments],
        "decode_s": said.decode_s,
        "release_to_text_ms": after_ms if realtime else None,
        "engine": said.engine,
        "model": said.model,
        "note": " ".join(filter(None, (said.note, polished.note))),
        "sent": [asdict(sent) for sent in said.sent + polished.sent],
        **({"polished": polished.text} if polish else {}),
    }


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    elif "error" in answer:
        print(answer["error"], file=sys.stderr)
    else:
        print(answer.get("polished", answer["text"]), flush=True)
        if answer["note"]:
            print(answer["note"], file=sys.stderr)


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty() and progress.total:
        done, total = progress.done // 1_000_000, progress.total // 1_000_000
        print(f"\r{progress.what} is downloading: {done} of {total} MB. ", end="", file=sys.stderr, flush=True)
