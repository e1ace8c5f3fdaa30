"""Services as the settings have them: where, under which name, with which key."""

from __future__ import annotations

import pytest

from desktop.core.errors import UserError
from desktop.network import services
from desktop.settings.schema import (
    CompatibleSettings,
    DeepgramLiveSettings,
    EmotionSettings,
    EnginesSettings,
    HotkeySettings,
    NetworkSettings,
    PolishSettings,
    RecognizerSettings,
    Settings,
)

SETTINGS = Settings(
    engines=EnginesSettings(
        deepgram_live=DeepgramLiveSettings(model="flux-general-en"),
        compatible=CompatibleSettings(url="http://speech.example:8000/"),
    )
)


@pytest.mark.parametrize(
    ("name", "called", "url", "secret", "scheme", "optional"),
    [
        ("openai", "OpenAI", "https://api.openai.com/v1", "openai", "Bearer", False),
        ("openai-live", "OpenAI", "wss://api.openai.com/v1/realtime", "openai", "Bearer", False),
        ("deepgram", "Deepgram", "https://api.deepgram.com/v1", "deepgram", "Token", False),
        ("deepgram-live", "Deepgram", "wss://api.deepgram.com/v2/listen", "deepgram", "Token", False),
        ("compatible", "speech.example:8000", "http://speech.example:8000/v1", "compatible", "Bearer", True),
        ("polish", "OpenAI", "https://api.openai.com/v1", "polish", "Bearer", False),
    ],
)
def test_each_is_where_the_settings_have_it(
    name: str, called: str, url: str, secret: str, scheme: str, optional: bool
) -> None:
    found = services.build_service(name, SETTINGS)
    assert (found.name, found.url, found.secret.name) == (called, url, secret)
    assert (found.auth_scheme, found.is_key_optional, found.plain_keys) == (scheme, optional, False)


def test_a_server_of_ones_own_may_polish_without_a_key() -> None:
    found = services.build_service(
        "polish", Settings(polish=PolishSettings(url="http://127.0.0.1:8080/v1/chat/completions"))
    )
    assert (found.name, found.url, found.is_key_optional) == ("127.0.0.1:8080", "http://127.0.0.1:8080/v1", True)


def test_plain_http_keys_are_allowed_by_setting() -> None:
    allowed = Settings(network=NetworkSettings(plain_keys="on"))
    assert all(services.build_service(name, allowed).plain_keys for name in services.SERVICE_NAMES)


def test_used_services_follow_the_settings() -> None:
    assert services.list_used_services(Settings()) == ()
    assert services.list_used_services(
        Settings(recognizer=RecognizerSettings(engine="deepgram"), emotion=EmotionSettings(engine="llm"))
    ) == (
        "deepgram",
        "polish",
    )
    assert services.list_used_services(Settings(polish=PolishSettings(mode="llm"))) == ("polish",)
    assert services.list_used_services(Settings(hotkey=HotkeySettings(edit=("f8",)))) == ("polish",)


def test_a_model_on_this_machine_is_no_service() -> None:
    here = Settings(polish=PolishSettings(mode="llm", url="local"), emotion=EmotionSettings(engine="llm"))
    assert services.list_used_services(here) == ()
    with pytest.raises(UserError, match="is on this machine, and needs no key"):
        services.build_service("polish", here)
