"""Who may read a folder on Windows, by its security descriptor in the system's notation."""

from __future__ import annotations

import re

import pytest

from desktop.core import windows_access
from desktop.core.windows_access import find_other_readers

ADA, BOB = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"
OWN = f"(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;{ADA})"


@pytest.mark.parametrize(
    ("descriptor", "readers"),
    [
        (f"O:{ADA}D:P{OWN}", []),
        (f"O:{ADA}G:{ADA}D:PAI{OWN}S:AI(ML;;NW;;;LW)", []),
        (f"O:BAD:PAI{OWN}", []),  # made as administrator
        ("O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FA;;;OW)", []),
        (f"O:{ADA}D:AI{OWN}(A;OICIIO;FA;;;CO)", []),
        (f"O:{ADA}D:AI{OWN}(A;OICI;0x1200a9;;;AC)(A;;0x1200a9;;;S-1-15-3-65536-1)", []),
        (f"O:{ADA}D:AI{OWN}(D;OICI;FA;;;BG)", []),
        (f"O:BAD:AI{OWN}(A;OICIID;0x1200a9;;;BU)(A;ID;0x1301bf;;;AU)", ["BU", "AU"]),  # below C:\
        (f"O:{ADA}D:{OWN}(A;OICI;FA;;;{BOB})", [BOB]),
        (f"O:{ADA}D:{OWN}(XA;;FR;;;WD;(Member_of {{SID(BA)}}))", ["WD"]),
        (f"O:{BOB}D:{OWN}", [BOB]),  # who may give itself access
        (f"O:{ADA}D:NO_ACCESS_CONTROL", ["WD"]),
        (f"O:{ADA}", ["WD"]),
        (f"O:{ADA}D:P", []),
        ("", ["WD"]),
    ],
)
def test_readers_are_all_but_the_user_and_administrators(descriptor: str, readers: list[str]) -> None:
    assert find_other_readers(descriptor, ADA) == readers


def test_first_administrator_has_a_short_name() -> None:
    descriptor = "O:LAD:P(A;OICI;FA;;;LA)"
    assert find_other_readers(descriptor, "S-1-5-21-1-2-3-500") == []
    assert find_other_readers(descriptor, ADA) == ["LA"]


def test_list_of_a_new_folder_names_the_user_and_not_the_owner() -> None:
    """What is made as administrator is owned by the administrators."""
    names = re.findall(r"\(A;OICI;FA;;;([^)]*)\)", windows_access._FOLDER_LIST.format(user=ADA))
    assert names == ["SY", "BA", ADA]
