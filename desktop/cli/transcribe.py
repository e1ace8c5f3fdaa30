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

from desktop.cli.common import print_warnings
from desktop.core.errors import UserError
from desktop.core.messages import join_notes, render
from desktop.core.process import rewrite_line

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.core.interfaces import Polisher, Recognizer
    from desktop.core.paths import Paths
    from desktop.core.state import DownloadStatus
    from desktop.network.client import ServiceClient
    from desktop.settings.store import LoadedSettings


@dataclass(frozen=True, slots=True)
class TranscriptionSetup:
    """The recognizer, a function that loads the local model before anything is timed, and the polisher; `chinese` is
    the setting of the script."""

    recognizer: Recognizer
    load: Callable[[], Awaitable[None]]
    polisher: Polisher
    chinese: str


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

    from desktop.core.paths import find_paths
    from desktop.settings.live import load_in_force

    paths = find_paths()
    loaded = load_in_force(paths)
    if loaded.is_safe_mode:
        print_warnings(loaded)
    failed = False
    async with _open_setup(loaded, paths) as setup:
        for file in arguments.files:
            try:
                answer = await _transcribe_file(setup, Path(file), arguments.realtime, arguments.polish)
            except UserError as problem:
                failed = True
                answer = {"file": file, "error": str(problem.outside_dictation())}
            _print_answer(answer, arguments.json)
    return 1 if failed else 0


@asynccontextmanager
async def _open_setup(loaded: LoadedSettings, paths: Paths) -> AsyncIterator[TranscriptionSetup]:
    """Open what the settings choose: the local model, or a service with the local model as fallback where installed."""
    from contextlib import AsyncExitStack, suppress

    from desktop.app import factory
    from desktop.settings.schema import AUTO
    from desktop.stt.fallback import FallbackRecognizer, FallbackRules
    from desktop.stt.local.client import WhisperClient
    from desktop.stt.local.model_choice import find_model, is_installed
    from models.store import ModelStore

    settings = loaded.settings
    words = factory.load_vocabulary(settings.vocabulary, paths.vocabulary)
    settings = factory.add_recognition_terms(settings, words)
    chosen, store = settings.recognizer, ModelStore(paths.models)
    languages = tuple(code for code in chosen.language if code != AUTO)
    find = partial(find_model, store, chosen.model, _print_progress, fetch_problem=loaded.fetch_problem)
    whisper = WhisperClient(find, languages, user_words=settings.vocabulary.words, store=store)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(whisper.close)

        @cache
        def get_http_client() -> ServiceClient:
            from desktop.network.client import ServiceClient

            client = ServiceClient(settings.network.http)
            stack.push_async_callback(client.aclose)
            return client

        llm = settings.polish.mode == "llm"
        chosen_polish = settings.polish if llm else settings.polish.model_copy(update={"mode": "rules"})
        llm_client = factory.create_llm_client(settings, get_http_client) if llm else None
        if llm_client is not None:
            stack.push_async_callback(llm_client.aclose)
            await llm_client.warm()
        polisher = factory.create_polisher(chosen_polish, llm_client, words)
        if chosen.engine == "whisper":
            yield TranscriptionSetup(whisper, whisper.load, polisher, chosen.chinese)
            return
        from desktop.network.services import build_service
        from desktop.stt.cloud.factory import create_recognizer

        rules = FallbackRules(chosen.policy, chosen.deadline_ms / 1000, build_service(chosen.engine, settings).name)
        has_fallback = is_installed(store, chosen.model)

        async def load() -> None:
            if has_fallback:
                with suppress(UserError):  # the service may answer all the same
                    await whisper.load()

        cloud_recognizer = create_recognizer(chosen.engine, settings, get_http_client())
        recognizer = FallbackRecognizer(cloud_recognizer, whisper if has_fallback else None, rules)
        yield TranscriptionSetup(recognizer, load, polisher, chosen.chinese)


async def _transcribe_file(setup: TranscriptionSetup, file: Path, realtime: bool, polish: bool) -> dict[str, Any]:
    import os
    import time

    from anyio import to_thread

    from desktop.audio.file import iterate_frames, read_audio
    from desktop.core.types import DictationContext, PolishedText
    from desktop.stt.chinese_script import ScriptConverter

    audio = await to_thread.run_sync(read_audio, file)
    await setup.load()
    ended_at = 0.0

    async def speech() -> Any:
        nonlocal ended_at
        async for frame in iterate_frames(audio, realtime=realtime):
            yield frame
        ended_at = time.monotonic()

    to_script = ScriptConverter(setup.chinese, os.environ)
    transcript = to_script(await setup.recognizer.transcribe(speech(), lambda partial: None))
    after_ms = round((time.monotonic() - ended_at) * 1000, 1)
    context = DictationContext(language=transcript.language)
    polished = await setup.polisher.polish(transcript.text, context, lambda draft: None) if polish else PolishedText("")
    return {
        "file": str(file),
        "text": transcript.text,
        "language": transcript.language,
        "duration_s": transcript.duration_s,
        "segments": [asdict(segment) for segment in transcript.segments],
        "decode_s": transcript.decode_s,
        "release_to_text_ms": after_ms if realtime else None,
        "engine": transcript.engine,
        "model": transcript.model,
        "note": render(join_notes(transcript.notes, polished.notes)),
        "sent": [asdict(sent) for sent in transcript.sent + polished.sent],
        **({"polished": polished.text} if polish else {}),
    }


def _print_answer(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    elif "error" in answer:
        print(answer["error"], file=sys.stderr)
    else:
        print(answer.get("polished", answer["text"]), flush=True)
        if answer["note"]:
            print(answer["note"], file=sys.stderr)


def _print_progress(progress: DownloadStatus) -> None:
    if sys.stderr.isatty() and progress.total:
        done, total = progress.done // 1_000_000, progress.total // 1_000_000
        rewrite_line(f"{progress.item} is downloading: {done} of {total} MB. ")
