"""Moonshine's real weights by transcribe.cpp, and what is not a model, no library, or no GPU."""

from __future__ import annotations

import queue
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from desktop.audio.file import read_audio
from desktop.core.errors import RecognizerError
from desktop.core.messages import Message
from desktop.core.types import Audio
from desktop.stt.local.client import WhisperClient
from desktop.stt.local.decoding import AlignedText, DecodeRequest, DecoderError, TokenTime
from desktop.stt.local.gguf_decoder import GgufDecoder, find_gguf
from desktop.stt.local.model_choice import LocalModel
from tests.conftest import Clip
from tests.speech.conftest import MODELS
from tests.support.process_end import kill
from tests.support.words import error_rate

pytestmark = pytest.mark.anyio

NAME = "moonshine-base"
FILE = find_gguf(MODELS / NAME)


@pytest.fixture(scope="module")
def model() -> GgufDecoder:
    return GgufDecoder(str(FILE), "moonshine")


@pytest.fixture
def spoken(clips: list[Clip]) -> Audio:
    return read_audio(clips[0].path)


def request(**options: Any) -> DecodeRequest:
    return DecodeRequest("9", **options)


def test_words_of_real_speech_are_right(model: GgufDecoder, clips: list[Clip]) -> None:
    results = [model.decode(read_audio(clip.path), request(language="en")) for clip in clips]
    assert error_rate([clip.text for clip in clips], [result.text for result in results]) < 0.1
    assert {(result.language, result.sure, result.is_looped) for result in results} == {("en", True, False)}


def test_two_lanes_say_what_one_says(model: GgufDecoder, clips: list[Clip]) -> None:
    audio = [read_audio(clip.path) for clip in clips[:2]]
    alone = [model.decode(one, request()).text for one in audio]
    beside: dict[int, str] = {}
    lanes = [
        threading.Thread(target=lambda at=at: beside.update({at: model.decode(audio[at], request()).text}))
        for at in range(2)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert [beside[at] for at in range(2)] == alone


def test_only_language_is_told_without_decoding(model: GgufDecoder, spoken: Audio) -> None:
    result = model.decode(spoken, request(only_language=True, allowed=("en", "de")))
    assert (result.text, result.language, result.odds) == ("", "en", {"en": 1.0})


@pytest.mark.parametrize("samples", [1, 500, 1700])
def test_shortest_windows_are_decoded(model: GgufDecoder, spoken: Audio, samples: int) -> None:
    assert model.decode(spoken[:samples], request()).text == ""


@dataclass
class Failing:
    """A session that does not do what it is asked."""

    error: Exception

    def run(self, samples: bytes, **options: Any) -> Any:
        raise self.error


@dataclass
class Partial:
    """What a model had said before it was stopped."""

    text: str
    language: str = ""
    tokens: tuple[Any, ...] = ()


@pytest.fixture
def failing(model: GgufDecoder, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], GgufDecoder]:
    def with_error(error: Exception) -> GgufDecoder:
        sessions: queue.SimpleQueue[Any] = queue.SimpleQueue()
        sessions.put(Failing(error))
        monkeypatch.setattr(model, "_sessions", sessions)
        return model

    return with_error


@pytest.mark.parametrize("kind", ["OutputRepetition", "OutputTruncated"])
def test_loop_keeps_the_words_before_it(failing: Callable[[Exception], GgufDecoder], spoken: Audio, kind: str) -> None:
    import transcribe_cpp

    error = getattr(transcribe_cpp, kind)("stopped")
    error.partial_result = Partial(" in 1862 by")
    result = failing(error).decode(spoken, request())
    assert (result.text, result.guard, result.sure, result.is_looped) == ("in 1862 by", "loop", False, True)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("OutOfMemory", "memory-exhausted"),
        ("BackendError", "ggml-failed"),
        ("Aborted", "ggml-failed"),
        ("AbiError", "ggml-library-unusable"),
    ],
)
def test_errors_of_the_library_become_reasons(
    failing: Callable[[Exception], GgufDecoder], spoken: Audio, kind: str, code: str
) -> None:
    import transcribe_cpp

    with pytest.raises(DecoderError) as raised:
        failing(getattr(transcribe_cpp, kind)("no")).decode(spoken, request())
    assert raised.value.reason.code == code


@pytest.mark.parametrize("kind", ["OutputTruncated", "InputTooLong", "UnsupportedRequest"])
def test_window_that_is_refused_has_no_words_and_is_doubted(
    failing: Callable[[Exception], GgufDecoder], spoken: Audio, kind: str
) -> None:
    import transcribe_cpp

    result = failing(getattr(transcribe_cpp, kind)("no")).decode(spoken, request())
    assert (result.text, result.language, result.sure, result.is_looped) == ("", "en", False, False)


def damaged(folder: Path, change: Callable[[bytes], bytes]) -> LocalModel:
    (folder / FILE.name).write_bytes(change(FILE.read_bytes()))
    return LocalModel(NAME, folder, "moonshine", "gguf")


async def found(model: LocalModel) -> LocalModel:
    return model


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:1000],
        lambda data: b"",
        lambda data: b"GGUF" + bytes(len(data) - 4),
        lambda data: data.replace(b"moonshine.encoder.n_layers", b"moonshine.encoder.m_layers"),
        lambda data: data.replace(b"moonshine", b"moonlight"),
    ],
    ids=["half", "header", "empty", "zeros", "without a number", "another family"],
)
async def test_file_that_is_no_model_is_refused(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    client = WhisperClient(partial(found, damaged(tmp_path, change)))
    with pytest.raises(RecognizerError) as raised:
        await client.load()
    reason = Message("gguf-unreadable")
    assert raised.value.message == Message("speech-model-unloadable", name=NAME, reason=reason)


async def test_missing_file_is_refused(tmp_path: Path) -> None:
    client = WhisperClient(partial(found, LocalModel(NAME, tmp_path, "moonshine", "gguf")))
    with pytest.raises(RecognizerError, match="damaged or of another kind"):
        await client.load()


@pytest.mark.parametrize("library", ["nowhere.so", "text.so"])
async def test_unusable_library_is_named(tmp_path: Path, library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.so").write_text("not a library")
    monkeypatch.setenv("TRANSCRIBE_LIBRARY", str(tmp_path / library))
    client = WhisperClient(partial(found, LocalModel(NAME, MODELS / NAME, "moonshine", "gguf")))
    with pytest.raises(RecognizerError, match=r"transcribe-cpp is missing or does not fit .* choose a Whisper model"):
        await client.load()


async def test_dead_process_is_followed_by_one_with_the_same_model(tmp_path: Path, spoken: Audio) -> None:
    folder = tmp_path / NAME
    shutil.copytree(MODELS / NAME, folder)
    found = [LocalModel(NAME, folder, "moonshine", "gguf"), LocalModel(NAME, MODELS / NAME, "moonshine", "gguf")]
    asked: list[LocalModel] = []

    async def find() -> LocalModel:
        asked.append(found[len(asked)])
        return asked[-1]

    client = WhisperClient(find)
    try:
        for is_gone in (False, True):
            await client.load()
            before = client.pid
            assert before is not None
            kill(before)
            if is_gone:  # a model that was deleted meanwhile is looked for again
                shutil.rmtree(folder)
            assert "john dashwood" in (await client.decode(spoken, request())).text.lower()
            assert client.pid not in (None, before)
            assert len(asked) == 1 + is_gone
    finally:
        await client.close()


@pytest.mark.parametrize(("name", "device"), [(NAME, "vulkan"), ("whisper-turbo-vulkan", "auto")])
async def test_vulkan_without_a_card_falls_back_to_the_cpu(
    name: str, device: str, spoken: Audio, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("VK_DRIVER_FILES", "/dev/null")
    client = WhisperClient(partial(found, LocalModel(name, MODELS / NAME, "moonshine", "gguf")), device=device)
    try:
        result = await client.decode(spoken, request())
        assert client.device == "cpu"
        assert client.note is not None
        assert client.note.code == "vulkan-failed"
        assert str(client.note) == (
            "The graphics card is not used, and the processor transcribes: Vulkan finds no card with a driver, or the "
            "driver failed. Install the card's Vulkan driver and restart Intone, or choose another model in the "
            "settings."
        )
        assert "status 8" in caplog.text
        assert str(MODELS) not in caplog.text
        assert "mr. john dashwood had then leisure" in result.text.lower()
    finally:
        await client.close()


class Telling(GgufDecoder):
    """A model that tells when it heard each token."""

    def __init__(self) -> None:
        self._timestamps = "token"

    def _run(self, audio: Audio, request: DecodeRequest) -> tuple[Any, bool]:
        return Heard([Token(" a", 100, 300, 0.9), Token(" heron", 300, 800, 0.5)]), False


@dataclass
class Token:
    text: str
    t0_ms: int
    t1_ms: int
    p: float


@dataclass
class Heard:
    tokens: list[Token]


def test_told_times_are_those_of_the_heard_text(spoken: Audio) -> None:
    heard = AlignedText(" a heron", (TokenTime(0, 2, 0.1, 0.3, 0.9), TokenTime(2, 8, 0.3, 0.8, 0.5)))
    assert Telling().align(spoken, ["a heron", "an heir"], "en") == [heard, heard]


def test_moonshine_tells_no_times_and_no_alternatives(model: GgufDecoder, spoken: Audio) -> None:
    assert model.align(spoken, ["a heron"], "en") == []
    assert model.list_alternatives(spoken, "en", 3) == []
