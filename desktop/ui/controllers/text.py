"""Answer the settings about polish, styles and the user's own words.

Files are read and changed in one thread, in the order of the requests; the app applies a change at once, as for one
made on the command line. Previews run in a second thread, from the current files, so that they show what the next
dictation would produce. The rules are imported there on first use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.app.callbacks import run_safely
from desktop.core.errors import UserError
from desktop.core.paths import Paths
from desktop.settings.live import LiveSettings
from desktop.ui.controllers.history import OnResult
from desktop.ui.controllers.threads import CallOnMainThread, PostToEngine

if TYPE_CHECKING:
    from desktop.polish.polisher import PolishTrial
    from desktop.polish.styles import Styles
    from desktop.polish.user_styles import PlaceKind, UserStyles
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


@dataclass(frozen=True, slots=True)
class TextActions:
    """What the settings window may request of polish, styles and the vocabulary.

    Call on the main thread. All return at once and call back there with what is in force afterwards or the `UserError`
    that prevented the change.

    `preview(text, style, on_result)` polishes a text by the rules, as in an application of that style;
    `preview_with_llm` has the language model of the settings do it, within its time budget. `load_styles` returns the
    styles; `set_style_field(style, field, value, on_result)` changes a field, None restores its default;
    `set_style_places(style, kind, names, on_result)` sets where it applies, and `remove_style` deletes the user's
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


class SerialExecutor(Protocol):
    """An executor that runs its work in order."""

    def submit(self, work: Callable[[], object], /) -> object:
        """Run `work` after everything submitted before."""
        ...


def build_text_actions(
    paths: Paths,
    settings: LiveSettings,
    post: PostToEngine,
    call: CallOnMainThread,
    create_executor: Callable[[], SerialExecutor] = lambda: ThreadPoolExecutor(1, thread_name_prefix="text"),
) -> TextActions:
    """Build the actions on text. Each executor that `create_executor` returns runs its work in order."""
    files, previews = create_executor(), create_executor()

    def run_in_thread[T](work: Callable[[], T], on_result: OnResult[T], executor: SerialExecutor = files) -> None:
        executor.submit(lambda: call(partial(on_result, run_safely(work, TEXT_ERROR))))

    def run_and_reload[T](work: Callable[[], T], on_result: OnResult[T]) -> None:
        """Run `work`, which changes a file, then have the app read the files again."""

        def run() -> T:
            result = work()
            post(lambda engine: engine.reload())
            return result

        run_in_thread(run, on_result)

    def try_llm(text: str, style: str, on_result: OnResult[PolishTrial]) -> None:
        post(lambda engine: engine.try_polish(text, style, lambda trial: call(partial(on_result, trial))))

    return TextActions(
        preview=lambda text, style, on_result: run_in_thread(
            lambda: _preview_polish(paths, settings, text, style), on_result, previews
        ),
        preview_with_llm=try_llm,
        load_styles=lambda on_result: run_in_thread(lambda: _load_styles(paths), on_result),
        set_style_field=lambda style, field, value, on_result: run_and_reload(
            lambda: _set_style_field(paths, style, field, value), on_result
        ),
        set_style_places=lambda style, kind, names, on_result: run_and_reload(
            lambda: _set_style_places(paths, style, kind, names), on_result
        ),
        remove_style=lambda style, on_result: run_and_reload(lambda: _remove_style(paths, style), on_result),
        load_vocabulary=lambda on_result: run_in_thread(lambda: _load_words(paths, settings), on_result),
        change_vocabulary=lambda changes, on_result: run_and_reload(
            lambda: _change_words(paths, settings, changes), on_result
        ),
        import_vocabulary=lambda path, on_result: run_and_reload(
            lambda: _import_words(paths, settings, path), on_result
        ),
        export_vocabulary=lambda path, on_result: run_in_thread(
            lambda: _export_words(paths, settings, path), on_result
        ),
    )


def _preview_polish(paths: Paths, settings: LiveSettings, text: str, style: str) -> PolishTrial:
    from desktop.polish import styles
    from desktop.polish.polisher import style_named, try_rules

    words = _load_words(paths, settings).vocabulary
    return try_rules(text, settings.load().settings.polish, words, style_named(styles.load_styles(paths.styles), style))


def _load_styles(paths: Paths) -> StyleSet:
    from desktop.polish import styles
    from desktop.polish import user_styles as polish_user_styles

    return StyleSet(styles.load_styles(paths.styles), polish_user_styles.load_user_styles(paths.styles))


def _set_style_field(paths: Paths, style: str, field: str, value: object) -> StyleSet:
    from desktop.polish import user_styles as polish_user_styles

    polish_user_styles.set_style_field(paths.styles, style, field, value)
    return _load_styles(paths)


def _set_style_places(paths: Paths, style: str, kind: PlaceKind, names: Sequence[str]) -> StyleSet:
    from desktop.polish import user_styles as polish_user_styles

    polish_user_styles.set_style_places(paths.styles, style, kind, names)
    return _load_styles(paths)


def _remove_style(paths: Paths, style: str) -> StyleSet:
    from desktop.polish import user_styles as polish_user_styles

    polish_user_styles.remove_style(paths.styles, style)
    return _load_styles(paths)


def _load_words(paths: Paths, settings: LiveSettings) -> VocabularyEntries:
    from desktop.vocabulary.edits import list_entries

    return list_entries(settings, paths.vocabulary)


def _change_words(paths: Paths, settings: LiveSettings, changes: Sequence[VocabularyChange]) -> VocabularyEntries:
    from desktop.vocabulary.edits import apply_changes

    return apply_changes(changes, settings, paths.vocabulary)


def _import_words(paths: Paths, settings: LiveSettings, path: Path) -> VocabularyImport:
    from desktop.vocabulary import edits, import_export

    read = import_export.read_vocabulary(path)
    changes_to_make = edits.import_changes(read)
    if not changes_to_make:
        raise UserError(f"{path.name} holds nothing to take in.", " ".join(read.warnings[:1]))
    return VocabularyImport(
        changes_to_make, edits.apply_changes(changes_to_make, settings, paths.vocabulary), tuple(read.warnings)
    )


def _export_words(paths: Paths, settings: LiveSettings, path: Path) -> int:
    from desktop.vocabulary import import_export

    return import_export.write_vocabulary(_load_words(paths, settings).vocabulary, path)
