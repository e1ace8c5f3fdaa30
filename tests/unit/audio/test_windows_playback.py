"""A loudspeaker of Windows that hangs holds up nothing but its own sound, in a process whose waveOut hangs."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import asyncio, ctypes, json, sys, threading, time

opened, closed, written, freed = [], threading.Semaphore(0), [], threading.Event()
load_library = ctypes.CDLL

def open_output(output, *arguments):
    opened.append(1)
    freed.wait()
    ctypes.cast(output, ctypes.POINTER(ctypes.c_size_t))[0] = 5
    return 0

FUNCTIONS = {
    "waveOutOpen": open_output,
    "waveOutWrite": lambda *_: written.append(1) or 0,
    "waveOutClose": lambda *_: closed.release() or 0,
    "CreateEventW": lambda *_: 3,
}

class Function:
    def __init__(self, name):
        self.call = FUNCTIONS.get(name, lambda *_: 0)

    def __call__(self, *arguments):
        return self.call(*arguments)

class Library:
    def __getattr__(self, name):
        setattr(self, name, Function(name))
        return getattr(self, name)

def load(name, *arguments, **more):
    return Library() if name in ("winmm", "kernel32", "ole32") else load_library(name, *arguments, **more)

ctypes.CDLL = ctypes.PyDLL = load

import numpy as np
from desktop.audio.windows_playback import CueOutput, WaveOutPlayer

tone = np.zeros(480, np.float32)

async def play(output, timeout_s):
    try:
        async with asyncio.timeout(timeout_s):
            return await output.play(tone.tobytes(), 48_000)
    except TimeoutError:
        return "given up"

async def main():
    output = CueOutput()
    results = [await play(output, 0.2), await play(output, 60), len(opened)]
    player = WaveOutPlayer()
    player.play(tone, lambda: results.append("started"), lambda problem: results.append("ended"))
    player.stop()
    freed.set()
    closed.acquire()
    for thread in output._given_up:
        thread.join()
    freed.clear()
    results += [await play(output, 0.2), len(written)]
    print(json.dumps(results))

asyncio.run(main())
"""


def test_hung_loudspeaker_holds_up_no_loop_no_cue_and_no_end() -> None:
    """The process ends although the last cue hangs."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    given_up, next_one, opened, later, written = json.loads(done.stdout)
    assert given_up == "given up"
    assert next_one is False
    assert opened == 1, "no other is opened meanwhile"
    assert later == "given up", "it is tried again as soon as it is free"
    assert written == 0, "what was stopped while it opened is not heard"
