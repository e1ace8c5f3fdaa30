"""What leaves the machine as the settings are: who gets what. By default nobody gets anything."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.settings_tree import Settings


def leaving(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Each host that will be sent something, and what: "speech", "text", what is "selected" for an edit."""
    found: dict[str, tuple[str, ...]] = {}
    engine = settings.recognizer.engine
    if engine != "whisper":
        found[_host(getattr(settings.engines, engine.replace("-", "_")).url)] = ("speech",)
    if settings.polish.mode == "llm" or settings.emotion.engine == "llm":
        host = _host(settings.polish.url)
        found[host] = (*found.get(host, ()), "text")
    if settings.hotkey.edit:
        host = _host(settings.polish.url)
        found[host] = (*found.get(host, ()), "selected")
    return found


def _host(url: str) -> str:
    return urlsplit(url).hostname or url
