"""Who is asked for passwords while a program hangs, and what counts where none answers."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import Event, Thread, current_thread
from typing import cast

import pytest

from desktop.platforms.windows.password_query import MAX_STUCK_THREADS, PasswordCheck, PasswordQuery

WAIT_S = 30.0
HEALTHY, PASSWORD = 1, 2
HUNG = 100
"""Controls from here on belong to programs that hang until they are let go."""


class Programs:
    """What is asked; `answers` are those of the programs that do not hang."""

    def __init__(self) -> None:
        self.let_go = Event()
        self.answers: dict[int, bool | None] = {HEALTHY: False, PASSWORD: True}
        self.query = PasswordQuery(self.open_check)

    def open_check(self) -> PasswordCheck:
        return self.check

    def check(self, control: int) -> bool | None:
        if control >= HUNG:
            self.let_go.wait(WAIT_S)
            return True
        return self.answers[control]

    def ask(self, control: int) -> Future[bool | None]:
        """Ask, and wait for the answer where one comes."""
        answer = self.query.ask(control)
        if control < HUNG:
            wait([answer], WAIT_S)
        return answer


@pytest.mark.parametrize("hung", range(MAX_STUCK_THREADS))
def test_hung_programs_keep_no_other_from_answering(hung: int) -> None:
    programs = Programs()
    waiting = [programs.ask(HUNG + number) for number in range(hung)]
    assert programs.ask(PASSWORD).result(WAIT_S) is True
    assert programs.ask(HEALTHY).result(WAIT_S) is False
    assert not any(answer.done() for answer in waiting)
    programs.let_go.set()


def test_so_many_threads_wait_and_no_more() -> None:
    programs = Programs()
    waiting = [programs.ask(HUNG + number) for number in range(MAX_STUCK_THREADS)]
    assert programs.query.judge(HEALTHY, programs.query.ask(HEALTHY)) is None
    programs.let_go.set()
    wait(waiting, WAIT_S)
    assert programs.ask(HEALTHY).result(WAIT_S) is False


def test_without_an_answer_a_password_field_stays_one() -> None:
    programs = Programs()
    assert programs.query.judge(PASSWORD, programs.ask(PASSWORD))
    programs.answers[PASSWORD] = None
    assert programs.query.judge(PASSWORD, programs.ask(PASSWORD))
    assert programs.query.judge(PASSWORD, Future())
    programs.answers[PASSWORD] = False
    assert programs.query.judge(PASSWORD, programs.ask(PASSWORD)) is False
    assert programs.query.judge(PASSWORD, Future()) is None


def test_a_program_that_knows_nothing_has_no_password_field() -> None:
    programs = Programs()
    programs.answers[HEALTHY] = None
    assert programs.query.judge(HEALTHY, programs.ask(HEALTHY)) is False


def test_a_program_that_does_not_answer_is_asked_in_one_thread() -> None:
    programs = Programs()
    waiting = [programs.ask(HUNG) for _ in range(2 * MAX_STUCK_THREADS)]
    assert programs.query.judge(HUNG, waiting[-1]) is None
    assert programs.ask(PASSWORD).result(WAIT_S) is True
    programs.let_go.set()
    assert all(answer.result(WAIT_S) for answer in waiting)


@pytest.mark.parametrize("queries", [2, 3, 20])
def test_queries_of_one_control_share_the_one_that_has_not_begun(queries: int) -> None:
    began, may_answer, asked = Event(), Event(), list[int]()

    def check(control: int) -> bool | None:
        asked.append(control)
        began.set()
        may_answer.wait(WAIT_S)
        return len(asked) > 1

    query = PasswordQuery(lambda: check)
    first = query.ask(HEALTHY)
    assert began.wait(WAIT_S)
    others = [query.ask(HEALTHY) for _ in range(queries - 1)]
    may_answer.set()
    assert first.result(WAIT_S) is False
    assert [answer.result(WAIT_S) for answer in others] == [True] * len(others), "what began before is not theirs"
    assert len(asked) == 2


def test_one_hung_control_keeps_one_thread() -> None:
    programs = Programs()
    for number in range(2 * MAX_STUCK_THREADS):
        programs.ask(HUNG)
        programs.ask(HUNG + 1 + number % 2)
    assert programs.ask(PASSWORD).result(WAIT_S) is True
    programs.let_go.set()


def test_a_late_answer_is_remembered() -> None:
    programs = Programs()
    late = programs.ask(HUNG)
    assert programs.query.judge(HUNG, late) is None
    noted: Future[None] = Future()
    late.add_done_callback(lambda _: noted.set_result(None))
    programs.let_go.set()
    noted.result(WAIT_S)
    assert programs.query.judge(HUNG, Future())


@pytest.mark.parametrize("error", [OSError("access violation"), ValueError("NULL COM pointer access")])
@pytest.mark.parametrize("opens", [True, False])
def test_a_failure_is_no_answer_and_ends_no_thread(error: Exception, opens: bool) -> None:
    errors = [error]

    def fail(control: int) -> bool | None:
        if errors:
            raise errors.pop()
        return True

    def open_check() -> PasswordCheck:
        return fail if opens or not errors else cast(PasswordCheck, fail(HEALTHY))

    query = PasswordQuery(open_check)
    assert query.ask(HEALTHY).result(WAIT_S) is None
    assert query.ask(HEALTHY).result(WAIT_S) is True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_died_is_replaced() -> None:
    threads, began = list[Thread](), Event()

    def check(control: int) -> bool | None:
        threads.append(current_thread())
        began.set()
        if len(threads) == 1:
            raise SystemExit
        return True

    query = PasswordQuery(lambda: check)
    unanswered = query.ask(HEALTHY)
    assert began.wait(WAIT_S)
    threads[0].join(WAIT_S)
    assert query.judge(HEALTHY, unanswered) is None
    assert query.ask(HEALTHY).result(WAIT_S) is True
