"""What the settings may ask of polish and of the user's own words, each a callable given at construction, as
`bridge.Actions` are.

All return at once, and answer through `then` on the main thread: with what is in force after it, or with the `Problem`
that kept it from being done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.rows import Then

if TYPE_CHECKING:  # the tray, which begins the app, needs none of it
    from desktop.polish.own_styles import Own, PlaceKind
    from desktop.polish.styles import Styles
    from desktop.polish.tried import Tried
    from desktop.vocabulary.changes import Change, Listed


@dataclass(frozen=True, slots=True)
class Ways:
    """The styles in force, and what of them is the person's own."""

    styles: Styles
    own: Own


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file had: the changes that were made, what is in force now, and a sentence for each line that was no
    use."""

    changes: tuple[Change, ...]
    listed: Listed
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """`preview(text, style, then)` writes a text by the rules, as at a place of that style; `ask` has the language
    model of the settings write it, within its budget. `ways` gives the styles; `put_style(style, field, value, then)`
    has a field of one be `value`, None as it comes; `put_places(style, kind, names, then)` says where it holds, and
    `remove_style` forgets the person's word on it.

    `words` gives the user's own, `change` changes them. `take_in` reads a file of words, `give_out` writes one and says
    how many entries it has.
    """

    preview: Callable[[str, str, Then[Tried]], None]
    ask: Callable[[str, str, Then[Tried]], None]
    ways: Callable[[Then[Ways]], None]
    put_style: Callable[[str, str, object, Then[Ways]], None]
    put_places: Callable[[str, PlaceKind, Sequence[str], Then[Ways]], None]
    remove_style: Callable[[str, Then[Ways]], None]
    words: Callable[[Then[Listed]], None]
    change: Callable[[Sequence[Change], Then[Listed]], None]
    take_in: Callable[[Path, Then[TakenIn]], None]
    give_out: Callable[[Path, Then[int]], None]
