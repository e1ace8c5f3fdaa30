"""Create the dependencies of a dictation from the settings."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.audio.cues import Cues
from desktop.audio.microphone.microphone import SystemMicrophone
from desktop.audio.others import Others
from desktop.core.interfaces import Feeler, Paster, Polisher
from desktop.core.paths import paths
from desktop.core.types import Target
from desktop.credentials import store as credentials
from desktop.hotkeys.gesture import SHORTCUT_S
from desktop.paste.apps import load
from desktop.paste.request import Manner
from desktop.polish import styles
from desktop.polish.polisher import Writer
from desktop.polish.rules.pipeline import Rules
from desktop.settings.schema import LOCAL, Mood, Pasting, Polish, Settings, Sound, Surroundings
from desktop.settings.schema import Vocabulary as Words
from desktop.stt.local.engine import Wanted
from desktop.stt.local.model_choice import AUTO
from desktop.vocabulary import store as own_words
from desktop.vocabulary.correction_watcher import Noticing, Untold
from desktop.vocabulary.learning import Suggestion
from desktop.vocabulary.vocabulary import Vocabulary

if TYPE_CHECKING:  # not loaded where nothing leaves the machine
    from desktop.dictation.voice_edit import Edit
    from desktop.emotion.detector import Local
    from desktop.llm.client import Chat
    from desktop.network.client import Client

logger = logging.getLogger(__name__)


def microphone(chosen: Sound, others: Others, cues: Cues, hushes: bool) -> SystemMicrophone:
    """Create the microphone, with `cues` at its start and end, and configure how `ducker` treats other sound meanwhile.

    With `wait_for_shortcut`, because the key press may become a shortcut, cues and ducking start only after
    `SHORTCUT_S`.
    """
    others.mode, others.after_s = chosen.others, SHORTCUT_S if hushes else 0.0
    return SystemMicrophone(chosen.device, chosen.warm, cue=cues.start, over=cues.stop, cue_after_s=others.after_s)


def chat(settings: Settings, client: Callable[[], Client], before: Chat | None = None) -> Chat | None:
    """Create the language model client of polish, emotions and voice edits; None where none of them needs it.

    Returns `previous` where that is the same local model, which would otherwise be loaded again.
    """
    if settings.polish.mode != "llm" and settings.emotion.engine != "llm" and not settings.hotkey.edit:
        return None
    if settings.polish.url == LOCAL:
        return _local_chat(settings, before)
    from desktop.llm.client import Chat
    from desktop.network import services

    openai = credentials.is_openai(settings.polish.url)
    return Chat(client(), services.service("polish", settings), settings.polish.model, openai=openai)


def _local_chat(settings: Settings, before: Chat | None) -> Chat:
    from desktop.llm import local
    from desktop.llm import local_model as local_file
    from desktop.llm.messages import Question
    from desktop.llm.prompts import examples, prompt

    wanted, unload_after_s = settings.polish.model, settings.recognizer.unload_after_min * 60.0
    if isinstance(before, local.LocalChat) and before.wanted == wanted:
        before.unload_after_s = unload_after_s
        return before
    polish = Question(prompt("polish"), "", 1, examples=examples("polish"))
    asked = (polish,) if settings.polish.mode == "llm" else ()
    return local.LocalChat(local_file.store(paths().models), wanted, unload_after_s, asked)


def polisher(chosen: Polish, chat: Chat | None, vocabulary: Vocabulary) -> Polisher:
    """Create the polisher."""
    rules = Rules(vocabulary, frozenset(chosen.without))
    if chosen.mode == "llm" and chat is not None:
        from desktop.polish.llm_polisher import LLM

        return Writer(chosen.mode, rules, LLM(chat, chosen.budget_ms / 1000, rules))
    return Writer(chosen.mode, rules)


def vocabulary(chosen: Words, file: Path) -> Vocabulary:
    """Load the user's words with the file of replacements and snippets. Unusable entries are counted in the log, which
    contains no words."""
    kept = own_words.load(file)
    if kept.dropped:
        logger.warning("%s: %d entries are left out; `intone vocabulary list` says which", file.name, len(kept.dropped))
    return Vocabulary(chosen.words, kept.replacements, kept.snippets)


def listening(settings: Settings, vocabulary: Vocabulary) -> Settings:
    """Return the settings for recognition, with the vocabulary's replacement texts added to the words to listen for."""
    words = settings.vocabulary.model_copy(update={"words": vocabulary.terms})
    return settings.model_copy(update={"vocabulary": words})


def feeler(chosen: Mood, chat: Chat | None, local: Callable[[], Local]) -> Feeler | None:
    """Create the emotion detector; None where emotions are off, without calling `get_local`."""
    if chosen.engine == "off":
        return None
    if chosen.engine == "llm" and chat is not None:
        from desktop.emotion.llm_detector import LLM

        return LLM(chat, local())
    return local()


def editor(paster: Paster, chat: Chat | None) -> Callable[[], Edit] | None:
    """Return a factory of voice edits, None without a language model."""
    if chat is None:
        return None
    from desktop.dictation.voice_edit import Edit

    return partial(Edit, paster, chat)


def manner(applications: Path, chosen: Pasting, around: Surroundings) -> Manner:
    """Load the paste options, with the user's file of applications; unreadable entries are logged."""
    found = load(applications)
    for sentence in found.dropped:
        logger.warning("%s", sentence)
    return Manner(found, chosen.join, around.cursor == "on", around.site == "on")


def written_where(path: Path) -> styles.Styles:
    """Load the styles and where they apply, with the user's file; unreadable entries are logged."""
    found = styles.load(path)
    for sentence in found.dropped:
        logger.warning("%s", sentence)
    return found


def noticing(
    file: Path,
    target: Callable[[], Awaitable[Target]],
    ask: Callable[[Suggestion], bool],
    learned: Callable[[], None],
    keeps: Callable[[Target], bool],
    writes: Callable[[], bool],
) -> Noticing:
    """Create the correction watcher, which reads fields over accessibility where that is available."""
    if sys.platform != "linux":
        return Noticing(file, Untold(), target, ask, learned, keeps=keeps, writes=writes)
    from desktop.paste.field_text import FieldText

    return Noticing(file, FieldText(), target, ask, learned, keeps=keeps, writes=writes)


def wanted(settings: Settings) -> Wanted:
    """Return the options of the local engine."""
    chosen = settings.recognizer
    languages = tuple(code for code in chosen.language if code != AUTO)
    alone = chosen.engine == "whisper"
    words = settings.vocabulary.words
    return Wanted(chosen.model, languages, chosen.unload_after_min * 60.0, chosen.chinese, words, fetch=alone)
