"""Protect the history while the settings file is uncertain about it.

An invalid line costs no other, and its field gets the default. The history is an exception: by the defaults recordings
are deleted and what is encrypted is decrypted, which cannot be undone. So until the line is repaired, or the file can
be read, nothing is deleted, nothing is decrypted, and a running app keeps its earlier settings (`LiveSettings`). An app
that starts then knows of no private mode: dictations are stored, since they can be deleted later.

A line that may have been meant for the history (its section is misspelt or missing) counts as well. A missing line
leaves no trace: so decrypting requires an explicit line (`DecryptedHistorySettings`), and a running app keeps its
earlier settings where the whole file is missing or empty. Where an app starts without a file, retention follows the
defaults.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from desktop.settings.safety import InvalidLine, is_setting, iterate_lines
from desktop.settings.schema import HistorySettings, Settings

DELETION_PAUSED = "Until it can be read nothing that is kept is deleted or decrypted."

PRIVACY_OFF = "Private mode is off, and no application is excluded."

NAME_SIMILARITY = 0.7
"""Similarity of two names from which one may be meant for the other, at most 1."""


class UncertainHistorySettings(HistorySettings):
    """The history's settings while the file is uncertain. Only an `encrypted` that is on counts as explicit."""


class DecryptedHistorySettings(HistorySettings):
    """The history's settings where `encrypted` is in the file and off: what is encrypted is to be decrypted."""


def mark_decrypted(settings: Settings) -> Settings:
    """Return `settings`, with `DecryptedHistorySettings` where the file explicitly switches encryption off.

    The fields that are set must be those in the file.
    """
    history = settings.history
    if history.encrypted == "on" or "encrypted" not in history.model_fields_set:
        return settings
    return settings.model_copy(update={"history": DecryptedHistorySettings.model_validate(dict(history))})


def mark_uncertain(settings: Settings) -> Settings:
    """Return `settings` under which nothing is deleted or decrypted."""
    return settings.model_copy(update={"history": UncertainHistorySettings.model_validate(dict(settings.history))})


def find_uncertain_line(invalid: Iterable[InvalidLine]) -> str | None:
    """Return the first invalid line that may have been meant for the history."""
    return next((one.key for one in invalid if _may_mean_history(one)), None)


def _may_mean_history(line: InvalidLine) -> bool:
    if is_setting(line.key):
        return line.key.startswith("history.")
    names = [part for name, _ in iterate_lines(line.key, line.value) for part in name.split(".")]
    known = ("history", *HistorySettings.model_fields)
    return any(difflib.get_close_matches(name.casefold(), known, 1, NAME_SIMILARITY) for name in names)
