"""Where the settings' file does not say for certain what the history is to keep.

A line that cannot be used costs no other, and what it was for has its default. Not so what keeps the history: by the
defaults recordings go and what is encrypted is decrypted, and nobody takes that back. So until the line is mended, or
the file can be read, nothing is deleted, nothing is decrypted, and what a running app was told before holds on
(`Standing`). An app that starts then knows of no private mode: what is said is kept, since that can be deleted later.

A line that may have been meant for the history (its section is misspelt, or is gone) counts as well.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from desktop.settings.addresses import Wrong
from desktop.settings.tree import Keeping, Settings

NOTHING_GOES = "Until it can be read nothing that is kept is deleted or decrypted."

NOT_PRIVATE = "Private mode is off, and no application is excluded."

NEAR = 0.7
"""How alike two names are of which one may be meant for the other, of 1."""


class Untold(Keeping):
    """What is in force meanwhile. Only an `encrypted` that is on is as good as told."""


def untold(settings: Settings) -> Settings:
    """`settings`, by which nothing goes."""
    return settings.model_copy(update={"history": Untold.model_validate(dict(settings.history))})


def doubted(wrong: Iterable[Wrong]) -> str | None:
    """The first line that cannot be used and may have been meant for the history."""
    return next((one.key for one in wrong if _meant(one)), None)


def _meant(wrong: Wrong) -> bool:
    names = [*wrong.key.split("."), *(wrong.value if isinstance(wrong.value, Mapping) else ())]
    known = ("history", *Keeping.model_fields)
    if names[0] in Settings.model_fields:
        return not set(names).isdisjoint(known)
    return any(difflib.get_close_matches(name.casefold(), known, 1, NEAR) for name in names)
