"""Real speech through the real model, in its own process."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import anyio
import numpy as np
import pytest

from desktop.audio.file import iterate_frames, read_audio
from desktop.core.errors import RecognizerError
from desktop.core.types import FRAME_SAMPLES, RATE_HZ, Audio, Transcript
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.model_choice import LocalModel
from tests.conftest import Clip
from tests.speech.conftest import installed
from tests.support.process_end import ended, kill
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio

GAP = np.zeros(RATE_HZ // 2, np.float32)


def spoken(clips: list[Clip]) -> tuple[Audio, str]:
    """The clips one after the other with half a second between, and their words."""
    pieces = [piece for clip in clips for piece in (read_audio(clip.path), GAP)]
    return np.concatenate(pieces), " ".join(clip.text for clip in clips)


def ignore(partial: Transcript) -> None:
    pass


async def test_a_sentence_is_understood(whisper: WhisperClient, clips: list[Clip]) -> None:
    audio, text = spoken(clips[:1])
    said = await whisper.transcribe(iterate_frames(audio), ignore)
    assert error_rate(text, said.text) <= 0.1
    assert said.language == "en"
    assert said.duration_s == pytest.approx(len(audio) / RATE_HZ, abs=0.01)
    assert (said.engine, said.model, said.device) == ("whisper", "base", "cpu")


async def test_a_long_dictation_is_whole_and_in_order(whisper: WhisperClient, clips: list[Clip]) -> None:
    audio, text = spoken([*clips, *clips[:3]])
    assert len(audio) > 43 * RATE_HZ
    said = await whisper.transcribe(iterate_frames(audio), ignore)
    assert error_rate(text, said.text) <= 0.1
    assert len(said.segments) >= 2
    assert all(a.end_s <= b.start_s for a, b in zip(said.segments, said.segments[1:], strict=False))


async def test_words_appear_live_and_settled_never_change(whisper: WhisperClient, clips: list[Clip]) -> None:
    audio, _ = spoken(clips)
    shown: list[Transcript] = []
    said = await whisper.transcribe(iterate_frames(audio, realtime=True), shown.append)
    assert len(shown) >= 5
    assert shown[0].text
    settled = ""
    for partial_words in [*shown, said]:
        assert partial_words.text.startswith(settled)
        settled = partial_words.text[: partial_words.stable_length]
    assert settled == said.text


async def test_silence_and_noise_say_nothing(whisper: WhisperClient) -> None:
    noise = np.random.default_rng(1).normal(0, 0.003, 3 * RATE_HZ).astype(np.float32)
    for audio in (np.zeros(3 * RATE_HZ, np.float32), noise, np.zeros(0, np.float32)):
        said = await whisper.transcribe(iterate_frames(audio), ignore)
        assert said.text == ""


async def test_two_dictations_at_once_do_not_mix(whisper: WhisperClient, clips: list[Clip]) -> None:
    said: dict[int, str] = {}

    async def dictate(index: int) -> None:
        said[index] = (await whisper.transcribe(iterate_frames(read_audio(clips[index].path)), ignore)).text

    async with anyio.create_task_group() as tasks:
        for index in (0, 1):
            tasks.start_soon(dictate, index)
    for index in (0, 1):
        assert error_rate(clips[index].text, said[index]) <= 0.1


async def test_a_killed_process_costs_no_word(whisper: WhisperClient, clips: list[Clip]) -> None:
    audio, text = spoken(clips[:2])
    killed = []

    async def speech() -> object:
        async for frame in iterate_frames(audio):
            if not killed:
                assert whisper.pid is not None
                killed.append(whisper.pid)
                kill(whisper.pid)
            yield frame

    said = await whisper.transcribe(speech(), ignore)
    assert error_rate(text, said.text) <= 0.1
    assert whisper.pid not in killed


async def test_closing_gives_the_memory_back(clips: list[Clip]) -> None:
    model = WhisperClient(partial(installed, "tiny.en"), device="cpu")
    await model.load()
    pid = model.pid
    assert pid is not None
    await model.close()
    await ended(pid)


async def test_a_missing_cuda_falls_back_to_the_cpu(clips: list[Clip]) -> None:
    model = WhisperClient(partial(installed, "tiny.en"), device="cuda")
    try:
        said = await model.transcribe(iterate_frames(read_audio(clips[1].path)), ignore)
    finally:
        await model.close()
    assert said.device == "cpu"
    assert error_rate(clips[1].text, said.text) <= 0.3


async def test_a_damaged_model_is_a_problem_with_a_remedy(tmp_path: Path) -> None:
    async def damaged() -> LocalModel:
        for name in ("config.json", "tokenizer.json", "vocabulary.txt"):
            (tmp_path / name).write_bytes(((await installed("tiny.en")).folder / name).read_bytes())
        (tmp_path / "model.bin").write_bytes(b"not a model")
        return LocalModel("tiny.en", tmp_path)

    with pytest.raises(RecognizerError, match="cannot be loaded") as problem:
        await WhisperClient(damaged, device="cpu").load()
    assert "intone models pull tiny.en" in problem.value.remedy


async def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    """A parent that is killed, not one that ends well."""
    script = (
        "import asyncio, sys\n"
        "from desktop.stt.local.process import WorkerProcess\n"
        "async def main():\n"
        "    child = await WorkerProcess.start()\n"
        "    print(child.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    async with await anyio.open_process([sys.executable, "-c", script]) as parent:
        assert parent.stdout is not None
        child = int(await parent.stdout.receive())
        parent.kill()
        await ended(child)


async def test_short_frames_are_heard_too(whisper: WhisperClient, clips: list[Clip]) -> None:
    audio = read_audio(clips[1].path)
    said = await whisper.transcribe(iterate_frames(audio[: len(audio) - FRAME_SAMPLES // 2]), ignore)
    assert error_rate(clips[1].text, said.text) <= 0.15
