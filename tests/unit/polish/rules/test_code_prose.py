"""Names of code within sentences to an agent, and sentences that only talk about code."""

from __future__ import annotations

import pytest

from desktop.core.types import DictationContext, ProjectNames, Style
from desktop.polish.rules.code import edit_code
from desktop.polish.rules.edit import RuleContext, apply_edits
from desktop.polish.rules.pipeline import PolishRules
from tests.prove.clean import prose

PROMPT = Style("prompt", mode="rules", code="names")


def written(said: str, project: ProjectNames | None = None) -> str:
    return apply_edits(said, edit_code(said, RuleContext("en", PROMPT, project=project or ProjectNames())))[0]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("rename it to camel case fetch user name in main dot py", "rename it to fetchUserName in main.py"),
        ("Rename it to CamelCase fetch user name in main.py.", "Rename it to fetchUserName in main.py."),
        ("the function snake case load data should fail", "the function load_data should fail"),
        ("why does camel case handle click get called", "why does handleClick get called"),
        ("add snake case is valid over to the class", "add is_valid to the class"),
        ("make it pascal case user service.", "make it UserService."),
        ("in pascal case order service add a method", "in OrderService add a method"),
        ("set constant case timeout to five", "set TIMEOUT to five"),
        ("name the branch kebab case fix login", "name the branch fix-login"),
        ("call dunder init over first", "call __init__ first"),
        ("rename it to Dunder Init", "rename it to __init__"),
        ("replace camel case old value with camel case new value", "replace oldValue with newValue"),
        ("look at src slash app dot t s", "look at src/app.ts"),
        ("look at tests slash test underscore app dot py", "look at tests/test_app.py"),
        ("run dot slash build dot s h", "run ./build.sh"),
        ("update the read me dot md", "update the README.md"),
        ("update the readme.md", "update the README.md"),
        ("user underscore id is empty", "user_id is empty"),
        ("add dash dash verbose to it", "add --verbose to it"),
        ("add dash dash dry dash run to it", "add --dry-run to it"),
        ("add dash dash dry run to it", "add --dry-run to it"),
        ("call run open paren close paren twice", "call run() twice"),
        ("the value of back tick self dot name back tick", "the value of `self.name`"),
        ("改成 驼峰 user name 吧", "改成 userName 吧"),
        ("snake case user name isn't set", "user_name isn't set"),
        ("camel case get user returns null", "getUser returns null"),
        ("I renamed snake case user id yesterday", "I renamed user_id yesterday"),
        ("remove snake case old table before release", "remove old_table before release"),
        ("add snake case created at over today", "add created_at today"),
        ("fix the file main dot go first", "fix the file main.go first"),
        ("look at src slash main dot go", "look at src/main.go"),
    ],
)
def test_name_within_a_sentence_is_written(said: str, meant: str) -> None:
    assert written(said) == meant


@pytest.mark.parametrize(
    "text",
    [
        "use snake case for all variables",
        "we prefer camel case names",
        "use camel case variable names here",
        "convert everything from camel case to snake case",
        "in this case the user name is empty",
        "what does camel case mean",
        "he made a dash for the door",
        "the dot com bubble and the dot net runtime",
        "either a slash or a backslash",
        "an and slash or at the end",
        "open the file and close the parens",
        "the quote is from a book",
        "a plus is that it equals the old one",
        "we met at 7 a.m. and left at 9 p.m.",
        "see transcribe.cpp and report_final_2.txt.",
        "the underscore is a sign",
        "Run the tests full stop go ahead and commit",
        "grave bug with grave consequences and a grave end",
        "C'est grave et ce n'est pas grave",
        "The thunder rolled over the hills",
        "Thunder Bay is cold",
        "Show the empty pen icon",
        "An empty print queue",
        "You have to open and close parentheses yourself",
        "The report underscores human error",
        "we are late full stop text anna",
        "for a short period go home",
        "a class period java lesson",
        "In this period slash the budget",
        "use dash dash for long options",
        "add dash dash because it looks better",
        "driver license dot text me",
        "a red dot text me when you see it",
        "a backtick starts code and a backtick ends it",
        "a back tick and a back tick are needed",
        "the basketball case and the nick case",
        "这是一个常量 name",
        "The pascal case law is old",
        "the word dunder means double underscore",
        "We sold it to Dunder Mifflin last year.",
        "We sold it to Dunder-Mifflin last year.",
        "In the camel case our lawyers lost",
        "snake case looks ugly to me",
        "",
    ],
)
def test_what_only_talks_of_code_is_left_alone(text: str) -> None:
    assert written(text) == text


def test_prose_without_code_is_left_alone() -> None:
    assert [text for text in prose() if written(text) != text] == []


def test_file_of_the_project_is_found_by_its_words() -> None:
    project = ProjectNames({("user", "name"): "user_name"}, {("user", "service", "ts"): "userService"})
    assert written("open user service dot ts", project) == "open userService.ts"
    server = ProjectNames({}, {("server", "go"): "server"})
    assert written("fix server dot go", server) == "fix server.go"
    assert written("fix server dot go") == "fix server dot go"
    assert written("show the user name in the title", project) == "show the user name in the title"


def test_prompt_is_polished_as_a_sentence() -> None:
    made = PolishRules()(
        "um rename it to camel case user id question mark", DictationContext(style=PROMPT, language="en")
    )
    assert made.text == "Rename it to userId?"
    said = "first line new line second line new line third line"
    assert PolishRules()(said, DictationContext(style=PROMPT, language="en")).text.count("\n") == 2
