"""What the settings window may request of polish and the vocabulary, as callables given at construction.

All return at once and call back on the main thread with what is in force afterwards or the `UserError` that prevented
the change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.controllers.rows import Then

if TYPE_CHECKING:  # the tray, which starts the application, needs none of these
    from desktop.polish.styles import Styles
    from desktop.polish.tried import Tried
    from desktop.polish.user_styles import Own, PlaceKind
    from desktop.vocabulary.edits import Change, Listed


@dataclass(frozen=True, slots=True)
class Ways:
    """The styles in force, and the user's own part of them."""

    styles: Styles
    own: Own


@dataclass(frozen=True, slots=True)
class TakenIn:
    """Result of importing a vocabulary file: changes made, entries in force, a message per unusable line."""

    changes: tuple[Change, ...]
    listed: Listed
    bad: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """Access to polish, styles and the vocabulary.

    `preview(text, style, callback)` polishes a text by the rules, as in an application of that style;
    `preview_with_llm` has the language model of the settings do it, within its time budget. `load_styles` returns the
    styles; `set_style_field(style, field, value, callback)` changes a field, None restores its default;
    `set_style_places(style, kind, names, callback)` sets where it applies, and `remove_style` deletes the user's
    version.

    `load_vocabulary` returns the user's entries, `change_vocabulary` changes them. `import_vocabulary` reads a file of
    entries, `export_vocabulary` writes one and returns the number of entries.
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
