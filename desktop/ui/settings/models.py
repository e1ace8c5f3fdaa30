"""The settings page with a card for each speech and language model and all actions on it.

The model in use is the setting `recognizer.model`, or `polish.model` for a language model; using a model sets it. The
cards are loaded when the window opens, when a download ends and when the engine changes its model.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QWidget

from desktop.app.fetches import Fetch
from desktop.app.model_cards import ModelCard, Place
from desktop.core.errors import Problem
from desktop.core.state import Shown
from desktop.settings.schema import LOCAL
from desktop.ui import model_words
from desktop.ui.bridge import Choice
from desktop.ui.controllers.fetching import Fetching
from desktop.ui.settings.model_card import Card, Deed
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import Board, Page, card
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row
from desktop.ui.widgets.label import Label

_MULTILINGUAL = "multilingual"


class Models(Page):
    """The Models page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._fetching = board.actions.fetching
        self._stop: Callable[[], None] | None = None
        self._model = ""
        self._fetches: dict[str, Fetch] = {}
        self.cards: dict[str, Card] = {}
        self._frames: dict[str, QFrame] = {}
        self._used = Picker()
        used = board.row(
            "recognizer.model",
            tr("Model of speech"),
            tr("Automatic takes the best for this machine. Larger ones hear better and take longer."),
            self._used,
        )
        self._used.chosen.connect(lambda value: self._ask())
        self._own, self._where = (
            Row(tr("Your own model"), tr("A folder that holds one in CTranslate2's format.")),
            Row(tr("Where models lie"), ""),
        )
        self._choose = _with_button(self._own, tr("Your own folder…"), self._pick)
        self._open = _with_button(self._where, tr("Open the folder"), self._show_folder)
        self._folder = Path()
        self.fill(tr("Models"), [used] if self._fetching is None else [used, self._own, self._where])
        self._shown = Picker(Choice("all", tr("All models")), Choice("here", tr("Installed")))
        self._spoken = Picker(
            Choice("any", tr("Any language")),
            Choice("en", tr("English only")),
            Choice(_MULTILINGUAL, tr("Many languages")),
        )
        self._filters = QWidget()
        line = QHBoxLayout(self._filters)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(tokens.GAP)
        for picker, value, name in (
            (self._shown, "all", tr("Which models are shown")),
            (self._spoken, "any", tr("Languages of the models shown")),
        ):
            picker.put(value)
            picker.setAccessibleName(name)
            picker.setMinimumHeight(tokens.FIELD_HEIGHT)
            picker.setMinimumWidth(2 * tokens.BUTTON_WIDTH)
            picker.chosen.connect(self._sift)
            line.addWidget(picker)
        line.addStretch(1)
        self._none = _heading(tr("None of these is installed."), "empty")
        self._of_speech = _heading(tr("Models of speech"))
        self._of_language = _heading(tr("Models of language, for polish, edits and emotion on this machine"))
        for widget in (self._filters, self._none, self._of_speech, self._of_language):
            self._add(widget)
            widget.hide()

    def appear(self) -> None:
        """Load the models and watch their downloads."""
        self._board.actions.models(self._used.offer)
        self._ask()
        if self._fetching is not None and self._stop is None:
            self._stop = self._fetching.watch(self._follow)

    def draw(self, shown: Shown) -> None:
        """Reload the cards when the engine has loaded another model."""
        if shown.health.model != self._model:
            self._model = shown.health.model
            if self.window().isVisible():
                self._ask()

    def _ask(self) -> None:
        if self._fetching is not None:
            self._fetching.cards(self._lay)
            self._fetching.place(self._say_where)

    def _lay(self, found: Sequence[ModelCard] | Problem) -> None:
        """Show these models; existing cards are updated, only missing ones created."""
        if isinstance(found, Problem):
            self._where.tell(str(found))
            return
        for one in found:
            view = self.cards.get(one.name)
            if view is not None:
                came = one.installed and not view.card.installed
                view.put(one, self._fetches.get(one.name))
                if came:
                    view.announce(self.tr("It is here."))
            else:
                self._make(one)
        self._filters.setVisible(bool(self.cards))
        self._sift()

    def _make(self, known: ModelCard) -> None:
        made = self.cards[known.name] = Card(known)
        made.put(known, self._fetches.get(known.name))
        made.wants.connect(partial(self._do, known.name))
        frame = self._frames[known.name] = card(made)
        before_language = known.kind == "speech"
        self._add(frame, self.column.indexOf(self._of_language) if before_language else None)

    def _add(self, widget: QWidget, place: int | None = None) -> None:
        self.column.insertWidget(self.column.count() - 1 if place is None else place, widget)

    def _sift(self, chosen: str = "") -> None:
        """Show the cards that match the filters."""
        here, spoken = self._shown.currentData(), self._spoken.currentData()
        seen = {"speech": 0, "language": 0}
        for name, view in self.cards.items():
            known = view.card
            wanted = (here == "all" or known.installed or name in self._fetches) and spoken in ("any", known.languages)
            self._frames[name].setVisible(wanted)
            seen[known.kind] += wanted
        self._of_speech.setVisible(seen["speech"] > 0)
        self._of_language.setVisible(seen["language"] > 0)
        self._none.setVisible(bool(self.cards) and not any(seen.values()))

    def _follow(self, fetches: Sequence[Fetch]) -> None:
        """Show the downloads' progress; reload the cards when one has ended."""
        before, self._fetches = self._fetches, {fetch.name: fetch for fetch in fetches}
        for name, view in self.cards.items():
            if self._fetches.get(name) != view.fetch:
                view.put(view.card, self._fetches.get(name))
        if before.keys() - self._fetches.keys():
            self._ask()

    def _do(self, name: str, deed: Deed) -> None:
        fetching, view = self._fetching, self.cards[name]
        if fetching is None:
            return
        view.tell("")
        match deed:
            case "fetch" | "retry" | "resume":
                fetching.fetch(name)
            case "pause":
                fetching.pause(name)
            case "cancel":
                fetching.cancel(name)
            case "use":
                self._use(view.card)
            case "verify":
                fetching.verify(name, partial(self._verified, view))
            case "remove":
                fetching.remove(name, partial(self._removed, view))
            case "measure":
                view.measuring(True)
                fetching.measure(name, partial(self._measured, view, fetching))

    def _use(self, known: ModelCard) -> None:
        if known.kind == "speech":
            self._board.choose("recognizer.model", known.name)
        else:
            for key, value in (("polish.url", LOCAL), ("polish.model", known.name)):
                self._board.actions.set_setting(key, value)
            self._board.put_all()
        self._ask()

    def _verified(self, view: Card, answer: Problem | None) -> None:
        if answer is None:
            view.confirm(self.tr("Every byte is as it should be."))
        else:
            view.tell(answer.title)

    def _removed(self, view: Card, answer: Problem | None) -> None:
        if answer is not None:
            view.tell(str(answer))
        else:
            self._ask()

    def _measured(self, view: Card, fetching: Fetching, answer: float | Problem) -> None:
        view.measuring(False)
        if isinstance(answer, Problem):
            view.tell(str(answer))
        else:
            fetching.cards(self._lay)

    def _say_where(self, place: Place | Problem) -> None:
        if isinstance(place, Problem):
            self._where.tell(str(place))
            return
        self._folder = place.folder
        free = model_words.size(place.free_bytes)
        self._where.sentence.setText(self.tr("{0} are free in {1}").format(free, place.folder))
        self._open.setEnabled(place.folder.is_dir())

    def _pick(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder that holds a model of speech"))
        if folder:
            self.try_folder(Path(folder))

    def try_folder(self, folder: Path) -> None:
        """Use the model in `folder`, or show what it lacks."""
        if self._fetching is not None:
            self._fetching.check(folder, self._checked)

    def _checked(self, answer: Path | Problem) -> None:
        if isinstance(answer, Problem):
            self._own.tell(str(answer))
        else:
            self._own.tell("")
            self._board.choose("recognizer.model", str(answer))
            self._ask()

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _with_button(row: Row, label: str, act: Callable[[], None]) -> QPushButton:
    """Add a button at the right of `row` and return it."""
    button = QPushButton(label)
    button.setAccessibleName(label)
    button.clicked.connect(act)
    layout = row.layout()
    assert layout is not None
    layout.addWidget(button)
    return button


def _heading(text: str, role: str = "") -> Label:
    made = Label(text)
    made.setWordWrap(True)
    if role:
        made.setProperty("role", role)
    else:
        made.setFont(tokens.font(tokens.READ_PX, heading=True))
    return made
