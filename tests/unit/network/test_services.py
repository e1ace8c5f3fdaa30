"""Services as the settings have them: where, under which name, with which key."""

from __future__ import annotations

import pytest

from desktop.core.errors import Problem
from desktop.network import services
from desktop.settings.schema import (
    Compatible,
    DeepgramLive,
    Engines,
    Hotkey,
    Mood,
    Network,
    Polish,
    Recognizer,
    Settings,
)

SETTINGS = Settings(
    engines=Engines(
        deepgram_live=DeepgramLive(model="flux-general-en"), compatible=Compatible(url="http://speech.example:8000/")
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
    found = services.service(name, SETTINGS)
    assert (found.name, found.url, found.secret.name) == (called, url, secret)
    assert (found.scheme, found.optional, found.plain_keys) == (scheme, optional, False)


def test_a_server_of_ones_own_may_polish_without_a_key() -> None:
    found = services.service("polish", Settings(polish=Polish(url="http://127.0.0.1:8080/v1/chat/completions")))
    assert (found.name, found.url, found.optional) == ("127.0.0.1:8080", "http://127.0.0.1:8080/v1", True)


def test_plain_http_keys_are_allowed_by_setting() -> None:
    allowed = Settings(network=Network(plain_keys="on"))
    assert all(services.service(name, allowed).plain_keys for name in services.NAMES)


def test_used_services_follow_the_settings() -> None:
    assert services.used(Settings()) == ()
    assert services.used(Settings(recognizer=Recognizer(engine="deepgram"), emotion=Mood(engine="llm"))) == (
        "deepgram",
        "polish",
    )
    assert services.used(Settings(polish=Polish(mode="llm"))) == ("polish",)
    assert services.used(Settings(hotkey=Hotkey(edit=("f8",)))) == ("polish",)


def test_a_model_on_this_machine_is_no_service() -> None:
    here = Settings(polish=Polish(mode="llm", url="local"), emotion=Mood(engine="llm"))
    assert services.used(here) == ()
    with pytest.raises(Problem, match="is on this machine, and needs no key"):
        services.service("polish", here)
