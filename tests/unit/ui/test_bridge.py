"""Between Qt and the engine's loop, with a real loop in a real thread."""

from __future__ import annotations

import threading

import pytest
from anyio.from_thread import start_blocking_portal
from PySide6.QtCore import QThread

from desktop.core.state import AppState, Done, Listening
from desktop.core.types import Outcome
from desktop.ui.bridge import Bridge


def test_burst_on_busy_thread_draws_newest_once(qtbot) -> None:
    bridge, drawn = Bridge(), []
    bridge.state_changed.connect(drawn.append)
    burst = [*(AppState(Listening(level=n / 100)) for n in range(100)), AppState(Done(Outcome.INSERTED))]
    thread = threading.Thread(target=lambda: [bridge.show(shown) for shown in burst])
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(drawn))
    done = []
    bridge.call(lambda: done.append(True))
    qtbot.waitUntil(lambda: bool(done))
    assert drawn == [burst[-1]]


def test_states_are_drawn_on_the_main_thread(qtbot) -> None:
    bridge, threads = Bridge(), []
    bridge.state_changed.connect(lambda shown: threads.append(QThread.isMainThread()))
    thread = threading.Thread(target=bridge.show, args=(AppState(),))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [True]


def test_engine_awaits_call_on_main_thread(qtbot) -> None:
    bridge = Bridge()
    with start_blocking_portal("asyncio") as portal:
        answer = portal.start_task_soon(bridge.on_main, QThread.isMainThread)
        qtbot.waitUntil(answer.done)
    assert answer.result() is True


def test_main_thread_error_raised_in_engine(qtbot) -> None:
    bridge = Bridge()

    def broken() -> None:
        raise ValueError("broken")

    with start_blocking_portal("asyncio") as portal:
        answer = portal.start_task_soon(bridge.on_main, broken)
        qtbot.waitUntil(answer.done)
    with pytest.raises(ValueError, match="broken"):
        answer.result()
