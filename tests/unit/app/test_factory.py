"""Parts as the settings want them: whom polish and emotion ask, and with which key."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.app import factory as making
from desktop.core.types import Context, Target
from desktop.emotion import llm_detector as emotion
from desktop.emotion.detector import Local
from desktop.emotion.voices import Passing
from desktop.llm.client import Chat
from desktop.llm.local import LocalChat
from desktop.network.client import Client
from desktop.paste.x11.paster import X11Paster
from desktop.settings.schema import Hotkey, Mood, Pasting, Polish, Recognizer, Settings, Surroundings
from desktop.vocabulary.vocabulary import Vocabulary


def chat_at(url: str) -> Chat:
    chat = making.chat(Settings(polish=Polish(mode="llm", url=url)), Client)
    assert chat is not None
    return chat


@pytest.mark.anyio
@pytest.mark.parametrize("url", ["https://api.openai.com/v1", "https://eu.api.openai.com"])
@pytest.mark.parametrize(("own", "key"), [("sk-polish", "sk-polish"), ("", "sk-openai")])
async def test_openai_uses_polish_key_or_else_its_own(
    url: str, own: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("INTONE_POLISH_KEY", own)
    chat = chat_at(url)
    assert chat.openai
    assert chat.service.name == "OpenAI"
    assert await chat.service.headers() == {"Authorization": f"Bearer {key}"}


@pytest.mark.anyio
@pytest.mark.parametrize(
    "url",
    ["http://localhost:11434/v1", "https://llm.example/chat/completions", "https://api.openai.com.evil.example/v1"],
)
async def test_other_server_uses_polish_key_never_openai_key(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-openai")
    monkeypatch.setenv("INTONE_POLISH_KEY", "sk-polish")
    chat = chat_at(url)
    assert not chat.openai
    assert chat.service.name == chat.service.host
    assert await chat.service.headers() == {"Authorization": "Bearer sk-polish"}


@pytest.mark.anyio
async def test_local_chat_reused_until_model_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    wish = Polish(mode="llm", url="local", model="smollm2-135m")
    first = making.chat(Settings(polish=wish), Client)
    assert isinstance(first, LocalChat)
    later = Settings(polish=wish, emotion=Mood(engine="llm"), recognizer=Recognizer(unload_after_min=1))
    assert making.chat(later, Client, first) is first
    assert first.unload_after_s == 60.0
    other = making.chat(Settings(polish=wish.model_copy(update={"model": "auto"})), Client, first)
    assert isinstance(other, LocalChat)
    assert other is not first
    assert not isinstance(making.chat(Settings(polish=Polish(mode="llm")), Client, first), LocalChat)
    for made in (first, other):
        await made.aclose()


def test_no_chat_or_editor_unless_chosen() -> None:
    assert making.chat(Settings(), Client) is None
    assert making.chat(Settings(hotkey=Hotkey(edit=("f8",))), Client) is not None
    assert making.editor(X11Paster(), None) is None


def test_emotion_local_by_default_none_when_off() -> None:
    made: list[Local] = []

    def local() -> Local:
        made.append(Local(Passing()))
        return made[-1]

    assert making.feeler(Mood(engine="off"), None, local) is None
    assert made == [], "nothing is made where nothing is to be noted"
    assert making.feeler(Mood(), None, local) is made[0]
    assert making.feeler(Mood(engine="llm"), None, local) is made[1]


def test_emotion_llm_shares_the_chat() -> None:
    wish = Mood(engine="llm")
    chat = making.chat(Settings(emotion=wish), Client)
    assert chat is not None
    assert isinstance(making.feeler(wish, chat, lambda: Local(Passing())), emotion.LLM)


@pytest.mark.anyio
async def test_what_polishes_is_what_is_chosen() -> None:
    said = "  hello   there"
    for chosen, typed in (
        (Polish(mode="off"), said),
        (Polish(), "Hello there."),
        (Polish(without=("sentences",)), "hello there"),
    ):
        polisher = making.polisher(chosen, None, Vocabulary())
        assert (await polisher.polish(said, Context(), lambda draft: None)).text == typed


def test_surroundings_cursor_and_site_off_by_default(tmp_path: Path) -> None:
    def asked(around: Surroundings) -> tuple[bool, bool]:
        made = making.manner(tmp_path / "none", Pasting(), around)
        return made.cursor, made.site

    assert asked(Surroundings()) == (False, False)
    assert asked(Surroundings(cursor="on")) == (True, False)
    assert asked(Surroundings(site="on")) == (False, True)


def test_styles_unreadable_rule_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "styles.toml"
    file.write_text('[[rule]]\napp = "mousepad"\nstyle = "casual"\n[[rule]]\nstyle = "casual"\n')
    assert making.written_where(file).at(Target(app="Mousepad"))[1] == "Mousepad"
    assert caplog.messages == ["styles.toml: rule 2: give an app, a title or a site."]
