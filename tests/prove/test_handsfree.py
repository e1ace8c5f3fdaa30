"""A sample of `make prove-handsfree`, and how it judges."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import soundfile

from desktop.bench.clock import SkippingClock
from desktop.core.types import RATE_HZ
from tests.conftest import Clip as SpokenClip
from tests.prove.handsfree import MOST_TIMES, SEND, STOP, Item, built, compared, drawn, judged, spoken_part
from tests.prove.heard import at_pace, recogniser
from tests.prove.record import Line, Run
from tests.prove.recordings import Clip

SEED, SAMPLE_S, CLIPS = 10, 13, 2
"""Drawn so that the sample has a command between two clips; of the shortest clips so many."""


def test_paragraphs_keep_their_ends_and_commands_are_obeyed_alone(clips: list[SpokenClip], tmp_path: Path) -> None:
    spoken = [Clip(c.path, "en", "austen", c.text, soundfile.info(c.path).duration) for c in clips]
    shortest = sorted(spoken, key=lambda clip: clip.seconds)[:CLIPS]
    part = built(SEED, 0, drawn(shortest, SEED), SAMPLE_S)
    assert {item.kind for item in part.items} == {"clip", SEND}

    async def speak(run: Run, clock: SkippingClock) -> Line:
        async with recogniser(run.model, ("en",)) as whisper:
            return await spoken_part(whisper, clock, part)

    found = at_pace(speak, Run("handsfree", SEED, SAMPLE_S, tmp_path, "tiny.en"))
    assert found["alone"][SEND][0] == found["alone"][SEND][1] >= 1
    assert (found["false"], found["unheard"], found["twice"], found["missing"]) == (0, 0, 0, 0)
    assert found["edits"] <= found["edits_alone"] + 0.1 * found["words"]
    assert found["ends"] >= 2


def test_each_clip_is_used_at_most_five_times() -> None:
    every = [Clip(Path(str(at)), "en", "a", "", 1.0) for at in range(7)]
    used = Counter(clip.path for clip in drawn(every, 1))
    assert set(used.values()) == {MOST_TIMES}
    assert [*drawn(every, 1)] != [*drawn(every, 2)]


@pytest.mark.parametrize(
    ("alone", "written", "ends", "missing"),
    [
        (("one two three", "four five six"), "one two three four five six", 4, 0),
        (("one two three", "four five six"), "two three four five six", 4, 1),
        (("one two three", "four five six"), "one two four five", 4, 2),
        (("one two three", "four five six"), "one two twee four five six", 4, 0),
        (("one two three", "four five six"), "", 4, 4),
        (("one two", "for five six or six"), "one two for five six", 2, 0),
        (("", "five six"), "", 1, 1),
    ],
)
def test_first_and_last_words_that_are_heard_alone_and_missing_are_counted(
    alone: tuple[str, str], written: str, ends: int, missing: int
) -> None:
    spoken = [
        ["one", "two", "three"],
        [],
        ["four", "five", "six"],
    ]
    found = compared(spoken, [alone[0].split(), [], alone[1].split()], written.split())
    assert (found["ends"], found["missing"]) == (ends, missing)


@pytest.mark.parametrize(
    ("obeyed", "right", "false"),
    [
        ([(SEND, 3 * RATE_HZ)], 1, 0),
        ([], 0, 0),
        ([(STOP, 3 * RATE_HZ)], 0, 1),
        ([(SEND, 3 * RATE_HZ), (SEND, 4 * RATE_HZ)], 1, 1),
        ([(SEND, RATE_HZ // 2)], 0, 1),
        ([(SEND, 40 * RATE_HZ)], 0, 1),
    ],
)
def test_a_command_counts_right_after_it_was_said_alone(obeyed: list[tuple[str, int]], right: int, false: int) -> None:
    items = (Item("clip", 0, RATE_HZ), Item(SEND, RATE_HZ, 2 * RATE_HZ), Item("inside", 20 * RATE_HZ, 22 * RATE_HZ))
    found = judged(items, obeyed)
    assert (found["alone"][SEND], found["false"], found["inside"]) == ([1, right], false, 1)
