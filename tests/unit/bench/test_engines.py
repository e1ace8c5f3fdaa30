"""The figures of models side by side, and their plot."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.bench.engines import EngineTake, _add_take, _read_takes, _turn, build_engines_report, format_engines
from desktop.bench.svg_plot import draw_engines, render_engines, require_svg
from desktop.core.errors import UserError

MODELS = ("base", "moonshine-base")
TAKES = [
    EngineTake("a", "base", 1, 4.0, 300.0, 900.0, "one two", 1, 10),
    EngineTake("a", "moonshine-base", 1, 4.0, 200.0, 700.0, "one two", 0, 10),
    EngineTake("b", "base", 1, 12.0, 500.0, None, "three", 2, 10),
    EngineTake("b", "moonshine-base", 1, 12.0, None, None, "", 10, 10),
]


def report() -> dict[str, object]:
    return build_engines_report(TAKES, MODELS, 1, {"base": {"device": "cpu"}}, {"base": 160.0})


def test_figures_are_of_each_model() -> None:
    base, moonshine = report()["engines"]  # type: ignore[misc]
    assert (base["takes"], base["empty"], base["wer_percent"]) == (2, 0, 15.0)
    assert (base["release_p50_ms"], base["private_mb"], base["device"]) == (400.0, 160.0, "cpu")
    assert (moonshine["takes"], moonshine["empty"], moonshine["wer_percent"]) == (2, 1, 50.0)
    assert [(row["length_s"], row["takes"]) for row in base["lengths"]] == [(4.0, 1), (12.0, 1)]


def test_text_names_each_model() -> None:
    text = format_engines(report())
    assert "Whisper base" in text
    assert "Moonshine base" in text


def test_another_model_comes_first_each_time() -> None:
    assert [_turn(MODELS, number) for number in range(3)] == [
        ["base", "moonshine-base"],
        ["moonshine-base", "base"],
        ["base", "moonshine-base"],
    ]


def test_takes_are_resumed_by_seed(tmp_path: Path) -> None:
    out = tmp_path / "takes.jsonl"
    hashed = [replace(take, sha256="1", device="cpu", model_sha256="2") for take in TAKES[:2]]
    others = [replace(hashed[0], **{name: "other"}) for name in ("sha256", "device", "model_sha256")]
    for take in [TAKES[2], *hashed, *others]:
        _add_take(out, take)
    with out.open("a") as file:
        file.write('{"path": "c", "mod')
    assert list(_read_takes(out, 1).values()) == [*hashed, *others], "and none whose recording is not known"
    assert _read_takes(out, 2) == {}
    assert _read_takes(tmp_path / "none", 1) == {}


def test_plot_is_svg_with_a_line_for_each_model(tmp_path: Path) -> None:
    root = ElementTree.fromstring(render_engines(report()))
    names = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Whisper base", "Moonshine base", "key-up to text, ms", "word error rate, %"} <= set(names)
    assert len(list(root.iter("{http://www.w3.org/2000/svg}polyline"))) == 4
    assert len(list(root.iter("{http://www.w3.org/2000/svg}circle"))) == 3
    draw_engines(report(), tmp_path / "plot.svg")
    assert (tmp_path / "plot.svg").read_text().startswith("<svg")


@pytest.mark.parametrize("name", ["plot.png", "missing/plot.svg"])
def test_plot_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError):
        require_svg(tmp_path / name)
