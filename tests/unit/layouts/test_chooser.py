"""Which languages a dictation gets: by the key, the application, the layout, or the settings."""

from __future__ import annotations

import anyio
import pytest

from desktop.core.types import Target
from desktop.layouts.chooser import LanguageOptions, LayoutLanguageChooser, decide_languages
from desktop.layouts.layout import LATE_TIMEOUT_S, READ_TIMEOUT_S, KeyboardLayout, LayoutLadder
from tests.support.stage import FakeRecognizer

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("chosen", "own", "known", "selected", "languages"),
    [
        (("layout",), None, ("cs",), None, ("cs",)),
        (("layout", "en", "de"), None, ("cs",), None, ("cs",)),
        (("layout", "en", "de"), None, None, None, ("en", "de")),
        (("layout",), None, None, None, ()),
        (("layout", "en"), None, (), None, ()),
        (("layout",), ("de",), ("cs",), None, ("de",)),
        (("en",), ("de",), None, None, ("de",)),
        (("en",), ("auto",), None, None, ()),
        (("en",), ("layout",), ("cs",), None, ("cs",)),
        (("en", "de"), None, ("cs",), None, ("en", "de")),
        (("auto",), None, ("cs",), None, ()),
        (("layout", "en"), ("de",), ("cs",), ("en",), ("en",)),
    ],
)
def test_key_then_application_then_layout_then_settings(
    chosen: tuple[str, ...],
    own: tuple[str, ...] | None,
    known: tuple[str, ...] | None,
    selected: tuple[str, ...] | None,
    languages: tuple[str, ...],
) -> None:
    assert decide_languages(chosen, own, known, selected) == languages


class FakeReader:
    """Tells the layout `name`, None for one that hangs."""

    def __init__(self, name: str | None) -> None:
        self.name = name

    async def read(self) -> KeyboardLayout | None:
        if self.name is None:
            await anyio.sleep_forever()
        return KeyboardLayout(self.name or "")

    def close(self) -> None:
        pass


class BrokenReader(FakeReader):
    """Raises what no reader should."""

    async def read(self) -> KeyboardLayout | None:
        raise LookupError


class Key:
    """The user's key for languages."""

    def __init__(self) -> None:
        self.selected: tuple[str, ...] | None = None

    def forget(self) -> None:
        self.selected = None


def make_chooser(*readers: FakeReader, key: Key | None = None, options: LanguageOptions | None = None):  # type: ignore[no-untyped-def]
    key = key or Key()
    return LayoutLanguageChooser(
        options or LanguageOptions(("layout", "fi")),
        LayoutLadder(readers),
        lambda languages: FakeRecognizer(),
        lambda: key.selected,
        key.forget,
    )


async def in_editor() -> Target:
    return Target(1, "editor")


async def never_found() -> Target:
    await anyio.sleep_forever()
    raise AssertionError


@pytest.mark.parametrize(
    ("readers", "languages"),
    [
        ([FakeReader("cz")], ("cs",)),
        ([BrokenReader(""), FakeReader("cz")], ("cs",)),
        ([FakeReader(None), FakeReader("cz")], ("cs",)),
        ([FakeReader(None)], ("fi",)),
        ([FakeReader("unheard-of")], ("fi",)),
        ([], ("fi",)),
    ],
)
async def test_layout_is_what_a_reader_tells_in_time(readers: list[FakeReader], languages: tuple[str, ...]) -> None:
    with anyio.fail_after(10 * READ_TIMEOUT_S):
        assert await make_chooser(*readers).choose(in_editor) == languages


async def test_reader_that_hangs_is_waited_for_in_full_once() -> None:
    reader, took_s = FakeReader(None), []
    ladder = LayoutLadder([reader, FakeReader("cz")])
    for _ in range(3):
        began = anyio.current_time()
        assert await ladder.read() == KeyboardLayout("cz")
        took_s.append(anyio.current_time() - began)
    assert took_s[0] >= READ_TIMEOUT_S > max(took_s[1:]) >= LATE_TIMEOUT_S
    reader.name = "de"
    assert await ladder.read() == KeyboardLayout("de")
    assert ladder._late == set()


async def test_window_that_is_not_known_in_time_has_no_language() -> None:
    options = LanguageOptions(("layout",), find_own=lambda target: ("de",))
    chooser = make_chooser(FakeReader("cz"), options=options)
    assert await chooser.choose(in_editor) == ("de",)
    with anyio.fail_after(10 * READ_TIMEOUT_S):
        assert await chooser.choose(never_found) == ("cs",)


async def test_selected_language_holds_until_the_layout_changes() -> None:
    key, reader = Key(), FakeReader("cz")
    chooser = make_chooser(reader, key=key)
    key.selected = ("en",)
    assert [await chooser.choose(in_editor) for _ in range(2)] == [("en",), ("en",)]
    reader.name = "de"
    assert await chooser.choose(in_editor) == ("de",)
    assert key.selected is None
    reader.name = "cz"
    key.selected = ("en",)
    assert await chooser.choose(in_editor) == ("en",)


async def test_selected_language_holds_once_a_layout_is_known() -> None:
    key, reader = Key(), FakeReader("")
    chooser = make_chooser(reader, key=key)
    key.selected = ("en",)
    await chooser.choose(in_editor)
    reader.name = "cz"
    assert await chooser.choose(in_editor) == ("en",)
    reader.name = "de"
    assert await chooser.choose(in_editor) == ("de",)


async def test_selected_language_holds_where_no_layout_is_known() -> None:
    key, reader = Key(), FakeReader("cz")
    chooser = make_chooser(reader, key=key)
    key.selected = ("en",)
    await chooser.choose(in_editor)
    chooser.close()
    assert await chooser.choose(in_editor) == ("en",)
