"""List the hosts that the settings send data to, and what each receives. By default there are none."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.settings.schema import LOCAL, Settings


def leaving(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Map each host to what it receives: "speech", "text", or the text "selected" for a voice edit."""
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
    """Return the host that receives texts for emotion detection, empty if none."""
    elsewhere = settings.emotion.engine == "llm" and settings.polish.url != LOCAL
    return _host(settings.polish.url) if elsewhere else ""


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
