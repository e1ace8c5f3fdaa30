"""Answer the settings about polish, styles and the user's own words.

Files are read and changed in one thread, in the order of the requests; the app applies a change at once, as for one
made on the command line. Previews run in a second thread, from the current files, so that they show what the next
dictation would produce.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.polish import styles, user_styles
from desktop.polish.polisher import PolishTrial, style_named, try_rules
from desktop.polish.styles import Styles
from desktop.polish.user_styles import PlaceKind, UserStyles
from desktop.settings import store
from desktop.ui.controllers.controller import CallOnMainThread, Controller, Executor, OnResult, PostToEngine
from desktop.vocabulary import edits, import_export
from desktop.vocabulary.edits import VocabularyChange, VocabularyEntries

TEXT_ERROR = UserError("Something went wrong with your words.", "The log says what.")


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


class TextController(Controller):
    """Requests about polish, styles and the vocabulary. The result of a change is what is in force afterwards."""

    unexpected_error = TEXT_ERROR

    def __init__(
        self,
        paths: Paths,
        post: PostToEngine,
        call: CallOnMainThread,
        executor: Executor | None = None,
        preview_executor: Executor | None = None,
    ) -> None:
        """Each executor runs its work in order."""
        super().__init__(paths, post, call, executor or ThreadPoolExecutor(1, thread_name_prefix="text"))
        self._preview_executor = preview_executor or ThreadPoolExecutor(1, thread_name_prefix="preview")

    def preview(self, text: str, style: str, on_result: OnResult[PolishTrial]) -> None:
        """Polish `text` by the rules, as in an application of that style."""

        def polish() -> PolishTrial:
            settings = store.load_settings(self._paths.settings).settings
            chosen = style_named(styles.load_styles(self._paths.styles), style)
            return try_rules(text, settings.polish, self._entries().vocabulary, chosen)

        self._run(polish, on_result, self._preview_executor)

    def preview_with_llm(self, text: str, style: str, on_result: OnResult[PolishTrial]) -> None:
        """Polish `text` by the language model of the settings, within its time budget."""
        self._post(lambda engine: engine.try_polish(text, style, self._on_main(on_result)))

    def load_styles(self, on_result: OnResult[StyleSet]) -> None:
        """Load the styles."""
        self._run(self._styles, on_result)

    def set_style_field(self, style: str, field: str, value: object, on_result: OnResult[StyleSet]) -> None:
        """Change a field of a style; None restores its default."""
        self._change_styles(lambda file: user_styles.set_style_field(file, style, field, value), on_result)

    def set_style_places(
        self, style: str, kind: PlaceKind, names: Sequence[str], on_result: OnResult[StyleSet]
    ) -> None:
        """Set where a style applies."""
        self._change_styles(lambda file: user_styles.set_style_places(file, style, kind, names), on_result)

    def remove_style(self, style: str, on_result: OnResult[StyleSet]) -> None:
        """Delete the user's version of a style."""
        self._change_styles(lambda file: user_styles.remove_style(file, style), on_result)

    def load_vocabulary(self, on_result: OnResult[VocabularyEntries]) -> None:
        """Load the user's entries."""
        self._run(self._entries, on_result)

    def change_vocabulary(self, changes: Sequence[VocabularyChange], on_result: OnResult[VocabularyEntries]) -> None:
        """Change the user's entries."""
        self._run_and_reload(
            lambda: edits.apply_changes(changes, self._paths.settings, self._paths.vocabulary), on_result
        )

    def import_vocabulary(self, path: Path, on_result: OnResult[VocabularyImport]) -> None:
        """Add the entries of a file."""

        def read() -> VocabularyImport:
            found = import_export.read_vocabulary(path)
            changes = edits.import_changes(found)
            if not changes:
                raise UserError(f"{path.name} holds nothing to take in.", " ".join(found.warnings[:1]))
            entries = edits.apply_changes(changes, self._paths.settings, self._paths.vocabulary)
            return VocabularyImport(changes, entries, tuple(found.warnings))

        self._run_and_reload(read, on_result)

    def export_vocabulary(self, path: Path, on_result: OnResult[int]) -> None:
        """Write all entries to a file; the result is their number."""
        self._run(lambda: import_export.write_vocabulary(self._entries().vocabulary, path), on_result)

    def _change_styles(self, change: Callable[[Path], object], on_result: OnResult[StyleSet]) -> None:
        def run() -> StyleSet:
            change(self._paths.styles)
            return self._styles()

        self._run_and_reload(run, on_result)

    def _styles(self) -> StyleSet:
        return StyleSet(styles.load_styles(self._paths.styles), user_styles.load_user_styles(self._paths.styles))

    def _entries(self) -> VocabularyEntries:
        return edits.list_entries(self._paths.settings, self._paths.vocabulary)
