"""Chinese in the reader's script: by phrases, once, and never changing what has settled."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import Segment, Transcript
from desktop.stt.chinese_script import Script, ScriptConverter, choose_script, convert_to_script

SIMPLIFIED = "他的头发很长，皇后后来发现软件里面有鼠标。"
TRADITIONAL = "他的頭髮很長，皇后後來發現軟件裡面有鼠標。"

TAIWAN, ENGLISH = {"LANG": "zh_TW.UTF-8"}, {"LANG": "en_GB.UTF-8"}

ROOT = Path(__file__).parents[3]

MANIFEST = ROOT.parent / "shared/data/manifest.tsv"

chinese = st.text(st.sampled_from(sorted(set(SIMPLIFIED + TRADITIONAL + "这個台湾臺灣面麵只隻 OK,。"))))


def test_phrases_resolve_ambiguous_characters() -> None:
    assert convert_to_script(SIMPLIFIED, "zh", "traditional") == TRADITIONAL
    assert convert_to_script(TRADITIONAL, "zh", "simplified") == SIMPLIFIED


def test_traditional_text_is_not_read_as_simplified() -> None:
    assert convert_to_script("里長走了十公里", "zh", "traditional") == "里長走了十公里"
    assert convert_to_script("里长走了十公里", "zh", "traditional") == "里長走了十公里"
    assert convert_to_script("头髮在裡面", "zh", "traditional") == "頭髮在裡面"
    assert convert_to_script("后面", "zh", "traditional") == "後面"


@pytest.mark.parametrize("script", ["simplified", "traditional"])
@given(text=chinese)
def test_what_is_converted_stays_as_it_is(script: Script, text: str) -> None:
    once = convert_to_script(text, "zh", script)
    assert convert_to_script(once, "zh", script) == once


def test_cantonese_uses_hong_kong_characters() -> None:
    assert convert_to_script("佢喺里面讲说话", "yue", "traditional") == "佢喺裏面講説話"
    assert convert_to_script("佢喺裏面講說話", "yue", "simplified") == "佢喺里面讲说话"


def test_no_other_language_is_touched() -> None:
    for language in ("ja", "ko", "en", ""):
        assert convert_to_script("学校の頭髪", language, "traditional") == "学校の頭髪"
    assert convert_to_script("头發", "zh", "as_heard") == "头發"
    assert convert_to_script("plain words", "zh", "traditional") == "plain words"


@pytest.mark.parametrize(
    ("locale", "zh", "yue"),
    [
        ("zh_TW.UTF-8", "traditional", "traditional"),
        ("zh_HK", "traditional", "traditional"),
        ("zh_MO.UTF-8", "traditional", "traditional"),
        ("zh_Hant_SG.UTF-8", "traditional", "traditional"),
        ("yue_HK.UTF-8", "traditional", "traditional"),
        ("zh_CN.UTF-8", "simplified", "simplified"),
        ("zh_SG", "simplified", "simplified"),
        ("de_DE.UTF-8@euro", "simplified", "as_heard"),
        ("C.UTF-8", "simplified", "as_heard"),
        ("", "simplified", "as_heard"),
    ],
)
def test_auto_goes_by_the_systems_locale(locale: str, zh: Script, yue: Script) -> None:
    assert choose_script("auto", "zh", {"LANG": locale}) == zh
    assert choose_script("auto", "yue", {"LANG": locale}) == yue


def test_a_choice_and_the_stronger_variable_win() -> None:
    assert choose_script("simplified", "zh", TAIWAN) == "simplified"
    assert choose_script("traditional", "yue", ENGLISH) == "traditional"
    assert choose_script("auto", "zh", {"LC_ALL": "zh_TW", "LANG": "zh_CN"}) == "traditional"
    assert choose_script("auto", "zh", {"LC_ALL": "", "LC_CTYPE": "zh_CN", "LANG": "zh_TW"}) == "simplified"


@given(text=chinese, cuts=st.lists(st.integers(0, 40), max_size=5))
def test_settled_text_never_changes(text: str, cuts: list[int]) -> None:
    written, settled = ScriptConverter("auto", TAIWAN), ""
    for cut in [*sorted(cuts), len(text)]:
        shown = written(Transcript(text, min(cut, len(text)), "zh"))
        assert shown.text.startswith(settled)
        settled = shown.text[: shown.stable_length]
    assert settled == shown.text
    assert convert_to_script(shown.text, "zh", "simplified") == convert_to_script(text, "zh", "simplified")


def test_phrase_settled_in_halves_keeps_first_as_shown() -> None:
    written = ScriptConverter("auto", TAIWAN)
    first = written(Transcript("他的头", 3, "zh"))
    assert written(Transcript("他的头发", 4, "zh")).text.startswith(first.text)


def test_spoken_texts_round_trip_between_scripts() -> None:
    if not MANIFEST.exists():
        pytest.skip("the shared speech is not here")
    with MANIFEST.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        texts = [row["text"] for row in rows if row["lang"].startswith("zh") and row["text"]]
    assert texts
    for text in texts:
        simplified, traditional = (
            convert_to_script(text, "zh", "simplified"),
            convert_to_script(text, "zh", "traditional"),
        )
        assert convert_to_script(traditional, "zh", "traditional") == traditional
        assert convert_to_script(simplified, "zh", "simplified") == simplified
        assert convert_to_script(traditional, "zh", "simplified") == simplified


def test_the_segments_are_written_alike() -> None:
    heard = Transcript("头发", 2, "zh", (Segment(0.0, 1.0, "头发"),))
    assert ScriptConverter("auto", TAIWAN)(heard) == Transcript("頭髮", 2, "zh", (Segment(0.0, 1.0, "頭髮"),))
    assert ScriptConverter("auto", ENGLISH)(heard) == heard


def test_threads_convert_at_the_same_time() -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: convert_to_script(SIMPLIFIED, "zh", "traditional"), range(200)))
    assert found == {TRADITIONAL}


CONVERT = """\
from desktop.stt.chinese_script import convert_to_script
print(ascii(convert_to_script("頭髮", "zh", "simplified")))
"""


def test_text_without_dictionaries_stays_as_heard(tmp_path: Path) -> None:
    spec = find_spec("opencc")
    assert spec is not None
    shutil.copytree(Path(str(spec.origin)).parent, tmp_path / "opencc")
    shutil.rmtree(tmp_path / "opencc/clib/share")
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}
    ran = subprocess.run([sys.executable, "-c", CONVERT], env=environ, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ascii("頭髮")
