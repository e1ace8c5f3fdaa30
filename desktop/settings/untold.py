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

from desktop.settings.safety import Wrong, is_setting, lines
from desktop.settings.schema import Keeping, Settings

NOTHING_GOES = "Until it can be read nothing that is kept is deleted or decrypted."

NOT_PRIVATE = "Private mode is off, and no application is excluded."

NEAR = 0.7
"""Similarity of two names from which one may be meant for the other, at most 1."""


class Untold(Keeping):
    """The history's settings while the file is uncertain. Only an `encrypted` that is on counts as explicit."""


class Opened(Keeping):
    """The history's settings where `encrypted` is in the file and off: what is encrypted is to be decrypted."""


def as_told(settings: Settings) -> Settings:
    """Return `settings`, with `DecryptedHistorySettings` where the file explicitly switches encryption off.

    The fields that are set must be those in the file.
    """
    keeping = settings.history
    if keeping.encrypted == "on" or "encrypted" not in keeping.model_fields_set:
        return settings
    return settings.model_copy(update={"history": Opened.model_validate(dict(keeping))})


def untold(settings: Settings) -> Settings:
    """Return `settings` under which nothing is deleted or decrypted."""
    return settings.model_copy(update={"history": Untold.model_validate(dict(settings.history))})


def doubted(wrong: Iterable[Wrong]) -> str | None:
    """Return the first invalid line that may have been meant for the history."""
    return next((one.key for one in wrong if _meant(one)), None)


def _meant(wrong: Wrong) -> bool:
    if is_setting(wrong.key):
        return wrong.key.startswith("history.")
    names = [part for name, _ in lines(wrong.key, wrong.value) for part in name.split(".")]
    known = ("history", *Keeping.model_fields)
    return any(difflib.get_close_matches(name.casefold(), known, 1, NEAR) for name in names)
