"""Our engine at a real IBus daemon, in real windows of GTK and Qt, beside a user's own engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.desk import BUSY_S, until
from tests.support.ibus import LATIN, LIBPINYIN, TOOLKITS, IBusDesk
from tests.support.ibus_app import IBusApp
from tests.support.ibus_checks import (
    LONG_TEXT,
    PINYIN,
    TABLE,
    UserEngine,
    check_commits,
    check_composition,
    check_half_typed,
    check_password,
    check_user_engine,
    wait_for_field,
    wait_text,
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IBusDesk]:
    with IBusDesk(tmp_path_factory.mktemp("ibus")) as desk:
        yield desk


@pytest.fixture(autouse=True)
def latin(request: pytest.FixtureRequest) -> None:
    """Begin each test with the engine of a plain keyboard."""
    if "desk" in request.fixturenames:
        request.getfixturevalue("desk").choose(LATIN)


@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_texts_arrive_once_whole_and_in_order(desk: IBusDesk, toolkit: str) -> None:
    answers = check_commits(desk, toolkit)
    assert [answer["is_inserted"] for answer in answers] == [True] * len(answers), answers
    until(lambda: desk.engine() == LATIN, "the user's engine is back", BUSY_S)


@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_a_long_text_arrives_whole(desk: IBusDesk, toolkit: str) -> None:
    assert check_commits(desk, toolkit, (LONG_TEXT,))[0]["is_inserted"] is True


@pytest.mark.parametrize("toolkit", [*TOOLKITS, "qt"])
def test_a_password_field_gets_nothing(desk: IBusDesk, toolkit: str) -> None:
    check_password(desk, toolkit)


def test_password_field_beside_a_text_field_gets_nothing(desk: IBusDesk) -> None:
    """Qt says nothing of the password field, and puts a commit into it: so its text fields get nothing either."""
    with desk.window("qt", "form") as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        desk.type(["a"])
        wait_text(window, "a")
        assert app.commit("text") == {"field": False}
        desk.type(["Tab", "b"])
        wait_text(window, "b")
        assert app.commit("secret") == {"field": False}
        assert app.ask("hold", "window", True) == {"field": False}
        desk.type("c")
        wait_text(window, "bc")


@pytest.mark.parametrize("field", ["text", "password"])
def test_a_program_that_tells_nothing_gets_nothing(desk: IBusDesk, field: str) -> None:
    with desk.browser(field) as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        assert app.commit("secret") == {"field": False}
        desk.type("abc")
        wait_text(window, "abc")
        assert app.commit("secret") == {"field": False}
        desk.type("d")
        wait_text(window, "abcd")


@pytest.mark.parametrize("end", ["empty", "commit", "release", "focus", "kill"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_nothing_is_left_of_a_composition(desk: IBusDesk, toolkit: str, end: str) -> None:
    check_composition(desk, toolkit, end)


@pytest.mark.parametrize(
    ("toolkit", "engine"), [("gtk3", PINYIN), ("gtk4", PINYIN), ("gtk3", TABLE)], ids=lambda it: str(it)
)
def test_the_users_engine_comes_back(desk: IBusDesk, toolkit: str, engine: UserEngine) -> None:
    check_user_engine(desk, toolkit, engine)


@pytest.mark.parametrize("end", ["quit", "kill"])
def test_engine_that_is_left_alone_goes_on_with_a_half_typed_word_after_the_apps_end(desk: IBusDesk, end: str) -> None:
    desk.choose(PINYIN.name)
    with desk.window("gtk3") as window, IBusApp(desk.environ, choice="auto") as app:
        app.ask("connected")
        desk.type(PINYIN.half)
        until(lambda: window.composition() == PINYIN.half_text, "it is being composed", BUSY_S)
        assert app.commit("Not by us.") == {"field": False}
        getattr(app, end)()
        desk.type("o ")
        wait_text(window, PINYIN.text)


@pytest.mark.parametrize("engine", [PINYIN, TABLE], ids=["pinyin", "table"])
@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_what_was_half_typed_is_kept(desk: IBusDesk, toolkit: str, engine: UserEngine) -> None:
    check_half_typed(desk, toolkit, engine)


@pytest.mark.parametrize("toolkit", TOOLKITS)
def test_deleting_and_return_change_the_field(desk: IBusDesk, toolkit: str) -> None:
    with desk.window(toolkit) as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        app.commit("Keep this 😀 and 👍🏽 that")
        app.ask("hold", "window")
        app.ask("delete", len(" and 👍🏽 that"))
        wait_text(window, "Keep this 😀")
        has_keys = toolkit != "gtk4"
        assert app.ask("return") == {"pressed": has_keys}
        wait_text(window, "Keep this 😀\n" if has_keys else "Keep this 😀")  # a key goes through the window's own queue
        app.ask("type", ".")
        wait_text(window, "Keep this 😀\n." if has_keys else "Keep this 😀.")


def test_keys_typed_meanwhile_reach_the_field(desk: IBusDesk) -> None:
    with desk.window("gtk3") as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        wait_for_field(app)
        app.ask("hold", "window")
        desk.type("abc")
        wait_text(window, "abc")


def test_another_engine_chosen_meanwhile_stays(desk: IBusDesk) -> None:
    with desk.window("gtk3"), IBusApp(desk.environ) as app:
        app.ask("ready")
        wait_for_field(app)
        app.ask("hold", "window")
        desk.choose(LIBPINYIN)
        assert "error" in app.ask("type", "too late")
        app.ask("release")
        assert desk.engine() == LIBPINYIN
        app.quit()
        until(lambda: desk.engine() == LIBPINYIN, "the engine is back", BUSY_S)


def test_no_window_with_a_field_gives_no_field(desk: IBusDesk) -> None:
    with IBusApp(desk.environ) as app:
        app.ask("ready")
        assert app.commit("nowhere") == {"field": False}
        assert desk.engine() == LATIN


def test_a_daemon_that_comes_later_is_found(tmp_path: Path) -> None:
    with IBusDesk(tmp_path) as desk:
        desk.stop_daemon(kill=True)
        with IBusApp(desk.environ) as app:
            assert app.commit("nowhere") == {"field": False}
            desk.start_daemon()
            app.ask("ready")
            desk.stop_daemon()
            app.ask("ready", False)
            desk.start_daemon()
            app.ask("ready")
            desk.choose(LIBPINYIN)
            with desk.window("gtk3") as window:
                wait_for_field(app)
                assert app.commit("Here again.")["is_inserted"] is True
                wait_text(window, "Here again.")


def test_a_daemon_without_an_engine_has_none_again(tmp_path: Path) -> None:
    with IBusDesk(tmp_path) as desk, desk.window("gtk3") as window, IBusApp(desk.environ) as app:
        app.ask("ready")
        assert desk.engine() == ""
        wait_for_field(app)
        app.ask("ready")
        app.commit("Once.")
        wait_text(window, "Once.")
        assert desk.engine() == ""
