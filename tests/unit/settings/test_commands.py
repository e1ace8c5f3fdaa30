"""Commands that write settings keep what was valid last, and bring its copy up to date."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable
from pathlib import Path
from typing import override

import anyio
import numpy as np
import pytest
import soundfile
from keyring.backends import null

from desktop.__main__ import main
from desktop.bench.decoders import load_streaming
from desktop.core.errors import RecognizerError
from desktop.core.paths import Paths, find_paths
from desktop.core.types import Frame, Transcript
from desktop.history import encryption
from desktop.settings.live import LiveSettings, load_in_force
from desktop.stt.local import client
from tests.support.encrypted_home import asked

GOOD = (
    '[recognizer]\nengine = "openai"\n[history]\nprivate = "on"\nkeep_audio_days = 3650\n'
    '[vocabulary]\nwords = ["heron"]\n'
)

SAFE_MODE = '[recognizer]\nengine = "openai"\n[look]\ntheme = "drak"\n'

UNFETCHED = "No speech model is fetched by itself until look.theme is mended."


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    home = find_paths()
    home.config.mkdir()
    return home


def run_app(home: Paths, text: str) -> LiveSettings:
    """Return the settings of an app that runs with this file."""
    home.settings.write_text(text)
    live = LiveSettings(home)
    live.load()
    live.save_valid()
    return live


COMMANDS = (
    ["settings", "set", "look.theme", "dark"],
    ["settings", "reset", "polish.mode"],
    ["vocabulary", "add", "--word", "egret"],
    ["vocabulary", "remove", "heron"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("text", [None, "", "# mine\n"])
def test_command_restores_a_file_that_is_gone(home: Paths, text: str | None, command: list[str]) -> None:
    live = run_app(home, GOOD)
    home.settings.unlink()
    if text is not None:
        home.settings.write_text(text)
    assert live.load().is_safe_mode
    assert main(command) == 0
    for loaded in (live.load(), load_in_force(home)):
        assert not loaded.is_safe_mode
        assert (loaded.settings.history.private, loaded.settings.history.keep_audio_days) == ("on", 3650)
        assert loaded.settings.recognizer.engine == "openai"
    assert load_in_force(home).settings.vocabulary.words == {
        "add": ("heron", "egret"),
        "remove": (),
    }.get(command[1], ("heron",))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_command_brings_the_copy_up_to_date(home: Paths, command: list[str]) -> None:
    run_app(home, GOOD)
    assert main(["settings", "reset", "recognizer.engine"]) == 0
    assert main(command) == 0
    assert home.valid_settings.read_text() == home.settings.read_text()
    assert [path.name for path in home.config.glob(".*toml*")] == []
    home.settings.write_text("[recogniser]\n")
    assert load_in_force(home).settings.recognizer.engine == "whisper"


def test_copy_of_the_app_is_not_older_than_the_file(home: Paths) -> None:
    live = run_app(home, GOOD)
    assert main(["settings", "set", "recognizer.engine", "whisper"]) == 0
    home.settings.write_text(GOOD)
    live.save_valid()
    assert home.valid_settings.read_text() == GOOD


def test_reset_for_want_of_a_keyring_keeps_the_rest(home: Paths) -> None:
    run_app(home, GOOD.replace("[history]\n", '[history]\nencrypted = "on"\n'))
    home.settings.unlink()
    with asked(null.Keyring()):
        assert encryption.find_encryption_problem(home) is not None
    settings = load_in_force(home).settings
    assert (settings.history.encrypted, settings.history.private) == ("off", "on")


class HearsAtOnce(client.WhisperClient):
    """One that needs its model although nothing is said."""

    @override
    async def transcribe(self, speech: AsyncIterable[Frame], on_partial: Callable[[Transcript], None]) -> Transcript:
        await self.load()
        return await super().transcribe(speech, on_partial)


def test_emotion_command_fetches_no_model_in_safe_mode(
    home: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "WhisperClient", HearsAtOnce)
    home.settings.write_text(SAFE_MODE)
    sound = home.config.parent / "said.wav"
    soundfile.write(sound, np.zeros(16_000, np.float32), 16_000)
    assert main(["emotion", str(sound)]) == 1
    assert capsys.readouterr().out.startswith(UNFETCHED)
    assert not home.models.exists()


def test_measurement_fetches_no_model_in_safe_mode(home: Paths) -> None:
    home.settings.write_text(SAFE_MODE)

    async def load() -> None:
        async with load_streaming(""):
            pass

    with pytest.raises(RecognizerError, match=UNFETCHED):
        anyio.run(load)
    assert not home.models.exists()
