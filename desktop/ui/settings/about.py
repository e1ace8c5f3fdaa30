"""The settings page with the version, file locations, update check, licences and the doctor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextBrowser, QWidget

import desktop
from desktop.core.errors import UserError
from desktop.core.installation import format_update_hint
from desktop.core.paths import find_paths
from desktop.core.state import AppState, AvailableRelease
from desktop.history.connection import encrypted_file
from desktop.ui import wording
from desktop.ui.i18n import message_text
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import update_separators
from desktop.ui.widgets.form import SettingRow, TextField

if TYPE_CHECKING:
    from desktop.core.installation import InstalledLibrary

CHANGELOG_NAME = "CHANGELOG.md"


class AboutPage(SettingsPage):
    """Show the version, the files' locations and the licences; check for updates and run the doctor."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._release: AvailableRelease | None = None
        self._is_undecided = True
        app_paths = find_paths()
        title = self.tr("Intone {0}").format(desktop.__version__)
        first = [
            SettingRow(
                title,
                self.tr("Hold a key, speak, let go. MIT licence. The page Network says what leaves this machine."),
            ),
            SettingRow(
                self.tr("Something does not work"),
                self.tr("See what is missing here and how to mend it, and copy a report without your words."),
                aside=self._create_button(self.tr("Look what is wrong"), partial(form.app.open_window, "doctor")),
            ),
            SettingRow(
                self.tr("The first steps"),
                self.tr("Languages, microphone, model and key, one page each. What you do not change stays as it is."),
                aside=self._create_button(self.tr("Set up again…"), partial(form.app.open_window, "onboarding")),
            ),
        ]
        folders = (
            (self.tr("Settings"), app_paths.settings),
            (
                self.tr("History"),
                encrypted_history
                if (encrypted_history := encrypted_file(app_paths.history)).exists()
                else app_paths.history,
            ),
            (self.tr("Recordings"), app_paths.audio),
            (self.tr("Models"), app_paths.models),
            (self.tr("Log"), app_paths.logs),
        )
        self.changes, self.licences = _create_text_view(self.tr("Changes")), _create_text_view(self.tr("Licences"))
        texts: list[QWidget] = []
        if find_changelog() is not None:
            show = self._create_button(
                self.tr("Show"), self._show_changes, self.tr("Show: {0}").format(self.tr("Changes"))
            )
            texts += [SettingRow(self.tr("Changes"), self.tr("What is new in this version."), aside=show), self.changes]
        show = self._create_button(
            self.tr("Show"), self._show_licences, self.tr("Show: {0}").format(self.tr("Licences"))
        )
        texts += [
            SettingRow(self.tr("Licences"), self.tr("Of everything that is installed with it."), aside=show),
            self.licences,
        ]
        self.set_cards(
            self.tr("About"),
            first,
            self._create_update_rows(),
            [self._create_folder_row(name, path) for name, path in folders],
            texts,
        )

    def _create_update_rows(self) -> list[QWidget]:
        """Return the rows of the update check: whether, where, and the newest version found."""
        form = self._form
        rows: list[QWidget] = [
            form.add_row("updates.check"),
            form.add_row("updates.url", TextField(), below=True),
            form.add_row("updates.key", TextField(), below=True),
        ]
        self.check_button = self._create_button(self.tr("Check now"), self._check_now)
        self.page_button = self._create_button(self.tr("Open its page"), self._open_page)
        self.page_button.hide()
        self.restart_button = self._create_button(
            self.tr("Restart"), partial(form.app.run_command, "restart"), self.tr("Restart Intone")
        )
        self.restart_button.hide()
        both = QWidget()
        buttons = QHBoxLayout(both)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(tokens.GAP)
        buttons.addWidget(self.restart_button)
        buttons.addWidget(self.page_button)
        buttons.addWidget(self.check_button)
        self.update_row = SettingRow(self.tr("The newest version"), self._describe_check(), aside=both)
        return [*rows, self.update_row]

    def _describe_check(self) -> str:
        if self._form.app.settings().updates.key:
            return self.tr("Asks the address above, once, and believes what the key has signed.")
        return self.tr("Asks the address above, once. Without a key its answer is not verified.")

    def _check_now(self) -> None:
        self.check_button.setEnabled(False)
        self._is_undecided = False
        self.update_row.show_problem("")
        self.update_row.sentence.setText(self.tr("Asking."))
        self._form.app.services.check_for_update(self._on_checked)

    def _on_checked(self, result: AvailableRelease | UserError | None) -> None:
        self.check_button.setEnabled(True)
        if isinstance(result, UserError):
            self.update_row.sentence.setText(self._describe_check())
            self.update_row.show_problem(result)
        elif result is None:
            self.update_row.sentence.setText(self.tr("This is the newest version."))
        self._show_release(result if isinstance(result, AvailableRelease) else None)

    def _show_release(self, release: AvailableRelease | None) -> None:
        self._release, self._is_undecided = release, release is None and self._is_undecided
        if release is not None:
            there, way = self.tr("Intone {0} is there.").format(release.version), message_text(format_update_hint())
            self.update_row.sentence.setText(wording.join_sentences(there, way))
        self.page_button.setVisible(release is not None and bool(release.url))

    def _open_page(self) -> None:
        if self._release is not None:
            QDesktopServices.openUrl(QUrl(self._release.url))

    def _create_folder_row(self, name: str, path: Path) -> SettingRow:
        button = QPushButton(self.tr("Open folder"))
        button.setAccessibleName(self.tr("Open the folder: {0}").format(name))
        row = SettingRow(name, str(path), aside=button)
        button.clicked.connect(lambda: row.show_problem(self._open_folder(path)))
        return row

    def _open_folder(self, path: Path) -> str:
        """Open the folder of `path`; return a problem text if that fails, else an empty string."""
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            return self.tr("It is not there yet.")
        is_opened = QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        return "" if is_opened else self.tr("No program here opens folders.")

    def _create_button(self, label: str, on_click: Callable[[], None], name: str = "") -> QPushButton:
        """Return a button; `name` is its accessible name where the label is clear only beside its row."""
        button = QPushButton(label)
        button.setAccessibleName(name or label)
        button.clicked.connect(lambda: on_click())
        return button

    def _show_changes(self) -> None:
        file = find_changelog()
        if file is not None and not self.changes.toPlainText():
            self.changes.setMarkdown(file.read_text(encoding="utf-8"))
        self._toggle_reader(self.changes)

    def _show_licences(self) -> None:
        if not self.licences.toPlainText():
            self._form.app.services.load_components(self._show_components)
        self._toggle_reader(self.licences)

    def _toggle_reader(self, reader: QTextBrowser) -> None:
        reader.setVisible(reader.isHidden())
        self._update_separators()

    def draw(self, app_state: AppState) -> None:
        """Show whether a newer version exists, and the separators between the visible rows."""
        if app_state.health.release is not None and app_state.health.release != self._release:
            self._show_release(app_state.health.release)
        installed = app_state.health.installed_version
        self.restart_button.setVisible(installed is not None)
        if installed is not None:
            text = self.tr("Intone {0} is installed, and this is still {1}. Restart to use it.")
            self.update_row.sentence.setText(text.format(installed, desktop.__version__))
        elif self._is_undecided:
            self.update_row.sentence.setText(self._describe_check())
        self._update_separators()

    def _update_separators(self) -> None:
        for frame in self.findChildren(QFrame, "card"):
            update_separators(frame)

    def _show_components(self, components: Sequence[InstalledLibrary] | UserError) -> None:
        if isinstance(components, UserError):
            self.licences.setPlainText(str(components))
            return
        self.licences.setPlainText(
            "\n".join(f"{component.name} {component.version}: {component.licence}" for component in components)
        )


def find_changelog() -> Path | None:
    """Return the path of the changelog, in the package or beside it in a checkout; None when missing."""
    package = Path(desktop.__file__).parent
    return next((file for file in (package / CHANGELOG_NAME, package.parent / CHANGELOG_NAME) if file.is_file()), None)


def _create_text_view(name: str) -> QTextBrowser:
    view = QTextBrowser(openExternalLinks=True)
    view.setAccessibleName(name)
    view.setFixedHeight(tokens.READER_HEIGHT)
    view.hide()
    return view
