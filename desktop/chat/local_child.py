"""The process that owns a language model: load, answer over HTTP on loopback, end.

A process of its own for the reasons of `recognizers.whisper_child`: a native library may take its process with it, and
memory is really given back only by ending. It is llama.cpp's own server, so that the app asks it as it asks any other,
and an answer that nobody wants any more is stopped by closing the connection. Whoever else is on this machine cannot
ask it: it listens on loopback alone, on a port that the system picks, and wants a key that is made anew for every start
and comes over standard input, where no list of processes shows it.

It is nice to others. While somebody speaks the recogniser decodes, and what is asked ahead then must not cost it
anything; once the key is up nobody else wants the processor, and it has all of it.

The first line of standard input says what to serve, the one line of standard output where it is served, or why not.
When standard input ends, the app has gone and so does this process, at once.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

NICE = 10
"""Added to the process's niceness: a tenth of the processor where somebody of the usual niceness wants all of it."""

CONTEXT = 4096
"""Tokens of questions and answers together: ten minutes of speech with its prompt and its answer. What is longer is
refused; no processor would answer it within the budget anyway."""

AT_ONCE = 2
"""Polish and emotion ask at the same moment, and each has its prompt, which is kept from one dictation to the next."""

CONNECTIONS = 8
"""The server has a thread for each connection, and those that are kept hold theirs."""


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the library must not write between the answers
    if sys.platform != "win32":
        os.nice(NICE)
    asked = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_app, daemon=True).start()
    try:
        server = _serve(asked)
        told = {"url": f"{server.listening_address}/v1"}
    except Exception as error:
        told = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(told), file=answers, flush=True)
    threading.Event().wait()


def _serve(asked: dict[str, Any]) -> Any:
    """The server, ready: `asked` has the `file` of the model, the `key`, and how many `threads` it may compute on."""
    import xllamacpp

    wish = xllamacpp.CommonParams()
    wish.model.path = asked["file"]
    wish.api_keys = [asked["key"]]
    wish.hostnames, wish.port = ["127.0.0.1"], 0
    wish.cpuparams.n_threads = wish.cpuparams_batch.n_threads = asked["threads"]
    wish.n_ctx, wish.n_parallel, wish.kv_unified, wish.n_threads_http = CONTEXT, AT_ONCE, True, CONNECTIONS
    wish.cache_ram_mib = 0  # else up to 8 GB of prompts that were asked once
    wish.enable_reasoning = 0  # nobody waits for thoughts
    wish.ui = wish.endpoint_slots = False  # the slots show what was said
    wish.verbosity = 0  # and so would its log
    return xllamacpp.Server(wish)


def _end_with_the_app() -> None:
    while sys.stdin.buffer.read(1 << 16):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
