"""The settings page for polish: rules, language model, styles and context, with a live preview."""

from __future__ import annotations

from urllib.parse import urlsplit

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.state import Shown
from desktop.settings.schema import LOCAL, Polish
from desktop.ui.bridge import Choice
from desktop.ui.settings.before_after import BeforeAfter
from desktop.ui.settings.rule_switches import RuleSwitches
from desktop.ui.settings.styles import StyleCard
from desktop.ui.style import tokens
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row, TextField

ELSEWHERE = "elsewhere"
"""The option that stands for an address not yet entered."""


class Whereabouts(Picker):
    """Choose where the language model is: this machine, OpenAI or another address.

    `address_changed` carries the address in force, empty for the first two; an address that cannot be used is carried
    too. `address_requested` is emitted when another one must be entered.
    """

    told = Signal(str)
    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._named = (Choice(LOCAL, self.tr("This machine")), Choice(Polish().url, "OpenAI"))
        self.offer([*self._named, Choice(ELSEWHERE, self.tr("Another address"))])
        self.activated.disconnect()
        self.activated.connect(self._picked)

    def put(self, value: str) -> None:
        """Show the address."""
        named = any(choice.value == value for choice in self._named)
        super().put(value if named else ELSEWHERE)
        self.told.emit("" if named else value)

    def _picked(self) -> None:
        if self.currentData() == ELSEWHERE:
            self.asked.emit()
        else:
            self.chosen.emit(self.currentData())


class Text(Page):
    """The Text page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._language_model = Picker()
        self._rules = RuleSwitches()
        rules = board.row(
            "polish.without",
            self.tr("Rules of Tidy"),
            self.tr("What each does to a few words. One that is off leaves them as they were spoken."),
            self._rules,
            below=True,
        )
        self._rules.chosen.connect(self._refresh)
        wording = board.actions.wording
        self.example = BeforeAfter(wording) if wording is not None else None
        self.styles = StyleCard(wording, board.actions.rows) if wording is not None else None
        first: list[QWidget | None] = [self._mode(), self.example, rules]
        cards: list[list[QWidget]] = [[widget for widget in first if widget is not None]]
        if self.styles is not None and self.example is not None:
            self.styles.changed.connect(self._restyle)
            self.styles.turned.connect(self.example.show_style)
            cards.append([self.styles])
        cards += [self._model_rows(), self._around()]
        self.fill(self.tr("Text"), *cards)

    def appear(self) -> None:
        """Load the installed language models and the styles."""
        self._board.actions.language_models(self._language_model.offer)
        if self.styles is not None:
            self.styles.appear()
        self._refresh()

    def draw(self, shown: Shown) -> None:
        """Show the host that receives the text when a remote language model is used."""
        now = self._board.actions.settings().polish
        away = now.mode == "llm" and now.url != LOCAL
        self._board.rows["polish.mode"].leaves(urlsplit(now.url).hostname or "" if away else "")

    def _refresh(self) -> None:
        if self.example is not None:
            self.example.use_model(self._board.actions.settings().polish.mode == "llm")
            self.example.refresh()

    def _restyle(self) -> None:
        if self.example is not None and self.styles is not None:
            self.example.offer(self.styles.names)
            self.example.refresh()

    def _mode(self) -> Row:
        tr = self.tr
        polish = Picker(*choices.polish_modes())
        row = self._board.row(
            "polish.mode",
            tr("Polish"),
            tr(
                "Tidy is instant and stays on this machine. A language model writes better and takes longer; "
                "its text is used if it comes in time and says the same."
            ),
            polish,
        )
        polish.chosen.connect(lambda mode: self._refresh())
        return row

    def _model_rows(self) -> list[QWidget]:
        tr, board = self.tr, self._board
        where = Whereabouts()
        budget = Picker(*choices.seconds(600, 1200, 2000, 3000))
        row = board.row(
            "polish.url",
            tr("Where a language model is"),
            tr("It is asked for polish, edits and expressions."),
            where,
            below=True,
        )
        address = self.address = TextField()
        address.setPlaceholderText("http://127.0.0.1:11434/v1")
        address.setAccessibleName(tr("Address of the language model"))
        address.setAccessibleDescription(tr("Any server with OpenAI's chat completions."))
        address.setMinimumHeight(tokens.FIELD_HEIGHT)
        address.hide()
        beneath = QVBoxLayout()
        beneath.addWidget(address)
        row.beneath(beneath)
        address.chosen.connect(lambda url: board.choose("polish.url", url))

        def show(url: str) -> None:
            address.put(url)
            address.setVisible(where.currentData() == ELSEWHERE)

        def ask() -> None:
            address.show()
            address.setFocus()

        where.told.connect(show)
        where.asked.connect(ask)
        return [
            row,
            board.row(
                "polish.model",
                tr("Language model"),
                tr("Which one is asked there. Automatic takes a small one that is recommended now."),
                self._language_model,
            ),
            board.row(
                "polish.budget_ms",
                tr("How long the text waits"),
                tr("A language model that takes longer is not waited for: the text is by the rules then."),
                budget,
            ),
        ]

    def _around(self) -> list[QWidget]:
        tr, board = self.tr, self._board
        cursor = Picker(*choices.switch(tr("Not looked at"), tr("Looked at")))
        site = Picker(*choices.switch(tr("Not asked for"), tr("Asked for")))
        join = Picker(
            Choice("auto", tr("Where nothing was touched")), Choice("space", tr("Always")), Choice("none", tr("Never"))
        )
        return [
            board.row(
                "context.cursor",
                tr("Text at the cursor"),
                tr(
                    "Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept nor "
                    "sent."
                ),
                cursor,
            ),
            board.row(
                "context.site",
                tr("Web site"),
                tr("The page's host chooses the style, where a browser's accessibility is on."),
                site,
            ),
            board.row(
                "paste.join",
                tr("Space in between"),
                tr("One space comes between two dictations into the same window."),
                join,
            ),
        ]
