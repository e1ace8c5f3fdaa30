"""Names of a project in a whole dictation: read while the user speaks, in a style with spoken code, never sent."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import anyio
import pytest

from desktop.app.factory import create_project_reader
from desktop.core.types import DictationContext, Style, Target
from desktop.polish.llm_polisher import LLMPolisher
from desktop.polish.polisher import TextPolisher
from desktop.polish.rules.pipeline import PolishRules
from desktop.polish.styles import StyleRule, Styles
from desktop.vocabulary.project_reader import ProjectReader
from tests.support.stage import Stage

pytestmark = pytest.mark.anyio

EDITOR = Target(1, "editor", "cart.py - shop - Editor")
CODE = Styles({"programming": Style("programming", code="all")}, ((StyleRule(style="programming", app=("editor",)),),))


class Client:
    """A language model that keeps what it is asked, and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[object] = []

    def __getattr__(self, name: str) -> Callable[..., object]:
        return lambda *args, **kwargs: self.asked.append((name, args, kwargs))


@pytest.fixture
def src(tmp_path: Path) -> Path:
    (tmp_path / "src/shop").mkdir(parents=True)
    (tmp_path / "src/shop/cart.py").write_text("def add_to_cart(): pass")
    return tmp_path / "src"


async def dictate(stage: Stage, said: str, reader: ProjectReader, styles: Styles) -> str:
    stage.paster.focus = EDITOR
    polisher = TextPolisher(rules=PolishRules(find_names=reader.names_in))
    read = reader.begin
    stage.dictation.dependencies = replace(stage.parts(), polisher=polisher, styles=styles, read_project=read)
    stage.recognizer.texts.append(said)
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(40)
        await stage.until(lambda: bool(reader.names_in(EDITOR).identifiers) or not styles.styles)
        stage.release()
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    return stage.paster.pasted[-1][0]


async def test_project_of_the_window_is_read_while_the_user_speaks(tmp_path: Path, src: Path) -> None:
    async with anyio.create_task_group() as tasks:

        def spawn(work: Callable[[], Coroutine[Any, Any, object]]) -> None:
            tasks.start_soon(work)

        reader = create_project_reader((str(src),), spawn)
        assert reader is not None
        stage = Stage(tmp_path / "home")
        assert await dictate(stage, "add to cart open paren close paren", reader, CODE) == "add_to_cart()"


async def test_nothing_is_read_in_another_style(tmp_path: Path, src: Path) -> None:
    begun: list[object] = []
    reader = ProjectReader([str(src)], begun.append)
    stage = Stage(tmp_path / "home")
    assert await dictate(stage, "add to cart", reader, Styles()) == "Add to cart."
    assert begun == []


async def test_one_dictation_starts_one_reading_before_the_release(tmp_path: Path) -> None:
    stage, read = Stage(tmp_path / "home"), list[Target]()
    stage.paster.focus = EDITOR
    stage.dictation.dependencies = replace(stage.parts(), styles=CODE, read_project=read.append)
    stage.recognizer.texts.append("x equals one")
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(40)
        await stage.until(lambda: bool(read))
        stage.release()
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert len(read) == 1


async def test_no_folder_means_no_reader() -> None:
    assert create_project_reader((), lambda work: None) is None


async def test_names_of_a_project_go_to_no_language_model(src: Path) -> None:
    client = Client()
    reader = ProjectReader([str(src)], lambda work: None)
    await reader.read(EDITOR)
    rules = PolishRules(find_names=reader.names_in)
    polisher = TextPolisher("llm", rules, LLMPolisher(client, 1.0, rules))  # type: ignore[arg-type]
    said = "please call add to cart open paren close paren with all that I have in it"
    for style in (CODE.styles["programming"], Style(mode="llm", code="names")):
        context = DictationContext(EDITOR, "en", style=style)
        polisher.prepare(said, context)
        polished = await polisher.polish(said, context, lambda draft: None)
        assert polished.sent == ()
    assert (
        "add_to_cart" in (await polisher.polish(said, replace(context, style=CODE.styles["programming"]), print)).text
    )
    assert client.asked == []
    prose = DictationContext(EDITOR, "en", style=Style(mode="llm"))
    assert "add_to_cart" not in rules.mend_own_words(said, prose).text
