"""Parts as the settings want them."""

from __future__ import annotations

import logging
from pathlib import Path

from desktop.microphone import Cue, Others, SystemMicrophone
from desktop.paste.applications import load
from desktop.paste.request import Manner
from desktop.polish.rules import Rules, Verbatim
from desktop.ports import Polisher
from desktop.recognizers.local import Wanted
from desktop.recognizers.local_model import AUTO
from desktop.settings_tree import Pasting, Polish, Settings, Sound
from desktop.state import HUSH_S

logger = logging.getLogger(__name__)


def microphone(chosen: Sound, others: Others, hushes: bool) -> SystemMicrophone:
    """The microphone, and what becomes of `others` while it is heard. Where a press `hushes`, because it may become a
    shortcut, neither the cue nor the others tell of it at once."""
    cue = Cue() if chosen.cue == "on" else None
    others.mode, others.after_s = chosen.others, HUSH_S if hushes else 0.0
    return SystemMicrophone(chosen.device, chosen.warm, cue=cue, cue_after_s=others.after_s)


def polisher(chosen: Polish) -> Polisher:
    """What makes writing of speech."""
    return Verbatim() if chosen.mode == "off" else Rules()


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
