"""Why the speech model is used, as the doctor says it."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest

from desktop.app.ipc import serve_commands
from desktop.core.errors import UserError
from desktop.core.ipc_client import Reply
from desktop.core.message_json import dump_message
from desktop.core.messages import Message
from desktop.core.paths import find_paths
from desktop.doctor import files
from models.store import ModelStore


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that has Whisper base, in its full size."""
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    store = ModelStore(find_paths().models)
    store.model_path("base").mkdir(parents=True)
    for file in store.models["base"].hub.files:
        with (store.model_path("base") / file.name).open("wb") as stream:
            stream.truncate(file.size)
    return tmp_path


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("", "auto-any-language"),
        ('language = ["de"]', "auto-one-language"),
        ('engine = "openai"', "speech-model-unused"),
        ('engine = "openai"\nmodel = "base"', "speech-model-unused"),
        ('model = "base"', "model-named"),
        ('model = "moonshine-base"\nlanguage = ["de"]', "model-named"),
        ('model = "large-v3"\nlanguage = ["yue"]', "model-named"),
    ],
)
def test_model_choice_is_explained(home: Path, settings: str, code: str) -> None:
    (home / "settings.toml").write_text(f"[recognizer]\n{settings}\n")
    assert files.check_model_choice().code == code


@pytest.mark.parametrize(
    "settings", ['language = ["yue"]', 'model = "base"\nlanguage = ["yue"]', 'model = "tiny.en"\nlanguage = ["de"]']
)
def test_model_without_the_language_is_a_finding(home: Path, settings: str) -> None:
    (home / "settings.toml").write_text(f"[recognizer]\n{settings}\n")
    with pytest.raises(UserError, match="does not know every language that is chosen") as caught:
        files.check_model_choice()
    assert "large-v3-turbo" in caught.value.remedy


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("reason", "code"),
    [(Message("auto-meanwhile", name="Whisper tiny.en"), "auto-meanwhile"), (None, "auto-any-language")],
)
async def test_running_app_is_asked_for_its_reason(home: Path, reason: Message | None, code: str) -> None:
    async def status(command: str) -> Reply:
        assert command == "status"
        return {"ok": True, "model_reason_message": None if reason is None else dump_message(reason)}

    async with serve_commands(find_paths(), status):
        assert (await anyio.to_thread.run_sync(files.check_model_choice)).code == code


def test_query_of_an_address_is_not_told(home: Path) -> None:
    (home / "settings.toml").write_text('[polish]\nmode = "llm"\nurl = "https://models.example/v1?api-key=secret"\n')
    assert str(files.check_language_model()) == "Another server is asked: https://models.example/v1"
