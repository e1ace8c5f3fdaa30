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
    assert programs.ask(HEALTHY).result(0) is None
    programs.let_go.set()
    wait(waiting, WAIT_S)
    assert programs.ask(HEALTHY).result(WAIT_S) is False


def test_without_an_answer_a_password_field_stays_one() -> None:
    programs = Programs()
    assert programs.query.judge(PASSWORD, programs.ask(PASSWORD))
    programs.answers[PASSWORD] = None
    assert programs.query.judge(PASSWORD, programs.ask(PASSWORD))
    assert not programs.query.judge(HEALTHY, Future())
    programs.answers[PASSWORD] = False
    assert not programs.query.judge(PASSWORD, programs.ask(PASSWORD))
    assert not programs.query.judge(PASSWORD, Future())


def test_a_late_answer_is_remembered() -> None:
    programs = Programs()
    late = programs.ask(HUNG)
    assert not programs.query.judge(HUNG, late)
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
