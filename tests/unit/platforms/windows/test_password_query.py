"""Who is asked for passwords while a program hangs, and what counts where none answers."""

from __future__ import annotations

from concurrent.futures import Future, wait
from threading import Event

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


def test_a_late_answer_is_remembered() -> None:
    programs = Programs()
    late = programs.ask(HUNG)
    assert programs.query.judge(HUNG, late) is None
    noted: Future[None] = Future()
    late.add_done_callback(lambda _: noted.set_result(None))
    programs.let_go.set()
    noted.result(WAIT_S)
    assert programs.query.judge(HUNG, Future())


def test_a_failure_is_no_answer() -> None:
    def fail(control: int) -> bool | None:
        raise OSError("access violation")

    query = PasswordQuery(lambda: fail)
    assert query.ask(HEALTHY).result(WAIT_S) is None
    assert query.ask(HEALTHY).result(WAIT_S) is None
