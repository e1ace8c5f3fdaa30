"""A sequence of `make prove-losses` with each of its commands, and how it judges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import anyio
import pytest
from anyio.from_thread import start_blocking_portal

from desktop.audio.file import read_audio
from desktop.core.types import Outcome
from tests.conftest import sentences
from tests.prove.losses import drawn_commands
from tests.prove.losses_commands import CommandWorld, Said
from tests.prove.losses_desk import Piece, PieceKind

pytestmark = pytest.mark.anyio

EVENTS = (
    *("say", "swap", "sentence scratch", "command scratch"),
    *("say", "command send", "say", "correct", "touch", "command send"),
    *("hold", "blocked swap", "hold", "restart", "command scratch"),
    *("answer given", "copy", "say", "late"),
)


async def play(folder: Path, *events: str) -> CommandWorld:
    world = CommandWorld(folder, read_audio(sentences()[0].path))
    async with anyio.create_task_group() as tasks:
        world.start(tasks)
        for event in events:
            await world.happen(event)
        await world.end()
    return world


async def test_each_command_is_obeyed_once_and_agrees_with_its_window(tmp_path: Path) -> None:
    world = await play(tmp_path, *EVENTS)
    assert world.judge() == []
    happened = world.happened
    assert (happened["commands: scratched"], happened["commands: sent"], happened["commands: stopped"]) == (1, 1, 1)
    assert (happened["rows: removed"], happened["copied: inserted"], happened["rows: silent"]) == (1, 1, 5)


def test_random_sequences_of_commands_lose_nothing() -> None:
    with start_blocking_portal() as portal:
        found = drawn_commands(portal, 7, 15)
    assert found["wrong"] == []
    assert found["happened"]["command sequences"] >= 10
    assert found["happened"]["rows: inserted"] >= 20


def drop_piece(world: CommandWorld) -> None:
    world.desk.windows[1].pieces.pop()


def double_piece(world: CommandWorld) -> None:
    world.desk.windows[2].sent.append(Piece("They met kakaka at the station.", PieceKind.DICTATED))


def claim_another_text(world: CommandWorld) -> None:
    world.history.update(world.history.rows()[0].id, text="Something else.")


def deny_the_window(world: CommandWorld) -> None:
    world.history.update(world.history.rows()[0].id, delivery=Outcome.REMOVED)


def take_for_command(world: CommandWorld) -> None:
    world.history.update(world.history.rows()[0].id, delivery=Outcome.SILENT)


def lose_row(world: CommandWorld) -> None:
    world.history.delete(world.history.rows()[0].id)


def say_unheard(world: CommandWorld) -> None:
    world.said.append(Said("And one thing more"))


@pytest.mark.parametrize(
    ("plant", "faults"),
    [
        (drop_piece, {"denied"}),
        (double_piece, {"not meant"}),
        (claim_another_text, {"denied", "not meant"}),
        (deny_the_window, {"not meant"}),
        (take_for_command, {"a sentence was taken for a command", "not meant"}),
        (lose_row, {"lost", "not meant"}),
        (say_unheard, {"lost"}),
    ],
)
async def test_what_rows_and_windows_say_of_each_other_is_compared(
    tmp_path: Path, plant: Callable[[CommandWorld], None], faults: set[str]
) -> None:
    world = await play(tmp_path, "hold", "hold")
    assert world.judge() == []
    plant(world)
    assert {fault.partition(":")[0] for fault in world.judge()} == faults
