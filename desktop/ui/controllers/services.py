"""What the settings window may request of services and their keys, as callables given at construction.

All return at once and call back on the main thread with the result or a `UserError`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.core.errors import UserError

if TYPE_CHECKING:  # the tray loads no recognizer
    from desktop.app.trying import EngineTrial


@dataclass(frozen=True, slots=True)
class ApiKeyLocation:
    """Where a service's key is stored, without the key.

    `location` is part of a sentence, empty without a key; `last_characters` identify the key; `is_unencrypted`: nothing
    encrypts it there; `is_removable`: the application stored it, it is no environment variable.
    """

    location: str = ""
    last_characters: str = ""
    is_unencrypted: bool = False
    is_removable: bool = True


@dataclass(frozen=True, slots=True)
class ServiceActions:
    """Access to services and their keys.

    `find_key` returns the location of the key for a name of `withheld.NAMES`; `store_key` stores one (unencrypted on
    request) and `remove_key` deletes it; each returns the location afterwards. `try_engine` tries the chosen engine on
    speech recorded now, or else on the newest recording, and calls back when the microphone delivers sound.
    """

    find_key: Callable[[str, Callable[[ApiKeyLocation | UserError], None]], None]
    store_key: Callable[[str, str, bool, Callable[[ApiKeyLocation | UserError], None]], None]
    remove_key: Callable[[str, Callable[[ApiKeyLocation | UserError], None]], None]
    try_engine: Callable[[bool, Callable[[], None], Callable[[EngineTrial | UserError], None]], None]
