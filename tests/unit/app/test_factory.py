"""Dependencies follow the settings: which service polish and emotion use, and with which key."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.app import factory
from desktop.core.types import DictationContext, Target
from desktop.emotion import llm_detector
from desktop.emotion.baseline import TransientVoiceBaselines
from desktop.emotion.detector import LocalEmotionDetector
from desktop.llm.client import LLMClient
from desktop.llm.local import LocalLLMClient
from desktop.network.client import ServiceClient
from desktop.settings.schema import (
    ContextSettings,
    EmotionSettings,
    HotkeySettings,
    PasteSettings,
    PolishSettings,
    RecognizerSettings,
    Settings,
)
from desktop.vocabulary.vocabulary import Vocabulary
from tests.support.other_systems import X11, only_on_linux


def chat_at(url: str) -> LLMClient:
    chat = factory.create_llm_client(Settings(polish=PolishSettings(mode="llm", url=url)), ServiceClient)
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
    assert await chat.service.auth_headers() == {"Authorization": f"Bearer {key}"}


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
    assert await chat.service.auth_headers() == {"Authorization": "Bearer sk-polish"}


@pytest.mark.anyio
async def test_local_chat_reused_until_model_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_HOME", str(tmp_path))
    wish = PolishSettings(mode="llm", url="local", model="smollm2-135m")
    first = factory.create_llm_client(Settings(polish=wish), ServiceClient)
    assert isinstance(first, LocalLLMClient)
    later = Settings(
        polish=wish, emotion=EmotionSettings(engine="llm"), recognizer=RecognizerSettings(unload_after_min=1)
    )
    assert factory.create_llm_client(later, ServiceClient, first) is first
    assert first.unload_after_s == 60.0
    other = factory.create_llm_client(Settings(polish=wish.model_copy(update={"model": "auto"})), ServiceClient, first)
    assert isinstance(other, LocalLLMClient)
    assert other is not first
    assert not isinstance(
        factory.create_llm_client(Settings(polish=PolishSettings(mode="llm")), ServiceClient, first), LocalLLMClient
    )
    for made in (first, other):
        await made.aclose()


def test_no_chat_or_editor_unless_chosen() -> None:
    assert factory.create_llm_client(Settings(), ServiceClient) is None
    assert factory.create_llm_client(Settings(hotkey=HotkeySettings(edit=("f8",))), ServiceClient) is not None


def test_no_editor_without_a_language_model() -> None:
    only_on_linux(X11)
    from desktop.paste.x11.paster import X11Paster

    assert factory.create_edit_factory(X11Paster(), None, lambda: None) is None


def test_emotion_local_by_default_none_when_off() -> None:
    made: list[LocalEmotionDetector] = []

    def local() -> LocalEmotionDetector:
        made.append(LocalEmotionDetector(TransientVoiceBaselines()))
        return made[-1]

    assert factory.create_emotion_detector(EmotionSettings(engine="off"), None, local) is None
    assert made == [], "nothing is made where nothing is to be noted"
    assert factory.create_emotion_detector(EmotionSettings(), None, local) is made[0]
    assert factory.create_emotion_detector(EmotionSettings(engine="llm"), None, local) is made[1]


def test_emotion_llm_shares_the_chat() -> None:
    wish = EmotionSettings(engine="llm")
    chat = factory.create_llm_client(Settings(emotion=wish), ServiceClient)
    assert chat is not None
    assert isinstance(
        factory.create_emotion_detector(wish, chat, lambda: LocalEmotionDetector(TransientVoiceBaselines())),
        llm_detector.LLMEmotionDetector,
    )


@pytest.mark.anyio
async def test_what_polishes_is_what_is_chosen() -> None:
    said = "  hello   there"
    for chosen, typed in (
        (PolishSettings(mode="off"), said),
        (PolishSettings(), "Hello there."),
        (PolishSettings(without=("sentences",)), "hello there"),
    ):
        polisher = factory.create_polisher(chosen, None, Vocabulary())
        assert (await polisher.polish(said, DictationContext(), lambda draft: None)).text == typed


def test_surroundings_cursor_and_site_off_by_default(tmp_path: Path) -> None:
    def asked(around: ContextSettings) -> tuple[bool, bool]:
        made = factory.load_paste_options(tmp_path / "none", PasteSettings(), around)
        return made.cursor, made.site

    assert asked(ContextSettings()) == (False, False)
    assert asked(ContextSettings(cursor="on")) == (True, False)
    assert asked(ContextSettings(site="on")) == (False, True)


def test_styles_unreadable_rule_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "styles.toml"
    file.write_text('[[rule]]\napp = "mousepad"\nstyle = "casual"\n[[rule]]\nstyle = "casual"\n')
    assert factory.load_styles(file).style_for(Target(app="Mousepad"))[1] == "Mousepad"
    assert caplog.messages == ["styles.toml: rule 2: Give an app, a title or a site."]
