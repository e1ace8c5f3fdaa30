from typing import Literal

import pytest

from desktop.polish.rules.edit import RuleContext
from desktop.polish.rules.pipeline import apply_rules


def polished(text: str, removals: Literal["careful", "thorough"] = "careful") -> str:
    without = frozenset(("numbers", "spacing", "sentences"))
    return apply_rules(text, RuleContext("zh", removals=removals), without).text


@pytest.mark.parametrize(
    "said",
    [
        "我们一看一看就明白了。",
        "谢谢谢谢，你慢慢来。",
        "他走了一遍又一遍。",
        "看着看着就睡着了。",
        "一个一个来，一步一步走。",
        "好好好，对对对。",
        "等等等等，我还没说完。",
        "妈妈的妈妈叫外婆。",
        "不是他，是她。",
        "不是周一就是周二。",
        "就是就是，太贵了。",
        "先洗手，然后吃饭，然后睡觉。",
        "然后然后呢？",
        "那个时候他还小。",
        "那个，是你的吗？",
        "往前走往前走别停下。",
        "不要怕不要怕有我在。",
        "别着急别着急我来了。",
        "我知道我知道你别说了。",
        "太好看太好看了。",
        "为什么为什么呢。",
        "大家好大家好我是小王。",
        "我爱你我爱你永远。",
        "我想我想你了。",
        "我就知道我就知道会这样。",
        "来不及来不及快走。",
        "嗯哼，就这样。",
        "他哼哼呃呃地说不清。",
        "会上有呃声。",
        "我的额头，额头很烫。",
        "左边，不对，右边也有人。",
        "他说周一不行，不是，周二也不行。",
        "今天来了三个，不对，五个人没来。",
        "我要红色，不是，蓝色的不好看。",
        "我去北京，不对，去上海的是他。",
        "给小王，不对，给小李也行。",
        "买苹果，不对，买苹果的人走了。",
        "选左还是选右，不对，左边没有门。",
        "我要去北京，不对，再说吧。",
        "我要去北京，不对，明天。",
        "我说的是上午，我的意思是上午有空。",
        "明天去，我的意思是明天不下雨就去。",
        "我输了三次密码，错了，三次都错。",
        "红色，不对，蓝色，都试过了。",
        "两个人，我的意思是，三个人太多了。",
        "左邊，不對，右邊也有人。",
        "沒辦法沒辦法只能這樣。",
    ],
)
def test_meant_chinese_keeps_its_words(said: str) -> None:
    assert polished(said) == said


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("我们约在周三，不对，周四见面。", "我们约在周四见面。"),
        ("那件红色，不对，蓝色的衣服。", "那件蓝色的衣服。"),
        ("把文件发给小李，不对，发给小张。", "把文件发给小张。"),
        ("会议在上午，说错了，下午。", "会议在下午。"),
        ("他住五楼，不对，六楼。", "他住六楼。"),
        ("今晚，哦不，明晚吃饭。", "明晚吃饭。"),
        ("来两个，我是说，三个。", "来三个。"),
        ("我们明天我们明天再说吧。", "我们明天再说吧。"),
        ("因为他没来因为他没来所以取消了。", "因为他没来所以取消了。"),
        ("我想我想请假。", "我想请假。"),
        ("然后然后我们就走了。", "然后我们就走了。"),
        ("他们他们不知道。", "他们不知道。"),
        ("这个这个项目呃进度有点慢。", "这个项目进度有点慢。"),
        ("我要呃我要一杯咖啡。", "我要一杯咖啡。"),
        ("啊呃，她跑掉了。", "她跑掉了。"),
        ("我觉得，嗯，呃，可以。", "我觉得，可以。"),
        ("我覺得我覺得這樣不好。", "我覺得這樣不好。"),
        ("那件紅色，不對，藍色的衣服。", "那件藍色的衣服。"),
        ("買兩個，不對，三個。", "買三個。"),
    ],
)
def test_careful_chinese_removals(said: str, expected: str) -> None:
    assert polished(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("我要这个我要这个颜色的。", "我要这个颜色的。"),
        ("不知道不知道怎么说。", "不知道怎么说。"),
        ("给张三打电话，不对，给张三发邮件没用。", "给张三发邮件没用。"),
    ],
)
def test_thorough_chinese_removes_more(said: str, expected: str) -> None:
    assert polished(said, "thorough") == expected


def test_doubtful_chinese_removal_says_how_sure_it_is() -> None:
    (change,) = apply_rules(
        "不知道不知道怎么说。", RuleContext("zh", removals="thorough"), frozenset(("sentences",))
    ).changes
    assert change.rule == "repeats"
    assert change.confidence == 0.5
