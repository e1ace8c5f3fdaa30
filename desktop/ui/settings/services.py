"""The settings page that lists what leaves this machine and to whom; also the key of the language model."""

from __future__ import annotations

from urllib.parse import urlsplit

from desktop.app.leaving import leaving
from desktop.core.state import Shown
from desktop.credentials.store import is_openai
from desktop.settings.schema import Settings
from desktop.ui.bridge import Choice
from desktop.ui.settings.key_entry import KeyEntry
from desktop.ui.widgets import choices
from desktop.ui.widgets.cards import Board, Page
from desktop.ui.widgets.combo import Picker
from desktop.ui.widgets.form import Row


class Services(Page):
    """The Network page."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        tr = self.tr
        self._board = board
        self._gets = {
            "speech": Row(tr("Your speech"), ""),
            "text": Row(tr("The text"), ""),
            "selected": Row(tr("What you select for an edit"), ""),
        }
        self._models = Row(tr("Models"), tr("Come from here when you fetch one. Nothing of yours goes there."))
        self._newer = Row(tr("The newest version"), "")
        rest = Row(tr("Everything else"), tr("Stays here: recordings, history, moods, numbers. There is no telemetry."))
        services = board.actions.services
        self._key = KeyEntry("polish", tr("Key for the language model"), services) if services else None
        http = Picker(Choice("2", tr("HTTP/2")), Choice("1.1", tr("HTTP/1.1")))
        plain = Picker(*choices.switch(tr("Never"), tr("Allowed")))
        self.fill(
            tr("Network"),
            [*self._gets.values(), self._models, self._newer, rest],
            [
                *([self._key] if self._key else []),
                board.row(
                    "network.http",
                    tr("Offered first"),
                    tr("HTTP/2 keeps one connection for everything. The older one is for networks that break it."),
                    http,
                ),
                board.row(
                    "network.plain_keys",
                    tr("Keys without encryption"),
                    tr("Over plain HTTP to another machine, where everybody on the way can read them."),
                    plain,
                ),
            ],
        )

    def draw(self, shown: Shown) -> None:
        """Show the host that receives each kind of data."""
        now = self._board.actions.settings()
        self._models.leaves("huggingface.co")
        looks = now.updates.check == "daily" and now.updates.url
        self._newer.leaves(urlsplit(now.updates.url).hostname or "" if looks else "")
        self._newer.sentence.setText(
            self.tr("Is asked for once a day. Nothing of yours goes there.")
            if looks
            else self.tr("Is not asked for by itself. See About.")
        )
        if self._key is not None:
            shared = self.tr("There is none of its own: the key for OpenAI is used.")
            self._key.otherwise = shared if is_openai(now.polish.url) else ""
        gets = leaving(now)
        for kind, row in self._gets.items():
            host = next((host for host, kinds in gets.items() if kind in kinds), "")
            row.leaves(host)
            row.sentence.setText(self._sentence(kind, host, now))

    def _sentence(self, kind: str, host: str, now: Settings) -> str:
        if not host:
            return self.tr("Does not leave this machine.")
        if kind == "speech":
            return self.tr("Goes there while you dictate.")
        if kind == "selected":
            return self.tr("Goes there with what you say, when you press the edit key.")
        polished, felt = now.polish.mode == "llm", now.emotion.engine == "llm"
        if polished and felt:
            return self.tr("Goes there to be polished, and to be read for how it sounded.")
        return (
            self.tr("Goes there to be polished.") if polished else self.tr("Goes there to be read for how it sounded.")
        )
