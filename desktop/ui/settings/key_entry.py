"""Enter the key of a service: where it is stored, a field for a new one, and buttons.

The key goes from the field to the keyring and is never shown. Storing it unencrypted is offered only after the keyring
refused it, and takes a separate click.
"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from desktop.core.errors import UserError
from desktop.core.messages import Message
from desktop.credentials.store import ApiKeyLocation
from desktop.ui.controllers.services import ServicesController
from desktop.ui.i18n import message_text, title_text
from desktop.ui.style import tokens
from desktop.ui.widgets.form import SettingRow
from desktop.ui.widgets.label import set_tool_tip


class ServiceKeyRow(SettingRow):
    """The row of the API key `name`. `fallback_text` is shown when there is none."""

    def __init__(self, name: str, title: str, services: ServicesController) -> None:
        super().__init__(title, "", below=True)
        self.key = f"key {name}"
        self.fallback_text = ""
        self._name = name
        self._services = services
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Paste a key"))
        self.field.setAccessibleName(title)
        self.field.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.save, self.remove = QPushButton(self.tr("Save")), QPushButton(self.tr("Remove"))
        self.save_unencrypted = QPushButton(self.tr("Keep it unencrypted"))
        self.field.textChanged.connect(self._on_text_changed)
        self.field.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.save_unencrypted.clicked.connect(self._save_unencrypted)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.field, 1)
        for button in (self.save, self.save_unencrypted, self.remove):
            button.setAccessibleName(f"{button.text()}: {title}")
            line.addWidget(button)
        self.add_below(line)
        self.remove.hide()
        self._on_text_changed()

    def showEvent(self, event: QShowEvent) -> None:
        """Find the key when the row is shown: a keyring may ask for its password."""
        super().showEvent(event)
        self._services.find_key(self._name, self._show_location)

    def _on_text_changed(self) -> None:
        self.save.setEnabled(bool(self.field.text().strip()))
        self.save_unencrypted.hide()
        self.show_problem("")

    def _save(self) -> None:
        if self.save.isEnabled():
            self._store(unencrypted=False)

    def _save_unencrypted(self) -> None:
        self._store(unencrypted=True)

    def _store(self, *, unencrypted: bool) -> None:
        self.save.setEnabled(False)
        self.save_unencrypted.hide()
        self.sentence.setText(self.tr("Saving"))

        def on_result(result: ApiKeyLocation | UserError) -> None:
            if isinstance(result, UserError):
                self.sentence.setText(self.tr("The key was not kept."))
                self.save.setEnabled(True)
                self.show_problem(title_text(result))
                self.save_unencrypted.show()
                set_tool_tip(self.save_unencrypted, self.tr("In keys.toml, which any program of yours can read."))
                return
            self.field.clear()
            self._show_location(result)

        self._services.store_key(self._name, self.field.text(), unencrypted, on_result)

    def _remove(self) -> None:
        self.remove.setEnabled(False)
        self._services.remove_key(self._name, self._show_location)

    def _show_location(self, location: ApiKeyLocation | UserError) -> None:
        self.remove.setEnabled(True)
        if isinstance(location, UserError):
            self.remove.hide()
            self.sentence.setText(self.tr("Whether there is a key could not be seen."))
            self.show_problem(location)
            return
        self.remove.setVisible(location.is_removable and location.location is not None)
        if location.location is None:
            place = message_text(Message("key-place-keyring"))
            none = self.tr("There is none yet. It is kept in {0}.").format(place)
            self.sentence.setText(self.fallback_text or none)
        elif location.last_characters:
            self.sentence.setText(
                self.tr("One that ends in {0}, in {1}.").format(
                    location.last_characters, message_text(location.location)
                )
            )
        else:
            self.sentence.setText(self.tr("There is one, in {0}.").format(message_text(location.location)))
