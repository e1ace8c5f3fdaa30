"""A text that somebody tries: it is what a dictation would have been, at whatever place, and says what a model cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop.core.types import Style
from desktop.llm.client import Chat
from desktop.network.client import Client
from desktop.network.endpoint import Secret, Service
from desktop.polish import styles
from desktop.polish.llm_polisher import LLM
from desktop.polish.polisher import Writer
from desktop.polish.rules.pipeline import Rules
from desktop.polish.tried import Tried, by, by_rules, named
from desktop.settings.schema import Polish
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.cloud.openai import OpenAI
from tests.support.cloud.serving import serve, trusting

SAID = "um so let's meet at three thirty p m"
OWN = Vocabulary(replacements={"get hub": "GitHub"}, snippets={"sign off": "Regards,\nAda {clipboard}"})


@pytest.mark.parametrize(
    ("chosen", "written"),
    [
        (Polish(), "So let's meet at 3:30 p.m."),
        (Polish(mode="llm"), "So let's meet at 3:30 p.m."),
        (Polish(without=("numbers",)), "So let's meet at three thirty p m."),
        (Polish(mode="off"), SAID),
    ],
)
def test_rules_follow_settings_and_ask_no_model(chosen: Polish, written: str) -> None:
    tried = by_rules(SAID, chosen, Vocabulary(), Style())
    assert (tried.text, tried.note, tried.host) == (written, "", "")


def test_the_users_own_words_are_in_it(tmp_path: Path) -> None:
    assert by_rules("look at get hub", Polish(), OWN, Style()).text == "Look at GitHub."
    assert by_rules("sign off", Polish(), OWN, Style()).text == "Regards,\nAda "


def test_it_is_written_as_at_a_place_of_the_style(tmp_path: Path) -> None:
    there = styles.load(tmp_path / "styles.toml")
    for name, written in (("casual", "Hello there"), ("", "Hello there."), ("gone", "Hello there.")):
        assert by_rules("hello there", Polish(), OWN, named(there, name)).text == written


async def asked(answer: str) -> Tried:
    """What comes of a model that answers so."""
    server = OpenAI(key="sk-test", chat=lambda messages: answer)
    client = Client("1.1", trusting())
    with serve(server) as served:
        chat = Chat(
            client, Service("OpenAI", f"{served.url}/v1", Secret("openai", lambda name: "sk-test")), openai=True
        )
        tried = await by(Writer("llm", Rules(), LLM(chat, 5)), SAID, Style())
        await client.aclose()
    return tried


@pytest.mark.anyio
async def test_model_text_comes_with_time_and_host() -> None:
    tried = await asked("Let's meet at 3:30 p.m.")
    assert (tried.text, tried.note) == ("Let's meet at 3:30 p.m.", "")
    assert tried.ms > 0
    assert tried.host


@pytest.mark.anyio
async def test_differing_model_text_is_rejected_with_a_note() -> None:
    tried: Any = await asked("Let's meet at 4:30 p.m.")
    assert tried.text == "So let's meet at 3:30 p.m."
    assert tried.note.startswith("OpenAI ")
    assert tried.note.endswith("Used the rules.")
