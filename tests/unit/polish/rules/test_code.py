"""Spoken code as it is written, whatever marks and capitals recognition adds."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from typing import Literal

import pytest

from desktop.core.types import DictationContext, ProjectNames, Style
from desktop.polish.rules.code import edit_code
from desktop.polish.rules.code_words import load_code_table
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.pipeline import CODE_RULE, RULES, PolishRules, rules_at

MANY_PIECES, LONGEST_S = 4_000, 1.5
"""Pieces of a long text, and most seconds of the processor that it may take: it takes 0.1 to 0.6, and where each quote
looks through the rest of the text 2.5.
"""

CODE = Style("programming", code="all")


def written(said: str, project: ProjectNames | None = None) -> str:
    context = RuleContext("en", CODE, project=project or ProjectNames())
    return apply_edits(said, edit_code(said, context))[0]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("camel case user name", "userName"),
        ("snake case user name", "user_name"),
        ("pascal case user name", "UserName"),
        ("constant case user name", "USER_NAME"),
        ("screaming snake case user name", "USER_NAME"),
        ("kebab case user name", "user-name"),
        ("all caps user name", "USER NAME"),
        ("title case user name", "User Name"),
        ("no space user name", "username"),
        ("dunder init", "__init__"),
        ("cap none", "None"),
        ("snake case user name over plus one", "user_name + 1"),
        ("snake case user name end case plus one", "user_name + 1"),
        ("snake case is valid and snake case is open", "is_valid and is_open"),
        ("for snake case user name in snake case all users", "for user_name in all_users"),
        ("snake case is logged in", "is_logged_in"),
        ("if camel case is logged in equals true", "if isLoggedIn == true"),
        ("camel case item count two", "itemCount2"),
        ("camel case username", "userName"),
        ("snake case parent", "parent"),
        ("snake case", "snake case"),
    ],
)
def test_case_command_joins_the_words_of_a_name(said: str, code: str) -> None:
    assert written(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Snake-case user name, equals five.", "user_name = 5"),
        ("Snakecase username equals 5.", "user_name = 5"),
        ("Camel case, user name.", "userName"),
        ("Open paren, a, close paren.", "(a)"),
        ("X equals, equals Y.", "x == y"),
        ("X == Y", "x == y"),
        ("Print, open paren, x, close paren.", "print(x)"),
        ("foo(bar, baz)", "foo(bar, baz)"),
        ("foo open paren bar, baz close paren", "foo(bar, baz)"),
        ("Return, X.", "return x"),
        ("items.map.open paren.x.close paren", "items.map(x)"),
        ("Import OS dot path", "import os.path"),
        ("Main.py", "main.py"),
        ("foo open barren x close perrin", "foo(x)"),
        ("x equals one cimicolon", "x = 1;"),
        ("passable case user name", "UserName"),
        ("new UserService open paren close paren", "new UserService()"),
        ("Class UserService colon", "class UserService:"),
        ("x = UserService(y)", "x = UserService(y)"),
        ("import NumPy as NP", "import numpy as np"),
        ("NumPy dot zeros", "numpy.zeros"),
        ("def YouTube open paren url close paren", "def youtube(url)"),
        ("auth dot GitHub open paren close paren", "auth.github()"),
        ("raise HTTPError open paren x close paren", "raise HTTPError(x)"),
        ("throws IOException", "throws IOException"),
        ("function foo open paren close paren colon backslash DateTime", "function foo(): \\datetime"),
        ("pattern colon backslash d plus", "pattern: \\d +"),
        ("x equals y if z else open brace a colon one close brace", "x = y if z else {a: 1}"),
        ("open brace await f open paren u close paren for u in urls close brace", "{await f(u) for u in urls}"),
        ("if (x) { return x }", "if (x) { return x }"),
        ("struct point { int x; int y; };", "struct point { int x; int y; };"),
        ("import { useState } from 'react'", "import {useState} from 'react'"),
        ("open C:\\Users\\Ann", "open C:\\Users\\Ann"),
        ("if (x) { return y; }", "if (x) { return y; }"),
        ("try open brace run open paren close paren semicolon close brace", "try { run(); }"),
        ("x equals open brace a colon one close brace", "x = {a: 1}"),
        ("function f open paren close paren open brace close brace", "function f() {}"),
        ("Print open paren quote, Hello Ann, close quote close paren", 'print("hello Ann")'),
        ("git commit -m “fix it”", 'git commit -m "fix it"'),
    ],
)
def test_marks_and_capitals_of_recognition_are_no_code(said: str, code: str) -> None:
    assert written(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("a equals b plus c", "a = b + c"),
        ("a plus equals b", "a += b"),
        ("a not equals b", "a != b"),
        ("a triple equals b", "a === b"),
        ("x equals minus one", "x = -1"),
        ("return minus one", "return -1"),
        ("a minus b", "a - b"),
        ("a star b", "a * b"),
        ("char star name", "char *name"),
        ("foo open paren star args comma star star kwargs close paren", "foo(*args, **kwargs)"),
        ("a divided by b", "a / b"),
        ("a percent b", "a % b"),
        ("bang done", "!done"),
        ("if not done and x less than three", "if not done and x < 3"),
        ("ampersand x", "&x"),
        ("i plus plus", "i++"),
        ("self dot user underscore name", "self.user_name"),
        ("for underscore in names", "for _ in names"),
        ("underscore cache", "_cache"),
        ("names open bracket one colon three close bracket", "names[1:3]"),
        ("open brace quote a close quote colon one close brace", '{"a": 1}'),
        ("def f open paren x colon int close paren arrow str", "def f(x: int) -> str"),
        ("p arrow next", "p->next"),
        ("a fat arrow b", "a => b"),
        ("std colon colon vector less than int greater than v", "std::vector<int> v"),
        ("if open paren x close paren open brace", "if (x) {"),
        ("f open paren x equals one close paren", "f(x=1)"),
        ("at sign property", "@property"),
        ("x equals f quote hello open brace name close brace close quote", 'x = f"hello {name}"'),
        ("single quote a close quote", "'a'"),
        ("back tick x back tick", "`x`"),
        ("quote hello comma world close quote", '"hello, world"'),
        ("open close parens", "()"),
        ("x equals one new line y equals two", "x = 1\ny = 2"),
        ("if x colon new line tab return", "if x:\n\treturn"),
        ("hash Fix the second one.", "# fix the second one"),
        ("x equals one slash slash the first", "x = 1 // the first"),
        ("size slash slash two", "size // 2"),
        ("[x for x in snake case all names if x]", "[x for x in all_names if x]"),
        ("cp a dot txt slash tmp", "cp a.txt /tmp"),
        ("hash include less than stdio dot h greater than", "#include <stdio.h>"),
        ("x equals three point one four", "x = 3.14"),
        ("x equals two thousand and forty eight", "x = 2048"),
        ("ls dash l a", "ls -la"),
        ("ls -LA", "ls -la"),
        ("npm install dash dash save dev", "npm install --save-dev"),
        ("npm run build dash dash dry dash run", "npm run build --dry-run"),
        ("cat slash etc slash hosts", "cat /etc/hosts"),
        ("cd dot dot slash src", "cd ../src"),
        ("git add dot", "git add ."),
        ("cat dot env", "cat .env"),
        ("python main dot p y", "python main.py"),
        ("cat read me dot m d", "cat README.md"),
        ("echo dollar all caps path", "echo $PATH"),
        ("http colon slash slash localhost colon eighty", "http://localhost:80"),
        ("git reset all caps head tilde one", "git reset HEAD~1"),
        ("node dot next equals null", "node.next = null"),
        ("select count open paren star close paren from users", "select count(*) from users"),
        ("row number open paren close paren over open paren", "row number() over ("),
    ],
)
def test_symbols_are_spaced_as_code_is_written(said: str, code: str) -> None:
    assert written(said) == code


@pytest.mark.parametrize(
    "code",
    [
        *("git commit --amend", "git push --force origin main", "rm -rf build", "docker run --rm -it ubuntu", "ls -la"),
        *("git log --oneline -5", "0x1F", "0xff + 1", "sleep 5s", "100ms timeout", "2nd", "4K", "1e5", "10px"),
        *("userName = 5", "getElementById()", "isReady ? 1 : 2", "echo $HOME", "foo(0x1F, 5s)"),
        *("curl https://example.org/a_b?x=1", "# fix later", "foo(x) # comment", "cafe\u0301 au lait", "नमस्ते दुनिया"),
        *("😀 = 👍🏽", "👨\u200d👩\u200d👧", "x1 y2", "192.168.0.1", "utf-8", "a-b"),
    ],
)
def test_code_that_recognition_wrote_stays(code: str) -> None:
    assert written(code) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("iterate over items", "iterate over items"),
        ("echo game over", "echo game over"),
        ("rank over partition", "rank over partition"),
        ("row number over open paren close paren", "row number over ()"),
        ("get user end case plus one", "get user + 1"),
        ("quote try at least three times close quote", '"try at least three times"'),
        ("quote the grace period is more than ten days quote", '"the grace period is more than ten days"'),
        ("quote I need a new line here close quote", '"i need a new line here"'),
        ("quote no space left over on device close quote", '"no space left over on device"'),
        ("quote a star is born close quote", '"a star is born"'),
        ("quote one plus one equals two quote", '"one plus one equals two"'),
        ("quote percent d colon percent s backslash n close quote", '"%d: %s\\n"'),
        ("quote localhost colon eighty close quote", '"localhost: 80"'),
        ("quote star dot p y close quote", '"*.py"'),
    ],
)
def test_no_word_is_lost(said: str, code: str) -> None:
    assert written(said) == code


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("驼峰 user name 等于 五", "userName = 5"),
        ("大驼峰 user service", "UserService"),
        ("蛇形 user name", "user_name"),
        ("user下划线name", "user_name"),
        ("print 左括号 x 右括号", "print(x)"),
        ("a 等于等于 b", "a == b"),
        ("if x 大于 3 冒号", "if x > 3:"),
        ("self 点 name", "self.name"),
        ("names 左中括号 0 右中括号", "names[0]"),
        ("引号 你好 引号", '"你好"'),
        ("左括号你好右括号", "(你好)"),
        ("user点name", "user.name"),
        ("我们下午两点不见三个人加油", "我们下午两点不见三个人加油"),
    ],
)
def test_chinese_commands_among_latin_words(said: str, code: str) -> None:
    assert written(said) == code


PROJECT = ProjectNames(
    {("get", "user", "name"): "getUserName", ("get", "user"): "get_user", ("item", "in", "list"): "item_in_list"},
    {("user", "view", "ts"): "userView"},
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("for item in list colon", "for item in list:"),
        ("return get user open paren close paren", "return get_user()"),
        ("return Get user name.", "return getUserName"),
        ("return get users", "return get users"),
        ("import user view dot t s", "import userView.ts"),
        ("snake case get user name", "get_user_name"),
    ],
)
def test_names_of_the_project_are_written_by_their_words(said: str, code: str) -> None:
    assert written(said, PROJECT) == code


def test_code_rule_runs_only_where_a_style_asks_for_it() -> None:
    assert rules_at(Style()) is RULES
    assert list(rules_at(CODE)) == [*list(RULES)[:6], CODE_RULE, *list(RULES)[6:]]
    said = "camel case user name"
    assert PolishRules()(said, DictationContext(language="en")).text == "Camel case user name."
    made = PolishRules()(said, DictationContext(style=Style(code="names"), language="en"))
    assert next((change.rule, change.after) for change in made.changes) == (CODE_RULE, "userName")


def test_text_in_another_style_loads_nothing_for_code() -> None:
    script = """
import sys
import desktop.app.dependency_factory
from desktop.core.types import DictationContext
from desktop.polish.rules.pipeline import PolishRules
PolishRules()("camel case user name", DictationContext(language="en"))
print([name for name in sys.modules if ".rules.code" in name or "project" in name or "process_folders" in name])
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("code", ["all", "names"])
def test_no_word_is_lost_in_any_mixture_of_commands_and_words(code: Literal["all", "names"]) -> None:
    table = load_code_table()
    plain = ("banana", "quokka", "your", "5", ",", ".", "\n", "-", "(", "“", "'", "你")
    said = [*map(" ".join, table.phrases), *table.han, *plain * 20]
    random_words = random.Random(1)
    context = RuleContext("en", Style(code=code))
    for _ in range(500):
        text = " ".join(random_words.choices(said, k=random_words.randrange(12)))
        made = apply_edits(text, edit_code(text, context))[0].lower()
        assert [made.count(word) for word in ("banana", "quokka", "your")] == [
            text.count(word) for word in ("banana", "quokka", "your")
        ], text


@pytest.mark.parametrize(
    "piece",
    [
        *("quote ", "open quote a ", "open single quote b ", "open quote open single quote back tick a ", '"a ', "“a "),
        *(
            "open paren ",
            "close paren open brace return ",
            "open brace ",
            "snake case a if b ",
            "x slash slash y ",
            "one ",
            "a. ",
            "`",
            "dash ",
            "五",
            "a b c d dot ",
            "zz",
            "1",
            "e\u0301",
        ),
    ],
)
def test_long_text_takes_time_in_proportion(piece: str) -> None:
    started_at = time.thread_time()
    text = written(piece * MANY_PIECES)
    assert text
    assert time.thread_time() - started_at < LONGEST_S
