"""The settings page that compares the installed models on the user's own recordings, and switches to a better one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton

from desktop.core.engine_names import ENGINE_NAMES, model_title
from desktop.core.errors import UserError
from desktop.ui import i18n, model_wording
from desktop.ui.settings.page import SettingsPage
from desktop.ui.settings.settings_form import SettingsForm
from desktop.ui.style import tokens
from desktop.ui.widgets.cards import create_card, update_separators
from desktop.ui.widgets.form import SettingRow
from desktop.ui.widgets.label import announce

if TYPE_CHECKING:
    from desktop.app.bench_service import BenchProgress
    from desktop.history.rows import HistoryRow

NBSP = "\u00a0"


class BenchPage(SettingsPage):
    """Compare models, and use the one that is worth it. What is known is loaded whenever the page is shown."""

    def __init__(self, form: SettingsForm) -> None:
        super().__init__()
        self._form = form
        self._bench = form.app.bench
        self._stop_watching: Callable[[], None] | None = None
        self._report: dict[str, Any] | None = None
        self._progress: BenchProgress | None = None
        self._is_left = False
        self.run_button = QPushButton(self.tr("Compare now"))
        self.run_button.clicked.connect(self._press)
        self.state_row = SettingRow(self.tr("On your own recordings"), "", aside=self.run_button)
        self._unchecked: HistoryRow | None = None
        self.right_button, self.open_button = QPushButton(self.tr("It is right")), QPushButton(self.tr("Open it"))
        self.right_button.clicked.connect(self._accept)
        self.open_button.clicked.connect(self._open)
        self.check_row = SettingRow(self.tr("Was this said?"), "", below=True)
        self.rows: dict[str, SettingRow] = {}
        self.use_buttons: dict[str, QPushButton] = {}
        self._result_cards: list[QFrame] = []
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.GAP)
        for button in (self.right_button, self.open_button):
            button.setAccessibleName(f"{button.text()}: {self.check_row.name}")
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.check_row.add_below(buttons)
        self.check_row.hide()
        self.set_cards(self.tr("My bench"), [self.state_row, self.check_row, form.add_row("recognizer.compare")])
        self._first_card = self.findChildren(QFrame, "card")[0]
        update_separators(self._first_card)
        self._draw_state()

    def showEvent(self, event: QShowEvent) -> None:
        """Load what is known, and follow the comparison."""
        super().showEvent(event)
        self._load()
        if self._stop_watching is None:
            self._stop_watching = self._bench.watch(self._on_progress)

    def hideEvent(self, event: QHideEvent) -> None:
        """Follow the comparison no longer."""
        super().hideEvent(event)
        if self._stop_watching is not None:
            self._stop_watching()
            self._stop_watching = None

    def event(self, event: QEvent) -> bool:
        """Load what is known again when the user comes back, who may have corrected a text in the history."""
        if event.type() == QEvent.Type.WindowDeactivate:
            self._is_left = True
        elif event.type() == QEvent.Type.WindowActivate and self._is_left:
            self._is_left = False
            self._load()
        return super().event(event)

    def _load(self) -> None:
        self._bench.load_report(self._show_report)

    def _press(self) -> None:
        if self._progress is not None and self._progress.is_running:
            self._bench.stop()
        else:
            self.state_row.show_problem("")
            self._bench.start()

    def _on_progress(self, progress: BenchProgress) -> None:
        """Show how far it is; load what is known when a model is done."""
        before, self._progress = self._progress, progress
        has_ended = before is not None and before.is_running and not progress.is_running
        is_next_model = progress.is_running and (before is None or progress.model != before.model)
        self.state_row.show_problem(progress.problem or "")
        self._draw_state()
        if has_ended or (is_next_model and progress.done):
            self._load()
        if has_ended:
            announce(self, self._describe_end(progress))

    def _describe_end(self, progress: BenchProgress) -> str:
        if progress.problem is not None:
            return i18n.title_text(progress.problem)
        if progress.done < progress.total or not progress.total:
            return self.tr("The comparison was ended. What it has measured stays.")
        return self.tr("The models are compared.")

    def _show_report(self, report: dict[str, Any] | UserError) -> None:
        if isinstance(report, UserError):
            self.state_row.show_problem(report)
            return
        self._report = report
        self._draw_state()
        if report["to_check"]:
            self._form.app.history.load_rows(report["to_check"][:1], self._show_unchecked)
        else:
            self._show_unchecked([])
        names = [row["model"] for row in report["models"]]
        if names != list(self.rows):
            self._create_rows(report)
        for row in report["models"]:
            self.rows[row["model"]].sentence.setText(self._describe(row))
            button = self.use_buttons[row["model"]]
            button.setEnabled(row["verdict"] != "in-use")
            button.setText(self.tr("In use") if row["verdict"] == "in-use" else self.tr("Use this model"))
            button.setProperty("primary", row["verdict"] == "worth-it")
            button.style().polish(button)
            button.setAccessibleName(f"{button.text()}: {row['title']}")

    def _show_unchecked(self, rows: Sequence[HistoryRow] | UserError) -> None:
        """Show the text to check next, so that those checked become a sample of all; without rows none."""
        self._unchecked = None if isinstance(rows, UserError) or not rows else rows[0]
        self.check_row.setVisible(self._unchecked is not None)
        if self._unchecked is not None:
            self.check_row.sentence.setText(self.tr("“{0}”").format(self._unchecked.text))
        update_separators(self._first_card)

    def _accept(self) -> None:
        """Store that the text is what was said, unless it was corrected since it was shown."""
        row, self._unchecked = self._unchecked, None
        if row is not None:
            self._form.app.history.accept_text(row, lambda result: self._load())

    def _open(self) -> None:
        if self._unchecked is not None:
            self._bench.open_dictation(self._unchecked)

    def _create_rows(self, report: Mapping[str, Any]) -> None:
        """Create a card of the models in their order, and one of the services."""
        for card in self._result_cards:
            self.column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.use_buttons = {row["model"]: QPushButton(self.tr("Use this model")) for row in report["models"]}
        for name, button in self.use_buttons.items():
            button.clicked.connect(partial(self._use, name))
        self.rows = {
            row["model"]: SettingRow(row["title"], self._describe(row), aside=self.use_buttons[row["model"]])
            for row in report["models"]
        }
        services = [self._create_service_row(row) for row in report["services"]]
        self._result_cards = [create_card(*rows) for rows in (self.rows.values(), services) if rows]
        for card in self._result_cards:
            self.column.insertWidget(self.column.count() - 1, card)
            card.show()

    def _create_service_row(self, service: Mapping[str, Any]) -> SettingRow:
        price = service["usd_per_hour"]
        cost = self.tr("{0} US$ for an hour of speech").format(f"{price:.2f}") if price else self.tr("Price unknown")
        not_run = self.tr("Not run: it would be sent your recordings.")
        return SettingRow(f"{ENGINE_NAMES[service['engine']]} {service['model']}", f"{cost}. {not_run}")

    def _use(self, name: str) -> None:
        self._form.set_setting("recognizer.model", name)
        self._load()

    def _draw_state(self) -> None:
        is_running = self._progress is not None and self._progress.is_running
        self.run_button.setText(self.tr("Stop") if is_running else self.tr("Compare now"))
        self.run_button.setAccessibleName(f"{self.run_button.text()}: {self.state_row.name}")
        self.state_row.sentence.setText(self._describe_state())

    def _describe_state(self) -> str:
        report, progress = self._report, self._progress
        if progress is not None and progress.is_running:
            if not progress.total:
                return self.tr("It begins when you do not speak.")
            where = self.tr("{0}: {1} of {2} results.").format(
                model_title(progress.model), progress.done, progress.total
            )
            pressed = self.tr("A press of your key ends it, and it goes on afterwards.")
            return f"{where}\n{pressed}"
        promise = self.tr("Nothing leaves this machine.")
        if report is None:
            return promise
        if report["checked"] < report["min_recordings"]:
            needed = self.tr(
                "A comparison needs {0} recordings whose text you corrected in the history. There are {1}."
            ).format(report["min_recordings"], report["checked"])
            return f"{needed}\n{promise}"
        is_sampled = report["sampled"] >= report["min_recordings"]
        by = (
            self.tr("By {0} recordings that were drawn by chance, which you checked.").format(report["sampled"])
            if is_sampled
            else self.tr("By {0} recordings whose text you corrected, and {1} others.").format(
                report["checked"], report["unchecked"]
            )
        )
        rest = report["results_wanted"] - report["results"]
        missing = self.tr("{0} results are missing.").format(rest) if rest else ""
        service = report["service_in_use"]
        instead = self.tr("You use {0}; compared is the local model that answers in its place.")
        return "\n".join(filter(None, (by, missing, instead.format(ENGINE_NAMES[service]) if service else "", promise)))

    def _describe(self, row: Mapping[str, Any]) -> str:
        """Return what was measured of the model, and what can be said of it."""
        facts = f"{NBSP * 2}·  ".join(fact.replace(" ", NBSP) for fact in self._list_facts(row))
        return "\n".join(filter(None, (self._verdict_text(row), facts)))

    def _list_facts(self, row: Mapping[str, Any]) -> Sequence[str]:
        facts = []
        if row["words"]:
            facts.append(self.tr("{0} % of words right").format(f"{row['words_right_percent']:.1f}"))
        if row["names"]:
            facts.append(self.tr("{0} of {1} names").format(row["names_right"], row["names"]))
        if row["release_p50_ms"] is not None:
            facts.append(self.tr("{0} s at release").format(f"{row['release_p50_ms'] / 1000:.2f}"))
        return [*facts, self.tr("costs nothing"), model_wording.format_bytes(row["bytes"])]

    def _verdict_text(self, row: Mapping[str, Any]) -> str:
        difference = row["difference_percent"]
        fewer = ""
        if difference is not None and difference["high"] < 0:
            fewer = self.tr("{0} to {1} fewer wrong words in a hundred.").format(
                f"{-difference['high']:.1f}", f"{-difference['low']:.1f}"
            )
        match row["verdict"]:
            case "worth-it":
                return self.tr("Worth it: {0}").format(fewer)
            case "small":
                return self.tr("Better, perhaps by too little to be worth it: {0}").format(fewer)
            case "slow":
                return self.tr("Better, and too slow at release: {0}").format(fewer)
            case "worse":
                return self.tr("Worse: {0} to {1} more wrong words in a hundred.").format(
                    f"{difference['low']:.1f}", f"{difference['high']:.1f}"
                )
            case "unclear":
                return self.tr("No difference that can be seen on {0} recordings.").format(row["checked"])
            case "too-few" if row["words"]:
                return self.tr("Too few recordings to compare.")
        if row["words"]:
            return ""
        has_texts = self._report is not None and self._report["checked"] > 0
        if row["release_p50_ms"] is None or has_texts:
            return self.tr("Not measured yet.")
        return self.tr("No corrected text to judge its words by.")
