"""What a program reported at the press and the release counts for the commit, where it reports it only once."""

from __future__ import annotations

import asyncio

import pytest

from desktop.paste.input_method.ibus import looks as ibus_looks
from desktop.paste.input_method.ibus.field import IBusField
from desktop.paste.input_method.ibus.looks import FieldLooks
from desktop.paste.input_method.interface import SurroundingText
from tests.unit.paste.input_method.test_ibus_field import Daemon

pytestmark = pytest.mark.anyio

REPORT = SurroundingText("It is", 5, 5)


async def look(looks: FieldLooks, daemon: Daemon, program: str = "editor") -> IBusField:
    await looks.learn_text(program, daemon.field, 1.0, traits_only=True)
    looks.note(program, daemon.field)
    return daemon.field


async def reported(looks: FieldLooks, daemon: Daemon | None = None) -> Daemon:
    """A look at a field that reports its text."""
    daemon = daemon or Daemon()
    daemon.report("It is")
    await look(looks, daemon)
    return daemon


async def test_a_report_counts_for_the_looks_that_follow() -> None:
    looks = FieldLooks()
    await reported(looks)
    for _ in range(3):
        field = await look(looks, Daemon())
        assert field.surrounding is None
        assert field.earlier is not None
        assert field.earlier.text == REPORT


async def test_a_newer_report_counts() -> None:
    looks, daemon = FieldLooks(), Daemon()
    await reported(looks)
    daemon.report("It was")
    field = await look(looks, daemon)
    assert (field.surrounding, field.earlier) == (SurroundingText("It was", 6, 6), None)


@pytest.mark.parametrize(
    ("daemon", "program"),
    [
        (Daemon(client="gnome-shell"), "editor"),
        (Daemon(path="/other"), "editor"),
        (Daemon(purpose=8), "editor"),
        (Daemon(), "browser"),
    ],
)
async def test_another_field_has_no_report(daemon: Daemon, program: str) -> None:
    looks = FieldLooks()
    await reported(looks, Daemon(client="gnome-shell") if daemon.field.is_shared else None)
    assert (await look(looks, daemon, program)).earlier is None


async def test_a_selection_is_not_remembered() -> None:
    looks, daemon = FieldLooks(), Daemon()
    daemon.report("It is", 0, 5)
    await look(looks, daemon)
    assert (await look(looks, Daemon())).earlier is None


async def test_a_program_that_is_not_known_has_no_report() -> None:
    looks, daemon = FieldLooks(), Daemon()
    daemon.report("It is")
    await look(looks, daemon, "")
    assert (await look(looks, Daemon(), "")).earlier is None


async def test_a_private_field_is_not_remembered() -> None:
    looks = FieldLooks()
    await reported(looks, Daemon(hints=1 << 11))
    assert (await look(looks, Daemon(hints=1 << 11))).earlier is None


async def test_a_report_is_forgotten_once_a_text_was_committed() -> None:
    looks, daemon = FieldLooks(), Daemon()
    await reported(looks)
    await looks.learn_text("editor", daemon.field, 1.0, traits_only=False)
    await daemon.field.commit(" the end.")
    looks.note("editor", daemon.field)
    assert (await look(looks, Daemon())).earlier is None


@pytest.mark.parametrize("change", ["composition", "deletion"])
async def test_what_was_reported_of_a_change_is_not_remembered(change: str) -> None:
    looks, daemon = FieldLooks(), Daemon()
    await (daemon.field.show_composition("words") if change == "composition" else daemon.field.delete_before(1))
    await reported(looks, daemon)
    assert (await look(looks, Daemon())).earlier is None


async def test_a_report_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ibus_looks, "MAX_AGE_S", 0.0)
    looks = FieldLooks()
    await reported(looks)
    await asyncio.sleep(0)
    assert (await look(looks, Daemon())).earlier is None


async def test_a_commit_waits_less_for_a_field_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ibus_looks, "LOOK_TIMEOUT_S", 0.0)
    monkeypatch.setattr(ibus_looks, "KNOWN_TIMEOUT_S", 0.0)
    monkeypatch.setattr(ibus_looks, "REPORT_TIMEOUT_S", 60.0)
    looks = FieldLooks()
    await look(looks, Daemon())
    async with asyncio.timeout(10):
        await looks.learn_text("editor", Daemon().field, 60.0, traits_only=False)


async def test_a_program_without_reports_is_waited_for_less(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.paste.input_method.ibus.field.CHANGE_TIMEOUT_S", 0.0)
    monkeypatch.setattr(ibus_looks, "SILENT_TIMEOUT_S", 0.0)
    monkeypatch.setattr(ibus_looks, "REPORT_TIMEOUT_S", 60.0)
    looks, daemon = FieldLooks(), Daemon()
    await daemon.field.commit("One.")
    looks.note("editor", daemon.field)
    async with asyncio.timeout(10):
        await looks.learn_text("editor", Daemon().field, 60.0, traits_only=False)
