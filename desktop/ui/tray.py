"""The tray: an icon of three bars that shows the application's state, and a menu for everything.

Everything is in the menu because some hosts deliver no clicks on the icon; settings that change often are submenus.
Without a host (GNOME without its extension) the windows are the only interface. Hosts may also come late, when the
application starts with the session, and Qt binds an icon to the host that exists when it is created: so the icon is
created once there is a host, checked at a slow interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices
from PySide6.QtWidgets import QMenu, QSystemTrayIcon, QWidget

from desktop.core.engine_names import ENGINE_NAMES
from desktop.core.errors import RecognizerError, ServiceError, SettingsError
from desktop.core.state import (
    AppState,
    Done,
    EmotionSwitched,
    Failed,
    Listening,
    Polishing,
    Starting,
    Transcribing,
    is_between_paragraphs,
)
from desktop.core.types import Outcome
from desktop.settings.schema import AUTO, Settings
from desktop.ui import wording
from desktop.ui.bridge import ListOption
from desktop.ui.controllers.app import AppController
from desktop.ui.i18n import message_text, title_text
from desktop.ui.style import icons
from desktop.ui.widgets import combo
from desktop.ui.widgets.label import escape_markup, set_tool_tip

TRAY_CHECK_MS = 3_000
"""Milliseconds between checks for a tray host while there is none."""


class TrayIcon(QObject):
    """The icon and its menu."""

    def __init__(self, app: AppController, can_undo: bool = True) -> None:
        """`can_undo`: insertions can be undone and swapped in this session without an input method."""
        super().__init__()
        self._app = app
        self._app_state = AppState()
        self._can_undo, self._undo_actions = can_undo, list[QAction]()
        self._drawn_state: tuple[object, ...] = ()
        self._icon: QSystemTrayIcon | None = None
        self._check_timer = QTimer(self, interval=TRAY_CHECK_MS)
        self._check_timer.timeout.connect(self._create_icon)
        self.menu = QMenu()
        self._status, self._last = self.menu.addAction(""), self.menu.addAction("")
        for action in (self._status, self._last):
            action.setEnabled(False)
        self._invalid_lines = self._add_action(
            self.tr("Not everything in settings.toml is in force…"), app.show_invalid_lines
        )
        self.menu.addSeparator()
        self._toggle = self._add_action(self.tr("Start dictation"), partial(app.run_command, "toggle"))
        self._cancel = self._add_action(self.tr("Cancel"), partial(app.run_command, "cancel"))
        self._doctor_action = self._add_action(self.tr("What is wrong…"), partial(app.open_window, "doctor"))
        self._retry = self._add_action(self.tr("Retry"), partial(app.run_command, "resume-last"))
        self._undo = self._add_action(self.tr("Undo cancel"), partial(app.run_command, "resume-last"))
        self.menu.addSeparator()
        for label, command in (
            (self.tr("Undo last insertion"), "undo"),
            (self.tr("Swap raw and polished"), "swap"),
        ):
            self._undo_actions.append(self._add_action(label, partial(app.run_command, command)))
        for label, raw in ((self.tr("Paste last"), False), (self.tr("Paste last as spoken"), True)):
            self._add_action(label, partial(self._paste_last, raw))
        self._add_action(self.tr("Copy last"), lambda: app.history.copy_last())
        self.menu.addSeparator()
        self._has_loaded_microphones = False
        self._languages: dict[str, None] = {}
        self._microphone = self._add_submenu(self.tr("Microphone"), "audio.device")
        self._engine = self._add_submenu(self.tr("Engine"), "recognizer.engine")
        self._language = self._add_submenu(self.tr("Language"), "recognizer.language")
        self._mode = self._add_submenu(self.tr("Polish"), "polish.mode")
        self._microphone.set_options([ListOption("", self.tr("System default"))])
        self._engine.set_options([ListOption(engine, name) for engine, name in ENGINE_NAMES.items()])
        self._mode.set_options(combo.setting_options("polish.mode"))
        self.menu.addSeparator()
        self._paused = self._add_switch(
            self.tr("Pause hotkeys"), lambda paused: app.run_command("pause" if paused else "resume")
        )
        self._private = self._add_switch(self.tr("Private mode"), self._set_private)
        self._emotion_action = self._add_action(self.tr("Note how it sounded"), partial(app.run_command, "mood"))
        self._emotion_action.setCheckable(True)
        self.menu.addSeparator()
        for label, window in (
            (self.tr("History…"), "history"),
            (self.tr("Mood and numbers…"), "mood"),
            (self.tr("Settings…"), "settings"),
            (self.tr("Set up again…"), "onboarding"),
            (self.tr("What works here…"), "doctor"),
        ):
            self._add_action(label, partial(app.open_window, window))
        self._update_action = self._add_action("", self._show_release)
        self._restart_action = self._add_action("", partial(app.run_command, "restart"))
        self.menu.addSeparator()
        self._add_action(self.tr("Quit"), app.quit)
        self.menu.aboutToShow.connect(self._on_menu_open)
        self._draw()
        self._create_icon()

    def draw(self, app_state: AppState) -> None:
        """Show the state. Words and levels are the pill's: an unchanged icon and menu are not drawn again."""
        self._app_state = app_state
        kind = app_state.state if isinstance(app_state.state, EmotionSwitched) else type(app_state.state)
        drawn_state = (
            kind,
            app_state.health,
            wording.current_problem(app_state),
            wording.last_outcome_text(app_state.state),
            is_between_paragraphs(app_state.state),
        )
        if drawn_state != self._drawn_state:
            self._drawn_state = drawn_state
            if not self._has_loaded_microphones:
                self._load_microphones()
            self._draw()

    def refresh(self) -> None:
        """Draw again after a setting may have changed."""
        self._draw()

    def close(self) -> None:
        """Remove the icon."""
        self._check_timer.stop()
        if self._icon is not None:
            self._icon.hide()
        self.menu.close()

    def _add_action(self, label: str, callback: Callable[[], None]) -> QAction:
        action = self.menu.addAction(label)
        action.triggered.connect(lambda: callback())
        return action

    def _add_switch(self, label: str, callback: Callable[[bool], None]) -> QAction:
        action = self.menu.addAction(label)
        action.setCheckable(True)
        action.triggered.connect(lambda on: callback(on))
        return action

    def _add_submenu(self, title: str, key: str) -> RadioMenu:
        submenu = RadioMenu(title, self.menu)
        submenu.chosen.connect(lambda value: self._set_setting(key, value))
        self.menu.addMenu(submenu)
        return submenu

    def _paste_last(self, raw: bool) -> None:
        self._app.history.paste_last(raw)

    def _set_private(self, private: bool) -> None:
        self._set_setting("history.private", "on" if private else "off")

    def _set_setting(self, key: str, value: str) -> None:
        try:
            self._app.set_setting(key, value)
        except SettingsError as problem:
            if self._icon is not None:
                self._icon.showMessage("Intone", escape_markup(message_text(problem)), self._icon.icon())
        self._draw()

    def _show_release(self) -> None:
        release = self._app_state.health.release
        if release is not None and release.url:
            QDesktopServices.openUrl(QUrl(release.url))
        else:
            self._app.open_window("settings")

    def _on_menu_open(self) -> None:
        """Update the menu when it opens: some hosts ask for it only then."""
        self._load_microphones()
        self._draw()

    def _load_microphones(self) -> None:
        self._has_loaded_microphones = True
        self._app.list_microphones(self._microphone.set_options)

    def _create_icon(self) -> None:
        if not is_tray_available():
            self._check_timer.start()
            return
        self._check_timer.stop()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._on_clicked)
        self._draw()
        self._icon.show()

    def _on_clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._app.open_window("history")

    def _draw(self) -> None:
        state = self._app_state.state
        is_between = is_between_paragraphs(state)
        busy = isinstance(state, Starting | Listening | Transcribing | Polishing) or is_between
        talking = isinstance(state, Starting | Listening) or is_between
        failed_hearing = isinstance(state, Failed) and isinstance(state.problem, RecognizerError | ServiceError)
        cancelled = isinstance(state, Done) and state.outcome is Outcome.CANCELLED
        chosen = self._app.settings()
        self._emotion_action.setChecked(chosen.emotion.engine != "off")
        status = wording.status_text(self._app_state, ",".join(chosen.hotkey.talk))
        last = wording.last_outcome_text(state)
        self._status.setText(status)
        self._last.setText(last)
        self._last.setVisible(bool(last))
        for action in self._undo_actions:
            action.setEnabled(self._can_undo or self._app_state.health.input_method)
        notice = self._app_state.health.settings_notice
        self._invalid_lines.setVisible(notice is not None)
        self._toggle.setText(self.tr("Stop dictation") if talking else self.tr("Start dictation"))
        self._cancel.setEnabled(busy)
        has_recording = not isinstance(state, Done | Failed) or state.has_recording
        self._retry.setVisible(failed_hearing and has_recording)
        self._doctor_action.setVisible(wording.current_problem(self._app_state) is not None)
        self._undo.setVisible(cancelled and has_recording)
        newer = wording.update_text(self._app_state.health.release)
        self._update_action.setText(newer)
        self._update_action.setVisible(bool(newer))
        installed = wording.replacement_text(self._app_state.health.installed_version)
        self._restart_action.setText(installed)
        self._restart_action.setVisible(bool(installed))
        paused, private = self._app_state.health.paused, chosen.history.private == "on"
        self._draw_submenus(chosen)
        self._paused.setChecked(paused)
        self._private.setChecked(private)
        if self._icon is not None:
            listening = isinstance(state, Listening) or is_between
            lost = isinstance(state, Done) and state.outcome is Outcome.FAILED
            trouble = lost or wording.current_problem(self._app_state) is not None
            self._icon.setIcon(
                icons.create_tray_icon(
                    listening=listening,
                    ready=self._app_state.health.is_ready,
                    has_problem=trouble,
                    paused=paused,
                    colour=chosen.look.tray == "colour",
                )
            )
            ignored = title_text(notice) if notice is not None else ""
            unkept = self.tr("Private mode: nothing is kept.") if private else ""
            set_tool_tip(self._icon, "\n".join(filter(None, (status, last, ignored, unkept, newer, installed))))

    def _draw_submenus(self, chosen: Settings) -> None:
        """Check the current settings in the submenus.

        Languages chosen before stay available while the application runs.
        """
        self._microphone.set_value(",".join(chosen.audio.device))
        self._engine.set_value(chosen.recognizer.engine)
        self._mode.set_value(chosen.polish.mode)
        value = ",".join(chosen.recognizer.language)
        for language in (AUTO, value, *chosen.recognizer.language):
            self._languages.setdefault(language)
        self._language.set_options(
            [
                ListOption(codes, wording.language_names(() if codes == AUTO else codes.split(",")))
                for codes in self._languages
            ]
        )
        self._language.set_value(value)


class RadioMenu(QMenu):
    """A submenu with one checked entry that shows a setting and changes it at once.

    `chosen` carries the value of the chosen entry. A value without an entry is added as it is.
    """

    chosen = Signal(str)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._options: tuple[ListOption, ...] = ()
        self._value: str | None = None
        self._group = QActionGroup(self)
        self._group.triggered.connect(lambda action: self.chosen.emit(action.data()))

    def set_options(self, choices: Sequence[ListOption]) -> None:
        """Set the entries."""
        if tuple(choices) != self._options:
            self._options = tuple(choices)
            self._fill()

    def set_value(self, value: str) -> None:
        """Check the entry of `value`."""
        if value != self._value:
            self._value = value
            self._fill()
        for action in self._group.actions():  # a refused choice is unchecked again
            action.setChecked(action.data() == value)

    def _fill(self) -> None:
        for action in self._group.actions():
            self._group.removeAction(action)
            self.removeAction(action)
            action.deleteLater()
        is_listed = any(choice.value == self._value for choice in self._options)
        added = () if is_listed or self._value is None else (ListOption(self._value, self._value),)
        for choice in (*self._options, *added):
            action = QAction(choice.label, self._group)
            action.setCheckable(True)
            action.setData(choice.value)
            action.setChecked(choice.value == self._value)
            self.addAction(action)


def is_tray_available() -> bool:
    """Return whether a tray host exists."""
    return QSystemTrayIcon.isSystemTrayAvailable()
