"""A model is downloaded for the engine that the user chose, and not for one that safe mode put in its place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest

from desktop.core.errors import RecognizerError
from desktop.core.messages import Message
from desktop.stt.local.engine import WhisperEngine
from desktop.stt.local.engine_options import LocalEngineOptions
from desktop.stt.local.engine_status import EngineStatus
from desktop.stt.local.model_choice import find_better_model, find_model, is_installed
from models.store import ModelStore

pytestmark = pytest.mark.anyio

PROBLEM = Message("settings-no-model-fetched", line="look.theme")
SAID = r"^No speech model is fetched by itself until look\.theme is mended\."


class Fetching:
    """Notes the models that are to be downloaded, and downloads none."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.begun = anyio.Event()

    async def __call__(self, name: str, on_progress: Callable[[int, int], None]) -> None:
        self.names.append(name)
        self.begun.set()
        raise RecognizerError("local-model-missing")


@pytest.mark.parametrize("chosen", ["auto", "base"])
@pytest.mark.parametrize("allow_other", [False, True])
async def test_model_not_fetched_names_the_line_to_mend(tmp_path: Path, chosen: str, allow_other: bool) -> None:
    fetching = Fetching()
    with pytest.raises(RecognizerError, match=SAID):
        await find_model(
            ModelStore(tmp_path),
            chosen,
            lambda progress: None,
            allow_other=allow_other,
            fetch_model=fetching,
            fetch_problem=PROBLEM,
        )
    assert fetching.names == []


async def test_engine_fetches_once_the_line_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nothing of the hub is asked
    fetching, told = Fetching(), anyio.Event()
    problems: list[RecognizerError] = []

    def on_change(status: EngineStatus) -> None:
        if isinstance(status.problem, RecognizerError):
            problems.append(status.problem)
            told.set()

    options = LocalEngineOptions("base", fetch_problem=PROBLEM)
    engine = WhisperEngine(ModelStore(tmp_path), options, on_change, fetching)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(engine.run)
        with anyio.fail_after(30):
            await told.wait()
            assert problems[0].message == PROBLEM
            assert fetching.names == []
            engine.apply_options(LocalEngineOptions("base"))
            await fetching.begun.wait()
        assert len(fetching.names) == 1
        tasks.cancel_scope.cancel()


def lay(folder: Path, *names: str) -> ModelStore:
    """Lay files of the right sizes, and no contents, where the models belong."""
    store = ModelStore(folder)
    for name in names:
        store.model_path(name).mkdir(parents=True)
        for file in store.models[name].hub.files:
            with (store.model_path(name) / file.name).open("wb") as stream:
                stream.truncate(file.size)
    return store


@pytest.mark.parametrize(
    ("installed", "languages", "found"),
    [
        (("base", "moonshine-base"), ("en",), "moonshine-base"),
        (("base", "moonshine-base"), ("en", "de"), "base"),
        (("base", "moonshine-base"), (), "base"),
        (("base",), ("en",), "base"),
        (("base", "parakeet-v2"), ("en",), "base"),
    ],
)
async def test_automatic_goes_by_languages(
    tmp_path: Path, installed: tuple[str, ...], languages: tuple[str, ...], found: str
) -> None:
    model = await find_model(lay(tmp_path, *installed), "auto", lambda progress: None, False, languages=languages)
    assert model.name == found
    assert model.format == ("gguf" if found == "moonshine-base" else "ctranslate2")


async def test_whisper_takes_the_place_of_a_model_that_failed(tmp_path: Path) -> None:
    store = lay(tmp_path, "base", "moonshine-base")
    model = await find_model(store, "auto", lambda progress: None, False, languages=("en",), failed=("moonshine-base",))
    assert model.name == "base"


async def test_whisper_is_fetched_where_the_only_model_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")  # nothing of the hub is asked
    fetching = Fetching()
    with pytest.raises(RecognizerError):
        await find_model(
            lay(tmp_path, "moonshine-base"),
            "auto",
            lambda progress: None,
            False,
            fetch_model=fetching,
            languages=("en",),
            failed=("moonshine-base",),
        )
    assert fetching.names == ["base"]


async def test_better_model_is_not_fetched_in_the_place_of_what_is_there(tmp_path: Path) -> None:
    assert await find_better_model(lay(tmp_path, "base"), "base", False, ("en",)) is None


def test_model_that_is_never_chosen_does_not_count_as_installed(tmp_path: Path) -> None:
    store = lay(tmp_path, "parakeet-v2")
    assert not is_installed(store, "auto")
    assert is_installed(store, "parakeet-v2")
