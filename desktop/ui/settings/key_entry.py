"""Enter the key of a service: where it is stored, a field for a new one, and buttons.

The key goes from the field to the keyring and is never shown. Storing it unencrypted is offered only after the keyring
refused it, and takes a separate click.
"""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton

from desktop.core.errors import Problem
from desktop.ui.controllers.services import KeyPlace, Services
from desktop.ui.i18n import sentence
from desktop.ui.style import tokens
from desktop.ui.widgets.form import Row
from desktop.ui.widgets.label import tip


class KeyEntry(Row):
    """The row of the key `name`, one of `withheld.NAMES`. `otherwise` is the text shown when there is none."""

    def __init__(self, name: str, title: str, services: Services) -> None:
        super().__init__(title, "", below=True)
        self.key = f"key {name}"
        self.otherwise = ""
        self._name = name
        self._services = services
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(self.tr("Paste a key"))
        self.field.setAccessibleName(title)
        self.field.setMinimumHeight(tokens.FIELD_HEIGHT)
        self.save, self.remove = QPushButton(self.tr("Save")), QPushButton(self.tr("Remove"))
        self.plain = QPushButton(self.tr("Keep it unencrypted"))
        self.field.textChanged.connect(self._written)
        self.field.returnPressed.connect(self._save)
        self.save.clicked.connect(self._save)
        self.remove.clicked.connect(self._remove)
        self.plain.clicked.connect(self._save_plain)
        line = QHBoxLayout()
        line.setSpacing(tokens.GAP)
        line.addWidget(self.field, 1)
        for button in (self.save, self.plain, self.remove):
            button.setAccessibleName(f"{button.text()}: {title}")
            line.addWidget(button)
        self.beneath(line)
        self.remove.hide()
        self._written()

    def showEvent(self, event: QShowEvent) -> None:
        """Find the key when the row is shown: a keyring may ask for its password."""
        super().showEvent(event)
        self._services.key(self._name, self._show)

    def _written(self) -> None:
        self.save.setEnabled(bool(self.field.text().strip()))
        self.plain.hide()
        self.tell("")

    def _save(self) -> None:
        if self.save.isEnabled():
            self._keep(plain=False)

    def _save_plain(self) -> None:
        self._keep(plain=True)

    def _keep(self, *, plain: bool) -> None:
        self.save.setEnabled(False)
        self.plain.hide()
        self.sentence.setText(self.tr("Saving"))

        def kept(found: KeyPlace | Problem) -> None:
            if isinstance(found, Problem):
                self.sentence.setText(self.tr("The key was not kept."))
                self.save.setEnabled(True)
                self.tell(sentence(found.title))
                self.plain.show()
                tip(self.plain, self.tr("In keys.toml, which any program of yours can read."))
                return
            self.field.clear()
            self._show(found)

        self._services.keep(self._name, self.field.text(), plain, kept)

    def _remove(self) -> None:
        self.remove.setEnabled(False)
        self._services.remove(self._name, self._show)

    def _show(self, found: KeyPlace | Problem) -> None:
        self.remove.setEnabled(True)
        if isinstance(found, Problem):
            self.remove.hide()
            self.sentence.setText(self.tr("Whether there is a key could not be seen."))
            self.tell(str(found))
            return
        self.remove.setVisible(found.ours and bool(found.where))
        if not found.where:
            none = self.tr("There is none yet. It is kept in the system's keyring.")
            self.sentence.setText(self.otherwise or none)
        elif found.end:
            self.sentence.setText(self.tr("One that ends in {0}, in {1}.").format(found.end, self._place(found)))
        else:
            self.sentence.setText(self.tr("There is one, in {0}.").format(self._place(found)))

    def _place(self, found: KeyPlace) -> str:
        if found.plain:
            return self.tr("the file keys.toml, unencrypted")
        if found.ours:
            return self.tr("the keyring")
        variable = found.where.partition("(")[2].rstrip(")")
        return self.tr("the environment ({0})").format(variable)
