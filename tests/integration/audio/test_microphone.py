"""The real microphone, on a real sound server into which the tests speak."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
import soxr
from anyio import to_thread

from desktop.audio.cues import CuePlayer, make_tone
from desktop.audio.microphone.devices import MicrophoneDevice, list_devices
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.microphone.recording import TAIL_S, SystemRecording, is_quiet, measure_loudness
from desktop.audio.microphone.resampling import ChannelSelector
from desktop.audio.microphone.stream import CAPTURE_DELAY_S, PORTAUDIO, PRE_ROLL_S, AudioChunk, MicrophoneStream
from desktop.core.errors import MicrophoneError
from desktop.core.interfaces import Microphone
from desktop.core.types import RATE_HZ, Audio, Frame
from tests.conftest import Clip
from tests.contracts.microphone import PATIENCE_S, MicrophoneContract, hear
from tests.support.fakes import FileMicrophone
from tests.support.sound_server import Sound


def tone(path: Path, rate_hz: int, tone_hz: float, seconds: float) -> Path:
    time_s = np.arange(int(rate_hz * seconds)) / rate_hz
    soundfile.write(path, 0.5 * np.sin(2 * np.pi * tone_hz * time_s), rate_hz, subtype="PCM_16")
    return path


async def record(sound: Sound, wav: Path, name: str = "vmic", places: str = "") -> Audio:
    """Open `name`, play `wav` into it, stop when it has been said, and return what was heard."""
    frames: list[Frame] = []

    async def speak() -> None:
        await to_thread.run_sync(lambda: sound.play(wav, name=name, places=places))
        recording.stop(time.monotonic())

    async with SystemMicrophone((name,)).open() as recording, anyio.create_task_group() as tasks:
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


STUDIO = ",".join(f"aux{number}" for number in range(8))
SURROUND = "front-left,front-right,rear-left,rear-right,front-center,lfe"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("rate_hz", "places"),
    [
        (8_000, "mono"),
        (44_100, "aux0"),
        (192_000, "front-left,front-right"),
        (96_000, SURROUND),
        (48_000, STUDIO),
    ],
)
async def test_speech_on_second_channel_heard_unchanged(
    sound: Sound, clips: list[Clip], tmp_path: Path, rate_hz: int, places: str
) -> None:
    count = len(places.split(","))
    sound.plug("other", rate_hz=rate_hz, channels=count, places=places)
    clip = min(clips, key=lambda clip: len(clip.text)).path
    said, said_hz = soundfile.read(clip, dtype="float32")
    said = said[: 2 * said_hz]
    channels = np.zeros((len(said), count), np.float32)
    channels[:, min(1, count - 1)] = said
    soundfile.write(tmp_path / "said.wav", channels, said_hz)
    heard = await record(sound, tmp_path / "said.wav", "other", places)
    said = soxr.resample(said, said_hz, RATE_HZ)
    alike, start = likeness(heard, said)
    assert alike > (0.9 if rate_hz == 8_000 else 0.95)
    assert start + len(said) <= len(heard) < start + len(said) + RATE_HZ
    loud = np.std(heard[start : start + len(said)]) / np.std(said)
    assert 0.7 < loud < 1.5, "as loud as it was said"


def test_voice_on_louder_channel_without_cancelling() -> None:
    random = np.random.default_rng(1)
    noise, speech = random.normal(0, 0.001, (1000, 2)), random.normal(0, 0.1, 1000)
    first, second, both = ((noise + np.outer(speech, side)).astype(np.float32) for side in ((1, 0), (0, 1), (1, -1)))
    voice = ChannelSelector()
    for piece, channel in ((first, 0), (both, 0), (second, 1), (both, 1)):
        assert np.array_equal(voice.select(piece), piece[:, channel])


def test_mixed_of_eight_as_loud_as_speaker_and_capped() -> None:
    voice = ChannelSelector(mixed_channels=8)
    soft, loud = np.full((10, 1), 0.05, np.float32), np.full((10, 1), 0.5, np.float32)
    assert voice.select(soft)[0] == pytest.approx(0.4)
    assert voice.select(loud)[0] == pytest.approx(1.0)
    assert voice.select(soft)[0] == pytest.approx(0.1), "it does not pump"


@pytest.mark.anyio
async def test_tone_above_half_rate_does_not_alias(sound: Sound, tmp_path: Path) -> None:
    low = await record(sound, tone(tmp_path / "low.wav", 48_000, 3_000, 1))
    high = await record(sound, tone(tmp_path / "high.wav", 48_000, 9_000, 1))
    middle = slice(RATE_HZ // 2, RATE_HZ)
    assert np.std(low[middle]) > 0.3
    assert np.std(high[middle]) < 0.001 * np.std(low[middle])


@pytest.mark.anyio
async def test_who_still_speaks_when_letting_go_is_heard_out(sound: Sound, tmp_path: Path) -> None:
    quiet_take = await hear(SystemMicrophone(), 20)
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 30), wait=False)
    cut_off = await hear(SystemMicrophone(tail_s=0), 20)
    heard_out = await hear(SystemMicrophone(tail_s=0.5), 20)
    assert len(heard_out) - len(cut_off) >= 10
    assert len(heard_out) - len(quiet_take) >= 10


@asynccontextmanager
async def kept(microphone: SystemMicrophone) -> AsyncIterator[SystemMicrophone]:
    """`microphone` as the app keeps it."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(microphone.run)
        yield microphone
        tasks.cancel_scope.cancel()


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(PATIENCE_S):
        while not met():
            await anyio.lowlevel.checkpoint()


async def heard_after(sound: Sound, wav: Path, microphone: SystemMicrophone) -> float:
    """The seconds of `wav` that are in a take begun when it had been played."""
    await to_thread.run_sync(lambda: sound.play(wav))
    return sum(len(frame) / RATE_HZ for frame in await hear(microphone, 20) if measure_loudness(frame) > 0.1)


@pytest.mark.anyio
async def test_only_warm_microphone_hears_before_press(sound: Sound, tmp_path: Path) -> None:
    wav = tone(tmp_path / "tone.wav", 48_000, 440, 1.5)
    async with kept(SystemMicrophone(warm="always")) as warm:
        await until(lambda: warm.open_device_id == "vmic")
        assert 0.1 < await heard_after(sound, wav, warm) <= PRE_ROLL_S
    assert await heard_after(sound, wav, SystemMicrophone()) < 0.1


@pytest.mark.anyio
async def test_microphone_stays_open_except_after_cancel(
    sound: Sound,
) -> None:
    async with kept(SystemMicrophone(warm="after", keep_open_s=0.5)) as microphone:
        assert microphone.open_device_id is None
        with anyio.CancelScope() as scope:
            async with microphone.open() as recording:
                async for _ in recording:
                    scope.cancel()
        assert microphone.open_device_id is None
        await hear(microphone, 2)
        assert microphone.open_device_id == "vmic"
        await until(lambda: microphone.open_device_id is None)


@pytest.mark.anyio
async def test_unkept_microphone_closes_with_dictation(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="never")) as microphone:
        await hear(microphone, 2)
        assert microphone.open_device_id is None


@pytest.mark.anyio
async def test_lost_warm_microphone_spares_next_dictation(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="after")) as microphone:
        await hear(microphone, 2)
        sound.plug("headset")
        sound.unplug("vmic")
        await until(lambda: microphone.open_device_id is None)
        async with microphone.open() as recording:
            assert recording.device == "headset-description"
            async for _ in recording:
                recording.stop(time.monotonic())


@pytest.mark.anyio
async def test_a_warm_microphone_follows_the_systems_choice(sound: Sound) -> None:
    sound.plug("headset")
    async with kept(SystemMicrophone(warm="always")) as microphone:
        await until(lambda: microphone.open_device_id == "vmic")
        await hear(microphone, 10)
        sound.choose("headset")
        await until(lambda: microphone.open_device_id == "headset")
        async with microphone.open() as recording:
            assert recording.device == "headset-description"


@pytest.mark.anyio
async def test_retired_microphone_closes_after_recording(sound: Sound) -> None:
    async with kept(SystemMicrophone(warm="always")) as microphone:
        frames = 0
        async with microphone.open() as recording:
            async for _ in recording:
                frames += 1
                microphone.retire()
                if frames == 20:
                    recording.stop(time.monotonic())
        assert frames >= 20
        await until(lambda: microphone.open_device_id is None)


class Ear:
    """A take, as a line sees it."""

    def __init__(self, heard_until: float = 0.0) -> None:
        self.captured_until = heard_until
        self.next_at = 0.0

    def on_chunks(self, line: MicrophoneStream, *chunks: AudioChunk | None) -> None:
        raise AssertionError("nothing is captured here")

    def hand_over(self, at: float) -> None:
        self.next_at = at


def test_no_sound_in_two_successive_dictations() -> None:
    line, first, second, third = MicrophoneStream(), Ear(), Ear(), Ear()
    assert line.add_listener(first, 9.0) == 9.0 - PRE_ROLL_S
    first.captured_until = 10.0
    line.remove_listener(first)
    assert line.add_listener(second, 10.1) == 10.0
    assert line.add_listener(third, 11.0) == second.next_at == 11.0


@pytest.mark.anyio
@pytest.mark.parametrize(("level", "tail_s"), [(0.001, 0.0), (0.1, TAIL_S)])
async def test_recording_from_before_press_to_key_up_or_tail(level: float, tail_s: float) -> None:
    line = MicrophoneStream()
    line.device = MicrophoneDevice("", "", True, RATE_HZ, 1)
    recording = SystemRecording(line, pressed_at=100.0)
    step_s = 0.025
    for number in range(80):  # from 99 s to 101 s
        samples = np.full(round(step_s * RATE_HZ), level if number > 50 else 0.1, np.float32)
        recording.on_chunks(
            recording.stream, AudioChunk(samples.tobytes(), 99.0 + (number + 1) * step_s + CAPTURE_DELAY_S)
        )
    await anyio.lowlevel.checkpoint()
    recording.stop(100.7)
    heard_s = sum([len(frame) async for frame in recording]) / RATE_HZ
    assert heard_s == pytest.approx(PRE_ROLL_S + 0.7 + tail_s, abs=step_s)


@pytest.mark.anyio
async def test_the_cue_sounds_once_when_the_microphone_hears(sound: Sound, tmp_path: Path) -> None:
    rung: list[int] = []
    frames: list[Frame] = []
    cue = CuePlayer()

    def ring() -> None:
        rung.append(len(frames))
        cue()

    async with SystemMicrophone(on_start=ring).open() as recording:
        async for frame in recording:
            frames.append(frame)
            if len(frames) == 5:
                sound.play(tone(tmp_path / "breath.wav", 48_000, 3_000, 0.01), wait=False)
            if len(frames) == 60:
                recording.stop(time.monotonic())
    assert len(rung) == 1
    assert rung[0] >= 4
    assert cue.failed_count == 0
    assert likeness(np.concatenate(frames), make_tone(RATE_HZ))[0] > 0.9


@pytest.mark.parametrize(("after_s", "rings"), [(0.0, 1), (0.2, 1), (60.0, 0)])
@pytest.mark.anyio
async def test_cue_waits_until_press_is_no_shortcut(after_s: float, rings: int) -> None:
    rung: list[float] = []
    line = MicrophoneStream()
    line.device = MicrophoneDevice("", "a microphone", False, RATE_HZ, 1)
    recording = SystemRecording(line, 100.0, 0.0, lambda: rung.append(recording.captured_until), 100.0 + after_s)
    for number in range(30):
        recording.on_chunks(
            recording.stream, AudioChunk(np.full(RATE_HZ // 20, 0.1, np.float32).tobytes(), 100.0 + (number + 1) * 0.05)
        )
    await anyio.lowlevel.checkpoint()
    recording.stop(100.5)
    async for _ in recording:
        pass
    assert len(rung) == rings
    assert all(at >= 100.0 + after_s for at in rung)


@pytest.mark.anyio
async def test_unplayable_cue_is_only_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", "unix:/nowhere")
    cue = CuePlayer()
    cue()
    await until(lambda: cue.failed_count == 1)


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


def test_the_microphones_are_those_of_the_sound_server(sound: Sound) -> None:
    sound.plug("headset", rate_hz=16_000)
    assert {(device.id, device.name, device.default) for device in list_devices()} == {
        ("vmic", "vmic-description", True),
        ("headset", "headset-description", False),
    }
    sound.choose("headset")
    sound.unplug("vmic")
    assert [(device.id, device.default) for device in list_devices()] == [("headset", True)]


@pytest.mark.anyio
async def test_first_present_chosen_microphone_or_default(sound: Sound) -> None:
    sound.plug("headset")
    for wanted, name in (
        (("headset",), "headset-description"),
        (("gone", "headset-description", "vmic"), "headset-description"),
        ((), "vmic-description"),
        (("gone",), "vmic-description"),
    ):
        async with SystemMicrophone(wanted).open() as recording:
            assert recording.device == name
    assert "PULSE_SOURCE" not in os.environ


@pytest.mark.anyio
async def test_no_microphone_is_a_problem_with_a_remedy(sound: Sound) -> None:
    microphone = SystemMicrophone()
    assert microphone.find_problem() is None
    sound.unplug()
    problem = microphone.find_problem()
    assert problem is not None
    assert str(problem) == "No microphone was found. Connect one, or turn it on in the sound settings."
    with pytest.raises(MicrophoneError):
        async with microphone.open():
            pass


def test_the_command_prints_an_object_a_microphone(
    sound: Sound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound.plug("headset")
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('[audio]\ndevice = ["gone", "headset"]\n')
    command = [sys.executable, "-m", "desktop", "devices", "--json"]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"id": "vmic", "name": "vmic-description", "default": True, "chosen": False},
        {"id": "headset", "name": "headset-description", "default": False, "chosen": True},
    ]
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("levels", "over"),
    [
        ([0.1, 0.1], False),
        ([0.0, 0.0, 0.0, 0.0], True),
        ([0.1, 0.1, 0.1, 0.1, 0.1], False),
        ([0.001, 0.1, 0.2, 0.1, 0.2], False),
        ([0.001, 0.1, 0.2, 0.1, 0.002, 0.001, 0.002], False),
        ([0.001, 0.1, 0.2, 0.1, 0.002, 0.001, 0.002, 0.001], True),
        ([0.2, 0.1, 0.2, 0.005, 0.004, 0.003, 0.004], True),
    ],
)
def test_quiet_is_eighth_second_of_room_alone(levels: list[float], over: bool) -> None:
    assert is_quiet(levels) is over


@pytest.mark.parametrize(("cancelled", "rings"), [(False, 1), (True, 0)])
@pytest.mark.anyio
async def test_end_reported_when_recording_ends_normally(
    sound: Sound, tmp_path: Path, cancelled: bool, rings: int
) -> None:
    sound.play(tone(tmp_path / "tone.wav", 48_000, 440, 10), wait=False)
    began, over = anyio.Event(), list[str]()
    microphone = SystemMicrophone(on_start=began.set, on_stop=lambda: over.append("over"))
    with anyio.CancelScope() as scope:
        async with microphone.open() as recording:
            async for _ in recording:
                if began.is_set():
                    assert over == []
                    recording.stop(time.monotonic())
                    if cancelled:
                        scope.cancel()
    assert len(over) == rings
