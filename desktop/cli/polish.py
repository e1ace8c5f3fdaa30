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

from desktop.cli.common import decode_input, print_warnings, read_text_input
from desktop.core.messages import render

if TYPE_CHECKING:
    from desktop.core.interfaces import Polisher
    from desktop.core.types import DictationContext, PolishedText

NEWLINE_ESCAPE = r"\n"
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
    parser.add_argument(
        "--lines", action="store_true", help=f"every line is a text; line breaks come out as {NEWLINE_ESCAPE}"
    )
    parser.add_argument("--json", action="store_true", help="print text, changed, style and note as JSON")
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    import anyio

    return anyio.run(partial(_polish, arguments))


async def _polish(arguments: argparse.Namespace) -> int:
    async with _open_polisher(arguments) as (polisher, context):
        for text in _read_texts(arguments.lines):
            _print_polished(await polisher.polish(text, context, lambda draft: None), context, arguments)
    return 0


def _read_texts(by_lines: bool) -> Iterator[str]:
    """Yield all of standard input, or each line as it arrives."""
    if not by_lines:
        yield read_text_input()
        return
    for line in sys.stdin.buffer:
        yield decode_input(line).rstrip("\r\n").replace(NEWLINE_ESCAPE, "\n")


@asynccontextmanager
async def _open_polisher(arguments: argparse.Namespace) -> AsyncIterator[tuple[Polisher, DictationContext]]:
    """Open the configured polisher and create the context that the arguments describe."""
    from contextlib import AsyncExitStack
    from functools import cache

    from desktop.app import factory
    from desktop.core.paths import find_paths
    from desktop.core.types import DictationContext, Target
    from desktop.network.client import ServiceClient
    from desktop.polish import styles
    from desktop.settings.live import load_in_force

    loaded = load_in_force(find_paths())
    if loaded.is_safe_mode:
        print_warnings(loaded)
    settings = loaded.settings
    if arguments.mode:
        polish = settings.polish.model_copy(update={"mode": arguments.mode})
        settings = settings.model_copy(update={"polish": polish})
    target = Target(app=arguments.app, title=arguments.title, site=arguments.site)
    async with AsyncExitStack() as stack:

        @cache
        def get_http_client() -> ServiceClient:
            client = ServiceClient(settings.network.http)
            stack.push_async_callback(client.aclose)
            return client

        llm_client = factory.create_llm_client(settings, get_http_client) if settings.polish.mode == "llm" else None
        if llm_client is not None:
            stack.push_async_callback(llm_client.aclose)
            await llm_client.warm()
        polisher = factory.create_polisher(
            settings.polish, llm_client, factory.load_vocabulary(settings.vocabulary, find_paths().vocabulary)
        )
        style, reason = styles.load_styles(find_paths().styles).style_for(target)
        yield polisher, DictationContext(target, arguments.lang, style=style, style_reason=reason)


def _print_polished(polished: PolishedText, context: DictationContext, arguments: argparse.Namespace) -> None:
    if arguments.json:
        changed = [asdict(change) for change in polished.changes]
        answer = {
            "text": polished.text,
            "changed": changed,
            "style": context.style.name,
            "note": render(polished.notes),
        }
        print(json.dumps(answer, ensure_ascii=False), flush=True)
        return
    print(polished.text.replace("\n", NEWLINE_ESCAPE) if arguments.lines else polished.text, flush=True)
    if polished.notes:
        print(render(polished.notes), file=sys.stderr)
