"""Parts as the settings want them."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from desktop import credentials
from desktop.chat import Chat
from desktop.emotion import llm as emotion
from desktop.microphone import Cue, Others, SystemMicrophone
from desktop.network import Client, Secret, Service
from desktop.paste.applications import load
from desktop.paste.request import Manner
from desktop.polish import llm as polish
from desktop.polish.rules import Rules, Verbatim
from desktop.ports import Feeler, Polisher
from desktop.recognizers.local import Wanted
from desktop.recognizers.local_model import AUTO
from desktop.settings_tree import Mood, Pasting, Polish, Settings, Sound
from desktop.state import HUSH_S

logger = logging.getLogger(__name__)


def microphone(chosen: Sound, others: Others, hushes: bool) -> SystemMicrophone:
    """The microphone, and what becomes of `others` while it is heard. Where a press `hushes`, because it may become a
    shortcut, neither the cue nor the others tell of it at once."""
    cue = Cue() if chosen.cue == "on" else None
    others.mode, others.after_s = chosen.others, HUSH_S if hushes else 0.0
    return SystemMicrophone(chosen.device, chosen.warm, cue=cue, cue_after_s=others.after_s)


def chat(settings: Settings, client: Client) -> Chat:
    """The language model that polish and emotion ask: OpenAI's with its key, or that of any server that speaks its chat
    completions, which may want none."""
    chosen = settings.polish
    url = chosen.url.rstrip("/").removesuffix("/chat/completions")
    plain_keys = settings.network.plain_keys == "on"
    if openai := f".{urlsplit(url).hostname}".endswith(".api.openai.com"):
        secret = Secret("openai", lambda name: credentials.find(name) or credentials.find("polish"))
        service = Service("OpenAI", url, secret, plain_keys=plain_keys)
    else:
        service = Service("", url, Secret("polish"), optional=True, plain_keys=plain_keys)
        service = replace(service, name=service.host)
    return Chat(client, service, chosen.model, openai=openai)


def polisher(chosen: Polish, chat: Chat) -> Polisher:
    """What makes writing of speech."""
    match chosen.mode:
        case "off":
            return Verbatim()
        case "rules":
            return Rules()
        case "llm":
            return polish.LLM(chat, chosen.budget_ms / 1000)


def feeler(chosen: Mood, chat: Chat) -> Feeler | None:
    """What reads the emotion; None where there is none to be noted, which is so for `local` until it is built."""
    return emotion.LLM(chat) if chosen.engine == "llm" else None


def manner(applications: Path, chosen: Pasting) -> Manner:
    """How to paste, with the person's own file of applications; what in it cannot be read is logged."""
    found = load(applications)
    for sentence in found.dropped:
        logger.warning("%s", sentence)
    return Manner(found, chosen.join)


def wanted(settings: Settings) -> Wanted:
    """What is wanted of the local engine."""
    chosen = settings.recognizer
    languages = tuple(code for code in chosen.language if code != AUTO)
    words = settings.vocabulary.words
    return Wanted(chosen.model, languages, chosen.unload_after_min * 60.0, chosen.chinese, words)
