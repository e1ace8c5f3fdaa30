"""The real microphone, on a real sound server into which the tests speak."""

from __future__ import annotations

import time
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
import soxr

from desktop.audio.microphone.device import MicrophoneDevice
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.microphone.recording import TAIL_S, SystemRecording, is_quiet
from desktop.audio.microphone.resampling import ChannelSelector
from desktop.audio.microphone.stream import CAPTURE_DELAY_S, PRE_ROLL_S, AudioChunk, MicrophoneStream
from desktop.core.interfaces import Microphone
from desktop.core.types import RATE_HZ
from tests.conftest import Clip
from tests.contracts.microphone import MicrophoneContract, hear
from tests.support.fakes import FileMicrophone
from tests.support.microphone_sound import likeness, record, tone
from tests.support.sound_server import Sound


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
