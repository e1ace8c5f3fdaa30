"""What a recognizer expects of a dictation in the style for code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import anyio
import pytest

from desktop.core.types import Style, Target
from desktop.dictation.progress import SPOKEN_CODE
from desktop.polish.styles import StyleRule, Styles
from tests.support.stage import Stage

pytestmark = pytest.mark.anyio

RULE = StyleRule(style="own", app=("editor",))


@pytest.mark.parametrize(
    ("app", "code", "language", "expected"),
    [
        ("editor", "all", "en", SPOKEN_CODE),
        ("editor", "all", "zh", ""),
        ("editor", "names", "en", ""),
        ("mail", "all", "en", ""),
    ],
)
async def test_code_is_expected_in_its_style_alone(
    tmp_path: Path, app: str, code: str, language: str, expected: str
) -> None:
    stage = Stage(tmp_path)
    stage.paster.focus = Target(1, app, "Window")
    styles = Styles({"own": Style("own", code=code)}, ((RULE,),))
    stage.dictation.dependencies = replace(stage.parts(), styles=styles)
    stage.recognizer.texts, stage.recognizer.languages = ["x equals y"], [language]
    async with anyio.create_task_group() as tasks:
        stage.start(tasks)
        (await stage.press()).say(40)
        stage.release()
        await stage.until(lambda: bool(stage.rows))
        tasks.cancel_scope.cancel()
    assert stage.recognizer.expected == [expected]
