"""What the full-count proofs measure with: material that a seed determines, and results that outlive a kill."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from desktop.core.types import RATE_HZ, Audio
from tests.conftest import Clip as SpokenClip
from tests.prove import corpus, edges, engines, history, nothing, recordings, words
from tests.prove.__main__ import PROOFS
from tests.prove.corpus import GAP_S, LONGEST_S, SHORTEST_S, SNR_DB, joined, let_go, noise_for, planned
from tests.prove.noise import floor_of
from tests.prove.quiet import at_peak
from tests.prove.record import Lines, Run
from tests.prove.recordings import Clip, power, recorded, sound, speech_power
from tests.prove.seams import seams
from tests.prove.whisper import whispered


@pytest.fixture
def sentences(clips: list[SpokenClip]) -> list[Clip]:
    """Five sentences of real speech, as the corpus knows clips."""
    return [Clip(c.path, "en", "austen", c.text, soundfile.info(c.path).duration) for c in clips]


def many(kind: str, count: int) -> list[Clip]:
    """Clips of which only the length matters, by four speakers."""
    lengths = np.random.default_rng(9).uniform(1.8, 18, count)
    return [Clip(Path(f"{i:02}"), kind, str(i * 4 // count), f"word {i}", float(s)) for i, s in enumerate(lengths)]


def all_bytes(audio: Audio) -> str:
    return hashlib.sha256(audio.tobytes()).hexdigest()


def pitch(audio: Audio) -> float:
    """The autocorrelation's highest peak between 60 and 400 Hz, the mean over the louder frames of 40 ms."""
    frames = audio[: len(audio) // 640 * 640].reshape(-1, 640).astype(np.float64)
    energy = (frames**2).sum(axis=1)
    loud = frames[energy > np.percentile(energy, 60)]
    r = np.fft.irfft(np.abs(np.fft.rfft(loud - loud.mean(axis=1, keepdims=True), 2048)) ** 2)
    return float((r[:, 40:267] / r[:, :1]).max(axis=1).mean())


def test_the_help_names_each_proof_by_itself() -> None:
    told = subprocess.run([sys.executable, "-m", "tests.prove", "--help"], capture_output=True, text=True, check=True)
    assert set(PROOFS) <= {line.split()[0] for line in told.stdout.splitlines() if line.startswith("  ")}


@pytest.mark.parametrize("way", range(1, 40))
def test_plan_uses_each_clip_once_within_length_limits(way: int) -> None:
    given = [*many("en", 40), *many("en-l2", 30), *many("long", 20)]
    plans = planned(given, way)
    assert sorted(clip.path for plan in plans for clip in plan.clips) == sorted(clip.path for clip in given)
    assert all(SHORTEST_S <= plan.seconds <= LONGEST_S for plan in plans)
    assert all(GAP_S[0] <= gap <= GAP_S[1] for plan in plans for gap in plan.gaps_s)
    assert len({plan.name for plan in plans}) == len(plans)


def test_plan_of_engines_is_shorter_and_can_mix_speakers() -> None:
    given = [*many("en", 40), *many("long", 20)]
    plain, mixed = (planned(given, 1, engines.LONGEST_S, mixed=mixed) for mixed in (False, True))
    for plans in (plain, mixed):
        assert sorted(clip.path for plan in plans for clip in plan.clips) == sorted(clip.path for clip in given)
        assert all(SHORTEST_S <= plan.seconds <= engines.LONGEST_S for plan in plans)
    changes = [
        sum(a.speaker != b.speaker for plan in plans for a, b in pairwise(plan.clips)) for plans in (plain, mixed)
    ]
    assert changes[0] < 8 < changes[1]


def test_chapters_stay_in_order_and_variants_differ() -> None:
    given = [*many("en", 40), *many("long", 20)]
    ways = [planned(given, way) for way in (1, 2, 3)]
    for plans in ways:
        said = [clip for plan in plans for clip in plan.clips if clip.kind == "long"]
        for speaker in {clip.speaker for clip in said}:
            paths = [clip.path for clip in said if clip.speaker == speaker]
            assert paths == sorted(paths)
    assert planned(given, 1) == ways[0]
    assert ways[0] != ways[1] != ways[2] != ways[0]


def heard_line(part: str, key: str, **other: object) -> dict[str, object]:
    counts = {"words": 100, "edits": 10, "deletions": 2, "insertions": 1, "heard": 99, "marks": 500}
    state = {"looped": False, "lost_tail": False, "guards": [], "windows_s": [6.0, 7.0]}
    return {"key": f"{part} {key} x", "seconds": 40.0, "delay_ms": 100.0, "decode_s": 4.0, **counts, **state, **other}


def engine_lines(**first: dict[str, object]) -> dict[str, dict[str, list[dict[str, object]]]]:
    """The same results of two engines in every part, but for what `first` says of the first in a part."""
    keys = {part: ["en/a", "long/b"] for part in ("clips", "joined", "mixed")}
    keys |= {"around": [f"{name}/a" for name in engines.AROUND], "nothing": ["room/000"]}
    silent = {"heard": 0, "marks": 0}
    lines = {}
    for part, of in keys.items():
        plain = silent if part == "nothing" else {}
        short = {"seconds": 5.0} if part == "clips" else {}
        lines[part] = {
            "mine": [heard_line(part, key, **{**plain, **short, "edits": 8, **first.get(part, {})}) for key in of],
            "base": [heard_line(part, key, **plain, **short) for key in of],
        }
    return lines


@pytest.mark.parametrize(
    ("part", "worse", "bars"),
    [
        ("clips", {}, set()),
        ("joined", {"edits": 9}, {"en_wer"}),
        ("joined", {"edits": 11}, {"en_wer", "long_wer"}),
        ("joined", {"lost_tail": True}, {"lost_tails"}),
        ("mixed", {"looped": True}, {"loops"}),
        ("joined", {"deletions": 3}, {"deletions"}),
        ("clips", {"delay_ms": 700.0}, {"delay_p50", "delay_p95"}),
        ("joined", {"delay_ms": 140.0}, {"delay_slope"}),
        ("around", {"heard": 0}, {"around"}),
        ("nothing", {"marks": 1}, {"nothing"}),
    ],
)
def test_bars_of_engines_are_missed_by_what_is_worse(part: str, worse: dict[str, object], bars: set[str]) -> None:
    found = engines.summed(engine_lines(**{part: worse}), ("mine", "base"), 1)
    assert {name for name, met in found["bars"].items() if not met} == bars
    assert found["ok"] is not bool(bars)


def test_part_of_engines_heard_alone_has_no_bars() -> None:
    found = engines.summed({"joined": engine_lines()["joined"]}, ("mine", "base"), 1)
    assert found["joined"]["en"]["mine"]["wer"] == 8.0
    assert not found.keys() & {"clips", "around", "nothing", "bars", "ok"}


def test_silence_is_put_around_and_into_a_clip(sentences: list[Clip]) -> None:
    clip = sentences[0]
    plain = len(sound(clip))
    for seconds in engines.AROUND.values():
        made = engines.quieted(clip, *seconds, np.random.default_rng(1))
        assert len(made) - plain == round(sum(seconds) * RATE_HZ)
    before = engines.quieted(clip, 3.0, 0.0, 0.0, np.random.default_rng(1))
    assert speech_power(before[: 3 * RATE_HZ]) < speech_power(before[3 * RATE_HZ :]) / 100


def test_noise_is_10_db_below_speech_and_fills_gaps(sentences: list[Clip]) -> None:
    said = corpus.Dictation(1, 0, tuple(sentences), (1.0, 0.5, 0.5, 0.5))
    clean = joined(said)
    assert len(clean) / RATE_HZ == pytest.approx(said.seconds, abs=0.01)
    noise = noise_for(said, clean)
    snr_db = 10 * np.log10(speech_power(clean.astype(np.float32)) / (noise**2).mean())
    assert snr_db == pytest.approx(SNR_DB, abs=0.1)
    start = round(sentences[0].seconds * RATE_HZ)
    gap = power(recorded(clean[start : start + RATE_HZ]))
    assert gap.min() > 0
    assert 10 * np.log10(gap.mean()) < corpus.LEVEL_DB - 20
    assert all_bytes(recorded(joined(said) + noise)) == all_bytes(recorded(clean + noise_for(said, clean)))


def test_noise_floor_matches_the_recordings_pauses() -> None:
    rng = np.random.default_rng(3)
    audio = (rng.standard_normal(4 * RATE_HZ) * 0.001).astype(np.float32)
    audio[RATE_HZ : 2 * RATE_HZ] *= 100
    made = floor_of(audio, 2 * RATE_HZ, rng)
    assert len(made) == 2 * RATE_HZ
    assert 20 * np.log10(np.sqrt((made**2).mean())) == pytest.approx(-60, abs=1)


def test_nothing_has_100_clips_with_every_kind_first() -> None:
    kinds = nothing.kinds()
    assert len(kinds) == 100
    assert set(kinds[: len(nothing.KINDS)]) == set(nothing.KINDS)


@pytest.mark.parametrize("kind", sorted(set(nothing.KINDS) - {"music"}))
def test_a_seed_determines_every_byte_of_a_clip(kind: str) -> None:
    index = nothing.kinds().index(kind)
    made = nothing.clip(1, index)
    assert nothing.LENGTH_S[0] <= len(made) / RATE_HZ <= nothing.LENGTH_S[1]
    assert np.abs(made).max() <= 1
    assert all_bytes(made) == all_bytes(nothing.clip(1, index))
    assert all_bytes(made) != all_bytes(nothing.clip(2, index))


def test_a_seed_determines_the_music_that_is_played() -> None:
    from tests.prove.music import midi

    first, again, other = (midi(np.random.default_rng(seed), 10) for seed in (1, 1, 2))
    assert first == again != other
    assert first.startswith(b"MThd\0\0\0\6\0\0\0\1")
    track = first.index(b"MTrk")
    assert int.from_bytes(first[track + 4 : track + 8]) == len(first) - track - 8
    assert first.endswith(b"\xff\x2f\x00")


def test_whispered_clip_keeps_loudness_without_pitch(sentences: list[Clip]) -> None:
    voiced = sound(sentences[0])
    made = whispered(voiced, np.random.default_rng(1))
    assert pitch(voiced) > 0.6
    assert pitch(made) < 0.35
    assert len(made) == len(voiced)
    assert 10 * np.log10((made**2).mean() / (voiced**2).mean()) == pytest.approx(0, abs=2)
    loudness = [np.log(power(audio, 800) + 1e-9) for audio in (voiced, made)]
    assert np.corrcoef(*loudness)[0, 1] > 0.8
    assert all_bytes(made) == all_bytes(whispered(voiced, np.random.default_rng(1)))


def test_quiet_clip_has_given_peak_and_16_bit_steps(sentences: list[Clip]) -> None:
    made = at_peak(sound(sentences[0]), -40) * 32768
    assert np.abs(made).max() == pytest.approx(327.68, abs=1)
    assert np.array_equal(made, np.round(made))


def test_a_key_let_go_early_ends_the_recording_after_the_last_word() -> None:
    rng = np.random.default_rng(1)
    sound = np.concatenate([rng.normal(0, 0.1, RATE_HZ), rng.normal(0, 1e-4, RATE_HZ)])
    assert len(let_go(sound)) == round(1.2 * RATE_HZ)


def test_speech_edges_are_found_and_padded_with_noise(sentences: list[Clip]) -> None:
    audio = sound(sentences[0])
    first, last = edges.span(audio)
    made, seconds = edges.take(sentences[0], np.random.default_rng(1))
    assert 0 < first < RATE_HZ
    assert last <= len(audio)
    assert seconds == (last - first) / RATE_HZ
    lead = round(edges.LEAD_S * RATE_HZ)
    assert np.array_equal(made[lead : lead + last - first], recorded(audio[first:last]))
    before, speech = power(made[:lead]).mean(), power(made[lead : lead + 1600]).mean()
    assert speech > 10 * before > 0


def test_killed_run_resumes_and_new_code_starts_over(tmp_path: Path) -> None:
    path, about = tmp_path / "a-1.jsonl", {"seed": 1, "code": "aaa"}
    lines = Lines(path, about)
    lines.add("one", {"words": 3})
    with path.open("a") as file:
        file.write('{"key": "tw')
    again = Lines(path, about)
    assert again["one"]["words"] == 3
    assert "two" not in again
    again.add("two", {"words": 4})
    assert [json.loads(line).get("key") for line in path.read_text().splitlines()] == [None, "one", "two"]
    assert "one" not in Lines(path, {"seed": 1, "code": "bbb"})
    assert (tmp_path / "a-1.aaa.jsonl").is_file()


def test_missing_recordings_error_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTONE_DATA", str(tmp_path))
    with pytest.raises(recordings.Absent, match=str(tmp_path)):
        recordings.clips()


def test_recording_without_a_speech_edge_is_not_whole(sentences: list[Clip]) -> None:
    played, seconds = edges.take(sentences[0], np.random.default_rng(1))
    first, last = round(edges.LEAD_S * RATE_HZ), round((edges.LEAD_S + seconds) * RATE_HZ)
    assert edges.whole(played[first - 6000 : last + 3000], played, seconds)
    assert not edges.whole(played[first + 400 : last + 3000], played, seconds)
    assert not edges.whole(played[first - 6000 : last - 400], played, seconds)


@pytest.mark.parametrize(
    ("pieces", "found"),
    [
        (["the quick brown", "fox jumps over", "the lazy dog"], [(3, 0, 0), (6, 0, 0)]),
        (["the quick brown", "jumps over", "the lazy dog"], [(3, 1, 0), (5, 0, 0)]),
        (["the quick brown fox", "fox jumps over", "the lazy dog"], [(4, 0, 1), (7, 0, 0)]),
        (["the quick brown", "", "the lazy dog"], [(3, 3, 0), (3, 3, 0)]),
        (["the brown fox jumps", "over the very lazy dog"], [(4, 0, 0)]),
    ],
)
def test_seams_count_lost_and_doubled_words(pieces: list[str], found: list[tuple[int, int, int]]) -> None:
    whole = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]
    counted = seams(whole, [piece.split() for piece in pieces])
    assert [(seam.at, seam.lost, seam.doubled) for seam in counted] == found


def test_history_proof_runs_every_query_on_given_rows(tmp_path: Path) -> None:
    found = history.prove(Run("history", 1, 300, tmp_path))
    assert (found["rows"], found["search"]["n"], found["page_of_50"]["n"], found["insert"]["n"]) == (300, 200, 7, 100)
    kinds = [found[kind]["n"] for kind in ("one_character", "two_characters", "filtered")]
    assert min(kinds) >= 20


def test_halves_of_own_words_share_none_and_strangers_are_not_said() -> None:
    texts = ("the alabaster ferry and the ferry", "the alabaster zeppelin", "a walnut pergola", "the gazebo again")
    said = [
        words.Item(str(at), "real", words.HALVES[at % 2], text, lambda: np.zeros(1, np.float32))
        for at, text in enumerate(texts)
    ]
    often = {"ferry": 3, "walnut": 1, "tarpaulin": 2, "marmalade": 1, "verandah": 1, "bassoon": 2, "again": 9}
    found = words.lists(said, often)
    assert found["real", "chosen"].own == ("alabaster", "walnut", "pergola")
    assert found["real", "judged"].own == ("zeppelin", "gazebo")
    strangers = [*found["real", "chosen"].strangers, *found["real", "judged"].strangers]
    assert sorted(strangers) == ["bassoon", "marmalade", "tarpaulin", "verandah"]
    assert not {*found["spoken", "chosen"].all} & {*found["spoken", "judged"].all}
    assert len(found["spoken", "judged"].all) == 2 * len(found["spoken", "judged"].own)


def test_spoilt_own_word_counts_apart_from_one_heard_wrongly() -> None:
    item = words.Item("", "spoken", "judged", "ask Bartley about Kubernetes", lambda: np.zeros(1, np.float32))
    own = words.WordList(("Kubernetes",), ("Bartleby",))

    def mend(text: str) -> tuple[str, list[tuple[str, str]]]:
        return "ask Bartleby about Kubernetes", [("Bartley", "Bartleby"), ("kubernetis", "Kubernetes")]

    line = words.measured(item, "ask Bartley about kubernetis", own, mend)
    assert (line["right"], line["own"], line["changed"], line["wrong"], line["spoilt"]) == (1, 1, 2, 1, 1)
    line = words.measured(item, "ask Bartlee about kubernetis", own, None)
    assert (line["right"], line["changed"], line["edits"]) == (0, 0, 2)


def test_word_written_as_one_was_said_as_two() -> None:
    assert words.was_said("shopboy", "having been a shop boy")
    assert words.was_said("Bartley", "ask Bartley now")
    assert not words.was_said("shoppy", "having been a shop boy")


@pytest.mark.parametrize(
    ("changed", "is_met"),
    [({}, True), ({"wrong": 3}, False), ({"spoilt": 1}, False), ({"wer": 10.1}, False), ({"right": 108}, False)],
)
def test_bar_of_own_words_counts_what_is_wrong(changed: dict[str, float], is_met: bool) -> None:
    none = {"right": 100, "wrong": 0, "spoilt": 0, "wer": 10.0}
    mended = {"right": 120, "wrong": 2, "spoilt": 0, "wer": 9.0}
    assert words.is_met(none, {**mended, **changed}) is is_met


def test_rule_is_measured_with_its_guard() -> None:
    assert words.by_rule(("Kubernetes",))("on kubernetis") == ("on Kubernetes", [("kubernetis", "Kubernetes")])
    assert words.by_matcher(("Kubernetes",), 0.0)("on kubernetis") == ("on kubernetis", [])
