"""Paragraphs from a real sound server: the microphone is opened once, and each is heard whole."""

from __future__ import annotations

import time
from pathlib import Path

import anyio
import numpy as np
import pytest
import soundfile
from anyio import to_thread

from desktop.audio.file import read_audio
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.core.types import RATE_HZ, Audio, Frame
from desktop.dictation.paragraphs import Paragraph, ParagraphMicrophone
from tests.conftest import Clip
from tests.support.microphone_sound import likeness, until
from tests.support.sound_server import Sound

PAUSE_S = 0.8


@pytest.mark.anyio
async def test_two_paragraphs_of_one_recording_are_whole(sound: Sound, tmp_path: Path, clips: list[Clip]) -> None:
    pieces = [read_audio(clip.path)[RATE_HZ // 2 : round(1.3 * RATE_HZ)] for clip in clips[:2]]
    quiet = np.zeros(round((PAUSE_S + 0.4) * RATE_HZ), np.float32)
    wav = tmp_path / "said.wav"
    soundfile.write(wav, np.concatenate([pieces[0], quiet, pieces[1], quiet]), RATE_HZ, subtype="PCM_16")
    heard: list[list[Frame]] = []

    async def hear(paragraph: Paragraph) -> None:
        heard.append(frames := [])
        async with paragraph.open() as recording:
            async for frame in recording:
                frames.append(frame)

    async with anyio.create_task_group() as tasks:
        microphone = ParagraphMicrophone(
            SystemMicrophone(),
            PAUSE_S,
            longest_s=600.0,
            is_continuous=True,
            on_paragraph=lambda paragraph: tasks.start_soon(hear, paragraph),
            on_silent_frame=lambda frame: None,
        )
        tasks.start_soon(microphone.run)
        tasks.start_soon(hear, microphone.first)
        microphone.lock()
        await microphone.opened.wait()
        await to_thread.run_sync(lambda: sound.play(wav))
        await until(lambda: len(heard) == 2 and microphone.is_between)
        assert sound.listeners() == 1
        microphone.stop(time.monotonic())
    assert sound.listeners() == 0
    assert not microphone.first.notes
    for piece, frames in zip(pieces, heard, strict=True):
        audio: Audio = np.concatenate(frames)
        assert likeness(audio, piece)[0] > 0.9
        assert len(audio) < len(piece) + 4 * RATE_HZ
