"""The worker process that owns a language model: load, answer over HTTP on loopback, end (`docs/adr/0002`).

It runs llama.cpp's own server, so that the app uses it as any other, and closing the connection stops an answer that is
no longer needed. Other users of this machine cannot use it: it listens on loopback alone, on a port that the system
picks, and requires a key that is new for every start and comes over standard input, where no list of processes shows
it.

It runs at a lower priority: while the user speaks the recognizer decodes, which requests ahead of time must not slow
down; after the key's release the processor is otherwise idle, and the model has all of it.

The first line of standard input is the configuration, the one line of standard output the address of the server, or the
error. When standard input ends, the app has gone and this process exits at once.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

from desktop.core.process import end_process

NICE_INCREMENT = 10
"""Added to the process's niceness: a tenth of the processor where a process of default niceness needs all of it."""

CONTEXT_TOKENS = 4096
"""Tokens of requests and answers together: ten minutes of speech with its prompt and its answer. Longer ones are
refused; no processor would answer them within the budget anyway."""

PARALLEL_REQUESTS = 2
"""Parallel requests: polish and emotion ask at the same moment, and each keeps its prompt from one dictation to the
next."""

HTTP_THREADS = 8
"""HTTP threads: the server has one for each connection, and kept connections hold theirs."""


def main() -> None:
    """Serve until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # the library must not write between the answers
    if sys.platform != "win32":
        os.nice(NICE_INCREMENT)
    config = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_exit_with_app, daemon=True).start()
    try:
        server = _start_server(config)
        reply = {"url": f"{server.listening_address}/v1"}
    except Exception as error:
        reply = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(reply), file=answers, flush=True)
    threading.Event().wait()


def _start_server(config: dict[str, Any]) -> Any:
    """Return the running server.

    `config` has the `file` of the model, the `key`, and the number of compute `threads`.
    """
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = config["file"]
    params.api_keys = [config["key"]]
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = config["threads"]
    params.n_ctx, params.n_parallel, params.kv_unified, params.n_threads_http = (
        CONTEXT_TOKENS,
        PARALLEL_REQUESTS,
        True,
        HTTP_THREADS,
    )
    params.cache_ram_mib = 0  # otherwise up to 8 GB of earlier prompts
    params.enable_reasoning = 0  # too slow for a dictation
    params.ui = params.endpoint_slots = False  # the slots expose dictated text
    params.verbosity = 1  # errors alone: more would contain dictated text
    return xllamacpp.Server(params)


def _exit_with_app() -> None:
    while sys.stdin.buffer.read(1 << 16):
        pass
    end_process(0)


if __name__ == "__main__":
    main()
