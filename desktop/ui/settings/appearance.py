"""The settings page for theme, motion, language, the pill, the tray icon and autostart."""

from __future__ import annotations

from desktop.core.errors import UserError
from desktop.ui.bridge import ListOption
from desktop.ui.i18n import message_text
from desktop.ui.widgets import combo
from desktop.ui.widgets.cards import SettingsForm, SettingsPage
from desktop.ui.widgets.combo import OptionPicker


class AppearancePage(SettingsPage):
    """Set theme, motion, language, the pill, the tray icon and autostart."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        tr = self.tr
        self._form = form
        theme = OptionPicker(
            ListOption("system", tr("As the desktop")), ListOption("light", tr("Light")), ListOption("dark", tr("Dark"))
        )
        contrast = OptionPicker(ListOption("system", tr("As the desktop")), ListOption("high", tr("High")))
        motion = OptionPicker(ListOption("system", tr("As the desktop")), ListOption("off", tr("None")))
        language = OptionPicker(*combo.window_language_options())
        sizes = (100, 125, 150, 175, 200, 250, 300)
        scale = OptionPicker(
            ListOption("system", tr("As the desktop")),
            *(ListOption(str(size), tr("{0} %").format(size)) for size in sizes),
        )
        pill = OptionPicker(
            ListOption("live", tr("Your words as you speak")),
            ListOption("compact", tr("The level alone")),
            ListOption("off", tr("Only what needs you")),
        )
        place = OptionPicker(
            ListOption("bottom", tr("At the bottom")),
            ListOption("top", tr("At the top")),
            ListOption("dragged", tr("Where you dragged it")),
        )
        tray = OptionPicker(ListOption("colour", tr("With colour")), ListOption("monochrome", tr("By shape alone")))
        start = OptionPicker(*combo.off_on_options(tr("No"), tr("Yes")))
        read = tr("The language of the windows, from the next start.")
        large = tr("How large everything is, from the next start.")
        self.set_cards(
            tr("Appearance"),
            [
                form.add_row("look.theme", tr("Theme"), tr("Light or dark, everywhere at once."), theme),
                form.add_row(
                    "look.contrast", tr("Contrast"), tr("High: stronger colours and visible edges."), contrast
                ),
                form.add_row("look.motion", tr("Motion"), tr("None: nothing glides, grows or fades."), motion),
                form.add_row("look.language", tr("Language"), read, language),
                form.add_row("look.scale", tr("Size"), large, scale),
            ],
            [
                form.add_row(
                    "look.pill",
                    tr("Overlay"),
                    tr("What is seen while you speak. What went wrong is always said."),
                    pill,
                ),
                form.add_row(
                    "look.pill_place",
                    tr("Place of the overlay"),
                    tr("Drag it with the mouse, on each screen. A double click brings it back."),
                    place,
                ),
                form.add_row(
                    "look.tray",
                    tr("Icon in the tray"),
                    tr("By shape alone it suits a panel without colours."),
                    tray,
                ),
            ],
            [
                form.add_row(
                    "startup.autostart",
                    tr("Start with the session"),
                    tr("Intone waits in the tray from the moment you log in."),
                    start,
                )
            ],
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
