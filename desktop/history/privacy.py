"""Decide which dictations the history keeps, and word messages truthfully for those of which nothing is kept.

Windows for secrets are never kept by default: password managers, password prompts, private browsing. Users do not think
of `history.exclude` before the first time they needed it. The list is data (`sensitive.toml`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from desktop.core.files import read_package_toml
from desktop.paste.apps import matches_any_app
from desktop.settings.schema import HistorySettings

_TRUE_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"(?:The recording|What you said) is kept\."), lambda match: "Nothing was kept."),
    (
        re.compile(r"\bOpen it; what you say meanwhile is kept then\."),
        lambda match: "Nothing was kept; open it, then say it again.",
    ),
    (re.compile(r"\bThe recording is kept; try again\."), lambda match: "Nothing was kept; try again."),
    (re.compile(r"\bThe text is in the history\."), lambda match: "Paste last has the text; the history does not."),
    (re.compile(r"\b[Ii]t is in the history\."), lambda match: "Paste last has it; the history does not."),
    (re.compile(r"\bKept (\d+) s of speech\."), lambda match: f"Heard {match[1]} s of speech."),
)
"""What messages of all modules claim, and the true sentence instead: whole sentences, because they are translated.
Paste last has the text for as long as the app runs, until the next dictation."""


def is_kept(settings: HistorySettings, app: str, window: str = "") -> bool:
    """Return whether the history keeps dictations into `app`, in the window of that title."""
    if settings.private == "on" or matches_any_app(app, settings.exclude):
        return False
    return settings.sensitive == "on" or not is_sensitive_window(app, window)


def is_sensitive_window(app: str, title: str) -> bool:
    """Return whether a window of the application `app` with this title is for secrets, or a browser's private one.

    A private window is known by the end of its title, which is the browser's own and not the page's; Chrome, Chromium
    and Brave do not say it there on X11, and theirs are kept like any other until the user excludes them.
    """
    table = _load_sensitive_windows()
    if is_password_prompt(app) or matches_any_app(app, table["apps"].split()):
        return True
    if not matches_any_app(app, table["browsers"].split()):
        return False
    plain_title = title.replace("\u200b", "").casefold().strip()  # Edge has a zero-width space in its name
    page_title = plain_title.rpartition(" - ")[0]
    return plain_title.removesuffix(")").endswith(tuple(table["ends"])) or page_title.endswith(tuple(table["marks"]))


def is_password_prompt(app: str) -> bool:
    """Return whether `app` is a program that only asks for passwords."""
    return matches_any_app(app, _load_sensitive_windows()["prompts"].split())


def remove_kept_claims(sentences: str) -> str:
    """Return `sentences` without the claim that anything is kept: private mode, or an excluded application.

    Errors are raised in many places that do not know whether the history may have the dictation. They say what is
    nearly always true, and it is corrected here in one place: a promise that is not kept is worse than none.
    """
    for claim, true_sentence in _TRUE_SENTENCES:
        sentences = claim.sub(true_sentence, sentences)
    return sentences


@functools.cache
def _load_sensitive_windows() -> dict[str, Any]:
    return read_package_toml("desktop.history", "sensitive.toml")
