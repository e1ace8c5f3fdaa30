"""Numbers as they are said and as they are typed."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop.polish.rules.numbers.numbers import load_numbers
from tests.support.spoken_numbers import typed


@pytest.mark.parametrize(
    "said",
    [
        "wait a second",
        "my doctor said so",
        "for example this one",
        "first of all, thank you",
        "on second thoughts no",
        "no one of them knew",
        "one of them and the one I like",
        "one thing at a time",
        "seven eleven stores",
        "march to the door",
        "that's the point two of us made",
        "at this point one can stop",
        "look at this",
        "you may first want to sit",
        "may I ask a question",
        "we march on and may stay",
        "the third time",
        "the first two chapters",
        "a hundred people",
        "I have a million things to do",
        "nine out of ten people",
        "two or three hundred dollars",
        "it weighs two and a half pounds",
        "three quarters of an hour",
        "two thirds of it",
        "twenty twenty vision",
        "hindsight is twenty twenty",
        "he is in his twenties",
        "a fifty fifty chance",
        "two by four",
        "ten minus five is five",
        "for one hour",
        "the past two years",
        "five sets of ten",
        "fifteen twenty people came",
        "polka dot dress",
        "the dot com boom",
        "mister smith",
        "see you at 2 pm",
        "it was 3:30 p.m. and cost $25,000",
        "an hour and a minute",
        "read four bytes and the number of zero bits",
    ],
)
def test_non_numbers_and_small_counts_stay_as_said(said: str) -> None:
    assert typed(said) == said


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("she is thirty two years old", "she is 32 years old"),
        ("she has twenty-five of them", "she has 25 of them"),
        ("two thousand people came", "2,000 people came"),
        ("about fifteen hundred people came", "about 1,500 people came"),
        ("we won twenty one to fourteen", "we won 21 to 14"),
        ("all one hundred and one dogs", "all 101 dogs"),
        ("there are three point five million", "there are 3.5 million"),
        ("open chapter two, page twelve", "open chapter 2, page 12"),
        ("version three point one four point two", "version 3.14.2"),
        ("it grew point five percent", "it grew 0.5%"),
        ("at this point five percent of us left", "at this point 5% of us left"),
        ("it grew by point five percent", "it grew by 0.5%"),
        ("it is minus five degrees", "it is -5 degrees"),
        ("at fifty percent of it", "at 50% of it"),
        ("wait five to ten minutes", "wait 5 to 10 minutes"),
        ("I ran eight hundred meters in two minutes", "I ran 800 meters in 2 minutes"),
        ("the nineteenth century", "the 19th century"),
        ("a thirty second timer on forty second street", "a 30 second timer on 42nd street"),
        ("he is five foot eleven", "he is 5 foot 11"),
        ("a twenty-one-year-old", "a 21-year-old"),
    ],
)
def test_a_quantity_is_written_in_digits(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("tell jane it's twenty five thousand dollars", "tell jane it's $25,000"),
        ("it is five dollars and fifty cents", "it is $5.50"),
        ("send fifty cents", "send 50 cents"),
        ("a twenty dollar bill", "a $20 bill"),
        ("for one sixty five dollars", "for $165"),
        ("it cost twelve point four billion dollars", "it cost $12.4 billion"),
        ("about six united states dollars", "about $6"),
        ("two hundred euros each", "€200 each"),
    ],
)
def test_money_has_its_sign(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("let's meet at three thirty p m, tell jane", "let's meet at 3:30 p.m., tell jane"),
        ("we meet at three thirty p m", "we meet at 3:30 p.m."),
        ("We meet at three thirty p.m. Then we go.", "We meet at 3:30 p.m. Then we go."),
        ("We meet at three thirty p.m.", "We meet at 3:30 p.m."),
        ("wake me at ten to nine pm", "wake me at 8:50 p.m."),
        ("from nine a m to five p m", "from 9 a.m. to 5 p.m."),
        ("from three to four p m", "from 3 to 4 p.m."),
        ("wake me at quarter past one", "wake me at 1:15"),
        ("the train at eight oh five", "the train at 8:05"),
        ("come at three o'clock", "come at 3 o'clock"),
        ("come at eight o'clock g m t", "come at 8 o'clock g m t"),
        ("come at eight p m g m t", "come at 8 p.m. GMT"),
        ("bake at three fifty for twenty five minutes", "bake at 3:50 for 25 minutes"),
        ("come at 3 p m", "come at 3 p.m."),
        ("ten to twelve people", "ten to twelve people"),
        ("it opens at nine", "it opens at nine"),
        ("the last ferry is eight fifty", "the last ferry is 8:50"),
        ("the hearing was two forty five", "the hearing was 2:45"),
        ("is six fifteen all right", "is six fifteen all right"),
        ("the rent is nine fifty", "the rent is nine fifty"),
        ("his height was one seventy", "his height was one seventy"),
        ("the sum was eight fifteen", "the sum was eight fifteen"),
        ("the final score was three oh one", "the final score was 301"),
        ("the set score is six oh", "the set score is six oh"),
        ("this error was five oh three", "this error was 503"),
        ("the room is eight oh one", "the room is 801"),
        ("the code was six forty", "the code was 640"),
    ],
)
def test_a_time_is_written_without_a_leading_zero(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("on may fifth twenty twenty six we met", "on May 5, 2026 we met"),
        ("on May fifth, twenty twenty six", "on May 5, 2026"),
        ("it was the twenty third of june two thousand ten", "it was the 23rd of June 2010"),
        ("by june first please", "by June 1 please"),
        ("the library in twenty twenty six", "the library in 2026"),
        ("back in nineteen oh five", "back in 1905"),
        ("between nineteen thirty nine and nineteen forty five", "between 1939 and 1945"),
        ("in two thousand eight we began", "in 2008 we began"),
        ("the nineteen sixties", "the 1960s"),
        ("in the twenty twenty four election", "in the 2024 election"),
        ("it costs nineteen ninety nine", "it costs nineteen ninety nine"),
        ("in seven fifty b c", "in 750 BC"),
        ("see you on monday or in july", "see you on Monday or in July"),
        ("in two thousand homes", "in 2,000 homes"),
        ("may we meet in may or early march", "may we meet in May or early March"),
    ],
)
def test_date_has_capital_and_year_no_separator(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("send it to john dot smith at g mail dot com please", "send it to john.smith@gmail.com please"),
        ("my email is a b c one two three at example dot com", "my email is abc123@example.com"),
        ("mail jane underscore doe ninety nine at example dot org", "mail jane_doe99@example.org"),
        ("www dot example dot org slash help is it", "www.example.org/help is it"),
        ("see h t t p s colon slash slash docs dot example dot org slash three", "see https://docs.example.org/3"),
        ("see h t t p colon slash docs dot example dot org", "see http://docs.example.org"),
        ("we found it at example dot com", "we found it at example.com"),
        ("look at example dot com", "look at example.com"),
        ("open notes dot txt and main dot py", "open notes.txt and main.py"),
        ("ping one nine two dot one six eight dot one dot one", "ping 192.168.1.1"),
        ("call nine one one", "call 911"),
        ("call me at four one five five five five one two one two", "call me at 415-555-1212"),
        ("ssn is eight double one four five six double two seven", "ssn is 811-45-6227"),
        ("my pin is one one two two", "my pin is 1122"),
        ("room two oh five", "room 205"),
        ("I live at one twenty three main street", "I live at 123 main street"),
        ("go to www dot my site dot com", "go to www.mysite.com"),
        ("open localhost colon three thousand", "open localhost:3000"),
        ("find me at g mail dot com and hot mail dot com", "find me at gmail.com and hotmail.com"),
    ],
)
def test_addresses_and_strings_of_digits_are_joined(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("nineteen thousand four hundred sixty dollars", "$19460"),
        ("Nineteen thousand four hundred sixty dollars.", "$19460."),
        ("eight fifty", "08:50"),
        ("two p m", "02:00 p.m."),
        ("Two p m.", "02:00 p.m."),
        ("three o'clock", "03:00"),
        ("seven hundred twenty meters", "720 m"),
        ("six hundred twenty megawatts", "620 MW"),
        ("five milli volts", "5 mV"),
        ("sixty four gigabytes", "64 GB"),
        ("six kilobits", "6 kb"),
        ("august second twenty fourteen", "August 2 2014"),
        ("x y z at g mail dot x y z", "xyz@gmail.xyz"),
        ("three hundred and sixty-one", "361"),
        ("h t t p colon slash slash w w w dot e x dot com", "http://www.ex.com"),
        ("h t t p colon slash w w w dot e x dot com", "http://www.ex.com"),
        ("one second", "one second"),
        ("may first", "May 1"),
        ("seven eleven", "seven eleven"),
        ("go to example dot com", "go to example.com"),
        ("eleven thirty", "11:30"),
    ],
)
def test_number_alone_is_written_for_machines(said: str, written: str) -> None:
    assert typed(said) == written == typed(written)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("我们两千零五年八月五号下午三点半见", "我们2005年8月5号下午3:30见"),
        ("截止日期是二零二六年七月二十五日，别忘了", "截止日期是2026年7月25日，别忘了"),
        ("给我五百块钱，一共二十五万元", "给我500块钱，一共25万元"),
        ("人口增长了百分之三点五，达到一千四百万", "人口增长了3.5%，达到1400万"),
        ("请拨打一三八零零一三八零零零找我", "请拨打13800138000找我"),
        ("他三十五岁，跑了五公里，用了三十分钟", "他35岁，跑了5公里，用了30分钟"),
        ("二十到三十岁的人", "20到30岁的人"),
        ("第二十五章在十八楼", "第25章在18楼"),
        ("两點半開會，二十萬元", "2:30開會，20萬元"),
        ("现在是二〇二四年", "现在是2024年"),
        ("发邮件到zhang点san艾特example点com", "发邮件到zhang.san@example.com"),
        ("一共有九人十人十一人十二人", "一共有9人10人11人12人"),
        ("二零一二年九月", "2012年9月"),
        ("五六英镑", "£5~6"),
        ("我们在three thirty p m开会，十五个人", "我们在3:30 p.m.开会，15个人"),
        ("二", "2"),
    ],
)
def test_chinese_is_written_as_its_readers_have_it(said: str, written: str) -> None:
    assert typed(said, "zh") == written == typed(written, "zh")


@pytest.mark.parametrize(
    "said",
    [
        "我们一起去看一下",
        "第一次一样的一个一些",
        "三七二十一",
        "这件事万一出错就麻烦了",
        "他十分高兴，一点也不难",
        "星期一和周三",
        "张三和李四吃了两碗面",
        "三五天以后来了十几个人",
        "五十多个人",
        "他是个二百五",
        "双十一和十一假期",
        "明天上午十点开会",
        "三分之一的学生没来",
        "一米七八",
        "早上七点一刻出门",
    ],
)
def test_chinese_words_and_round_figures_stay_as_said(said: str) -> None:
    assert typed(said, "zh") == said


def test_other_languages_are_not_touched() -> None:
    assert typed("alle elf uhr dreißig und twenty five", "it") == "alle elf uhr dreißig und twenty five"


def test_grammars_are_not_loaded_before_needed() -> None:
    told = "import sys, desktop.polish.rules.pipeline; print({'kaldifst'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("languages", [("auto",), ("en", "de"), ("de",)])
def test_grammars_can_be_preloaded_for_any_languages(languages: tuple[str, ...]) -> None:
    load_numbers(languages)
    assert typed("eight fifty") == "08:50"
