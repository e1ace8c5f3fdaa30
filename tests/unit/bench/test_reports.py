"""From what was measured to what is reported, and how it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.bench import accuracy, memory, plot, release
from desktop.bench.dataset import ItemResult
from desktop.bench.memory import MemorySample
from desktop.bench.release import ReleaseMeasurement
from desktop.core.errors import UserError
from desktop.core.table import format_table

MACHINE = {"model": "base", "device": "cpu", "cpus": 2}

TAKES = [
    ReleaseMeasurement(length, length - 0.2, ours, 1000 * length / 10, 900.0, ours, 0)
    for length in (3.0, 30.0, 120.0)
    for ours in (200.0, 300.0, 400.0)
]


def heard(path: str, reference: str, streaming: str, batch: str, lang: str = "en", cased: str = "") -> ItemResult:
    return ItemResult(path, "base", 0, lang, reference, cased, streaming, batch, 3.0)


def test_latency_by_length_overall_and_slope() -> None:
    report = release.build_release_report(TAKES, late_s=0.3, seed=0, conditions=MACHINE)
    assert [row["length_s"] for row in report["lengths"]] == [3, 30, 120]
    assert report["lengths"][1] == {
        "length_s": 30.0,
        "takes": 3,
        "silent": 0,
        "streaming_p50_ms": 300.0,
        "streaming_p95_ms": 390.0,
        "batch_p50_ms": 3000.0,
        "batch_p95_ms": 3000.0,
        "batch_over_streaming": 10.0,
        "first_partial_p50_ms": 900.0,
    }
    assert report["overall"]["streaming_p50_ms"] == 300
    assert report["slope_ms_per_s"]["value"] == 0
    assert report["late_ms"] == 300
    assert len(report["takes"]) == 9


def test_recording_without_words_in_no_percentile() -> None:
    silent = ReleaseMeasurement(3.0, 2.8, None, 500.0, None, None, 0)
    report = release.build_release_report([silent, *TAKES[:3]], late_s=0, seed=0, conditions=MACHINE)
    assert report["overall"]["silent"] == 1
    assert report["overall"]["streaming_p50_ms"] == 300
    assert report["slope_ms_per_s"] is None
    assert "In 1 takes no word was recognized" in release.format_release(report)
    assert "Slope: one length alone has none." in release.format_release(report)


def test_nothing_but_silence_is_a_report_too() -> None:
    report = release.build_release_report(
        [ReleaseMeasurement(3.0, 2.8, None, 500.0, None, None, 0)], late_s=0, seed=0, conditions=MACHINE
    )
    assert report["overall"]["streaming_p50_ms"] is None
    assert report["overall"]["batch_over_streaming"] is None
    assert " - " in release.format_release(report)


def test_a_plot_is_a_png_file(tmp_path: Path) -> None:
    path = tmp_path / "latency.png"
    plot.draw_plot(release.build_release_report(TAKES, late_s=0.3, seed=0, conditions=MACHINE), path)
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["latency.svg", "nowhere/latency.png"])
def test_unwritable_plot_refused_beforehand(tmp_path: Path, name: str) -> None:
    with pytest.raises(UserError, match=r"in a folder that exists"):
        plot.require_plotting(tmp_path / name)


def test_errors_by_language_with_lost_and_doubled() -> None:
    said = [
        heard("a", "we met in the old town", "we met in", "We met in the old town.", cased="We met in the old town."),
        heard("b", "i will go home", "I will go, I will go home.", "I will go home."),
        heard("c", "你好世界", "你好世", "你好世界", lang="zh"),
        heard("d", "", "", ""),
    ]
    report = accuracy.build_accuracy_report(said, failed=1, seed=0, conditions=MACHINE)
    english, chinese = report["languages"]
    assert (english["metric"], english["files"], english["reference_words"]) == ("wer", 3, 10)
    assert (english["streaming_percent"], english["batch_percent"]) == (60.0, 0.0)
    assert english["difference_percent"]["value"] == 60.0
    assert english["exact_batch_percent"] == 100.0
    assert english["exact_streaming_percent"] == pytest.approx(33.333)
    assert (english["lost_tail"], english["doubled"]) == (1, 1)
    assert english["cased"]["files"] == 1
    assert english["cased"]["batch_percent"] == 0.0
    assert english["cased"]["streaming_percent"] == pytest.approx(66.667)  # "We" and three words
    assert (chinese["metric"], chinese["reference_words"], chinese["streaming_percent"]) == ("cer", 4, 25.0)
    assert chinese["cased"] is None
    assert report["flagged"] == [
        {"path": "a", "lost_tail": True, "doubled": []},
        {"path": "b", "lost_tail": False, "doubled": ["i will go"]},
        {"path": "c", "lost_tail": True, "doubled": []},
    ]
    text = accuracy.format_accuracy(report)
    assert "a: its end is lost" in text
    assert "b: i will go" in text
    assert "1 files could not be measured." in text


def test_no_file_at_all_is_a_report_too() -> None:
    report = accuracy.build_accuracy_report([], failed=2, seed=0, conditions=MACHINE)
    assert report["languages"] == []
    assert "2 files could not be measured." in accuracy.format_accuracy(report)


@pytest.mark.parametrize(
    ("a_minute_mb", "flat", "verdict"),
    [(0.0, True, "Flat after the first minute"), (3.8, False, "It grows after the first minute: app +3.80 MB")],
)
def test_memory_that_keeps_the_sound_is_not_flat(a_minute_mb: float, flat: bool, verdict: str) -> None:
    samples = [MemorySample(at_s, 100 + a_minute_mb * at_s / 60, 500.0) for at_s in range(0, 190, 10)]
    report = memory.build_memory_report(samples, seed=0, conditions=MACHINE)
    assert report["flat"] is flat
    assert report["slope_mb_per_min"]["app"]["value"] == pytest.approx(a_minute_mb)
    assert report["model_peak_mb"] == 500
    assert verdict in memory.format_memory(report)


def test_memory_growth_needs_two_late_samples() -> None:
    growing = [MemorySample(at_s, 100 + at_s, 500.0) for at_s in (0.0, 10.0, 20.0, 30.0, 60.0)]
    report = memory.build_memory_report(growing, seed=0, conditions=MACHINE)
    assert report["flat"] is None
    assert "Too short to say" in memory.format_memory(report)
    assert (
        memory.build_memory_report([*growing, MemorySample(70.0, 160.0, 500.0)], seed=0, conditions=MACHINE)["flat"]
        is True
    )


def test_chinese_takes_two_cells_of_a_column() -> None:
    assert format_table(("ms", "首字节"), [("保持", 12), ("openai", None)]).splitlines() == [
        "ms      首字节",
        "保持        12",
        "openai       -",
    ]


def test_columns_are_aligned_and_nothing_is_a_dash() -> None:
    assert format_table(("take", "ms"), [("3 s", 1234.5), ("long", None), ("x", 0.125)]).splitlines() == [
        "take    ms",
        "3 s   1234",
        "long     -",
        "x     0.12",
    ]
