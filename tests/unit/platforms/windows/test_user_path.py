"""The user's PATH with the app's folder and without it, in a registry of the test's own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from desktop.platforms.windows.user_path import add_entry, remove_entry, write_path

OURS = r"C:\Users\me\AppData\Local\Programs\Intone"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", OURS),
        (r"C:\bin", rf"C:\bin;{OURS}"),
        ("C:\\bin;", rf"C:\bin;{OURS}"),
        (r"%USERPROFILE%\bin;C:\b", rf"%USERPROFILE%\bin;C:\b;{OURS}"),
        ("x" * 8_000, f"{'x' * 8_000};{OURS}"),
    ],
)
def test_entry_is_added_and_taken_out_again(before: str, after: str) -> None:
    assert add_entry(before, OURS) == after
    assert remove_entry(after, OURS) == before.rstrip(";")


@pytest.mark.parametrize("there", [OURS, OURS.upper(), f"{OURS}\\", f" {OURS}"])
def test_entry_that_is_there_is_not_added_twice(there: str) -> None:
    before = rf"C:\bin;{there};C:\b"
    assert add_entry(before, OURS) == before
    assert remove_entry(before, OURS) == r"C:\bin;C:\b"


@pytest.mark.parametrize("others", ["", r"C:\bin", "C:\\bin;;C:\\b;", rf"{OURS}Two;{OURS}\sub"])
def test_entries_of_others_stay_to_the_letter(others: str) -> None:
    assert remove_entry(others, OURS) == others


class Registry:
    """`winreg` with the user's variables."""

    HKEY_CURRENT_USER, KEY_QUERY_VALUE, KEY_SET_VALUE, REG_EXPAND_SZ = "user", 1, 2, 2

    def __init__(self, **values: tuple[str, int]) -> None:
        self.values = values

    @contextmanager
    def open_key(self, root: str, path: str, _: int, rights: int) -> Iterator[dict[str, tuple[str, int]]]:
        assert (root, path, rights) == ("user", "Environment", 3)
        yield self.values

    def query_value(self, key: dict[str, tuple[str, int]], name: str) -> tuple[str, int]:
        if name not in key:
            raise FileNotFoundError(2, "no such value")
        return key[name]

    def set_value(self, key: dict[str, tuple[str, int]], name: str, _: int, kind: int, value: str) -> None:
        key[name] = (value, kind)

    def delete_value(self, key: dict[str, tuple[str, int]], name: str) -> None:
        del key[name]

    CreateKeyEx, QueryValueEx, SetValueEx, DeleteValue = open_key, query_value, set_value, delete_value


@pytest.mark.parametrize("before", [{}, {"Path": (r"%USERPROFILE%\bin", 2)}, {"Path": (r"C:\bin", 1)}])
def test_registry_is_as_before_after_both(before: dict[str, tuple[str, int]]) -> None:
    registry = Registry(**before)
    write_path("add", OURS, registry)
    path, kind = registry.values["Path"]
    assert path.endswith(OURS)
    assert kind == before.get("Path", ("", 2))[1]
    write_path("remove", OURS, registry)
    write_path("remove", OURS, registry)
    assert registry.values == before
