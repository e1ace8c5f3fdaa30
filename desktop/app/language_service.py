"""Keep what chooses the languages of dictations, where the keyboard's layout or an application does: else nothing."""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING

from desktop.core.tasks import SpawnTask
from desktop.core.types import Target
from desktop.paste.apps import PasteRules
from desktop.settings.schema import LAYOUT, Settings
from desktop.settings.values import parse_layout
from desktop.stt.recognition import ConfiguredRecognizer

if TYPE_CHECKING:  # not loaded where the settings alone decide
    from desktop.layouts.chooser import LayoutLanguageChooser


class LanguageService:
    """Owns the chooser. Belongs to the engine's loop. `spawn` runs something in the background."""

    def __init__(self, spawn: SpawnTask) -> None:
        self._spawn = spawn
        self._chooser: LayoutLanguageChooser | None = None

    def create_chooser(
        self, settings: Settings, rules: PasteRules, recognizer: ConfiguredRecognizer
    ) -> LayoutLanguageChooser | None:
        """Return the chooser for these settings and applications; None where they need none."""
        chosen = settings.recognizer.language
        needs_layout = LAYOUT in chosen or any(LAYOUT in languages for languages in rules.own_languages)
        if not needs_layout and not rules.own_languages:
            self.close()
            return None
        from desktop.layouts.chooser import LanguageOptions, LayoutLanguageChooser
        from desktop.layouts.factory import open_layout_ladder

        table = dict(map(parse_layout, settings.recognizer.layouts))
        options = LanguageOptions(chosen, table, partial(_find_own, rules) if rules.own_languages else None)
        chooser = self._chooser
        if chooser is None:
            chooser = self._chooser = LayoutLanguageChooser(
                options,
                None,
                recognizer.in_languages,
                lambda: recognizer.selected_languages,
                recognizer.forget_selected_language,
            )
        chooser.options = options
        if not needs_layout:
            chooser.close()
        elif chooser.ladder is None:
            chooser.ladder = open_layout_ladder(os.environ)
            self._spawn(chooser.warm)
        return chooser

    def close(self) -> None:
        """Disconnect from those that tell the layout."""
        if self._chooser is not None:
            self._chooser.close()
            self._chooser = None


def _find_own(rules: PasteRules, target: Target) -> tuple[str, ...] | None:
    comm = ""
    if sys.platform == "linux":
        from desktop.platforms.linux.x11_focus import read_process_name

        comm = read_process_name(target.pid)
    return rules.find_language(target.app, comm)
