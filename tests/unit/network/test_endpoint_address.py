"""A service's address as people write it."""

from __future__ import annotations

import pytest

from desktop.network import endpoint


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/audio/transcriptions", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1"),
        ("https://api.groq.com/openai/v1", "https://api.groq.com/openai/v1"),
        ("https://example.org/team/speech/", "https://example.org/team/speech"),
        ("http://127.0.0.1:8000/v1/models", "http://127.0.0.1:8000/v1"),
        ("ws://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://[::1]:8000", "http://[::1]:8000/v1"),
    ],
)
def test_the_base_of_openai(written: str, base: str) -> None:
    assert endpoint.openai_base_url(written) == base
    assert endpoint.openai_base_url(base) == base


@pytest.mark.parametrize(
    ("written", "socket"),
    [
        ("https://api.openai.com", "wss://api.openai.com/v1/realtime"),
        ("wss://api.openai.com/v1", "wss://api.openai.com/v1/realtime"),
        ("wss://api.openai.com/v1/realtime/", "wss://api.openai.com/v1/realtime"),
        ("http://127.0.0.1:8000/v1/realtime?model=base", "ws://127.0.0.1:8000/v1/realtime?model=base"),
        ("wss://example.org/team/v1", "wss://example.org/team/v1/realtime"),
    ],
)
def test_the_socket_of_openai(written: str, socket: str) -> None:
    assert endpoint.openai_realtime_url(written) == socket
    assert endpoint.openai_realtime_url(socket) == socket


@pytest.mark.parametrize(
    ("written", "base", "nova", "flux"),
    [
        (written, f"https://{rest}/v1", f"wss://{rest}/v1/listen", f"wss://{rest}/v2/listen")
        for written, rest in [
            ("https://api.deepgram.com", "api.deepgram.com"),
            ("wss://api.deepgram.com/", "api.deepgram.com"),
            ("https://api.deepgram.com/v1", "api.deepgram.com"),
            ("wss://api.deepgram.com/v2/listen", "api.deepgram.com"),
            ("https://example.org/deepgram/v1/listen", "example.org/deepgram"),
        ]
    ],
)
def test_the_addresses_of_deepgram(written: str, base: str, nova: str, flux: str) -> None:
    assert endpoint.deepgram_base_url(written) == base
    assert endpoint.deepgram_stream_url(written, "nova-3") == nova
    assert endpoint.deepgram_stream_url(written, "flux-general-en") == flux
