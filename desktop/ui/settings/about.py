"""The settings page with the version, file locations, update check, licences and the doctor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QTextBrowser, QWidget

import desktop
from desktop.core.errors import Problem
from desktop.core.paths import paths
from desktop.core.state import Release, Shown
from desktop.history.connection import sealed_name
from desktop.ui.bridge import Choice
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import Board, Page, tidy
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row, TextField

if TYPE_CHECKING:
    from desktop.core.files import Component

CHANGES = "CHANGELOG.md"


class About(Page):
    """The About page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._release: Release | None = None
        here, actions = paths(), board.actions
        title = tr("Intone {0}").format(desktop.__version__)
        first = [
            Row(title, tr("Hold a key, speak, let go. MIT licence. The page Network says what leaves this machine."))
        ]
        if actions.show_doctor is not None:
            mend = self._button(tr("Look what is wrong"), actions.show_doctor)
            first.append(
                Row(
                    tr("Something does not work"),
                    tr("See what is missing here and how to mend it, and copy a report without your words."),
                    aside=mend,
                )
            )
        if actions.show_around is not None:
            again = self._button(tr("Set up again…"), actions.show_around)
            first.append(
                Row(
                    tr("The first steps"),
                    tr("Languages, microphone, model and key, one page each. What you do not change stays as it is."),
                    aside=again,
                )
            )
        places = (
            (tr("Settings"), here.settings),
            (tr("History"), sealed if (sealed := sealed_name(here.history)).exists() else here.history),
            (tr("Recordings"), here.audio),
            (tr("Models"), here.models),
            (tr("Log"), here.logs),
        )
        self.changes, self.licences = _reader(tr("Changes")), _reader(tr("Licences"))
        texts: list[QWidget] = []
        if changelog() is not None:
            show = self._button(tr("Show"), self._show_changes, tr("Show: {0}").format(tr("Changes")))
            texts += [Row(tr("Changes"), tr("What is new in this version."), aside=show), self.changes]
        if actions.checks is not None and actions.checks.components is not None:
            show = self._button(tr("Show"), self._show_licences, tr("Show: {0}").format(tr("Licences")))
            texts += [Row(tr("Licences"), tr("Of everything that is installed with it."), aside=show), self.licences]
        cards: list[Sequence[QWidget]] = [
            first,
            self._updates(),
            [self._place(name, path) for name, path in places],
            texts,
        ]
        self.fill(tr("About"), *(rows for rows in cards if rows))

    def _updates(self) -> list[QWidget]:
        """Return the rows of the update check: whether, where, and the newest version found."""
        tr, board = self.tr, self._board
        made: list[QWidget] = [
            board.row(
                "updates.check",
                tr("Newer versions"),
                tr("Says here and in the tray when there is one. Nothing is installed by itself."),
                Picker(Choice("off", tr("Do not look")), Choice("daily", tr("Look once a day"))),
            ),
            board.row(
                "updates.url",
                tr("Where to look"),
                tr("An https address that tells the newest version, as GitHub's releases do. Empty: nobody is asked."),
                TextField(),
                below=True,
            ),
        ]
        self.now = self._button(tr("Check now"), self._look)
        self.page = self._button(tr("Open its page"), self._open_page)
        self.page.hide()
        both = QWidget()
        buttons = QHBoxLayout(both)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(tokens.GAP)
        buttons.addWidget(self.page)
        buttons.addWidget(self.now)
        self.found = Row(tr("The newest version"), tr("Asks the address above, once."), aside=both)
        return [*made, self.found] if board.actions.newer is not None else made

    def _look(self) -> None:
        if self._board.actions.newer is not None:
            self.now.setEnabled(False)
            self.found.tell("")
            self.found.sentence.setText(self.tr("Asking."))
            self._board.actions.newer(self._answered)

    def _answered(self, answer: Release | Problem | None) -> None:
        self.now.setEnabled(True)
        if isinstance(answer, Problem):
            self.found.sentence.setText(self.tr("Asks the address above, once."))
            self.found.tell(str(answer))
        elif answer is None:
            self.found.sentence.setText(self.tr("This is the newest version."))
        self._know(answer if isinstance(answer, Release) else None)

    def _know(self, release: Release | None) -> None:
        self._release = release
        if release is not None:
            self.found.sentence.setText(self.tr("Intone {0} is there.").format(release.version))
        self.page.setVisible(release is not None and bool(release.url))

    def _open_page(self) -> None:
        if self._release is not None:
            QDesktopServices.openUrl(QUrl(self._release.url))

    def _place(self, name: str, path: Path) -> Row:
        button = QPushButton(self.tr("Open folder"))
        button.setAccessibleName(self.tr("Open the folder: {0}").format(name))
        row = Row(name, str(path), aside=button)
        button.clicked.connect(lambda: row.tell(self._open(path)))
        return row

    def _open(self, path: Path) -> str:
        """Open the folder of `path`; return a problem text if that fails, else an empty string."""
        folder = path if path.is_dir() else path.parent
        if not folder.is_dir():
            return self.tr("It is not there yet.")
        shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
        return "" if shown else self.tr("No program here opens folders.")

    def _button(self, label: str, act: Callable[[], None], name: str = "") -> QPushButton:
        """Return a button; `name` is its accessible name where the label is clear only beside its row."""
        made = QPushButton(label)
        made.setAccessibleName(name or label)
        made.clicked.connect(lambda: act())
        return made

    def _show_changes(self) -> None:
        file = changelog()
        if file is not None and not self.changes.toPlainText():
            self.changes.setMarkdown(file.read_text(encoding="utf-8"))
        self._turn(self.changes)

    def _show_licences(self) -> None:
        checks = self._board.actions.checks
        if not self.licences.toPlainText() and checks is not None and checks.components is not None:
            checks.components(self._list)
        self._turn(self.licences)

    def _turn(self, reader: QTextBrowser) -> None:
        reader.setVisible(reader.isHidden())
        self.draw(Shown())

    def draw(self, shown: Shown) -> None:
        """Show whether a newer version exists, and the separators between the visible rows."""
        if shown.health.release is not None and shown.health.release != self._release:
            self._know(shown.health.release)
        for frame in self.findChildren(QFrame, "card"):
            tidy(frame)

    def _list(self, found: Sequence[Component] | Problem) -> None:
        if isinstance(found, Problem):
            self.licences.setPlainText(str(found))
            return
        self.licences.setPlainText("\n".join(f"{one.name} {one.version}: {one.licence}" for one in found))


def changelog() -> Path | None:
    """Return the path of the changelog, in the package or beside it in a checkout; None when missing."""
    package = Path(desktop.__file__).parent
    return next((file for file in (package / CHANGES, package.parent / CHANGES) if file.is_file()), None)


def _reader(name: str) -> QTextBrowser:
    made = QTextBrowser(openExternalLinks=True)
    made.setAccessibleName(name)
    made.setFixedHeight(tokens.READER_HEIGHT)
    made.hide()
    return made
