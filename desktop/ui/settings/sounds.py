"""The settings page for cues: the sounds at start, stop, cancel and error of a dictation."""

from __future__ import annotations

from functools import partial
from typing import get_args

from desktop.core.errors import UserError
from desktop.settings.schema import CueKind
from desktop.ui.i18n import describe_setting, message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.settings.sound_field import PercentSlider, SoundFileField
from desktop.ui.widgets.form import SettingRow

CUE_KINDS: tuple[CueKind, ...] = get_args(CueKind.__value__)


class SoundsPage(SettingsPage):
    """Set the cues at start, stop, cancel and error of a dictation."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._rows = {kind: self._add_cue_row(kind) for kind in CUE_KINDS}
        self.set_cards(
            self.tr("Sounds"),
            [form.add_row("audio.cue"), form.add_row("audio.cue_volume", PercentSlider())],
            list(self._rows.values()),
        )

    def on_window_shown(self) -> None:
        """Show which sound files cannot be played."""
        for kind in CUE_KINDS:
            self._try_cue(kind)

    def _add_cue_row(self, kind: CueKind) -> SettingRow:
        key = f"audio.cue_{kind}"
        control = SoundFileField(describe_setting(key).label)
        row = self._form.add_row(key, control)
        control.chosen.connect(lambda path: self._try_cue(kind))
        control.play_requested.connect(lambda: self._try_cue(kind, aloud=True))
        return row

    def _try_cue(self, kind: CueKind, *, aloud: bool = False) -> None:
        self._form.app.audio.try_cue(kind, partial(self._show_problem, kind), aloud=aloud)

    def _show_problem(self, kind: CueKind, problem: UserError | None) -> None:
        self._rows[kind].show_problem("" if problem is None else message_text(problem))
