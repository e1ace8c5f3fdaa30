"""`intone polish`: polish text from standard input as a dictation of it would be.

For scripts, and for users who want to see what a rule does: nothing is pasted or stored. The language is guessed from
the script of each text, since there is no voice to tell it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from desktop.cli.common import decoded

if TYPE_CHECKING:
    from desktop.core.interfaces import Polisher
    from desktop.core.types import Context, Polished

NEWLINE = r"\n"
"""How a line break is written where each line is a text."""


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = subparsers.add_parser(
        "polish",
        help="polish text from standard input",
        description="Polish text from standard input as a dictation of it would be. Nothing is pasted or remembered.",
        epilog="example: echo 'um so hello there' | intone polish --json",
    )
    parser.add_argument("--mode", choices=("off", "rules", "llm"), help="instead of the setting polish.mode")
    parser.add_argument("--app", default="", help="as into this application (its window's class or its program)")
    parser.add_argument("--title", default="", help="as into a window with this title")
    parser.add_argument("--site", default="", help="as into a page of this host")
    parser.add_argument("--lang", default="", help="the language's code, instead of what the script tells")
    parser.add_argument("--lines", action="store_true", help=f"every line is a text; line breaks come out as {NEWLINE}")
    parser.add_argument("--json", action="store_true", help="print text, changed, style and note as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import anyio

    return anyio.run(partial(_polish, arguments))


async def _polish(arguments: argparse.Namespace) -> int:
    async with _polisher(arguments) as (polisher, context):
        for text in _texts(arguments.lines):
            _print(await polisher.polish(text, context, lambda draft: None), context, arguments)
    return 0


def _texts(by_lines: bool) -> Iterator[str]:
    """Yield all of standard input, or each line as it arrives."""
    if not by_lines:
        yield decoded(sys.stdin.buffer.read()).removesuffix("\n")
        return
    for line in sys.stdin.buffer:
        yield decoded(line).rstrip("\r\n").replace(NEWLINE, "\n")


@asynccontextmanager
async def _polisher(arguments: argparse.Namespace) -> AsyncIterator[tuple[Polisher, Context]]:
    """Open the configured polisher and create the context that the arguments describe."""
    from contextlib import AsyncExitStack
    from functools import cache

    from desktop.app import factory as making
    from desktop.core.paths import paths
    from desktop.core.types import Context, Target
    from desktop.network.client import Client
    from desktop.polish import styles
    from desktop.settings.store import load

    settings = load(paths().settings).settings
    if arguments.mode:
        polish = settings.polish.model_copy(update={"mode": arguments.mode})
        settings = settings.model_copy(update={"polish": polish})
    target = Target(app=arguments.app, window=arguments.title, site=arguments.site)
    async with AsyncExitStack() as stack:

        @cache
        def client() -> Client:
            made = Client(settings.network.http)
            stack.push_async_callback(made.aclose)
            return made

        chat = making.chat(settings, client) if settings.polish.mode == "llm" else None
        if chat is not None:
            stack.push_async_callback(chat.aclose)
            await chat.warm()
        polisher = making.polisher(settings.polish, chat, making.vocabulary(settings.vocabulary, paths().vocabulary))
        style, why = styles.load(paths().styles).at(target)
        yield polisher, Context(target, arguments.lang, style=style, why=why)


def _print(polished: Polished, context: Context, arguments: argparse.Namespace) -> None:
    if arguments.json:
        changed = [asdict(change) for change in polished.changed]
        told = {"text": polished.text, "changed": changed, "style": context.style.name, "note": polished.note}
        print(json.dumps(told, ensure_ascii=False), flush=True)
        return
    print(polished.text.replace("\n", NEWLINE) if arguments.lines else polished.text, flush=True)
    if polished.note:
        print(polished.note, file=sys.stderr)
