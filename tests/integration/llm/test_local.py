"""The language model on this machine, with the smallest real one: asked, killed, let go, alone with its key; and a
sentence where there is none."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import pytest

from desktop.core.errors import ServiceError, UserError
from desktop.core.messages import render
from desktop.core.types import DictationContext
from desktop.llm.chat_completions import LLMRequest
from desktop.llm.local import LocalLLMClient
from desktop.llm.local_model import find_local_model, language_model_store
from desktop.llm.local_server import LOAD_TIMEOUT_S
from desktop.llm.prompts import load_prompt, load_schema
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish.llm_polisher import LLMPolisher
from models.catalog import load_catalog
from tests.support.other_systems import SYSTEM, only_on_linux
from tests.support.process_end import ended

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[3]
MODELS = ROOT / ".cache/home/models"
NAME = "smollm2-135m"

HANGING_LIBRARY = """
import sys, threading, types

def CommonParams():
    parts = ("model", "cpuparams", "cpuparams_batch")
    return types.SimpleNamespace(**{name: types.SimpleNamespace() for name in parts})

class Server:
    def __init__(self, params):
        print(f"0.01 E srv    load_model: failed to load model, '{params.model.path}'", file=sys.stderr, flush=True)
        threading.Event().wait()
"""
"""llama.cpp as it is under Wine with a file that it cannot load."""

SOON_S = 0.05
LONG = LLMRequest("Count from one to a thousand, in words.", "go on", 2000)
SHORT = LLMRequest("Answer in one short sentence.", "what is the capital of france", 30)
SAID = "so i think we should send the report to jane tomorrow morning"
RULES = "So I think we should send the report to jane tomorrow morning."


@pytest.fixture(scope="module")
async def shared(anyio_backend: str) -> AsyncIterator[LocalLLMClient]:
    """One for the tests that leave it as it was."""
    async with local() as chat:
        yield chat


@asynccontextmanager
async def local(
    wanted: str = NAME, folder: Path = MODELS, unload_after_s: float = 0.0, warm: bool = True
) -> AsyncIterator[LocalLLMClient]:
    chat = LocalLLMClient(language_model_store(folder), wanted, unload_after_s)
    try:
        if warm:
            await chat.warm()
        yield chat
    finally:
        await chat.aclose()


def process(chat: LocalLLMClient) -> int:
    pid = chat.pid
    assert pid is not None
    return pid


async def until(met: Callable[[], bool]) -> None:
    with anyio.fail_after(30):
        while not met():
            await anyio.lowlevel.checkpoint()


def nothing(draft: str) -> None:
    pass


async def test_local_answers_and_reports_nothing_sent(shared: LocalLLMClient) -> None:
    drafts: list[str] = []
    completion = shared.create_completion(SHORT)
    assert "Paris" in await completion.run(drafts.append)
    assert len(drafts) > 1
    assert completion.receipt("polish") is None


async def test_a_polish_by_it_has_a_text_and_no_receipt(shared: LocalLLMClient) -> None:
    polisher, here = LLMPolisher(shared, 60), DictationContext(dictation_id=1)
    polisher.prepare("", here)
    polisher.prepare(SAID, here)
    polished = await polisher.polish(SAID, here, nothing)
    assert polished.text
    assert "did not polish" not in render(polished.notes)
    assert polished.sent == polisher.finish(here) == ()


async def test_an_answer_is_held_to_its_schema(shared: LocalLLMClient) -> None:
    completion = shared.create_completion(
        LLMRequest(load_prompt("emotion"), "i am so happy that you came", 60, load_schema("emotion"))
    )
    assert set(json.loads(await completion.run(nothing))) == {"label", "confidence", "valence", "arousal"}


async def test_two_are_asked_at_once_and_both_answer(shared: LocalLLMClient) -> None:
    answers: list[str] = []

    async def ask() -> None:
        answers.append(await shared.create_completion(SHORT).run(nothing))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(ask)
        tasks.start_soon(ask)
    assert len(answers) == 2
    assert all("Paris" in answer for answer in answers)


async def test_who_has_another_key_or_none_is_refused(shared: LocalLLMClient) -> None:
    for key in ("sk-guessed", ""):
        stranger = Service(
            "Stranger", shared.service.url, ServiceKey("local", lambda name, key=key: key), is_key_optional=True
        )
        with pytest.raises(ServiceError) as refused:
            await shared.http_client.request(stranger, "POST", "/chat/completions", body=b"{}")
        assert refused.value.status == 401


async def test_loopback_address_and_hidden_key(shared: LocalLLMClient) -> None:
    (authorization,) = (await shared.service.auth_headers()).values()
    key = authorization.removeprefix("Bearer ").encode()
    assert len(key) > 30
    assert shared.service.url.startswith("http://127.0.0.1:")
    only_on_linux(SYSTEM)
    for told in ("cmdline", "environ"):
        assert key not in Path(f"/proc/{process(shared)}/{told}").read_bytes()


async def test_second_chat_has_own_process_and_key(shared: LocalLLMClient) -> None:
    async with local() as second:
        assert process(second) != process(shared)
        assert second.service.url != shared.service.url
        assert await second.service.auth_headers() != await shared.service.auth_headers()
        assert "Paris" in await second.create_completion(SHORT).run(nothing)
    assert "Paris" in await shared.create_completion(SHORT).run(nothing)


async def test_killed_while_answering_next_is_answered() -> None:
    async with local() as chat:
        pid = process(chat)

        def kill(draft: str) -> None:
            os.kill(pid, 9)

        with pytest.raises(UserError, match=r"The local model stopped\. The next dictation starts it again\."):
            await chat.create_completion(LONG).run(kill)
        assert "Paris" in await chat.create_completion(SHORT).run(nothing)
        assert process(chat) != pid


async def test_killed_during_polish_rules_used_then_restarts() -> None:
    async with local() as chat:
        pid, polisher = process(chat), LLMPolisher(chat, 60)
        first, second, said = (
            DictationContext(dictation_id=1),
            DictationContext(dictation_id=2),
            " and then ".join([SAID] * 3),
        )

        def kill(draft: str) -> None:
            os.kill(pid, 9)

        polished = await polisher.polish(said, first, kill)
        assert render(polished.notes) == "The local model stopped. Used the rules."
        assert polished.text.lower().startswith(said[:100])
        polisher.prepare("", second)
        polished = await polisher.polish(SAID, second, nothing)
        assert polished.text
        assert "stopped" not in render(polished.notes)
        assert process(chat) != pid


async def test_idle_model_unloaded_and_loaded_for_next() -> None:
    async with local(unload_after_s=SOON_S) as chat:
        first = await held(chat)
        await ended(first)
        assert chat.pid is None
        assert "Paris" in await chat.create_completion(SHORT).run(nothing)
        await until(lambda: chat.pid is None)


async def held(chat: LocalLLMClient) -> int:
    """The process, which may be on its way out already."""
    with chat.keep_loaded():
        await chat.choose_model()
        return process(chat)


async def test_the_app_dies_and_the_model_with_it() -> None:
    program = (
        "import asyncio, pathlib, sys\n"
        "from desktop.llm.local import LocalLLMClient\n"
        "from desktop.llm.local_model import language_model_store\n"
        "async def main():\n"
        "    chat = LocalLLMClient(language_model_store(pathlib.Path(sys.argv[1])), sys.argv[2])\n"
        "    await chat.warm()\n"
        "    print(chat.pid, flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())\n"
    )
    command = [sys.executable, "-c", program, str(MODELS), NAME]
    async with await anyio.open_process(command, cwd=ROOT, stderr=None) as app:
        assert app.stdout is not None
        pid = int(await app.stdout.receive())
        app.kill()
        await ended(pid)


async def test_closed_chat_has_no_process_and_refuses() -> None:
    async with local() as chat:
        pid = process(chat)
        await chat.aclose()
        await ended(pid)
        with pytest.raises(UserError, match="is not in use any more"):
            await chat.create_completion(SHORT).run(nothing)


async def test_closed_while_loading_leaves_no_process() -> None:
    async with local(warm=False) as chat, anyio.create_task_group() as tasks:
        tasks.start_soon(chat.warm)
        await anyio.lowlevel.checkpoint()
        await chat.aclose()
    assert chat.pid is None


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ("auto", "No language model is installed."),
        (NAME, f"Model {NAME} is not installed."),
        ("base", "There is no language model called base and no such file."),
    ],
)
async def test_without_model_rules_used_and_reason_noted(wanted: str, why: str, tmp_path: Path) -> None:
    async with local(wanted, tmp_path) as chat:
        polished = await LLMPolisher(chat, 60).polish(SAID, DictationContext(), nothing)
        assert (polished.text, render(polished.notes)) == (RULES, f"{why} Used the rules.")


async def refuse_broken_model(folder: Path) -> None:
    (folder / "broken.gguf").write_bytes(b"GGUF" + bytes(1000))
    with anyio.fail_after(LOAD_TIMEOUT_S / 3):
        async with local(str(folder / "broken.gguf"), warm=False) as chat:
            with pytest.raises(UserError, match=r"The language model broken cannot be loaded\. Fetch it again"):
                await chat.choose_model()


async def test_a_file_that_is_no_model_is_told_so(tmp_path: Path) -> None:
    await refuse_broken_model(tmp_path)


async def test_server_that_hangs_after_a_failed_load_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xllamacpp.py").write_text(HANGING_LIBRARY)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    await refuse_broken_model(tmp_path)


async def test_without_the_library_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    async with local() as chat:
        with pytest.raises(UserError, match=r"is not installed\. Install it with `make local-llm`"):
            await chat.choose_model()


def test_model_found_by_name_auto_or_path(tmp_path: Path) -> None:
    models = language_model_store(tmp_path)
    with pytest.raises(
        UserError, match=r"Run `intone models pull qwen2\.5-1\.5b` or `intone models pull smollm2-135m` to"
    ):
        find_local_model(models, "auto")
    for name in ("smollm2-135m", "qwen3-0.6b"):
        (file,) = load_catalog()[name].hub.files
        models.model_path(name).mkdir(parents=True)
        with (models.model_path(name) / file.name).open("wb") as stream:
            stream.truncate(file.size)
        found = find_local_model(models, "auto")
        assert (found.name, found.file) == (name, models.model_path(name) / file.name), "the better one comes first"
    assert find_local_model(models, "smollm2-135m").name == "smollm2-135m"
    own = tmp_path / "mine.gguf"
    own.touch()
    assert find_local_model(models, str(own)).file == own
