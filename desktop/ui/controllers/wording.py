"""What the settings window may request of polish and the vocabulary, as callables given at construction.

All return at once and call back on the main thread with what is in force afterwards or the `UserError` that prevented
the change.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.ui.controllers.rows import OnResult

if TYPE_CHECKING:  # the tray, which starts the application, needs none of these
    from desktop.polish.styles import Styles
    from desktop.polish.tried import PolishTrial
    from desktop.polish.user_styles import PlaceKind, UserStyles
    from desktop.vocabulary.edits import VocabularyChange, VocabularyEntries


@dataclass(frozen=True, slots=True)
class StyleSet:
    """The styles in force, and the user's own part of them."""

    styles: Styles
    user_styles: UserStyles


@dataclass(frozen=True, slots=True)
class VocabularyImport:
    """Result of importing a vocabulary file: changes made, entries in force, a message per unusable line."""

    changes: tuple[VocabularyChange, ...]
    entries: VocabularyEntries
    rejected_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextActions:
    """Access to polish, styles and the vocabulary.

    `preview(text, style, callback)` polishes a text by the rules, as in an application of that style;
    `preview_with_llm` has the language model of the settings do it, within its time budget. `load_styles` returns the
    styles; `set_style_field(style, field, value, callback)` changes a field, None restores its default;
    `set_style_places(style, kind, names, callback)` sets where it applies, and `remove_style` deletes the user's
    version.

    `load_vocabulary` returns the user's entries, `change_vocabulary` changes them. `import_vocabulary` reads a file of
    entries, `export_vocabulary` writes one and returns the number of entries.
    """

    preview: Callable[[str, str, OnResult[PolishTrial]], None]
    preview_with_llm: Callable[[str, str, OnResult[PolishTrial]], None]
    load_styles: Callable[[OnResult[StyleSet]], None]
    set_style_field: Callable[[str, str, object, OnResult[StyleSet]], None]
    set_style_places: Callable[[str, PlaceKind, Sequence[str], OnResult[StyleSet]], None]
    remove_style: Callable[[str, OnResult[StyleSet]], None]
    load_vocabulary: Callable[[OnResult[VocabularyEntries]], None]
    change_vocabulary: Callable[[Sequence[VocabularyChange], OnResult[VocabularyEntries]], None]
    import_vocabulary: Callable[[Path, OnResult[VocabularyImport]], None]
    export_vocabulary: Callable[[Path, OnResult[int]], None]
