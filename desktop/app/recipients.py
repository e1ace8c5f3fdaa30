"""List the hosts that the current settings send data to, and what each receives. By default there are none."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.settings.schema import LOCAL, Settings


def list_recipients(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Map each host to what it receives: "speech", "text", or the text "selected" for a voice edit."""
    recipients: dict[str, tuple[str, ...]] = {}
    engine = settings.recognizer.engine
    if engine != "whisper":
        recipients[_host_of_url(getattr(settings.engines, engine.replace("-", "_")).url)] = ("speech",)
    llm_receives_text = settings.polish.mode == "llm" or settings.emotion.engine == "llm"
    if llm_receives_text and settings.polish.url != LOCAL:
        host = _host_of_url(settings.polish.url)
        recipients[host] = (*recipients.get(host, ()), "text")
    if settings.hotkey.edit and settings.polish.url != LOCAL:
        host = _host_of_url(settings.polish.url)
        recipients[host] = (*recipients.get(host, ()), "selected")
    return recipients


def find_emotion_host(settings: Settings) -> str:
    """Return the host that receives texts for emotion detection, empty if none."""
    is_remote = settings.emotion.engine == "llm" and settings.polish.url != LOCAL
    return _host_of_url(settings.polish.url) if is_remote else ""


def _host_of_url(url: str) -> str:
    return urlsplit(url).hostname or url
