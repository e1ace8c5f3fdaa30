"""The real microphone, on a real sound server into which the tests speak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
import soxr
from anyio import to_thread

from desktop.microphone import SystemMicrophone, devices
from desktop.microphone.recording import quiet
from desktop.ports import RATE_HZ, Audio, Frame, Microphone
from desktop.problems import MicrophoneProblem
from tests.conftest import Clip
from tests.contracts.microphone import PATIENCE_S, MicrophoneContract, hear
from tests.fakes import FileMicrophone
from tests.sound import Sound, sound_server


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sound]:
    with sound_server() as sound:
        for name, value in sound.environ.items():
            monkeypatch.setenv(name, value)
        yield sound


def tone(path: Path, rate_hz: int, tone_hz: float, seconds: float) -> Path:
    time_s = np.arange(int(rate_hz * seconds)) / rate_hz
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * tone_hz * time_s), rate_hz, subtype="PCM_16")
    return path


async def record(sound: Sound, wav: Path, name: str = "vmic") -> Audio:
    """Open `name`, play `wav` into it, stop when it has been said, and return what was heard."""
    frames: list[Frame] = []

    async def speak() -> None:
        await to_thread.run_sync(lambda: sound.play(wav, name=name))
        recording.stop()

    async with SystemMicrophone(name).open() as recording, anyio.create_task_group() as tasks:
        async for frame in recording:
            if not frames:
                tasks.start_soon(speak)
            frames.append(frame)
    return np.concatenate(frames)


def likeness(heard: Audio, said: Audio) -> tuple[float, int]:
    """The highest normalised cross-correlation of `said` with a stretch of `heard` as long, and where that begins."""
    size = len(heard) + len(said)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)[: len(heard)]
    start = int(np.argmax(product))
    stretch = heard[start : start + len(said)]
    return float(product[start] / (np.linalg.norm(stretch) * np.linalg.norm(said))), start


class TestTheRealOne(MicrophoneContract):
    @pytest.fixture
    def microphone(self, sound: Sound, tmp_path: Path) -> Microphone:
        sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 30), wait=False)
        return SystemMicrophone()


class TestTheFake(MicrophoneContract):
    @pytest.fixture
    def microphone(self) -> Microphone:
        return FileMicrophone(np.full(RATE_HZ, 0.1, np.float32))


@pytest.mark.anyio
@pytest.mark.parametrize(("rate_hz", "channels"), [(16_000, 1), (44_100, 1), (48_000, 2)])
async def test_speech_is_heard_as_it_was_said(sound: Sound, clips: list[Clip], rate_hz: int, channels: int) -> None:
    sound.plug("other", rate_hz=rate_hz, channels=channels)
    clip = min(clips, key=lambda clip: len(clip.text)).path
    heard = await record(sound, clip, "other")
    said, said_hz = soundfile.read(clip, dtype="float32")
    said = soxr.resample(said, said_hz, RATE_HZ)
    alike, start = likeness(heard, said)
    assert alike > 0.95
    assert start + len(said) <= len(heard) < start + len(said) + RATE_HZ


@pytest.mark.anyio
async def test_a_tone_above_half_our_rate_does_not_come_back_as_another(sound: Sound, tmp_path: Path) -> None:
    low = await record(sound, tone(tmp_path / "low.wav", 48_000, 3_000, 1))
    high = await record(sound, tone(tmp_path / "high.wav", 48_000, 9_000, 1))
    middle = slice(RATE_HZ // 2, RATE_HZ)
    assert np.std(low[middle]) > 0.3
    assert np.std(high[middle]) < 0.001 * np.std(low[middle])


@pytest.mark.anyio
async def test_an_unplugged_microphone_delivers_what_it_heard_and_says_so(sound: Sound, tmp_path: Path) -> None:
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 30), wait=False)
    frames: list[Frame] = []

    async def listen() -> None:
        async with SystemMicrophone().open() as recording:
            async for frame in recording:
                frames.append(frame)
                if len(frames) == 40:
                    await to_thread.run_sync(sound.unplug)

    with anyio.fail_after(PATIENCE_S), pytest.raises(MicrophoneProblem) as problem:
        await listen()
    assert problem.value.title == "vmic-description stopped delivering sound. Kept 1 s of speech."
    assert np.std(np.concatenate(frames)[RATE_HZ // 2 : RATE_HZ]) > 0.3


@pytest.mark.anyio
async def test_silence_is_told_from_sound(sound: Sound, tmp_path: Path) -> None:
    silent = []
    async with SystemMicrophone().open() as recording:
        async for _ in recording:
            silent.append(recording.silent)
            if len(silent) == 5:
                sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 30), wait=False)
            if not recording.silent:
                recording.stop()
    assert silent[:5] == [True] * 5


@pytest.mark.anyio
async def test_who_still_speaks_when_letting_go_is_heard_out(sound: Sound, tmp_path: Path) -> None:
    quiet_take = await hear(SystemMicrophone(), 20)
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 30), wait=False)
    cut_off = await hear(SystemMicrophone(tail_s=0), 20)
    heard_out = await hear(SystemMicrophone(tail_s=0.5), 20)
    assert len(heard_out) - len(cut_off) >= 10
    assert len(heard_out) - len(quiet_take) >= 10


def test_the_microphones_are_those_of_the_sound_server(sound: Sound) -> None:
    sound.plug("headset", rate_hz=16_000)
    assert {(device.id, device.name, device.default) for device in devices()} == {
        ("vmic", "vmic-description", True),
        ("headset", "headset-description", False),
    }
    sound.choose("headset")
    sound.unplug("vmic")
    assert [(device.id, device.default) for device in devices()] == [("headset", True)]


@pytest.mark.anyio
async def test_the_chosen_microphone_is_heard_and_the_default_where_it_is_missing(sound: Sound) -> None:
    sound.plug("headset")
    for chosen, name in (("headset", "headset-description"), ("", "vmic-description"), ("gone", "vmic-description")):
        async with SystemMicrophone(chosen).open() as recording:
            assert recording.device == name
    assert "PULSE_SOURCE" not in os.environ


@pytest.mark.anyio
async def test_no_microphone_is_a_problem_with_a_remedy(sound: Sound) -> None:
    microphone = SystemMicrophone()
    assert microphone.check() is None
    sound.unplug()
    problem = microphone.check()
    assert problem is not None
    assert str(problem) == "No microphone was found. Connect one, or turn it on in the sound settings."
    with pytest.raises(MicrophoneProblem):
        async with microphone.open():
            pass


def test_the_command_prints_an_object_a_microphone(sound: Sound) -> None:
    command = [sys.executable, "-m", "desktop", "devices", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "vmic", "name": "vmic-description", "default": True}
    ]
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("levels", "over"),
    [
        ([0.1, 0.1], False),
        ([0.0, 0.0, 0.0], True),
        ([0.1, 0.1, 0.1, 0.1, 0.1], False),
        ([0.001, 0.1, 0.2, 0.1, 0.2], False),
        ([0.001, 0.1, 0.2, 0.1, 0.002, 0.001], False),
        ([0.001, 0.1, 0.2, 0.1, 0.002, 0.001, 0.002], True),
        ([0.2, 0.1, 0.2, 0.005, 0.004, 0.003], True),
    ],
)
def test_quiet_is_a_tenth_of_a_second_of_the_room_alone(levels: list[float], over: bool) -> None:
    assert quiet(levels) is over
