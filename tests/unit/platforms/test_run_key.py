"""The value that Windows runs at the session's start, in a registry of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.platforms.windows.registry import APPROVED_KEY, RUN_KEY
from desktop.platforms.windows.run_key import mend_run_value, set_run_value


class Registry:
    """`winreg` with the keys of one user; those in `keys` exist."""

    HKEY_CURRENT_USER, KEY_QUERY_VALUE, KEY_SET_VALUE, REG_SZ = "user", 1, 2, 1

    def __init__(self, **values: bytes) -> None:
        self.keys: dict[str, dict[str, object]] = {APPROVED_KEY: dict(values)} if values else {}

    @contextmanager
    def create_key(self, root: str, path: str, _: int, rights: int) -> Iterator[dict[str, object]]:
        assert (root, rights) == ("user", 2)
        yield self.keys.setdefault(path, {})

    @contextmanager
    def open_key(self, root: str, path: str, _: int, rights: int) -> Iterator[dict[str, object]]:
        assert (root, rights) in (("user", 1), ("user", 2))
        if path not in self.keys:
            raise FileNotFoundError(2, "no such key")
        yield self.keys[path]

    def set_value(self, key: dict[str, object], name: str, _: int, kind: int, value: str) -> None:
        key[name] = (kind, value)

    def query_value(self, key: dict[str, object], name: str) -> tuple[object, int]:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        value = key[name]
        return (value[1], 1) if isinstance(value, tuple) else (value, 3)

    def delete_value(self, key: dict[str, object], name: str) -> None:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        del key[name]

    CreateKeyEx, OpenKey, SetValueEx, DeleteValue = create_key, open_key, set_value, delete_value
    QueryValueEx = query_value


@pytest.mark.parametrize("registry", [Registry(), Registry(intone=b"\x03", other=b"\x03")], ids=["new", "switched off"])
def test_value_is_in_force_until_deleted(registry: Registry) -> None:
    set_run_value('"C:\\my apps\\intone.exe"', registry)
    assert registry.keys[RUN_KEY] == {"intone": (1, '"C:\\my apps\\intone.exe"')}
    assert "intone" not in registry.keys.get(APPROVED_KEY, {})
    set_run_value(None, registry)
    set_run_value(None, registry)
    assert registry.keys[RUN_KEY] == {}


def test_values_of_other_programs_stay() -> None:
    registry = Registry(intone=b"\x03", other=b"\x03")
    registry.keys[RUN_KEY] = {"other": (1, "other.exe")}
    set_run_value("intone.exe", registry)
    set_run_value(None, registry)
    assert registry.keys == {RUN_KEY: {"other": (1, "other.exe")}, APPROVED_KEY: {"other": b"\x03"}}


@pytest.mark.parametrize(("noted", "may_start"), [(b"\x03", False), (b"\x02", True), (None, True)])
def test_what_the_task_manager_switched_off_stays_so(noted: bytes | None, may_start: bool) -> None:
    registry = Registry(**({"intone": noted} if noted else {}))
    assert set_run_value("intone.exe", registry, is_chosen=False) is may_start
    assert registry.keys.get(APPROVED_KEY, {}).get("intone") == noted
    assert set_run_value("intone.exe", registry) is True


@pytest.mark.parametrize(
    ("command", "after"),
    [
        ('"C:\\my apps\\old.exe" -x', '"C:\\new place\\intone.exe"'),
        ("C:\\old.exe", '"C:\\new place\\intone.exe"'),
        ('"C:\\my apps\\here.exe" -x', '"C:\\my apps\\here.exe" -x'),
        (None, None),
    ],
    ids=["gone", "gone without quotes", "another that is there", "switched off"],
)
def test_value_of_a_program_that_is_gone_is_mended(command: str | None, after: str | None) -> None:
    registry = Registry(intone=b"\x03")
    if command is not None:
        registry.keys[RUN_KEY] = {"intone": (1, command)}
    mend_run_value(lambda: '"C:\\new place\\intone.exe"', registry, lambda path: path.endswith("here.exe"))
    kept = registry.keys.get(RUN_KEY, {}).get("intone")
    assert kept == (None if after is None else (1, after))
    assert registry.keys[APPROVED_KEY] == {"intone": b"\x03"}, "the user's choice in the Task Manager"
