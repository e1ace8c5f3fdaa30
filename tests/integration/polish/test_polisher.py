"""A text tried in a window is what a dictation would be, in any application, and says what a model cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import pytest

from desktop.core.messages import render
from desktop.core.types import Style
from desktop.llm.client import LLMClient
from desktop.network.client import ServiceClient
from desktop.network.endpoint import Service, ServiceKey
from desktop.polish import styles
from desktop.polish.llm_polisher import LLMPolisher
from desktop.polish.polisher import PolishTrial, TextPolisher, style_named, try_polisher, try_rules
from desktop.polish.rules.pipeline import PolishRules
from desktop.settings.schema import PolishSettings
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.tls_server import serve, trusting

SAID = "um so let's meet at three thirty p m"
OWN = Vocabulary(replacements={"get hub": "GitHub"}, snippets={"sign off": "Regards,\nAda {clipboard}"})


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        (PolishSettings(), "So let's meet at 3:30 p.m."),
        (PolishSettings(mode="llm"), "So let's meet at 3:30 p.m."),
        (PolishSettings(without=("numbers",)), "So let's meet at three thirty p m."),
        (PolishSettings(mode="off"), SAID),
    ],
)
def test_rules_follow_settings_and_ask_no_model(chosen: PolishSettings, written: str) -> None:
    tried = try_rules(SAID, chosen, Vocabulary(), Style())
    assert (tried.text, tried.notes, tried.host) == (written, (), "")


@pytest.mark.parametrize(("removals", "written"), [("careful", "Maybe it it works."), ("thorough", "Maybe it works.")])
def test_removals_are_as_sure_as_the_settings_want(removals: Literal["careful", "thorough"], written: str) -> None:
    chosen = PolishSettings(removals=removals)
    assert try_rules("Maybe it it works.", chosen, Vocabulary(), Style()).text == written


def test_the_users_own_words_are_in_it(tmp_path: Path) -> None:
    assert try_rules("look at get hub", PolishSettings(), OWN, Style()).text == "Look at GitHub."
    assert try_rules("sign off", PolishSettings(), OWN, Style()).text == "Regards,\nAda "


def test_it_is_written_as_at_a_place_of_the_style(tmp_path: Path) -> None:
    there = styles.load_styles(tmp_path / "styles.toml")
    for name, written in (("casual", "Hello there"), ("", "Hello there."), ("gone", "Hello there.")):
        assert try_rules("hello there", PolishSettings(), OWN, style_named(there, name)).text == written


async def asked(answer: str, said: str = SAID, seen: list[str] | None = None) -> PolishTrial:
    """What comes of a model that answers so; `seen` takes what it was asked."""

    def reply(messages: list[dict[str, Any]]) -> str:
        if seen is not None:
            seen.append(messages[-1]["content"])
        return answer

    server = OpenAI(key="sk-test", chat=reply)
    client = ServiceClient("1.1", trusting())
    with serve(server) as served:
        chat = LLMClient(
            client, Service("OpenAI", f"{served.url}/v1", ServiceKey("openai", lambda name: "sk-test")), openai=True
        )
        tried = await try_polisher(TextPolisher("llm", PolishRules(), LLMPolisher(chat, 5)), said, Style())
        await client.aclose()
    return tried


@pytest.mark.anyio
async def test_model_text_comes_with_time_and_host() -> None:
    tried = await asked("Let's meet at 3:30 p.m.")
    assert (tried.text, tried.notes) == ("Let's meet at 3:30 p.m.", ())
    assert tried.ms > 0
    assert tried.host


@pytest.mark.anyio
async def test_differing_model_text_is_rejected_with_a_note() -> None:
    tried: Any = await asked("Let's meet at 4:30 p.m.")
    assert tried.text == "So let's meet at 3:30 p.m."
    assert render(tried.notes).startswith("OpenAI ")
    assert render(tried.notes).endswith("Used the rules.")


CALLED = "so my name is Kuchera, spell it K U C E R A, thumbs up emoji"
WITH_EMOJI = "So my name is Kucera 👍"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("answer", "is_used"),
    [("My name is Kucera 👍", True), ("So my name is Kucera.", False), ("So my name is Kucera 👍🎉", False)],
)
async def test_model_gets_spelled_words_and_emoji_and_must_keep_them(answer: str, is_used: bool) -> None:
    seen: list[str] = []
    tried = await asked(answer, CALLED, seen)
    assert "\nso my name is Kucera 👍\n" in seen[0]
    assert tried.text == (answer if is_used else WITH_EMOJI)
    assert bool(tried.notes) is not is_used
