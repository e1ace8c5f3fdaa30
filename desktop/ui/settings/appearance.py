"""The settings page for theme, motion, language, the pill, the tray icon and autostart."""

from __future__ import annotations

from desktop.core.errors import UserError
from desktop.ui.bridge import ListOption
from desktop.ui.i18n import describe_setting, message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.widgets import combo
from desktop.ui.widgets.combo import OptionPicker


class AppearancePage(SettingsPage):
    """Set theme, motion, language, the pill, the tray icon and autostart."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        sizes = describe_setting("look.scale").choices.items()
        scale = OptionPicker(*(ListOption(size, label or self.tr("{0} %").format(size)) for size, label in sizes))
        start = OptionPicker(*combo.setting_options("startup.autostart"))
        self.set_cards(
            self.tr("Appearance"),
            [
                *map(form.add_row, ("look.theme", "look.contrast", "look.motion", "look.language")),
                form.add_row("look.scale", scale),
            ],
            [*map(form.add_row, ("look.pill", "look.pill_place", "look.tray"))],
            [form.add_row("startup.autostart", start)],
        )
        start.chosen.connect(
            lambda value: self._check_autostart()
        )  # runs after the form's own connection, which sets it

    def on_window_shown(self) -> None:
        """Show whether autostart works as chosen."""
        self._check_autostart()

    def _check_autostart(self) -> None:
        self._form.app.apply_autostart(self._show_problem)

    def _show_problem(self, problem: UserError | None) -> None:
        self._form.rows["startup.autostart"].show_problem("" if problem is None else message_text(problem))
