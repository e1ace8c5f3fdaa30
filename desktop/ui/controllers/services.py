"""What the settings window may request of services and their keys, as callables given at construction.

All return at once and call back on the main thread with the result or a `UserError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import Problem

if TYPE_CHECKING:  # the tray loads no recognizer
    from desktop.app.trying import Trial


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a service's key is stored, without the key.

    `location` is part of a sentence, empty without a key; `last_characters` identify the key; `is_unencrypted`: nothing
    encrypts it there; `is_removable`: the application stored it, it is no environment variable.
    """

    where: str = ""
    end: str = ""
    plain: bool = False
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Services:
    """Access to services and their keys.

    `find_key` returns the location of the key for a name of `withheld.NAMES`; `store_key` stores one (unencrypted on
    request) and `remove_key` deletes it; each returns the location afterwards. `try_engine` tries the chosen engine on
    speech recorded now, or else on the newest recording, and calls back when the microphone delivers sound.
    """

    key: Callable[[str, Callable[[KeyPlace | Problem], None]], None]
    keep: Callable[[str, str, bool, Callable[[KeyPlace | Problem], None]], None]
    remove: Callable[[str, Callable[[KeyPlace | Problem], None]], None]
    try_engine: Callable[[bool, Callable[[], None], Callable[[Trial | Problem], None]], None]
