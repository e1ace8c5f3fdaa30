"""Every way in which a server of language models can fail, at every point of its answer: the rules' text is there
within the budget, with a sentence that says why.

Each cell is a real `TextPolisher` over the app's own HTTP client against a server that sends bytes by script: once
asked at the end of a dictation, and once ahead, at a pause before it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import anyio

from desktop.core.messages import Message, render
from desktop.core.types import DictationContext
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish.llm_polisher import LLMPolisher
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.record import Run, tell
from tests.support.cloud.raw import CLOSE, END, HEAD, RESET, STALL, Script, chunk, endless, event, page, raw

BUDGET_S = 1.2
"""The default of `polish.budget_ms`."""

LATE_S = 0.25
"""What the rules' text may come later: the loop's own time, and a look."""

AHEAD_S = 0.6
"""A pause in speech, in which the text is asked ahead."""

SAID = "um so hello there jane we meet at three"
GOOD = b"".join(map(event, ("Hello there, ", "Jane. We meet ", "at three.")))
PART = event("Hello there, ")

MODELS, CHAT = "/v1/models", "/v1/chat/completions"

type Cell = tuple[str, str, Callable[[], Script]]
"""What goes wrong, at which path, and the script, made anew each time."""


def cells() -> Iterator[Cell]:
    """The table."""
    points = {
        "before the headers": [],
        "in the headers": [HEAD[:40]],
        "after the headers": [HEAD],
        "in a chunk": [HEAD, chunk(PART)[:30]],
        "in the text": [HEAD, chunk(PART)],
        "before the end is said": [HEAD, chunk(GOOD)],
    }
    for where, sent in points.items():
        for what, then in (("stalls", STALL), ("closes", CLOSE), ("resets", RESET)):
            yield f"{what} {where}", CHAT, lambda sent=sent, then=then: [*sent, then]
    for status in (400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529):
        yield f"status {status}", CHAT, lambda status=status: [page(f"{status} No", b'{"error": {"message": "No."}}')]
    yield "status 502 with a page", CHAT, lambda: [page("502 Bad Gateway", b"<html>" * 1000, "text/html")]
    yield "a login page", CHAT, lambda: [page("200 OK", b"<html>Log in</html>", "text/html")]
    yield "an answer that is no stream", CHAT, lambda: [page("200 OK", b'{"choices":[{"message":{"content":"Hi"}}]}')]
    yield "nothing at all", CHAT, lambda: [b"HTTP/1.1 204 No Content\r\n\r\n"]
    yield (
        "a redirect in a circle",
        CHAT,
        lambda: [b"HTTP/1.1 302 Found\r\nLocation: /v1/chat/completions\r\nContent-Length: 0\r\n\r\n"],
    )
    yield "no HTTP", CHAT, lambda: [b"SSH-2.0-OpenSSH_9.9\r\n", b"\x00\xff" * 2000, CLOSE]
    yield "headers without end", CHAT, lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-More: more\r\n" * 100)
    yield "a header of a megabyte", CHAT, lambda: [b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 2**20, STALL]
    yield "a chunk of no size", CHAT, lambda: [HEAD, b"zz\r\nabc\r\n", CLOSE]
    yield "bytes that are no gzip", CHAT, lambda: [
        HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"), chunk(b"no gzip at all"), END
    ]  # fmt: skip
    bodies = {
        "invalid UTF-8": b'data: {"choices":[{"delta":{"content":"\xff\xfe\xc3"}}]}\n\n',
        "JSON cut in half": PART[:30] + b"\n\n",
        "JSON of something else": b'data: {"weather": ["fine"]}\n\ndata: [DONE]\n\n',
        "choices that are none": b'data: {"choices": null}\n\n',
        "choices that are numbers": b'data: {"choices": [1, 2]}\n\n',
        "a list": b"data: [1, 2, 3]\n\n",
        "brackets ten thousand deep": b"data: " + b"[" * 10_000 + b"\n\n",
        "an error event": b'data: {"error": {"message": "overloaded"}}\n\ndata: [DONE]\n\n',
        "a tool call": b'data: {"choices":[{"delta":{"tool_calls":[{}]},"finish_reason":"tool_calls"}]}\n\n',
        "null text": b'data: {"choices":[{"delta":{"content":null},"finish_reason":"stop"}]}\n\n',
        "no text": event("", "stop") + b"data: [DONE]\n\n",
        "spaces": event("   \n", "stop") + b"data: [DONE]\n\n",
        "cut at its limit": GOOD + event("", "length") + b"data: [DONE]\n\n",
        "an answer": event("I'm sorry, I can't help with that.", "stop") + b"data: [DONE]\n\n",
        "a line of eight megabytes": b"data: " + b"x" * 2**23 + b"\n\n",
        "a text of a megabyte": event("word " * 200_000, "stop") + b"data: [DONE]\n\n",
        "null bytes": b"\x00" * 4096 + b"\n\n",
    }
    for what, body in bodies.items():
        yield what, CHAT, lambda body=body: [HEAD, chunk(body), END]
    one, comment, line = chunk(event("and ")), chunk(b": still here\n\n"), chunk(b"data: " + b"x" * 4096)
    yield "text without end", CHAT, lambda: _after(HEAD, endless(one))
    yield "text without end, in bulk", CHAT, lambda: _after(HEAD, endless(chunk(event("and ") * 500)))
    yield "comments without end", CHAT, lambda: _after(HEAD, endless(comment))
    yield "a line without end", CHAT, lambda: _after(HEAD, endless(line))
    yield "models: stalls", MODELS, lambda: [STALL]
    yield "models: closes", MODELS, lambda: [CLOSE]
    yield "models: resets", MODELS, lambda: [RESET]
    yield "models: status 500", MODELS, lambda: [page("500 No", b"{}")]
    yield "models: none", MODELS, lambda: [page("200 OK", b'{"data": []}')]
    yield "models: garbage", MODELS, lambda: [page("200 OK", b"\xff\xfe{{{")]
    yield "models: stalls half-way", MODELS, lambda: [page("200 OK", b'{"data": [{"id": "served"}]}')[:-9], STALL]
    yield (
        "models: without end",
        MODELS,
        lambda: _after(HEAD.replace(b"text/event-stream", b"application/json"), endless(chunk(b" " * 4096))),
    )


def _after(first: bytes, rest: Script) -> Iterator[Any]:
    yield first
    yield from rest


async def told(script: Script, path: str, ahead: bool) -> dict[str, Any]:
    """One cell: the text, the sentence and how late it was."""
    scripts: dict[str, Script] = {MODELS: [page("200 OK", b'{"data": [{"id": "served"}]}')], path: script}
    client, rules = ServiceClient("1.1"), PolishRules()
    async with raw(scripts) as url:
        service = Service("Example", url, ServiceKey("polish", lambda name: ""), is_key_optional=True)
        writer = TextPolisher("llm", rules, LLMPolisher(LLMClient(client, service, openai=False), BUDGET_S, rules))
        if ahead:
            writer.prepare("", DictationContext())
            writer.prepare(SAID, DictationContext())
            await anyio.sleep(AHEAD_S)
        began = time.monotonic()
        polished = await writer.polish(SAID, DictationContext(), lambda draft: None)
        took_s = time.monotonic() - began
        await client.aclose()
    good = polished.text == rules(SAID, DictationContext()).text and Message("polish-rules-used") in polished.notes
    late_ms = round(1000 * took_s)
    return {"note": render(polished.notes), "after_ms": late_ms, "ok": good and took_s <= BUDGET_S + LATE_S}


async def run_all(run: Run, missing: list[tuple[str, Cell, bool]]) -> None:
    """Run these."""
    for number, (key, (_, path, script), ahead) in enumerate(missing):
        run.lines.add(key, await told(script(), path, ahead))
        tell(f"polish-faults: {number + 1}/{len(missing)}", "\r")


def prove(run: Run) -> dict[str, Any]:
    """Every cell, cold and asked ahead; `run.limit` is how many."""
    every = [
        (f"{what}{', ahead' if ahead else ''}", (what, *rest), ahead) for what, *rest in cells() for ahead in (0, 1)
    ]
    every = every[: run.upto(len(every))]
    missing = [cell for cell in every if cell[0] not in run.lines]
    if missing:
        anyio.run(partial(run_all, run, missing))
    lines = [run.lines[key] for key, *_ in every]
    for line in lines:
        tell(f"{line['key']:45}{line['after_ms']:6} ms  {line['note']}")
    wrong = [line for line in lines if not line["ok"]]
    worst = max(line["after_ms"] for line in lines)
    return {"cells": len(lines), "worst_ms": worst, "budget_ms": 1000 * BUDGET_S, "wrong": wrong, "ok": not wrong}
