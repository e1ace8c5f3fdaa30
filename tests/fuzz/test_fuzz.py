"""What others send is read or refused, whatever it is: the sampled counts of `make prove-fuzz`."""

from __future__ import annotations

import random
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import LARGEST, mutated, targets
from tests.fuzz.planted import PLANTED
from tests.prove.fuzz import engine_for, tried
from tests.prove.record import Run

SOME = 100
"""Inputs a target: a quarter of a second for most of them."""


@pytest.mark.parametrize("name", targets())
def test_nonsense_is_refused(name: str) -> None:
    target = targets()[name]
    seen = 0

    @settings(max_examples=SOME, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32).map(lambda seed: mutated(target.seeds, random.Random(seed))) | st.binary(max_size=200))
    def read(data: bytes) -> None:
        nonlocal seen
        seen += 1
        began = time.process_time()
        target.read(data)
        assert time.process_time() - began < target.hang_s

    read()
    assert seen >= SOME // 2


@pytest.mark.parametrize("name", targets())
def test_the_modules_of_a_target_are_there(name: str) -> None:
    assert [module for module in targets()[name].within if find_spec(module) is None] == []


PLANTED_S = {"planted": 3.0, "planted-deep": 10.0}
"""Seconds for each; the deep one takes one where nothing else runs."""


@pytest.mark.parametrize(("name", "engine"), [("planted", "lines"), ("planted-deep", engine_for("planted-deep"))])
def test_planted_faults_are_found_and_inputs_kept(name: str, engine: str, tmp_path: Path) -> None:
    target = PLANTED[name]
    found = tried(name, target, Run("fuzz", 1, None, tmp_path), PLANTED_S[name], engine)
    assert found["crashes"]
    assert bool(found["hangs"]) == (name == "planted")
    kept = [file.read_bytes() for file in (tmp_path / "fuzz" / "found").iterdir()]
    crashing = [data for data in kept if b"true" not in data or b"null" in data]
    assert crashing
    for data in crashing:
        with pytest.raises((LookupError, ArithmeticError)):
            target.read(data)


def test_what_did_harm_once_does_none() -> None:
    for name, target in targets().items():
        for data in target.harmful:
            began = time.process_time()
            target.read(data)
            assert time.process_time() - began < target.hang_s, name


@pytest.mark.parametrize("name", targets())
def test_what_it_is_meant_for_is_read(name: str) -> None:
    target = targets()[name]
    for seed in target.seeds:
        target.read(seed)
        assert mutated((seed,), random.Random(1)) != seed
        assert len(mutated((seed * 10_000,), random.Random(1))) <= LARGEST
    if sys.platform != "win32":
        import resource

        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4_000_000
