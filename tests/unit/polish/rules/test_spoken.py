"""Marks and layout that are said, and the same words in the senses that they have in prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.spoken import edit_spoken
from desktop.polish.rules.spoken_table import load_marks


def written(text: str, language: str = "en") -> str:
    return apply_edits(text, edit_spoken(text, RuleContext(language)))[0]


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("hello comma how are you question mark", "hello, how are you?"),
        ("we won exclamation mark", "we won!"),
        ("we won exclamation point", "we won!"),
        ("stop there full stop", "stop there."),
        ("we came semicolon we saw", "we came; we saw"),
        ("two things colon milk comma bread", "two things: milk, bread"),
        ("a well hyphen known fact", "a well-known fact"),
        ("the rain stopped em dash at last", "the rain stopped—at last"),
        ("hello new line how are you", "hello\nhow are you"),
        ("that is all new paragraph now the second part", "that is all\n\nnow the second part"),
        ("one new line new line two", "one\n\ntwo"),
        ("thanks period new paragraph yours", "thanks.\n\nyours"),
        ("new paragraph thanks", "\n\nthanks"),
        ("thanks new line", "thanks\n"),
        ("comma", ","),
        ("Question mark.", "?"),
        ("new line", "\n"),
    ],
)
def test_spoken_mark_is_written_as_the_mark(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    ("heard", "typed"),
    [
        ("Hello, new line, how are you, question mark.", "Hello\nhow are you?"),
        ("Hello. New line. How are you? Question mark.", "Hello.\nHow are you?"),
        ("Hello. Comma. How are you?", "Hello, how are you?"),
        ("Hello. Comma. Anna is here.", "Hello, Anna is here."),
        ("It is late, period. New paragraph. Good night.", "It is late.\n\nGood night."),
        ("At 5 p.m., comma, we leave.", "At 5 p.m., we leave."),
        ("We met at 5 p.m. period", "We met at 5 p.m."),
        ("Dear Jane, common new line, thank you", "Dear Jane,\nthank you"),
        ("He said, quote, go away and quote and left.", 'He said, "go away" and left.'),
        ("She asked, comma, quote, are you coming question mark, unquote?", 'She asked, "are you coming?"'),
        ("Cheers, Common, New Line, Ben.", "Cheers,\nBen."),
        ("Thanks, exclamation mark, new paragraph, see you on Friday.", "Thanks!\n\nsee you on Friday."),
        ("The rest, Semicolon, as hoped, Semicolon, was good period.", "The rest; as hoped; was good."),
        ("I saw Anna, colon, she was tired.", "I saw Anna: she was tired."),
    ],
)
def test_what_recognition_wrote_around_it_goes_with_it(heard: str, typed: str) -> None:
    assert written(heard) == typed


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("Dear Jane, new line, thanks", "Dear Jane,\nthanks"),
        ("Best regards, new line, Anna", "Best regards,\nAnna"),
        ("See you, new line, Best regards, new line, Anna", "See you\nBest regards,\nAnna"),
        ("I will see dear old Jane, new line, thanks", "I will see dear old Jane\nthanks"),
    ],
)
def test_a_greeting_keeps_its_comma_before_a_new_line(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("he said quote go away unquote and left", 'he said "go away" and left'),
        ("He said, quote, I am done, unquote.", 'He said, "I am done".'),
        ("He said, quote, I am done. Unquote.", 'He said, "I am done."'),
        ("open quote hello close quote", '"hello"'),
        ("he asked comma quote why question mark end quote", 'he asked, "why?"'),
        ("the price quote was quote final unquote", 'the price quote was "final"'),
        ("it is open parenthesis see page two close parenthesis here", "it is (see page two) here"),
    ],
)
def test_a_pair_encloses_what_is_said_between(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    "prose",
    [
        "My quote unquote friend is here.",
        "The quote was long.",
        "Can I quote you on that?",
        "The quote was long, he said, and unquote is no word.",
        "He left out the close parenthesis.",
        "An open parenthesis without the other one.",
    ],
)
def test_a_pair_without_its_other_half_is_words(prose: str) -> None:
    assert written(prose) == prose


@pytest.mark.parametrize(
    "prose",
    [
        "A new line of products is on its way.",
        "There is no new line in this file.",
        "The new line manager is kind.",
        "A new paragraph would help.",
        "There was a question mark over his head.",
        "He uses the exclamation mark too often.",
        "The car came to a full stop.",
        "The trial period is over.",
        "We extended the trial period.",
        "It was a brief period.",
        "He was paid for the winter period.",
        "The period of time was short.",
        "During this period, prices rose.",
        "The Edo period ended.",
        "Send a comma-separated file.",
        "The Oxford comma is a matter of taste.",
        "Put a comma there.",
        "She had colon cancer.",
        "The colon is part of the body.",
        "They dash to the door.",
        "Add a dash of salt.",
        "My dash cam was on.",
        "The hyphen is missing.",
        "Use a semicolon.",
        "It is a literal comma in a list.",
        "This is Perl's comma operator.",
        "Question mark is two words.",
        "one eight hundred dash five five five",
        "j dash smith at example dot com",
    ],
)
def test_words_that_mean_themselves_stay(prose: str) -> None:
    assert written(prose) == prose


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("I like it period", "I like it."),
        ("I like it, period. Then we left.", "I like it. Then we left."),
        ("we eat comma drink period then we sleep", "we eat, drink. then we sleep"),
        ("It is over. Period. Then, comma, we left.", "It is over. Then, we left."),
        ("we stop here period we go on tomorrow period", "we stop here. we go on tomorrow."),
        ("I need it by the end of the week period thanks period", "I need it by the end of the week. thanks."),
        ("it was a long year period we rest at the end period", "it was a long year. we rest at the end."),
        ("we can do that later period you said that earlier period", "we can do that later. you said that earlier."),
        ("we stay for one year period we go on period", "we stay for one year. we go on."),
        (
            "over the three month period we sold a lot comma I think period",
            "over the three month period we sold a lot, I think.",
        ),
        ("Okay, we can do this comma and I know that exclamation mark", "Okay, we can do this, and I know that!"),
        ("we ate comma drank (a lot) exclamation mark (really)", "we ate, drank (a lot)! (really)"),
        ("my brother, dash, the tall one, dash, is here", "my brother – the tall one – is here"),
        ("my brother dash the tall one dash is here", "my brother – the tall one – is here"),
    ],
)
def test_common_word_is_a_mark_at_pause_or_among_marks(said: str, typed: str) -> None:
    assert written(said) == typed


@pytest.mark.parametrize(
    "prose",
    [
        "we stay for one period and go",
        "they dash and they run",
        "come in period one",
        "It is over. Period.",
        "He never had one, period, until he was twenty.",
    ],
)
def test_common_word_without_pause_or_marks_stays_word(prose: str) -> None:
    assert written(prose) == prose


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("你好逗号世界句号", "你好，世界。"),
        ("你好，逗号，世界，问号。", "你好，世界？"),
        ("第一行换行第二行", "第一行\n第二行"),
        ("说完了。新段落。再说一点", "说完了。\n\n再说一点"),
        ("他说冒号左引号你好右引号", "他说：“你好”"),
        ("今天左括号星期一右括号开会", "今天（星期一）开会"),
        ("太好了感叹号", "太好了！"),
        ("这里要加一个逗号", "这里要加一个逗号"),
        ("用逗号分隔的文件", "用逗号分隔的文件"),
        ("这个问号放错了", "这个问号放错了"),
        ("文件里没有换行符", "文件里没有换行符"),
    ],
)
def test_chinese_marks_are_wide_and_its_words_stay_too(said: str, typed: str) -> None:
    assert written(said, "zh") == typed


@pytest.mark.parametrize(
    "said",
    [
        "我忘记问号码了",
        "她打电话来问号主是不是我",
        "第二句号召员工捐款",
        "他那首曲子第四句号称全球最短",
        "我們問號碼的時候沒人理",
        "他出差要换行李箱子",
        "妈妈说要换行李",
        "今年得换行业",
        "我朋友换行当了",
        "市场上轮换行情很快",
        "昨天打听兑换行长说不行",
        "爷爷得了感冒号脉去了",
        "山里吹起了军号号角声",
        "孩子们十分号啕",
        "公司充分号召大家",
        "用积分号买东西",
        "他去调查学问号称第一",
        "我在审问号贩子",
    ],
)
def test_mark_inside_a_chinese_word_is_none(said: str) -> None:
    assert written(said, "zh") == said


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("他和你是同学问号", "他和你是同学？"),
        ("这里你去过问号我还没去过", "这里你去过？我还没去过"),
        ("同意句号主要看价格", "同意。主要看价格"),
        ("他走了句号召开会议的是我", "他走了。召开会议的是我"),
        ("完成换行人工智能", "完成\n人工智能"),
        ("我要喝水分号你要喝茶", "我要喝水；你要喝茶"),
        ("电话逗号号码是三", "电话，号码是三"),
    ],
)
def test_chinese_mark_beside_other_words_is_written(said: str, typed: str) -> None:
    assert written(said, "zh") == typed


@pytest.mark.parametrize(
    "said",
    [
        "我又忘了句号",
        "报告标题里有冒号",
        "最后一行要不要句号",
        "结尾漏了感叹号",
        "你的逗号打错了",
        "他信里的问号太多了",
        "不知道顿号怎么打",
        "請把最後刪掉句號",
        "这一段没有分号",
        "我们来看逗号",
        "把那些冒号都去掉",
        "孩子听得满脸问号",
        "你在这里换行",
        "网页上换行要按哪个键",
        "文章里顿号用得不对",
    ],
)
def test_chinese_mark_that_is_spoken_about_stays(said: str) -> None:
    assert written(said, "zh") == said


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("吃饭了没有问号", "吃饭了没有？"),
        ("这本书是我的句号", "这本书是我的。"),
        ("这个是我的句号那个是你的问号", "这个是我的。那个是你的？"),
        ("今年的事我忘了句号明年的事还没想好感叹号", "今年的事我忘了。明年的事还没想好！"),
        ("苹果逗号香蕉逗号", "苹果，香蕉，"),
        ("亲爱的王老师逗号", "亲爱的王老师，"),
        ("顿号", "、"),
        ("我只要那些句号", "我只要那些。"),
        ("名单冒号张三换行地址冒号上海", "名单：张三\n地址：上海"),
    ],
)
def test_chinese_mark_after_the_end_of_a_clause(said: str, typed: str) -> None:
    assert written(said, "zh") == typed


@pytest.mark.parametrize(
    ("language", "said", "typed"),
    [
        ("de", "hallo Komma wie geht es dir Fragezeichen neue Zeile gut", "hallo, wie geht es dir?\ngut"),
        ("de", "drei Komma fünf Prozent", "drei Komma fünf Prozent"),
        ("fr", "ça va point d'interrogation à la ligne oui", "ça va\u202f?\noui"),
        ("fr", "il faut aller à la ligne", "il faut aller à la ligne"),
        ("es", "hola nueva línea adiós", "hola\nadiós"),
        ("es", "una nueva línea de productos", "una nueva línea de productos"),
        ("it", "ciao new line ciao", "ciao new line ciao"),
    ],
)
def test_other_languages_have_a_table_or_none(language: str, said: str, typed: str) -> None:
    assert written(said, language) == typed


MARKS = load_marks("en")
assert MARKS is not None
SAID = [
    "hello there",
    "Anna came",
    "we",
    "and",
    "3",
    "milk",
    "It is late.",
    "Are you in?",
    "so,",
    "p.m.",
    "etc.",
    "i",
    ".",
]
PARTS = st.tuples(st.sampled_from(SAID), st.sampled_from([mark for mark in MARKS.marks if mark != "hyphen"]))


@given(st.lists(PARTS, max_size=6).map(lambda parts: " ".join(word for part in parts for word in part)))
def test_what_was_written_is_left_as_it_is(text: str) -> None:
    once = written(text)
    assert written(once) == once


WORDS = st.sampled_from([*sorted(MARKS.marks), "hello", "the", "a", "Anna", "we", "3", ",", ".", "?", "\n", '"'])


@given(st.lists(WORDS, max_size=8).map(" ".join))
def test_what_is_no_mark_is_kept(text: str) -> None:
    kept = [word for word in ("hello", "Anna", "3") for _ in range(text.split().count(word))]
    assert [word for word in ("hello", "Anna", "3") for _ in range(written(text).count(word))] == kept


@given(st.text(), st.sampled_from(["en", "zh", "de", "fr", "es", "ja", ""]))
def test_no_text_is_too_strange(text: str, language: str) -> None:
    assert isinstance(written(text, language), str)
