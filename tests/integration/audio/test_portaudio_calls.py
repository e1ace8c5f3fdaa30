"""Calls of PortAudio that hang, and those that wait for them."""

from __future__ import annotations

import threading

import anyio
import pytest
from anyio import to_thread

from desktop.audio.microphone.stream import PORTAUDIO
from desktop.core.errors import MicrophoneError
from tests.contracts.microphone import PATIENCE_S


@pytest.mark.anyio
async def test_hung_call_blocks_others_required_runs_later() -> None:
    free, closed, made = threading.Event(), threading.Event(), list[str]()
    try:
        with anyio.fail_after(PATIENCE_S):
            with pytest.raises(MicrophoneError) as hung:
                await PORTAUDIO.run(0.5, free.wait)
            with pytest.raises(MicrophoneError, match=str(hung.value)), anyio.move_on_after(0):
                await PORTAUDIO.run(
                    0.05, lambda: made.append("opened")
                )  # it has gone on for longer: there is no waiting
            with pytest.raises(MicrophoneError, match=str(hung.value)):
                await PORTAUDIO.run(2.0, lambda: made.append("opened"))  # it has not yet
            with pytest.raises(MicrophoneError):
                await PORTAUDIO.run(0.05, closed.set, run_late=True)
            assert not closed.is_set()
            free.set()
            await to_thread.run_sync(closed.wait)
            await PORTAUDIO.run(60.0, lambda: None, run_late=True)
            await PORTAUDIO.run(60.0, lambda: made.append("opened again"))
    finally:
        free.set()
    assert made == ["opened again"]


@pytest.mark.anyio
async def test_press_waits_for_abandoned_call_that_ends() -> None:
    free = threading.Event()
    try:
        with anyio.fail_after(PATIENCE_S):
            with pytest.raises(MicrophoneError):
                await PORTAUDIO.run(0.05, free.wait, run_late=True)
            made = list[str]()
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(PORTAUDIO.run, 60.0, lambda: made.append("opened"))
                await anyio.wait_all_tasks_blocked()
                assert not made
                free.set()
    finally:
        free.set()
    assert made == ["opened"]


@pytest.mark.anyio
async def test_a_call_that_was_cancelled_is_waited_for() -> None:
    free, begun, made = threading.Event(), threading.Event(), list[str]()

    def slow() -> None:
        begun.set()
        free.wait()
        made.append("first")

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(PORTAUDIO.run, 60.0, slow)
        await to_thread.run_sync(begun.wait)
        tasks.cancel_scope.cancel()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(PORTAUDIO.run, 60.0, lambda: made.append("second"))
        await anyio.wait_all_tasks_blocked()
        free.set()
    assert made == ["first", "second"]
