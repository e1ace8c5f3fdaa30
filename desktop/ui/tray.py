"""The tray: an icon of three bars that shows the application's state, and a menu for everything.

Everything is in the menu because some hosts deliver no clicks on the icon; settings that change often are submenus.
Without a host (GNOME without its extension) the windows are the only interface. Hosts may also come late, when the
application starts with the session, and Qt binds an icon to the host that exists when it is created: so the icon is
created once there is a host, checked at a slow interval.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.core.errors import RecognizerProblem, ServiceProblem, SettingsProblem
from desktop.core.state import Done, Expression, Failed, Listening, Polishing, Shown, Starting, Transcribing
from desktop.core.types import Outcome
from desktop.settings.schema import AUTO, Settings
from desktop.ui import wording as words
from desktop.ui.bridge import Actions, Choice
from desktop.ui.i18n import sentence
from desktop.ui.radio_menu import RadioMenu
from desktop.ui.style import icons
from desktop.ui.widgets import choices
from desktop.ui.widgets.label import as_it_is, tip

LOOK_MS = 3_000
"""Milliseconds between checks for a tray host while there is none."""


def tray_available() -> bool:
    """Return whether a tray host exists."""
    return QSystemTrayIcon.isSystemTrayAvailable()


class Tray(QObject):
    """The icon and its menu."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self._actions = actions
        self._shown = Shown()
        self._drawn: tuple[object, ...] = ()
        self._icon: QSystemTrayIcon | None = None
        self._look = QTimer(self, interval=LOOK_MS)
        self._look.timeout.connect(self._appear)
        self.menu = QMenu()
        self._status = self._add("", None)
        self._last = self._add("", None)
        for line in (self._status, self._last):
            line.setEnabled(False)
        self.menu.addSeparator()
        self._toggle = self._add(self.tr("Start dictation"), actions.toggle)
        self._cancel = self._add(self.tr("Cancel"), actions.cancel)
        self._check = self._add(self.tr("What is wrong…"), actions.show_doctor)
        self._retry = self._add(self.tr("Retry"), actions.retry)
        self._undo = self._add(self.tr("Undo cancel"), actions.undo_cancel)
        self.menu.addSeparator()
        for label, do in (
            (self.tr("Undo last insertion"), actions.undo),
            (self.tr("Swap raw and polished"), actions.swap),
            (self.tr("Paste last"), actions.paste_last),
            (self.tr("Paste last as spoken"), actions.paste_raw),
        ):
            if do is not None:
                self._add(label, do)
        self._add(self.tr("Copy last"), actions.copy_last)
        self.menu.addSeparator()
        self._asked_devices = False
        self._languages: dict[str, None] = {}
        self._microphone = self._submenu(self.tr("Microphone"), "audio.device")
        self._engine = self._submenu(self.tr("Engine"), "recognizer.engine")
        self._language = self._submenu(self.tr("Language"), "recognizer.language")
        self._mode = self._submenu(self.tr("Polish"), "polish.mode")
        self._microphone.offer([Choice("", self.tr("System default"))])
        self._engine.offer([Choice(engine, name) for engine, name in words.ENGINE_NAMES.items()])
        self._mode.offer(choices.polish_modes())
        self.menu.addSeparator()
        self._paused = self._switch(self.tr("Pause hotkeys"), actions.pause_keys)
        self._private = self._switch(self.tr("Private mode"), self._keep_private)
        self._expression = self._add(self.tr("Note how it sounded"), actions.switch_emotion)
        self._expression.setCheckable(True)
        self._expression.setVisible(actions.switch_emotion is not None)
        self.menu.addSeparator()
        self._add(self.tr("History…"), actions.show_history)
        if actions.show_mood is not None:
            self._add(self.tr("Mood and numbers…"), actions.show_mood)
        self._add(self.tr("Settings…"), actions.show_settings)
        if actions.show_around is not None:
            self._add(self.tr("Set up again…"), actions.show_around)
        if actions.show_doctor is not None:
            self._add(self.tr("What works here…"), actions.show_doctor)
        self._newer = self._add("", self._show_newer)
        self.menu.addSeparator()
        self._add(self.tr("Quit"), actions.quit)
        self.menu.aboutToShow.connect(self._open)
        self._draw()
        self._appear()

    def draw(self, shown: Shown) -> None:
        """Show the state. Words and levels are the pill's: an unchanged icon and menu are not drawn again."""
        self._shown = shown
        kind = shown.state if isinstance(shown.state, Expression) else type(shown.state)
        seen = (kind, shown.health, words.trouble(shown), words.last(shown.state))
        if seen != self._drawn:
            self._drawn = seen
            if not self._asked_devices:
                self._ask_devices()
            self._draw()

    def refresh(self) -> None:
        """Draw again after a setting may have changed."""
        self._draw()

    def close(self) -> None:
        """Remove the icon."""
        self._look.stop()
        if self._icon is not None:
            self._icon.hide()
        self.menu.close()

    def _add(self, label: str, do: Callable[[], None] | None) -> QAction:
        action = self.menu.addAction(label)
        if do is not None:
            action.triggered.connect(lambda: do())
        return action

    def _switch(self, label: str, do: Callable[[bool], None] | None) -> QAction:
        action = self.menu.addAction(label)
        action.setCheckable(True)
        action.setVisible(do is not None)
        if do is not None:
            action.triggered.connect(lambda on: do(on))
        return action

    def _submenu(self, title: str, key: str) -> RadioMenu:
        made = RadioMenu(title, self.menu)
        made.chosen.connect(lambda value: self._set(key, value))
        self.menu.addMenu(made)
        return made

    def _keep_private(self, private: bool) -> None:
        self._set("history.private", "on" if private else "off")

    def _set(self, key: str, value: str) -> None:
        try:
            self._actions.set_setting(key, value)
        except SettingsProblem as problem:
            if self._icon is not None:
                self._icon.showMessage("Intone", as_it_is(sentence(str(problem))), self._icon.icon())
        self._draw()

    def _show_newer(self) -> None:
        release = self._shown.health.release
        if release is not None and release.url:
            QDesktopServices.openUrl(QUrl(release.url))
        else:
            self._actions.show_settings()

    def _open(self) -> None:
        """Update the menu when it opens: some hosts ask for it only then."""
        self._ask_devices()
        self._draw()

    def _ask_devices(self) -> None:
        self._asked_devices = True
        self._actions.devices(self._microphone.offer)

    def _appear(self) -> None:
        if not tray_available():
            self._look.start()
            return
        self._look.stop()
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._clicked)
        self._draw()
        self._icon.show()

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._actions.show_history()

    def _draw(self) -> None:
        state = self._shown.state
        busy = isinstance(state, Starting | Listening | Transcribing | Polishing)
        talking = isinstance(state, Starting | Listening)
        failed_hearing = isinstance(state, Failed) and isinstance(state.problem, RecognizerProblem | ServiceProblem)
        cancelled = isinstance(state, Done) and state.outcome is Outcome.CANCELLED
        chosen = self._actions.settings()
        self._expression.setChecked(chosen.emotion.engine != "off")
        status = words.status(self._shown, ",".join(chosen.hotkey.talk))
        last = words.last(state)
        self._status.setText(status)
        self._last.setText(last)
        self._last.setVisible(bool(last))
        self._toggle.setText(self.tr("Stop dictation") if talking else self.tr("Start dictation"))
        self._cancel.setEnabled(busy)
        kept = not isinstance(state, Done | Failed) or state.kept
        self._retry.setVisible(failed_hearing and kept and self._actions.retry is not None)
        self._check.setVisible(words.trouble(self._shown) is not None and self._actions.show_doctor is not None)
        self._undo.setVisible(cancelled and kept and self._actions.undo_cancel is not None)
        newer = words.newer(self._shown.health.release)
        self._newer.setText(newer)
        self._newer.setVisible(bool(newer))
        paused, private = self._shown.health.paused, chosen.history.private == "on"
        self._draw_choices(chosen)
        self._paused.setChecked(paused)
        self._private.setChecked(private)
        if self._icon is not None:
            listening = isinstance(state, Listening)
            lost = isinstance(state, Done) and state.outcome is Outcome.FAILED
            trouble = lost or words.trouble(self._shown) is not None
            self._icon.setIcon(
                icons.tray_icon(
                    listening=listening,
                    ready=self._shown.health.ready,
                    trouble=trouble,
                    paused=paused,
                    colour=chosen.look.tray == "colour",
                )
            )
            unkept = self.tr("Private mode: nothing is kept.") if private else ""
            tip(self._icon, "\n".join(filter(None, (status, last, unkept, newer))))

    def _draw_choices(self, chosen: Settings) -> None:
        """Check the current settings in the submenus.

        Languages chosen before stay available while the application runs.
        """
        self._microphone.put(",".join(chosen.audio.device))
        self._engine.put(chosen.recognizer.engine)
        self._mode.put(chosen.polish.mode)
        value = ",".join(chosen.recognizer.language)
        for language in (AUTO, value, *chosen.recognizer.language):
            self._languages.setdefault(language)
        self._language.offer(
            [Choice(one, words.languages(() if one == AUTO else one.split(","))) for one in self._languages]
        )
        self._language.put(value)
