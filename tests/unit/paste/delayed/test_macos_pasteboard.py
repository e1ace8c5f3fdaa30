"""The offer on a macOS pasteboard, with AppKit's part played by a fake."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any, Self

import pytest

TEXT = "public.utf8-plain-text"
MODULE = "desktop.paste.delayed.macos_pasteboard"


class FakeObject:
    """NSObject, as far as it is created."""

    @classmethod
    def alloc(cls) -> Self:
        return cls()

    def init(self) -> Self:
        return self


class FakeItem(FakeObject):
    """NSPasteboardItem."""

    def __init__(self) -> None:
        self.data: dict[str, bytes] = {}

    def types(self) -> list[str]:
        return list(self.data)

    def dataForType_(self, kind: str) -> bytes:  # noqa: N802
        return self.data[kind]

    def setData_forType_(self, data: bytes, kind: str) -> None:  # noqa: N802
        self.data[kind] = data


class FakePasteboard:
    """NSPasteboard; `refuses` data for offered types, after another program took it if `is_taken`."""

    def __init__(self) -> None:
        self.items: list[FakeItem] = []
        self.owner: Any = None
        self.count = 0
        self.refuses = self.is_taken = False

    def changeCount(self) -> int:  # noqa: N802
        return self.count

    def pasteboardItems(self) -> list[FakeItem]:  # noqa: N802
        return self.items

    def clearContents(self) -> int:  # noqa: N802
        self.items, self.owner = [], None
        self.count += 1
        return self.count

    def declareTypes_owner_(self, kinds: list[str], owner: Any) -> int:  # noqa: N802
        count = self.clearContents()
        self.owner = owner
        if self.is_taken:
            self.put(b"theirs")
        return count

    def setData_forType_(self, data: bytes, kind: str) -> bool:  # noqa: N802
        return not self.refuses

    def setString_forType_(self, text: str, kind: str) -> bool:  # noqa: N802
        self.items = [FakeItem()]
        self.items[0].data[kind] = text.encode()
        return True

    def writeObjects_(self, items: list[FakeItem]) -> bool:  # noqa: N802
        self.items = items
        return True

    def put(self, data: bytes) -> None:
        """Put a text there as another program does."""
        self.clearContents()
        self.items = [FakeItem()]
        self.items[0].data[TEXT] = data

    @property
    def text(self) -> bytes | None:
        return self.items[0].data.get(TEXT) if self.items else None


@pytest.fixture
def board(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePasteboard]:
    board = FakePasteboard()
    appkit, foundation = ModuleType("AppKit"), ModuleType("Foundation")
    appkit.NSPasteboard = SimpleNamespace(generalPasteboard=lambda: board)  # type: ignore[attr-defined]
    appkit.NSPasteboardItem = FakeItem  # type: ignore[attr-defined]
    appkit.NSPasteboardTypeString = TEXT  # type: ignore[attr-defined]
    foundation.NSObject = FakeObject  # type: ignore[attr-defined]
    foundation.NSData = SimpleNamespace(  # type: ignore[attr-defined]
        data=lambda: b"", dataWithBytes_length_=lambda data, length: data[:length]
    )
    monkeypatch.setitem(sys.modules, "AppKit", appkit)
    monkeypatch.setitem(sys.modules, "Foundation", foundation)
    yield board
    sys.modules.pop(MODULE, None)


@pytest.fixture
def pasteboard(board: FakePasteboard) -> Any:
    return importlib.import_module(MODULE).MacPasteboard()


def ignore() -> None:
    pass


def test_offer_text_given_at_read_and_reported(board: FakePasteboard, pasteboard: Any) -> None:
    board.put(b"mine")
    reads: list[str] = []
    losses: list[str] = []
    contents = pasteboard.offer_text("Hello.", lambda: reads.append("read"), lambda: losses.append("lost"))
    assert contents == [{TEXT: b"mine"}]
    assert board.text is None
    board.owner.pasteboard_provideDataForType_(board, TEXT)
    assert (board.text, reads, losses) == (b"Hello.", ["read"], [])
    board.owner.pasteboardChangedOwner_(board)
    assert losses == ["lost"]


def test_offer_text_refused_contents_restored(board: FakePasteboard, pasteboard: Any) -> None:
    board.put(b"mine")
    board.refuses = True
    assert pasteboard.offer_text("Hello.", ignore, ignore) is None
    assert board.text == b"mine"


def test_offer_text_taken_meanwhile_left_alone(board: FakePasteboard, pasteboard: Any) -> None:
    board.put(b"mine")
    board.refuses = board.is_taken = True
    assert pasteboard.offer_text("Hello.", ignore, ignore) is None
    assert board.text == b"theirs"


def test_renew_offer_only_while_owned(board: FakePasteboard, pasteboard: Any) -> None:
    reads: list[str] = []
    assert not pasteboard.renew_offer()
    assert pasteboard.offer_text("Hello.", lambda: reads.append("read"), ignore) == []
    assert pasteboard.renew_offer()
    board.owner.pasteboard_provideDataForType_(board, TEXT)
    assert reads == ["read"]
    board.put(b"theirs")
    assert not pasteboard.renew_offer()
    assert board.text == b"theirs"
