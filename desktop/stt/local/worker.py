"""The worker process that owns a speech model: load, decode, exit (`docs/adr/0002`).

It reads jobs from standard input and answers on standard output (see `desktop.stt.local.process`), each as soon as it
is done; two threads decode, and the reading one answers heartbeats. When standard input ends, the app is gone and the
worker exits at once, whatever it is decoding.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from desktop.core.message_json import dump_message
from desktop.core.process import end_process
from desktop.stt.local.decoding import LANE_COUNT, Decoder, DecodeRequest, DecoderError, DeviceLostError
from desktop.stt.local.worker_protocol import (
    BACKGROUND_OPTION,
    HEARTBEAT_ID,
    WorkerMessage,
    read_message,
    write_message,
)

BACKGROUND_NICENESS = 19
"""The niceness of a process that must delay nothing."""


class _JobServer:
    """Answers the app's requests; the model exists after the first `load`."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._send_lock = threading.Lock()
        self._model: Decoder | None = None

    def serve(self, jobs: queue.SimpleQueue[WorkerMessage]) -> None:
        """Answer jobs for ever."""
        while True:
            head, payload = jobs.get()
            started_at = time.monotonic()
            try:
                answer = self._run_job(head, payload)
                self.send({**answer, "id": head["id"], "took_s": time.monotonic() - started_at})
            except DeviceLostError as error:
                if head["do"] == "decode":  # every later one would fail too: a new process computes elsewhere
                    sys.stderr.write(f"{error}\n")
                    sys.stderr.flush()
                    end_process(1)
                self.send({"id": head["id"], "error": str(error), "reason": dump_message(error.reason)})
            except DecoderError as error:
                self.send({"id": head["id"], "error": str(error), "reason": dump_message(error.reason)})
            except Exception as error:  # also for an answer that cannot be sent
                has_sentence = isinstance(error, RuntimeError) and str(error)  # as the libraries raise them
                text = str(error) if has_sentence else f"{type(error).__name__}: {error}"
                self.send({"id": head["id"], "error": text})

    def send(self, answer: dict[str, Any]) -> None:
        """Send an answer."""
        with self._send_lock:
            write_message(self._answers, answer)

    def _run_job(self, head: dict[str, Any], payload: bytes) -> dict[str, Any]:
        match head["do"]:
            case "load":
                self._model = _load_model(head)
                return {"device": self._model.device, "compute": self._model.compute}
            case "decode":
                assert self._model is not None, "a decode came before a load"
                fields: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in head["ask"].items()}
                return asdict(self._model.decode(np.frombuffer(payload, np.float32), DecodeRequest(**fields)))
            case "align":
                assert self._model is not None, "an alignment came before a load"
                aligned = self._model.align(np.frombuffer(payload, np.float32), head["texts"], head["language"])
                tokens = [[astuple(token) for token in one.tokens] for one in aligned]
                return {"texts": [one.text for one in aligned], "tokens": tokens}
            case "alternatives":
                assert self._model is not None, "a question came before a load"
                audio = np.frombuffer(payload, np.float32)
                return {"texts": self._model.list_alternatives(audio, head["language"], head["count"])}
            case other:
                raise ValueError(f"unknown job {other!r}")


def _load_model(head: dict[str, Any]) -> Decoder:
    """Load the model with the runtime of its format."""
    if head["format"] == "gguf":
        from desktop.stt.local.gguf_decoder import GgufDecoder, find_gguf

        return GgufDecoder(str(find_gguf(Path(head["folder"]))), head["family"], head["device"])
    from desktop.stt.local.whisper_decoder import WhisperDecoder

    return WhisperDecoder(head["folder"], head["name"], head["device"])


def _lower_priority() -> None:
    """Let every other process go first; on Windows this one was started so.

    On Linux a niceness is that of one thread, and later ones inherit it from the thread that starts them. The import of
    numpy has started some.
    """
    if sys.platform == "linux":
        for thread in Path("/proc/self/task").iterdir():
            os.setpriority(os.PRIO_PROCESS, int(thread.name), BACKGROUND_NICENESS)
    elif sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, 0, BACKGROUND_NICENESS)


def main() -> None:
    """Serve jobs until standard input ends."""
    if BACKGROUND_OPTION in sys.argv[1:]:
        _lower_priority()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not break the answers
    jobs: queue.SimpleQueue[WorkerMessage] = queue.SimpleQueue()
    server = _JobServer(answers)
    for _ in range(LANE_COUNT):
        threading.Thread(target=server.serve, args=(jobs,), daemon=True).start()
    while (message := read_message(sys.stdin.buffer)) is not None:
        if message[0]["id"] == HEARTBEAT_ID:
            server.send({"id": HEARTBEAT_ID})
        else:
            jobs.put(message)
    end_process(0)


if __name__ == "__main__":
    main()
