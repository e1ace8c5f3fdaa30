"""The settings page for cues: the sounds at start, stop, cancel and error of a dictation."""

from __future__ import annotations

from functools import partial
from typing import get_args

from desktop.core.errors import UserError
from desktop.settings.schema import CueKind
from desktop.ui.i18n import message_text
from desktop.ui.settings.sound_field import PercentSlider, SoundFileField
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import SettingsForm, SettingsPage
from desktop.ui.widgets.combo import OptionPicker
from desktop.ui.widgets.form import SettingRow

CUE_KINDS: tuple[CueKind, ...] = get_args(CueKind.__value__)


class SoundsPage(SettingsPage):
    """Set the cues at start, stop, cancel and error of a dictation."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        tr = self.tr
        self._form = form
        cue = OptionPicker(*combo.off_on_options(tr("None"), tr("Soft sounds")))
        self._rows = {
            "start": self._add_cue_row(
                "start", tr("Start"), tr("The microphone hears you. Words in it would be written.")
            ),
            "stop": self._add_cue_row("stop", tr("Stop"), tr("The microphone hears you no more.")),
            "cancel": self._add_cue_row("cancel", tr("Cancel"), tr("What was said is thrown away.")),
            "error": self._add_cue_row("error", tr("Error"), tr("The text did not arrive. The overlay says why.")),
        }
        self.set_cards(
            tr("Sounds"),
            [
                form.add_row(
                    "audio.cue",
                    tr("Sounds"),
                    tr("They tell what happens without a look at the screen, and delay nothing."),
                    cue,
                ),
                form.add_row("audio.cue_volume", tr("Volume"), tr("At 0 nothing is heard."), PercentSlider()),
            ],
            list(self._rows.values()),
        )

    def on_window_shown(self) -> None:
        """Show which sound files cannot be played."""
        for kind in CUE_KINDS:
            self._check_file(kind)

    def _add_cue_row(self, kind: CueKind, name: str, sentence: str) -> SettingRow:
        control = SoundFileField(name)
        row = self._form.add_row(f"audio.cue_{kind}", name, sentence, control)
        control.chosen.connect(lambda path: self._check_file(kind))
        control.play_requested.connect(lambda: self._form.app.audio.play_cue(kind, partial(self._show_problem, kind)))
        return row

    def _check_file(self, kind: CueKind) -> None:
        self._form.app.audio.check_cue(kind, partial(self._show_problem, kind))

    def _show_problem(self, kind: CueKind, problem: UserError | None) -> None:
        self._rows[kind].show_problem("" if problem is None else message_text(problem))
