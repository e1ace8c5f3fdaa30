"""No random sequence of keys, focus, answers and kills loses a spoken stretch. The proof `losses` plays 500 of them."""

from __future__ import annotations

from collections import Counter

from anyio.from_thread import start_blocking_portal

from desktop.core.types import Target
from tests.prove.losses import drawn_keys, loaded, summary, wrong
from tests.prove.losses_stage import Spoken
from tests.prove.losses_world import World


def test_random_sequences_lose_nothing() -> None:
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(loaded()) as local:
        found = drawn_keys(portal, local, 7, 15)
    assert found["wrong"] == []
    assert found["happened"]["sequences"] >= 10
    assert found["happened"]["speak"] >= 20
    assert sum(count for name, count in found["happened"].items() if name.startswith("ends: ")) >= 20


def test_judge_sees_what_is_lost() -> None:
    assert World._fate(None, Spoken(Target(1, "editor")), []).startswith("lost")  # type: ignore[arg-type]
    assert wrong(Counter({"ends: inserted": 3, "ends: lost: no row was made": 1, "left in the spool": 0})) == [
        "ends: lost: no row was made"
    ]
    line = {"key": "from 0", "happened": {"press": 2}, "wrong": ["ends: lost"]}
    assert summary([line, {**line, "wrong": []}]) == {"press": 4, "wrong": ["ends: lost"], "ok": False}
