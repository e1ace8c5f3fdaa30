"""Emoji that are called by name, and those that are talked about."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import emoji
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.types import DictationContext
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.emoji import edit_emoji
from desktop.polish.rules.emoji_names import find_chinese, find_english
from desktop.polish.rules.pipeline import PolishRules

ONLY_FOR_A_CUE = """
import sys
from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules

rules = PolishRules()
for text in ("my heart is on fire", "我们走吧，他的表情很好"):
    rules(text, DictationContext())
assert "emoji" not in sys.modules
rules("heart emoji", DictationContext())
assert "emoji" in sys.modules
"""

WITHOUT_CHINESE = """
from desktop.polish.rules.emoji_names import find_chinese
assert find_chinese("笑脸") == "🙂" and find_chinese("番茄") is None
"""


def called(text: str, language: str = "") -> str:
    return apply_edits(text, edit_emoji(text, RuleContext(language)))[0]


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("thumbs up emoji", "👍"),
        ("Smiley Face Emoji.", "🙂"),
        ("Great job, thumbs up emoji.", "Great job 👍"),
        ("Great job. Thumbs up emoji.", "Great job. 👍"),
        ("great job thumbs up emoji", "great job 👍"),
        ("Great job, thumbs up emoji!", "Great job! 👍"),
        ("Great job! Thumbs up emoji!", "Great job! 👍"),
        ("Are you coming, thinking face emoji?", "Are you coming? 🤔"),
        ("Happy birthday, party popper emoji. See you there.", "Happy birthday 🎉 See you there."),
        ("Happy birthday, party popper emoji, see you there.", "Happy birthday 🎉, see you there."),
        ("Happy birthday party popper emoji see you there", "Happy birthday 🎉 see you there"),
        ("Thumbs up emoji, great job.", "👍 Great job."),
        ("I love you, heart emoji, heart emoji.", "I love you ❤️❤️"),
        ("heart emoji heart emoji fire emoji", "❤️❤️🔥"),
        ("Done (check mark emoji) and sent.", "Done (✅) and sent."),
        ("Status: rocket emoji", "Status: 🚀"),
        ("one line\nrocket emoji", "one line\n🚀"),
        ("thumbs up medium skin tone emoji", "👍🏽"),
        ("Thumbs up, medium, skin tone emoji.", "👍🏽"),
        ("dark skin tone clapping emoji", "👏🏿"),
        ("We won, flag of Germany emoji.", "We won 🇩🇪"),
        ("German flag emoji", "🇩🇪"),
        ("flag of the United States emoji", "🇺🇸"),
        ("Czech flag emoji", "🇨🇿"),
        ("no entry emoji", "⛔"),
        ("hundred percent emoji", "💯"),
        ("face with tears of joy emoji", "😂"),
        ("heart eyes emoji", "😍"),
        ("Great job! Thumbs up the moji!", "Great job! 👍"),
        ("Dinner is ready, pizza moji.", "Dinner is ready 🍕"),
        ("GREAT JOB THUMBS UP EMOJI", "GREAT JOB 👍"),
        ("buy milk, thumbs up emoji, and bread", "buy milk 👍, and bread"),
        ("Great job, thumbs up emoji, is it done?", "Great job 👍, is it done?"),
        ("thanks for the email heart emoji", "thanks for the email ❤️"),
        ("I passed the test party emoji", "I passed the test 🎉"),
        ("good night moon emoji", "good night 🌙"),
        ("great job thumbs up emoji new line see you", "great job 👍 new line see you"),
        ("讚表情符號", "👍"),
        ("加油，加油表情", "加油💪"),
        ("大拇指 emoji", "👍"),
        ("好的，爱心表情换行明天见", "好的❤️换行明天见"),
        ("笑脸表情", "🙂"),
        ("太好了，竖大拇指表情。", "太好了👍"),
        ("太好了，豎大拇指表情。", "太好了👍"),
        ("太好了，大拇指表情符號。", "太好了👍"),
        ("好的，爱心表情，爱心表情，明天见。", "好的❤️❤️，明天见。"),
        ("好的，爱心表情爱心表情。", "好的❤️❤️"),
        ("好的，笑哭emoji", "好的😂"),
        ("你来吗，思考表情？", "你来吗？🤔"),
        ("我们赢了，中国国旗表情", "我们赢了🇨🇳"),
        ("好的，thumbs up emoji。", "好的👍"),
    ],
)
def test_emoji_called_by_name_is_written(said: str, written: str) -> None:
    assert called(said) == written


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Emoji.",
        "emoji",
        "which emoji",
        "Send me an emoji.",
        "I never use emoji.",
        "No emoji, please.",
        "I like the fire emoji.",
        "The fire emoji is overused.",
        "The fire emoji, the heart emoji: I use both.",
        "the thumbs up emoji they use",
        "Thumbs up emoji reactions are enough.",
        "Fire emoji is overused.",
        "Heart emoji means yes.",
        "new heart emojis",
        "two heart emojis",
        "She sent a heart emoji.",
        "She sent three heart emoji.",
        "Send my favorite heart emoji.",
        "that big red heart emoji",
        "Use thumbs up emoji for yes, and heart emoji for no.",
        "You can react with heart emoji, fire emoji or clap emoji.",
        "Reply with thumbs up emoji.",
        "They called it crying emoji.",
        "Add heart emoji.",
        "What does thumbs up emoji mean?",
        "Is this a thinking face emoji?",
        "the word 'heart emoji' in quotes",
        '"fire emoji" is its name',
        "the emoji's meaning",
        "an emoji-based language",
        "The emoji movie was bad.",
        "open the emoji picker",
        "the emoji keyboard",
        "emoji domains",
        "new emoji",
        "Apple emoji",
        "He has a happy face. Emoji are fun.",
        "With a heart, emoji lose nothing.",
        "Unicorn startups, emoji and memes.",
        "my upside down smile emoji",
        "banana bread recipe emoji",
        "He texted fire emoji.",
        "Everyone just spammed fire emoji.",
        "We support cat emoji.",
        "Test cat emoji.",
        "Please fix heart emoji.",
        "People overuse fire emoji.",
        "Where's heart emoji?",
        "I'm dead emoji.",
        "It was so hot emoji.",
        "I feel sick emoji.",
        "It might rain emoji.",
        "Merry Christmas tree emoji",
        "I'm so happy smiling emoji.",
        "It was a happy face emoji moment.",
        "Our logo, rocket emoji, is nice.",
        "Thumbs up emoji question mark is its label.",
        "heart emoji and fire emoji",
        "emoji thumbs up",
        "They gave me a thumbs up.",
        "My heart is on fire.",
        "他一脸痛苦的表情。",
        "她露出惊讶的表情",
        "他做出惊讶表情。",
        "他的表情很严肃，我不喜欢这个表情。",
        "他的脸，表情严肃。",
        "面部表情",
        "笑脸表情很好看。",
        "我发了笑脸表情。",
        "我发了一个笑脸表情符号给你。",
        "用爱心表情符号。",
        "这个笑脸emoji不错",
        "表情包",
        "发个表情包，笑脸表情包。",
        "没有表情。",
        "面部表情，表情符号。",
        "表情符号笑脸",
        "开心，表情自然。",
        "竖起大拇指",
    ],
)
def test_emoji_talked_about_stays_words(text: str) -> None:
    assert called(text) == text


def test_one_emoji_talked_about_keeps_those_of_its_sentence() -> None:
    talk = "Fire emoji, heart emoji and the clap emoji are the same to me."
    assert called(talk) == talk
    assert called("The fire emoji is old. Heart emoji.") == "The fire emoji is old. ❤️"


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("great job thumbs up emoji", "Great job 👍"),
        ("i love you heart emoji heart emoji", "I love you ❤️❤️"),
        ("um well done, um, thumbs up emoji", "Well done 👍"),
        ("stop exclamation mark emoji", "Stop ❗"),
        ("thumbs up emoji period", "👍."),
        ("great job thumbs up emoji new line see you tomorrow", "Great job 👍\nSee you tomorrow."),
        ("great job new line thumbs up emoji", "Great job\n👍"),
        ("爱心表情句号", "❤️。"),
        ("太好了，爱心表情", "太好了❤️"),
    ],
)
def test_other_rules_leave_emoji_as_they_are(said: str, written: str) -> None:
    assert PolishRules()(said, DictationContext()).text == written
    assert PolishRules()(written, DictationContext()).text == written


@pytest.mark.parametrize("name", ["heart", "warning", "peace sign", "sun", "keycap 3", "rainbow flag"])
def test_emoji_have_the_form_that_shows_a_picture(name: str) -> None:
    assert "\ufe0f" in (find_english(name) or "")


def test_names_of_both_languages_are_found_in_cldr_and_in_the_table() -> None:
    assert find_english("FACE WITH TEARS OF JOY") == find_english("tears of joy") == "😂"
    assert find_chinese("笑哭了") == find_chinese("笑哭") == "😂"
    assert find_english("new") is find_english("nonsense") is find_chinese("胡说") is None


def test_emoji_package_is_imported_for_a_cue_alone() -> None:
    subprocess.run([sys.executable, "-c", ONLY_FOR_A_CUE], check=True)


def test_chinese_names_of_the_table_do_without_those_of_the_package(tmp_path: Path) -> None:
    shutil.copytree(Path(emoji.__file__).parent, tmp_path / "emoji", ignore=shutil.ignore_patterns("emoji_*.json"))
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}){WITHOUT_CHINESE}"
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.text(st.sampled_from("ab ,.!?\n表情符号笑脸心emoji🙂"), max_size=40), st.booleans())
def test_text_without_a_cue_never_changes(text: str, is_cased: bool) -> None:
    text = text.upper() if is_cased else text
    if "emoji" not in text.lower() and "表情" not in text:
        assert called(text) == text
    else:
        called(text)
