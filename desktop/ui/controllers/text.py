"""Answer the settings about polish, styles and the user's own words.

Files are read and changed in one thread, in the order of the requests; the app applies a change at once, as for one
made on the command line. Previews run in a second thread, from the current files, so that they show what the next
dictation would produce. The rules are imported there on first use.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.app.callbacks import Call, Post, answered
from desktop.core.errors import Problem
from desktop.core.paths import Paths
from desktop.settings import store as settings
from desktop.ui.controllers.rows import Then
from desktop.ui.controllers.wording import TakenIn, Ways, Wording

WRONG = Problem("Something went wrong with your words.", "The log says what.")

if TYPE_CHECKING:
    from desktop.polish.tried import Tried
    from desktop.polish.user_styles import PlaceKind
    from desktop.vocabulary.edits import Change, Listed


class Submits(Protocol):
    """An executor that runs its work in order."""

    def submit(self, work: Callable[[], object], /) -> object:
        """Run `work` after everything submitted before."""
        ...


def wording(
    here: Paths,
    post: Post,
    call: Call,
    thread: Callable[[], Submits] = lambda: ThreadPoolExecutor(1, thread_name_prefix="wording"),
) -> Wording:
    """Build the actions on text. Each executor that `create_executor` returns runs its work in order."""
    files, previews = thread(), thread()

    def asked[T](work: Callable[[], T], then: Then[T], within: Submits = files) -> None:
        within.submit(lambda: call(partial(then, answered(work, WRONG))))

    def changed[T](work: Callable[[], T], then: Then[T]) -> None:
        """Run `work`, which changes a file, then have the app read the files again."""

        def run() -> T:
            done = work()
            post(lambda engine: engine.reload())
            return done

        asked(run, then)

    def ask(text: str, style: str, then: Then[Tried]) -> None:
        post(lambda engine: engine.try_polish(text, style, lambda tried: call(partial(then, tried))))

    return Wording(
        preview=lambda text, style, then: asked(lambda: _preview(here, text, style), then, previews),
        ask=ask,
        ways=lambda then: asked(lambda: _ways(here), then),
        put_style=lambda style, field, value, then: changed(lambda: _style_put(here, style, field, value), then),
        put_places=lambda style, kind, names, then: changed(lambda: _places_put(here, style, kind, names), then),
        remove_style=lambda style, then: changed(lambda: _style_removed(here, style), then),
        words=lambda then: asked(lambda: _listed(here), then),
        change=lambda changes, then: changed(lambda: _words_changed(here, changes), then),
        take_in=lambda path, then: changed(lambda: _taken_in(here, path), then),
        give_out=lambda path, then: asked(lambda: _given_out(here, path), then),
    )


def _preview(here: Paths, text: str, style: str) -> Tried:
    from desktop.polish import styles
    from desktop.polish.tried import by_rules, named

    chosen = settings.load(here.settings).settings
    return by_rules(text, chosen.polish, _listed(here).vocabulary, named(styles.load(here.styles), style))


def _ways(here: Paths) -> Ways:
    from desktop.polish import styles
    from desktop.polish import user_styles as own_styles

    return Ways(styles.load(here.styles), own_styles.own(here.styles))


def _style_put(here: Paths, style: str, field: str, value: object) -> Ways:
    from desktop.polish import user_styles as own_styles

    own_styles.put(here.styles, style, field, value)
    return _ways(here)


def _places_put(here: Paths, style: str, kind: PlaceKind, names: Sequence[str]) -> Ways:
    from desktop.polish import user_styles as own_styles

    own_styles.put_places(here.styles, style, kind, names)
    return _ways(here)


def _style_removed(here: Paths, style: str) -> Ways:
    from desktop.polish import user_styles as own_styles

    own_styles.remove(here.styles, style)
    return _ways(here)


def _listed(here: Paths) -> Listed:
    from desktop.vocabulary.edits import listed

    return listed(here.settings, here.vocabulary)


def _words_changed(here: Paths, changes: Sequence[Change]) -> Listed:
    from desktop.vocabulary.edits import make

    return make(changes, here.settings, here.vocabulary)


def _taken_in(here: Paths, path: Path) -> TakenIn:
    from desktop.vocabulary import edits as changes
    from desktop.vocabulary import import_export as forms

    read = forms.read(path)
    wanted = changes.taking_in(read)
    if not wanted:
        raise Problem(f"{path.name} holds nothing to take in.", " ".join(read.bad[:1]))
    return TakenIn(wanted, changes.make(wanted, here.settings, here.vocabulary), tuple(read.bad))


def _given_out(here: Paths, path: Path) -> int:
    from desktop.vocabulary import import_export as forms

    return forms.write(_listed(here).vocabulary, path)
