"""What the settings may ask of the services and of the keys to them, each a callable given at construction, as
`bridge.Actions` are. All return at once and answer through `then` on the main thread, with a `Problem` where it cannot
be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.problems import Problem

if TYPE_CHECKING:  # the tray waits for nothing that hears
    from desktop.asked.trying import Trial


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where a key is, without the key: a part of a sentence, empty where there is none. `end`: its last characters, by
    which it is known; `plain`: nothing encrypts it there; `ours`: it can be removed, being ours and no variable."""

    where: str = ""
    end: str = ""
    plain: bool = False
    ours: bool = True


@dataclass(frozen=True, slots=True)
class Services:
    """`key` says where the key of a name of `withheld.NAMES` is, `keep` keeps one (unencrypted where it is told so)
    and `remove` takes it away; all give where it is then. `try_engine` tries the chosen engine on what is spoken now,
    or else the newest recording, and says when the microphone hears."""

    key: Callable[[str, Callable[[KeyPlace | Problem], None]], None]
    keep: Callable[[str, str, bool, Callable[[KeyPlace | Problem], None]], None]
    remove: Callable[[str, Callable[[KeyPlace | Problem], None]], None]
    try_engine: Callable[[bool, Callable[[], None], Callable[[Trial | Problem], None]], None]
