"""Where the settings' file does not say for certain what the history is to keep.

A line that cannot be used costs no other, and what it was for has its default. Not so what keeps the history: by the
defaults recordings go and what is encrypted is decrypted, and nobody takes that back. So until the line is mended, or
the file can be read, nothing is deleted, nothing is decrypted, and what a running app was told before holds on
(`Standing`). An app that starts then knows of no private mode: what is said is kept, since that can be deleted later.

A line that may have been meant for the history (its section is misspelt, or is gone) counts as well. A line that is not
there at all leaves no trace: so decrypting takes one that says it (`Opened`), and a running app holds on to what it was
told where the whole file is gone or empty. What is old goes by the defaults where an app starts without a file.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from desktop.settings.addresses import Wrong, is_setting, lines
from desktop.settings.tree import Keeping, Settings

NOTHING_GOES = "Until it can be read nothing that is kept is deleted or decrypted."

NOT_PRIVATE = "Private mode is off, and no application is excluded."

NEAR = 0.7
"""How alike two names are of which one may be meant for the other, of 1."""


class Untold(Keeping):
    """What is in force meanwhile. Only an `encrypted` that is on is as good as told."""


class Opened(Keeping):
    """What is in force where `encrypted` stands in the file and is off: what is encrypted is to be so no more."""


def as_told(settings: Settings) -> Settings:
    """`settings`, in which the fields that are set are those that stand in the file."""
    keeping = settings.history
    if keeping.encrypted == "on" or "encrypted" not in keeping.model_fields_set:
        return settings
    return settings.model_copy(update={"history": Opened.model_validate(dict(keeping))})


def untold(settings: Settings) -> Settings:
    """`settings`, by which nothing goes."""
    return settings.model_copy(update={"history": Untold.model_validate(dict(settings.history))})


def doubted(wrong: Iterable[Wrong]) -> str | None:
    """The first line that cannot be used and may have been meant for the history."""
    return next((one.key for one in wrong if _meant(one)), None)


def _meant(wrong: Wrong) -> bool:
    if is_setting(wrong.key):
        return wrong.key.startswith("history.")
    names = [part for name, _ in lines(wrong.key, wrong.value) for part in name.split(".")]
    known = ("history", *Keeping.model_fields)
    return any(difflib.get_close_matches(name.casefold(), known, 1, NEAR) for name in names)
