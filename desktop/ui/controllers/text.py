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
from desktop.polish import styles, user_styles
from desktop.polish.polisher import PolishTrial, style_named, try_rules
from desktop.polish.styles import Styles
from desktop.polish.user_styles import UserStyles
from desktop.ui.controllers.controller import Controller, ControllerContext, OnResult, Submit
from desktop.vocabulary import edits, import_export
from desktop.vocabulary.edits import VocabularyChange, VocabularyEntries, VocabularyImport


@dataclass(frozen=True, slots=True)
class StyleSet:
    """The styles in force, and the user's own part of them."""

    styles: Styles
    user_styles: UserStyles


class TextController(Controller):
    """Requests about polish, styles and the vocabulary. The result of a change is what is in force afterwards."""

    unexpected_error = UserError("vocabulary-request-failed")

    def __init__(
        self, context: ControllerContext, submit: Submit | None = None, submit_preview: Submit | None = None
    ) -> None:
        """Both run their work in order."""
        super().__init__(context, submit or ThreadPoolExecutor(1, thread_name_prefix="text").submit)
        self._submit_preview = submit_preview or ThreadPoolExecutor(1, thread_name_prefix="preview").submit

    def preview(self, text: str, style: str, on_result: OnResult[PolishTrial]) -> None:
        """Polish `text` by the rules, as in an application of that style."""

        def polish() -> PolishTrial:
            settings = self._live_settings.load().settings
            chosen = style_named(styles.load_styles(self._paths.styles), style)
            return try_rules(text, settings.polish, self._entries().vocabulary, chosen)

        self._run(polish, on_result, self._submit_preview)

    def preview_with_llm(self, text: str, style: str, on_result: OnResult[PolishTrial]) -> None:
        """Polish `text` by the language model of the settings, within its time budget."""
        self._run_on_engine(lambda engine: engine.trials.try_polish(text, style), on_result)

    def load_styles(self, on_result: OnResult[StyleSet]) -> None:
        """Load the styles."""
        self._run(self._styles, on_result)

    def change_styles(self, change: Callable[[Path], object], on_result: OnResult[StyleSet]) -> None:
        """Change the user's styles by a function of `desktop.polish.user_styles`, which is given their file."""

        def run() -> StyleSet:
            change(self._paths.styles)
            return self._styles()

        self._run_and_reload(run, on_result)

    def load_vocabulary(self, on_result: OnResult[VocabularyEntries]) -> None:
        """Load the user's entries."""
        self._run(self._entries, on_result)

    def change_vocabulary(self, changes: Sequence[VocabularyChange], on_result: OnResult[VocabularyEntries]) -> None:
        """Change the user's entries."""
        self._run_and_reload(
            lambda: edits.apply_changes(changes, self._live_settings, self._paths.vocabulary), on_result
        )

    def import_vocabulary(self, path: Path, on_result: OnResult[VocabularyImport]) -> None:
        """Add the entries of a file."""

        self._run_and_reload(lambda: edits.import_file(path, self._live_settings, self._paths.vocabulary), on_result)

    def export_vocabulary(self, path: Path, on_result: OnResult[int]) -> None:
        """Write all entries to a file; the result is their number."""
        self._run(lambda: import_export.write_vocabulary(self._entries().vocabulary, path), on_result)

    def _styles(self) -> StyleSet:
        return StyleSet(styles.load_styles(self._paths.styles), user_styles.load_user_styles(self._paths.styles))

    def _entries(self) -> VocabularyEntries:
        return edits.list_entries(self._live_settings, self._paths.vocabulary)
