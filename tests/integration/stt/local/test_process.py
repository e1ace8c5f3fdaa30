"""The process of a model as the app sees it: one that is slow is waited for, and one that does not end is not."""

from __future__ import annotations

import asyncio
import io
import json
import os
import queue
import struct
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.core.message_json import dump_message, load_message
from desktop.stt.local import process as local_process
from desktop.stt.local import worker_protocol
from desktop.stt.local.cuda import NO_CARD, CudaError
from desktop.stt.local.decoding import LANE_COUNT
from desktop.stt.local.process import WorkerDiedError, WorkerJobError, WorkerProcess
from desktop.stt.local.worker import BACKGROUND_NICENESS, _JobServer

pytestmark = pytest.mark.anyio

MISSED = 10

SLOW = f"""
import sys
from desktop.stt.local.worker_protocol import read_message, write_message

asked, pulses = [], 0
while message := read_message(sys.stdin.buffer):
    head, _ = message
    wait = head.get("do") == "decode"
    if wait:
        asked.append(head["id"])
    else:
        write_message(sys.stdout.buffer, {{"id": head["id"]}})
    pulses += bool(asked) and not wait
    if pulses == {2 * MISSED + 4}:
        for number in asked:
            write_message(sys.stdout.buffer, {{"id": number, "text": "late"}})
"""
"""A process that answers what is to be decoded once it has given its pulse so many times, and all else at once."""


BROKEN = """
import sys, time
from desktop.stt.local.worker_protocol import read_message, write_message

head, _ = read_message(sys.stdin.buffer)
write_message(sys.stdout.buffer, {{"id": head["id"]}})
while read_message(sys.stdin.buffer)[0]["do"] != "decode":
    pass
sys.stdout.buffer.write({frame!r})
sys.stdout.buffer.flush()
time.sleep(600)
"""
"""A process that loads, and answers the next question with `frame`."""

LOST = """
from desktop.core.messages import Message
from desktop.stt.local import worker
from desktop.stt.local.decoding import DeviceLostError

class Lost:
    device, compute = "vulkan", "Q8_0"

    def decode(self, audio, request):
        raise DeviceLostError(Message("ggml-failed", error="ErrorDeviceLost"))

worker._load_model = lambda head: Lost()
worker.main()
"""
"""The worker with a model whose GPU fails as soon as it is used."""

TALKATIVE = """
import sys
from desktop.stt.local.worker_protocol import read_message, write_message

while message := read_message(sys.stdin.buffer):
    sys.stderr.write("x" * 1_000_000)
    sys.stderr.flush()
    write_message(sys.stdout.buffer, {"id": message[0]["id"], "text": "words"})
"""
"""A process that writes a megabyte without an end of line to its log before each answer."""


class Undying:
    """A process that a kill does not end before `release`, as one that waits in a driver."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    def __getattr__(self, name: str) -> Any:
        return getattr(self._process, name)

    def kill(self) -> None:
        pass

    async def release(self) -> None:
        self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def running(code: str) -> AsyncIterator[WorkerProcess]:
    """A process of `code` that is there."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=pipe, stdout=pipe, stderr=pipe)
    found = WorkerProcess(process, heartbeat_interval_s=0.1)
    try:
        await found.request(60.0, {"do": "load"}, max_missed=10_000)
        yield found
    finally:
        await found.stop()


async def test_slow_concurrent_requests_end_no_live_process() -> None:
    async with running(SLOW) as slow:
        answers = await asyncio.gather(*(slow.request(60.0, {"do": "decode"}, max_missed=MISSED) for _ in range(2)))
    assert [answer["text"] for answer in answers] == ["late", "late"]


@pytest.mark.parametrize(("limit_s", "missed"), [(0.1, 10_000), (60.0, 1)])
async def test_unkillable_process_is_left_behind(limit_s: float, missed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_process, "KILL_TIMEOUT_S", 0.1)
    pipe = asyncio.subprocess.PIPE
    code = "import threading; threading.Event().wait(60)"
    started = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=pipe, stdout=pipe, stderr=pipe)
    process: Any = Undying(started)
    left = WorkerProcess(process, heartbeat_interval_s=0.05)
    with anyio.fail_after(20):
        asked = [
            left.request(60.0, {"do": "decode"}, max_missed=10_000),
            left.request(limit_s, {"do": "decode"}, max_missed=missed),
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        await left.stop()
    assert [type(answer) for answer in answers] == [WorkerDiedError, WorkerDiedError]
    assert not left.is_alive
    await process.release()


NO_MESSAGE = [b'{"id": 1, "error": null}', b'{"id": 1, "error": 7}']
NOT_GIVEN = [b'{"id": 2}', b'{"id": -2}', b'{"id": "1"}', b'{"id": null}', b'{"id": 1.0}', b'{"id": true}']


@pytest.mark.parametrize(
    "told",
    [b"{", b"[]", b"{}", b'{"id": []}', b"\xff", *NOT_GIVEN, *NO_MESSAGE],
)
async def test_child_broken_frame_fails_who_waits_at_once(told: bytes) -> None:
    async with running(BROKEN.format(frame=struct.pack("<II", len(told), 0) + told)) as broken:
        with anyio.fail_after(20), pytest.raises(WorkerDiedError, match="made no sense"):
            await broken.request(60.0, {"do": "decode"}, max_missed=10_000)
        assert not broken.is_alive


async def test_child_with_endless_log_line_still_answers() -> None:
    async with running(TALKATIVE) as talkative:
        with anyio.fail_after(20):
            assert (await talkative.request(60.0, {"do": "decode"}, max_missed=10_000))["text"] == "words"


class Unsayable(_JobServer):
    """Finds what cannot be sent."""

    def _run_job(self, head: dict[str, Any], payload: bytes) -> dict[str, Any]:
        return {"text": object()}


class Sink(io.BytesIO):
    """Tells what was written to it."""

    def __init__(self) -> None:
        super().__init__()
        self.written: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def write(self, data: Any) -> int:
        self.written.put(data)
        return len(data)


def test_unsendable_whisper_answer_is_an_error() -> None:
    sink, jobs = Sink(), queue.SimpleQueue[worker_protocol.WorkerMessage]()
    threading.Thread(target=Unsayable(sink).serve, args=(jobs,), daemon=True).start()
    for number in (7, 8):
        jobs.put(({"id": number, "do": "decode"}, b""))
        answer = worker_protocol.read_message(io.BytesIO(sink.written.get(timeout=20)))
        assert answer is not None
        assert answer[0]["id"] == number
        assert answer[0]["error"].startswith("TypeError")


class Cardless(_JobServer):
    """Finds no card."""

    def _run_job(self, head: dict[str, Any], payload: bytes) -> dict[str, Any]:
        raise CudaError(NO_CARD)


def test_failure_of_card_crosses_the_pipe_as_a_code() -> None:
    sink, jobs = Sink(), queue.SimpleQueue[worker_protocol.WorkerMessage]()
    threading.Thread(target=Cardless(sink).serve, args=(jobs,), daemon=True).start()
    jobs.put(({"id": 7, "do": "load"}, b""))
    answer = worker_protocol.read_message(io.BytesIO(sink.written.get(timeout=20)))
    assert answer is not None
    assert answer[0]["error"] == "the driver offers no card that can be used"
    assert load_message(answer[0]["reason"]) == NO_CARD


async def test_reason_of_failed_job_reaches_the_app() -> None:
    told = json.dumps({"id": 1, "error": "no card", "reason": dump_message(NO_CARD)}).encode()
    async with running(BROKEN.format(frame=struct.pack("<II", len(told), 0) + told)) as worker:
        with anyio.fail_after(20), pytest.raises(WorkerJobError) as raised:
            await worker.request(60.0, {"do": "decode"}, max_missed=10_000)
    assert raised.value.reason == NO_CARD


async def test_process_that_lost_its_gpu_ends_and_says_why() -> None:
    async with running(LOST) as worker:
        with anyio.fail_after(60), pytest.raises(WorkerDiedError, match=r"its library failed \(ErrorDeviceLost\)"):
            await worker.request(60.0, {"do": "decode", "ask": {"voices": "9"}}, bytes(4), max_missed=10_000)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the process has one priority")
@pytest.mark.parametrize("is_background", [True, False])
async def test_all_threads_have_the_priority(is_background: bool) -> None:
    worker = await WorkerProcess.start(is_background=is_background)
    try:
        with pytest.raises(WorkerJobError, match="unknown job"):
            await worker.request(60, {"do": "this"}, max_missed=60)
        threads = [int(path.name) for path in Path(f"/proc/{worker.pid}/task").iterdir()]
        found = {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads}
    finally:
        await worker.stop()
    assert len(threads) > LANE_COUNT, "the reading one and those that decode"
    assert found == {BACKGROUND_NICENESS if is_background else os.getpriority(os.PRIO_PROCESS, 0)}
