"""`intone transcribe FILE...`: recordings through the chosen engine and the same windows as dictation.

It writes no history and needs no running app, so scripts and tests measure with it what a dictation would have said;
`--realtime` feeds a file at speaking pace and tells how long the text took after its end.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Any

from desktop.problems import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.recognizers.whisper import Whisper
    from desktop.state import Progress


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

    from desktop.paths import paths
    from desktop.recognizers.local_model import AUTO, find
    from desktop.recognizers.whisper import Whisper
    from desktop.settings import load
    from models.store import Store

    here = paths()
    settings = load(here.settings).settings
    chosen = settings.recognizer
    languages = tuple(code for code in chosen.language if code != AUTO)
    whisper = Whisper(
        partial(find, Store(here.models), chosen.model, _progress), languages, words=settings.vocabulary.words
    )
    failed = False
    try:
        for file in arguments.files:
            try:
                answer = await _one(whisper, chosen.chinese, Path(file), arguments.realtime, arguments.polish)
            except Problem as problem:
                failed = True
                answer = {"file": file, "error": str(problem)}
            _print(answer, arguments.json)
    finally:
        await whisper.close()
    return 1 if failed else 0


async def _one(whisper: Whisper, chinese: str, file: Path, realtime: bool, polish: bool) -> dict[str, Any]:
    import time

    from anyio import to_thread

    from desktop.audio_file import frames, read
    from desktop.polish import rules
    from desktop.speech.script import Written

    audio = await to_thread.run_sync(read, file)
    await whisper.load()
    ended = 0.0

    async def speech() -> Any:
        nonlocal ended
        async for frame in frames(audio, pace=realtime):
            yield frame
        ended = time.monotonic()

    said = Written(chinese, os.environ)(await whisper.transcribe(speech(), lambda partial: None))
    after_ms = round((time.monotonic() - ended) * 1000, 1)
    return {
        "file": str(file),
        "text": said.text,
        "language": said.language,
        "duration_s": said.duration_s,
        "segments": [asdict(segment) for segment in said.segments],
        "decode_s": said.decode_s,
        "release_to_text_ms": after_ms if realtime else None,
        **({"polished": rules.polish(said.text)} if polish else {}),
    }


def _print(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    elif "error" in answer:
        print(answer["error"], file=sys.stderr)
    else:
        print(answer.get("polished", answer["text"]), flush=True)


def _progress(progress: Progress) -> None:
    if sys.stderr.isatty() and progress.total:
        done, total = progress.done // 1_000_000, progress.total // 1_000_000
        print(f"\r{progress.what} is downloading: {done} of {total} MB. ", end="", file=sys.stderr, flush=True)
