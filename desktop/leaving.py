"""What leaves the machine as the settings are: who gets what. By default nobody gets anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.settings.tree import LOCAL, Settings


def leaving(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Each host that will be sent something, and what: "speech", "text", what is "selected" for an edit."""
    found: dict[str, tuple[str, ...]] = {}
    engine = settings.recognizer.engine
    if engine != "whisper":
        found[_host(getattr(settings.engines, engine.replace("-", "_")).url)] = ("speech",)
    chats = settings.polish.mode == "llm" or settings.emotion.engine == "llm"
    if chats and settings.polish.url != LOCAL:
        host = _host(settings.polish.url)
        found[host] = (*found.get(host, ()), "text")
    if settings.hotkey.edit and settings.polish.url != LOCAL:
        host = _host(settings.polish.url)
        found[host] = (*found.get(host, ()), "selected")
    return found


def host_of_emotions(settings: Settings) -> str:
    """Who is sent the words, to say how they sound; empty where nobody is."""
    elsewhere = settings.emotion.engine == "llm" and settings.polish.url != LOCAL
    return _host(settings.polish.url) if elsewhere else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
