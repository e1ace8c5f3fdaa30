"""Parts as the settings want them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import credentials
from desktop.microphone import Cue, Others, SystemMicrophone
from desktop.paste.applications import load
from desktop.paste.request import Manner
from desktop.polish.rules import Rules
from desktop.polish.writer import Writer
from desktop.ports import Feeler, Paster, Polisher
from desktop.recognizers.local import Wanted
from desktop.recognizers.local_model import AUTO
from desktop.settings_tree import Mood, Pasting, Polish, Settings, Sound
from desktop.settings_tree import Vocabulary as Words
from desktop.state import HUSH_S
from desktop.vocabulary import Vocabulary

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.chat import Chat
    from desktop.editing import Edit
    from desktop.network import Client

logger = logging.getLogger(__name__)


def microphone(chosen: Sound, others: Others, hushes: bool) -> SystemMicrophone:
    """The microphone, and what becomes of `others` while it is heard. Where a press `hushes`, because it may become a
    shortcut, neither the cue nor the others tell of it at once."""
    cue = Cue() if chosen.cue == "on" else None
    others.mode, others.after_s = chosen.others, HUSH_S if hushes else 0.0
    return SystemMicrophone(chosen.device, chosen.warm, cue=cue, cue_after_s=others.after_s)


def chat(settings: Settings, client: Callable[[], Client]) -> Chat | None:
    """The language model that polish, emotion and edits ask; None where none of them does."""
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm" and not settings.hotkey.edit:
        return None
    from desktop import services
    from desktop.chat import Chat

    openai = credentials.is_openai(settings.polish.url)
    return Chat(client(), services.service("polish", settings), settings.polish.model, openai=openai)


def polisher(chosen: Polish, chat: Chat | None, vocabulary: Vocabulary) -> Polisher:
    """What makes writing of speech."""
    rules = Rules(vocabulary, frozenset(chosen.without))
    if chosen.mode == "llm" and chat is not None:
        from desktop.polish.llm import LLM

        return Writer(chosen.mode, rules, LLM(chat, chosen.budget_ms / 1000, rules))
    return Writer(chosen.mode, rules)


def vocabulary(chosen: Words) -> Vocabulary:
    """The person's own words."""
    return Vocabulary(chosen.words)


def feeler(chosen: Mood, chat: Chat | None) -> Feeler | None:
    """What reads the emotion; None where there is none to be noted, which is so for `local` until it is built."""
    if chosen.engine == "llm" and chat is not None:
        from desktop.emotion.llm import LLM

        return LLM(chat)
    return None


def editor(paster: Paster, chat: Chat | None) -> Callable[[], Edit] | None:
    """What begins an edit; None without a model."""
    if chat is None:
        return None
    from desktop.editing import Edit

    return partial(Edit, paster, chat)


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
    alone = chosen.engine == "whisper"
    words = settings.vocabulary.words
    return Wanted(chosen.model, languages, chosen.unload_after_min * 60.0, chosen.chinese, words, fetch=alone)
