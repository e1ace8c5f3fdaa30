"""Find fillers, repeats and corrections in Chinese, which has no spaces and so no words to compare.

Everything is found between marks and by characters of few kinds. In doubt the text stays: Chinese doubles syllables on
purpose (看看, 谢谢, 慢慢, 研究研究, 高高兴兴), its fillers are words elsewhere (这个, 那个, 啊), and 不是 contrasts far
more often than it corrects. Traditional characters are read as the simplified ones, position by position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from desktop.core.text import HAN
from desktop.polish.rules.edit import RuleEdit

_NEEDED_CONFIDENCE = {"careful": 0.7, "thorough": 0.3}
"""How sure a removal must be, in the two modes of `RuleContext.removals`."""
_DOUBTFUL, _UNLIKELY = 0.5, 0.1

_TO_SIMPLIFIED = str.maketrans(
    "個對說應該錯點號塊週們這還樣後禮東買賣給覺為麼邊紅藍黃綠訂見來兩萬億幾問請煩沒額嗎誤幫媽愛確認時間關係氣題",
    "个对说应该错点号块周们这还样后礼东买卖给觉为么边红蓝黄绿订见来两万亿几问请烦没额吗误帮妈爱确认时间关系气题",
)

_EDGE = r"(?:\A|(?<=[\s，,。！？!?；;：:、…\n“「]))"
_MARK = r"[，,、…\s]"

_BEFORE_FILLER = "我你您他她它们咱想要这那的了是就个以果为么后能会在去说和跟到不也都没把帮天该样里候些"
"""After one of these, 额 is a sound; after others it may end a word, as in 名额."""

_FILLER = re.compile(
    rf"(?:{_EDGE}(?:(?<!嗯)嗯(?!嗯|哼|{_MARK}*(?:好|对|是|可以|行|没|知道|不|明白|应该|\Z|[。！？!?/]))|额+(?={_MARK})"
    rf"|[啊唔哦噢](?={_MARK}*[呃嗯额]))(?:{_MARK}|\.{{2,}}(?!\.))*)+"
    rf"|(?<![哼呃])呃(?![逆声])(?:呃|{_MARK}|\.{{2,}}(?!\.))*(?![。！？!?])"
    rf"|(?<=[，,])啊[，,]"
    rf"|{_EDGE}(?:那个{_MARK}*)+(?:(?<=[，,、…\s])(?=[我你您咱请帮]|麻烦)|(?=请问|不好意思|我想问))(?![我你您咱们]*都)"
    rf"|{_EDGE}(?P<same>这个|那个)(?!{_MARK}*(?:(?P=same){_MARK}*)++[都也全还])"
    rf"{_MARK}*(?:(?P=same){_MARK}*)+(?<=[，,、…\s])"
    rf"|{_EDGE}(?!(?:(?:这个|那个){_MARK}*)++[我你您他她咱们]*[都也全还])"
    rf"(?:(?:这个|那个){_MARK}*){{2,}}(?<=[，,、…\s])"
)
"""Sounds anywhere, and filler words only at the edge of a clause, set off by a mark."""

_REPEAT = re.compile(
    rf"{_EDGE}(?P<own>我们|你们|他们|她们|咱们|我想|我要|我觉得|[我你您他她它咱这那])(?P=own)+(?<!那那(?=[个些边里位种天次么]))"
    rf"(?<!他他(?=妈的))(?=[{HAN}])"
    rf"|(?P<link>因为|所以|但是|然后|如果|这个|那个)(?P=link)+(?=[{HAN}])(?![和跟与呢])"
    rf"|(?P<pause>(?:(?![呃嗯额啊])[{HAN}]){{1,8}})"
    rf"(?:[，,、…\s]*[呃嗯]+|(?:[，,、…\s]+|(?<=[{_BEFORE_FILLER}])|(?<=觉得))额+(?![头角外度]))[，,、…\s]*(?P=pause)(?!(?<=的)确(?![认定]))"
    rf"|{_EDGE}(?P<begun>[{HAN}]{{2,8}}[^\W了吧啊呢吗呀哦的])(?P=begun)(?!(?P=begun))(?=[{HAN}])"
)
_SPOKEN_BREAKS = ("新段落", "另起一段", "另起一行", "下一行", "换一行")
"""Spoken line breaks, which may be repeated on purpose."""

_POLITE_PHRASES = ("对不起", "没关系", "不好意思", "等一下", "不客气", "慢慢来", "没问题")
"""Polite phrases, which may be repeated on purpose."""

_MISSED = re.compile("[你您他她它们妈爸家]")
"""What follows 我想我想 where it says what is missed."""

_SUBJECT_OPENING = re.compile("[我你您他她它这那]|因为|所以|但是|如果|然后")
_COMPLETE = re.compile("知道|明白|可以|不行|不要|[爱想求恨][你您他她]|也是|听我说$|等等$")
"""Parts of a phrase that is said twice because it is felt, not because it was begun anew."""

_FIGURE = "零〇一二两三四五六七八九十百千万亿半几"
_FIGURES = re.compile(rf"[{_FIGURE}\d]")

_CUE = re.compile(
    rf"(?P<lead>[，,、…。\s]{{1,4}})(?:[呃嗯啊哦噢哎额]{{1,4}}{_MARK}{{0,4}}){{0,4}}"
    r"(?P<cue>(?:不对不对|不对|说错了|我说错了|错了|口误|更正一下|更正|哦不|啊不|噢不|不是不是|不是|我是说|我的意思是|不不不|不)"
    rf"(?:{_MARK}*(?:不对|说错了|我说错了|应该是|是|我是说|我的意思是|等一下|等等))?)(?P<after>[，,、：:\s]*)"
)
_SURE_CUE = re.compile("不对|错了|口误|更正|[哦啊噢]不|不是不是")
_STOP = re.compile(r"[。！？!?；;\n]")
_CLAUSE = re.compile(r"[，,。！？!?；;：:\n]")

_WORD_CLASSES = tuple(
    re.compile(kind)
    for kind in (
        "(?:周|星期|礼拜)[一二三四五六日天]",
        "今天|明天|后天|昨天|前天|今晚|明晚|昨晚",
        "上午|下午|早上|中午|晚上|凌晨|傍晚",
        "左边|右边|左转|右转|左|右",
        "东边?|西边?|南边?|北边?",
        "上个?月|下个?月|这个?月|上周|下周|本周|这周",
        "红色?|黄色?|蓝色?|绿色?|白色?|黑色?|紫色?|灰色?",
    )
)
_NUMBER = re.compile(rf"[{_FIGURE}\d.:：]*[{_FIGURE}\d]")

_ADDS = re.compile("[也都]")
_SAYS_OTHERWISE = re.compile("[没不别够错对太]|的[是人]|过了|干[嘛吗]|再说|算了")
"""Parts of a clause that speaks of what was said before, rather than correcting it."""
_NO_OBJECT = re.compile(r"[再算不没别还重]|.*[吧了吗呢啊]\Z|今|明|昨|后天|前天|[上下]午")

_LOOK_BACK = 40
"""Characters before a cue that are searched for what it takes back."""

_CORRECTION_STARTS = frozenset("我你您他她给去在从到把跟和对叫买打找用发送订约坐")
"""A correction that begins with one of these goes back to where that character was said last."""

_OBJECT_MARKERS = re.compile("去|到|在|给|叫|找|买|用|是|吃|喝|要|跟|和|订|见|坐|来")
"""Characters after which a thing is named."""


def edit_chinese_fillers(text: str) -> Iterator[RuleEdit]:
    """Remove 呃, 嗯 and words used like them."""
    last_start = last_end = -1
    for match in _FILLER.finditer(text.translate(_TO_SIMPLIFIED)):
        start, end = match.span()
        follows_filler = start == last_end
        last_start, last_end = last_start if follows_filler else start, end
        before, after = text[last_start - 1 : last_start] if last_start else "", text[end : end + 1]
        while not follows_filler and start > 0 and before in "，,、" and (not after or _STOP.match(after)):
            start -= 1
            before = text[start - 1 : start]
        is_inside = before and before not in "，,、。！？!?；;：:… “「\n"
        yield RuleEdit(start, end, "，" if is_inside and match.group()[-1] in "，,、" else "")


def edit_chinese_repeats(text: str, removals: Literal["careful", "thorough"] = "careful") -> Iterator[RuleEdit]:
    """Remove what is said twice in a row, and not on purpose."""
    for match in _REPEAT.finditer(text.translate(_TO_SIMPLIFIED)):
        repeated = next(group for group in match.groups() if group)
        if _FIGURES.search(repeated) or _is_periodic(repeated) or repeated in _SPOKEN_BREAKS + _POLITE_PHRASES:
            continue
        confidence = _repeat_confidence(match, text)
        if confidence >= _NEEDED_CONFIDENCE[removals]:
            yield RuleEdit(match.start(), match.end() - len(repeated), "", confidence)


def _repeat_confidence(match: re.Match[str], text: str) -> float:
    """Return how sure it is that a phrase was not said twice on purpose. Without a pause, an exclamation is as likely
    as a new beginning, and only a clause that goes on after its subject was certainly begun anew.
    """
    if match["own"] == "我想":
        return _DOUBTFUL if _MISSED.match(text, match.end()) else 1
    if match["begun"] is None:
        return 1
    is_new_beginning = len(match["begun"]) > 3 and _SUBJECT_OPENING.match(match["begun"])
    return 0.8 if is_new_beginning and not _COMPLETE.search(match["begun"]) else _DOUBTFUL


def edit_chinese_repairs(text: str, removals: Literal["careful", "thorough"] = "careful") -> Iterator[RuleEdit]:
    """Remove what is corrected, with the words that say so."""
    simplified = text.translate(_TO_SIMPLIFIED)
    at = 0
    for match in _CUE.finditer(simplified):
        search_start = max(at, match.start() - _LOOK_BACK)
        begin = max(
            (stop.end() for stop in _STOP.finditer(simplified, search_start, match.start())), default=search_start
        )
        is_sure = _SURE_CUE.search(match.group("cue")) is not None
        set_off = bool(match.group("after")) or match.group("cue").endswith(("应该是", "我是说", "意思是"))
        if ("。" in match.group("lead") and not is_sure) or not (is_sure or set_off) or match.start() == begin:
            continue
        before, after = simplified[begin : match.start()], simplified[match.end() :]
        stop = _CLAUSE.search(after)
        clause = after[: stop.start()] if stop else after
        correction = _find_corrected(before, clause, is_sure, "。" in match.group("lead"))
        if correction is None:
            continue
        start, end, replacement_length = correction
        confidence = _repair_confidence(before[start:end], clause, after[len(clause) + 1 :])
        if confidence < _NEEDED_CONFIDENCE[removals]:
            continue
        at = match.end() + replacement_length
        if replacement_length:
            yield RuleEdit(begin + start, begin + end, text[match.end() : at], confidence)
            yield RuleEdit(match.start(), at, "", confidence)
        else:
            yield RuleEdit(begin + start, match.end(), "", confidence)


def _repair_confidence(taken: str, clause: str, following: str) -> float:
    """Return how sure it is that `clause` stands for what was `taken` back, and does not say something about it: that
    it is so as well, that it is not, or the same again.
    """
    if _ADDS.search(clause):
        return _UNLIKELY
    is_doubtful = _SAYS_OTHERWISE.search(clause) or clause.startswith(taken) or following.startswith("都")
    return _DOUBTFUL if is_doubtful else 1


def _find_corrected(before: str, clause: str, is_sure: bool, follows_stop: bool) -> tuple[int, int, int] | None:
    """Return the start and end, in `before`, of what `clause` corrects, and how many characters of the clause replace
    it there (0: everything up to the end of `before` goes); None if nothing is found.
    """
    for pattern in (*_WORD_CLASSES, _NUMBER):
        if (new := pattern.match(clause)) is None:
            continue
        olds = [old for old in pattern.finditer(before) if len(before) - old.end() <= 6]
        if not olds or _CLAUSE.search(before, olds[-1].end()):
            continue
        old = olds[-1]
        old_rest, new_rest = before[old.end() :], clause[new.end() :]
        equal_count = 0
        while equal_count < min(len(old_rest), len(new_rest)) and old_rest[equal_count] == new_rest[equal_count]:
            equal_count += 1
        if (
            not old_rest
            or equal_count == len(old_rest)
            or new_rest.endswith(old_rest)
            or (equal_count and equal_count < len(new_rest))
        ):
            return old.start(), len(before), 0
        if equal_count == len(new_rest):
            return old.start(), old.end() + equal_count, new.end() + equal_count
    if not clause or follows_stop:
        return None
    position = before.rfind(clause[:2], max(0, len(before) - 12)) if len(clause) > 1 else -1
    if position >= 0 and (is_sure or clause[0] in _CORRECTION_STARTS):
        return position, len(before), 0
    if (
        is_sure
        and clause[0] in _CORRECTION_STARTS
        and (position := before.rfind(clause[0], max(0, len(before) - 10))) >= 0
    ):
        return position, len(before), 0
    if (
        is_sure
        and 1 < len(clause) <= 4
        and not _NO_OBJECT.match(clause)
        and (marker_ends := [marker.end() for marker in _OBJECT_MARKERS.finditer(before)])
    ):
        object_length = len(before) - marker_ends[-1]
        if (
            1 < object_length <= 4
            and abs(object_length - len(clause)) <= 1
            and not _CLAUSE.search(before, marker_ends[-1])
        ):
            return marker_ends[-1], len(before), 0
    return None


def _is_periodic(phrase: str) -> bool:
    """Return whether a phrase is a shorter phrase said several times."""
    return phrase in (phrase + phrase)[1:-1]
