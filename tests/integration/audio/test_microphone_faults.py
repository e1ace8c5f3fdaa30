"""What becomes of a take whose microphone goes, comes back, is muted or is another one: on a real sound server."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import pytest
import soundfile
from anyio import to_thread

from desktop.audio.microphone.devices import watch_changes
from desktop.audio.microphone.health import (
    BLUETOOTH_WAKE_S,
    CHECK_AFTER_S,
    GAP_TIMEOUT_S,
    MAX_SILENT_S,
    START_TIMEOUT_S,
    NoSoundError,
    SignalFault,
    SignalMonitor,
    find_cause_in_source,
)
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.microphone.pulse import CaptureStream, PulseSource
from desktop.audio.microphone.recording import SystemRecording, measure_loudness
from desktop.core.errors import MicrophoneError
from desktop.core.messages import render
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Frame
from tests.support.desk import until as made_until
from tests.support.sound_server import Sound

PATIENCE_S = 20.0


@pytest.fixture(scope="module")
def hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a minute of a hum, by which one hears that a microphone hears."""
    return _hum(tmp_path_factory.mktemp("sound") / "hum.wav", 440)


@pytest.fixture(scope="module")
def other_hum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hum that the first one cannot silence, whenever each begins."""
    return _hum(tmp_path_factory.mktemp("sound") / "other.wav", 660)


def _hum(path: Path, hz: int) -> Path:
    soundfile.write(path, 0.4 * np.sin(2 * np.pi * hz * np.arange(30 * 48_000) / 48_000), 48_000, subtype="PCM_16")
    return path


class Heard:
    """A take that is being listened to, in the background of a test."""

    def __init__(self, recording: SystemRecording) -> None:
        self.recording = recording
        self.frames: list[Frame] = []
        self.problem: MicrophoneError | None = None
        self.over = False

    async def listen(self) -> None:
        try:
            async for frame in self.recording:
                self.frames.append(frame)
        except MicrophoneError as problem:
            self.problem = problem
        self.over = True

    @property
    def hums(self) -> bool:
        """Whether the newest frames are loud."""
        return len(self.frames) > 4 and min(map(measure_loudness, self.frames[-4:])) > 0.1

    @property
    def names(self) -> str:
        """What is said to be wrong."""
        return self.recording.problem.title if self.recording.problem is not None else ""


@asynccontextmanager
async def heard(microphone: SystemMicrophone) -> AsyncIterator[Heard]:
    """A take of `microphone`, which is kept as the app keeps it; it is stopped at the end, and then over."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(microphone.run)
        async with microphone.open() as recording:
            take = Heard(recording)
            tasks.start_soon(take.listen)
            yield take
            recording.stop(anyio.current_time())
            await until(lambda: take.over)
        tasks.cancel_scope.cancel()


async def until(met: Callable[[], object]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not met():
            await anyio.lowlevel.checkpoint()


async def do(work: Callable[..., object], *arguments: Any, **named: Any) -> None:
    """Do what a user does, while the take goes on."""
    await to_thread.run_sync(lambda: work(*arguments, **named))


@pytest.mark.anyio
async def test_unplugged_microphone_replaced_and_returns(sound: Sound, hum: Path) -> None:
    sound.plug("headset")
    sound.plug("camera")
    async with heard(SystemMicrophone(("headset", "camera"))) as take:
        for name in ("headset", "camera"):
            await do(sound.play, hum, name=name, wait=False)
        await until(lambda: take.hums)
        began_at = take.recording.captured_until - len(take.frames) * FRAME_SAMPLES / RATE_HZ
        await do(sound.unplug, "headset")
        await until(lambda: take.recording.device == "camera-description" and take.hums)
        assert take.recording.problem is None
        await do(sound.plug, "headset")
        await do(sound.play, hum, name="headset", wait=False)
        await until(lambda: take.recording.device == "headset-description" and take.hums)
    first, second = render(take.recording.notes).split(". ", 1)[0], render(take.recording.notes).rpartition(". ")[2]
    assert first == "headset-description was unplugged"
    assert second == "Went on with headset-description instead of camera-description."
    assert take.problem is None
    lasted_s = take.recording.captured_until - began_at
    assert len(take.frames) * FRAME_SAMPLES / RATE_HZ == pytest.approx(lasted_s, abs=0.2), (
        "one recording, without a hole"
    )


@pytest.mark.anyio
async def test_the_only_microphone_is_waited_for(sound: Sound, hum: Path) -> None:
    async with heard(SystemMicrophone()) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        await do(sound.unplug)
        await until(lambda: take.names == "vmic-description was unplugged." and not take.hums)
        await do(sound.plug)
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        assert take.names == ""
    assert render(take.recording.notes).startswith("vmic-description was unplugged. It was back after ")


@pytest.mark.anyio
@pytest.mark.parametrize("lets_go", [False, True])
async def test_no_other_microphone_ends_with_what_was_heard(sound: Sound, hum: Path, lets_go: bool) -> None:
    async with heard(SystemMicrophone(device_return_timeout_s=60.0 if lets_go else 1.0)) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums and len(take.frames) > 60)
        await do(sound.unplug)
        await until(lambda: take.names)
        if lets_go:
            take.recording.stop(anyio.current_time())
        await until(lambda: take.over)
    assert take.problem is not None
    assert take.problem.title.startswith("vmic-description was unplugged. Kept ")
    loud_s = sum(FRAME_SAMPLES for frame in take.frames if measure_loudness(frame) > 0.1) / RATE_HZ
    assert take.problem.title.endswith(f"Kept {loud_s:.0f} s of speech.")


@pytest.mark.anyio
async def test_a_restart_of_the_sound_server_is_outlived(sound: Sound, hum: Path) -> None:
    async with heard(SystemMicrophone()) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        await do(sound.stop)
        await until(lambda: take.names == "The sound server stopped." and not take.hums)
        await do(sound.start)
        await do(sound.plug)
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
    assert take.problem is None
    assert "It was back after " in render(take.recording.notes)


@pytest.mark.anyio
async def test_moved_stream_continues_lost_microphone_named(sound: Sound, hum: Path, other_hum: Path) -> None:
    sound.load("module-rescue-streams")
    sound.plug("headset")
    async with heard(SystemMicrophone(("headset",))) as take:
        await do(sound.play, hum, name="headset", wait=False)  # which the server moves too, into the other one's air
        await do(sound.play, other_hum, wait=False)
        await until(lambda: take.hums)
        await do(sound.unplug, "headset")
        await until(lambda: take.recording.device == "vmic-description" and take.hums)
    assert render(take.recording.notes).startswith("headset-description was unplugged. Went on with vmic-description")


@pytest.mark.anyio
async def test_server_checked_again_without_news(sound: Sound) -> None:
    async with aclosing(watch_changes()) as news:
        with anyio.fail_after(PATIENCE_S):
            await anext(news)
            await anext(news)


LISTENS = """
import anyio
from desktop.audio.microphone.devices import watch_changes
async def main():
    async for news in watch_changes():
        print("listening", flush=True)
anyio.run(main)
"""


def test_news_listener_ends_with_killed_app(sound: Sound) -> None:
    app = subprocess.Popen([sys.executable, "-c", LISTENS], env=sound.environ | os.environ, stdout=subprocess.PIPE)
    with app, os.fdopen(os.pidfd_open(_child(app))) as listens:
        app.kill()
        assert select.select([listens], [], [], PATIENCE_S)[0] == [listens], "it ends"


def _child(app: subprocess.Popen[bytes]) -> int:
    """The one that it began, once it listens."""
    assert app.stdout is not None
    assert app.stdout.readline() == b"listening\n"
    (child,) = Path(f"/proc/{app.pid}/task/{app.pid}/children").read_text().split()
    made_until(lambda: Path(f"/proc/{child}/comm").read_text() == "pactl\n", "it is pactl")
    return int(child)


@pytest.mark.anyio
async def test_new_default_followed_without_losing_words(sound: Sound, hum: Path) -> None:
    sound.plug("headset")
    async with heard(SystemMicrophone()) as take:
        for name in ("headset", "vmic"):
            await do(sound.play, hum, name=name, wait=False)
        await until(lambda: take.hums)
        since = len(take.frames)
        await do(sound.choose, "headset")
        await until(lambda: take.recording.device == "headset-description" and take.hums)
        assert min(map(measure_loudness, take.frames[since:])) > 0.1
    assert render(take.recording.notes) == "Went on with headset-description instead of vmic-description."


@pytest.mark.anyio
async def test_chosen_microphone_kept_on_default_change(sound: Sound, hum: Path) -> None:
    sound.plug("headset")
    async with heard(SystemMicrophone(("vmic",))) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        await do(sound.choose, "headset")
        since = len(take.frames)
        await until(lambda: len(take.frames) > since + 30 and take.hums)
        assert take.recording.device == "vmic-description"
    assert take.recording.notes == ()


@pytest.mark.anyio
async def test_silent_new_default_not_followed(sound: Sound, hum: Path) -> None:
    sound.plug("headset")
    sound.mute("headset")
    microphone = SystemMicrophone()
    async with heard(microphone) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        await do(sound.choose, "headset")
        await until(lambda: microphone.preferred_id == "headset")
        since = len(take.frames)
        await until(lambda: len(take.frames) > since + 110)
        assert take.recording.device == "vmic-description"
        assert min(map(measure_loudness, take.frames[-90:])) > 0.1
    assert take.recording.notes == ()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("break_it", "mend", "names", "note"),
    [
        (lambda sound: sound.mute(), lambda sound: sound.mute(on=False), "is muted.", "was muted for "),
        (
            lambda sound: sound.turn(0),
            lambda sound: sound.turn(100),
            "is turned down to 0 %.",
            "was at 0 % for ",
        ),
        (lambda sound: sound.suspend(), lambda sound: sound.suspend(on=False), "is suspended.", "was suspended for "),
    ],
    ids=["muted", "turned down", "suspended"],
)
async def test_silence_cause_named_until_first_sound(
    sound: Sound,
    hum: Path,
    break_it: Callable[[Sound], None],
    mend: Callable[[Sound], None],
    names: str,
    note: str,
) -> None:
    async with heard(SystemMicrophone()) as take:
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        await do(break_it, sound)
        await until(lambda: take.names == f"vmic-description {names}")
        since = len(take.frames)
        await until(lambda: len(take.frames) > since + 60)
        await do(mend, sound)
        await until(lambda: take.hums)
        assert take.names == ""
    assert take.problem is None
    assert render(take.recording.notes).startswith(f"vmic-description {note}")


@pytest.mark.anyio
async def test_unexplained_zeros_named_until_first_sound(sound: Sound, hum: Path) -> None:
    async with heard(SystemMicrophone()) as take:
        await until(lambda: take.names == "vmic-description is silent.")
        await do(sound.play, hum, wait=False)
        await until(lambda: take.hums)
        assert take.names == ""
    assert take.recording.notes == ()


def test_a_line_is_in_doubt_by_what_it_gave_last() -> None:
    still = SignalMonitor(100.0)
    assert still.find_fault(100.0 + CHECK_AFTER_S) is None
    assert still.find_fault(100.1 + CHECK_AFTER_S) is SignalFault.NO_DATA
    assert still.find_fault(100.1 + START_TIMEOUT_S) is SignalFault.LOST
    still.add_data(101.0, False)
    assert still.find_fault(101.0) is SignalFault.ZEROS
    assert still.is_waking(100.9 + BLUETOOTH_WAKE_S - 1)
    still.add_data(103.0, True)
    assert (still.find_fault(103.0), still.is_waking(101.0)) == (None, False)
    assert still.find_fault(103.1 + CHECK_AFTER_S) is SignalFault.NO_DATA
    still.add_data(104.0, False)
    assert still.find_fault(104.0) is SignalFault.ZEROS
    assert not still.is_silent(104.0)
    assert still.is_silent(103.1 + MAX_SILENT_S)
    assert still.find_fault(104.1 + GAP_TIMEOUT_S) is SignalFault.LOST


WELL: dict[str, Any] = {
    "index": 3,
    "name": "usb",
    "description": "USB Audio",
    "sample_specification": "s16le 1ch 48000Hz",
    "channel_map": "mono",
    "mute": False,
    "state": "RUNNING",
    "volume": {"mono": {"value": 65536}},
    "ports": [{"name": "mic", "availability": "available"}],
    "active_port": "mic",
}


@pytest.mark.parametrize(
    ("source", "muted", "title"),
    [
        ({}, False, None),
        ({"mute": True, "state": "SUSPENDED"}, False, "USB Audio is muted."),
        ({"state": "SUSPENDED"}, False, "USB Audio is suspended."),
        (
            {"volume": {"front-left": {"value": 0}, "front-right": {"value": 0}}},
            False,
            "USB Audio is turned down to 0 %.",
        ),
        ({"volume": {"front-left": {"value": 0}, "front-right": {"value": 9}}}, False, None),
        ({}, True, "Intone's recording is muted."),
        ({"ports": [{"name": "mic", "availability": "not available"}]}, False, "Nothing is plugged into USB Audio."),
        ({"ports": [], "active_port": None}, False, None),
    ],
)
def test_the_servers_own_account_gives_the_reason(source: dict[str, Any], muted: bool, title: str | None) -> None:
    ours = [CaptureStream(index=at, source=3, mute=mute) for at, mute in enumerate((False, muted))]
    found = find_cause_in_source("USB Audio", PulseSource.model_validate({**WELL, **source}), ours)
    assert (found.title if found is not None else None) == title


def test_what_was_soon_over_is_no_part_of_the_note() -> None:
    trouble = NoSoundError("microphone-muted", device="USB Audio")
    assert trouble.describe_past(trouble.since + 0.5) == ()
    assert render(trouble.describe_past(trouble.since + 3.4)) == "USB Audio was muted for 3 s."
    assert NoSoundError("microphone-silent", device="USB Audio").describe_past(trouble.since + 60) == ()


@pytest.mark.anyio
async def test_a_bluetooth_headset_may_wake_up(sound: Sound, hum: Path) -> None:
    sound.plug("headset", bus="bluetooth")
    async with heard(SystemMicrophone(("headset",))) as take:
        await until(lambda: take.names == "headset-description is waking up.")
        await until(lambda: take.names == "headset-description is silent.")
        await do(sound.play, hum, name="headset", wait=False)
        await until(lambda: take.hums and not take.names)
