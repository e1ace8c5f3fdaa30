"""The README's table of installs: every line is one that a proof runs."""

from __future__ import annotations

from tests.prove.__main__ import PROOFS
from tests.prove.install import ELSEWHERE, RUN, WAYS, read_table
from tests.prove.record import ROOT

TABLE = read_table((ROOT / "README.md").read_text(encoding="utf-8"))


def test_each_line_of_the_readme_is_run_by_one_proof() -> None:
    for name, commands in TABLE.items():
        assert commands, name
        assert sum(name.startswith(start) for start in (*WAYS, *ELSEWHERE)) == 1, name
    assert set(ELSEWHERE.values()) <= set(PROOFS)


def test_lines_without_an_upgrade_or_a_removal_are_those_that_are_named() -> None:
    assert [name for name, way in WAYS.items() if not way.make_next] == ["the clone"]
    assert [name for name, way in WAYS.items() if not way.remove] == ["the clone"]


def test_table_of_installs_has_at_most_ten_lines() -> None:
    assert 0 < len(TABLE) <= 10
    assert [RUN] in TABLE.values()


def test_table_read_from_text_has_commands_in_order() -> None:
    table = "| for | command | size |\n|---|---|---|\n| x | `a b`, then `c` | 1 |"
    assert read_table(f"# A\n\n## Install\n\n{table}\n\n## B\n| y | `d` | |\n") == {"x": ["a b", "c"]}
