"""From spoken words to a text in its place: vocabulary, polish, pasting, and what is read around the cursor."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.settings.section import Choices, Details, ProperName, SettingsSection, Unit
from desktop.settings.values import AUTO, LOCAL, NonEmptyText, RuleNames, TextList, UrlOrLocal

OPENAI_CHAT_URL = "https://api.openai.com/v1"


class VocabularySettings(SettingsSection, title="Words"):
    """The user's own words. Replacements and snippets are in `vocabulary.toml` (`desktop.vocabulary.store`)."""

    words: Annotated[
        TextList,
        Field(
            title="Words",
            description="Names and terms that are listened for, and never changed by polish.",
        ),
        Details("`intone vocabulary` edits them as well."),
    ] = ()
    projects: Annotated[
        TextList,
        Field(
            title="Projects",
            description="Folders whose names of files and identifiers are known to spoken code, separated by commas.",
        ),
        Details(
            "Read from the one that the window works in, while you speak, in a style with spoken code alone. They stay "
            "in memory and are never sent. Empty: nothing is read."
        ),
    ] = ()
    notice: Annotated[
        Literal["off", "on"],
        Field(
            title="Learn from corrections",
            description="Looks at the field just dictated into, and no other, for words that you put right.",
        ),
        Choices({"off": "Never", "on": "Ask once for each"}),
        Details(
            "It does so for 20 s, where the program's accessibility tells, never in a password field, nor where "
            "nothing is kept."
        ),
    ] = "off"


class PolishSettings(SettingsSection, title="Polish"):
    """How much the text is polished, and without which rules (`desktop.polish.rules`). The rest is for the language
    model, which voice editing and emotion use as well."""

    mode: Annotated[
        Literal["off", "rules", "llm"],
        Field(
            title="Polish",
            description="Tidy is instant and stays on this machine. A language model writes better and takes longer; "
            "its text is used if it comes in time and says the same.",
        ),
        Choices({"rules": "Tidy", "llm": "By a language model", "off": "As spoken"}),
        Details("A style may ask for less of it, never for more."),
    ] = "rules"
    removals: Annotated[
        Literal["careful", "thorough"],
        Field(
            title="Taking words out",
            description="What was said twice, taken back or begun anew. In doubt, careful leaves it.",
        ),
        Choices({"careful": "Careful", "thorough": "Thorough"}),
        Details("Thorough tidies more, and takes a meant word more often."),
    ] = "careful"
    without: Annotated[
        RuleNames,
        Field(
            title="Rules of Tidy",
            description="What each does to a few words. One that is off leaves them as they were spoken.",
        ),
        Choices(
            {
                "own_words": "Your words",
                "spelling": "Spelled words",
                "repairs": "Corrections",
                "emoji": "Emoji",
                "repeats": "Said twice",
                "fillers": "Um and uh",
                "spoken": "Spoken marks",
                "replacements": "Your replacements",
                "numbers": "Numbers and times",
                "lists": "Lists",
                "spacing": "Spaces",
                "sentences": "Capitals and ends",
            }
        ),
        Details("The setting names the rules that are off."),
    ] = ()
    url: Annotated[
        UrlOrLocal,
        Field(title="Where a language model is", description="It is asked for polish, edits and expressions."),
        Choices({LOCAL: "This machine", OPENAI_CHAT_URL: ProperName("OpenAI")}),
        Details("Ollama, llama.cpp, LM Studio and vLLM are such servers. One of your own needs no key."),
    ] = OPENAI_CHAT_URL
    model: Annotated[
        NonEmptyText,
        Field(
            title="Language model",
            description="Which one is asked there. Automatic takes a small one that is recommended now.",
        ),
        Details(
            "Of another server, `auto` is the first model that it lists. On this machine it is the first one "
            "installed, and a name that `intone models list` prints, or a .gguf file, selects another."
        ),
    ] = AUTO
    budget_ms: Annotated[
        int,
        Field(
            ge=100,
            le=3000,
            title="How long the text waits",
            description="A language model that takes longer is not waited for: the text is by the rules then.",
        ),
        Unit("milliseconds"),
    ] = 1200


class PasteSettings(SettingsSection, title="Pasting"):
    """How text is put in. Rules for single applications are in `applications.toml` (`desktop.paste.apps`)."""

    join: Annotated[
        Literal["auto", "space", "none"],
        Field(title="Space in between", description="One space comes between two dictations into the same window."),
        Choices({"auto": "Where nothing was touched", "space": "Always", "none": "Never"}),
        Details(
            "`auto` puts none where a key or a button was pressed in between, nor where a text is pasted in a Wayland "
            "session."
        ),
    ] = "auto"
    input_method: Annotated[
        Literal["auto", "always", "off"],
        Field(
            title="Text goes in",
            description="As an input method writes it, no clipboard is touched, and the window tells what arrived.",
        ),
        Choices(
            {
                "auto": "As an input method",
                "always": "As an input method, always",
                "off": "By the clipboard",
            }
        ),
        Details(
            "Your own input method is back right after each text, in the mode that it starts in: so `auto` uses the "
            "clipboard where yours is one of IBus for a language, such as Pinyin. What the window reports around the "
            "cursor decides capitals and spaces, unless `paste.join` is `none` and `context.cursor` is `off`; it is "
            "neither kept nor sent."
        ),
    ] = "auto"
    live: Annotated[
        Literal["off", "on"],
        Field(
            title="Words in the field",
            description="Shows the words in the field itself while you speak, where an input method can.",
        ),
        Choices({"off": "In the pill alone", "on": "While you speak"}),
        Details(
            "They are marked there as a word that is being typed, and the text takes their place at the release; the "
            "program sees them before that. Never in terminals, password fields and private ones, and only up to about "
            "three lines."
        ),
    ] = "off"


class ContextSettings(SettingsSection, title="Context"):
    """What may be read around the insertion point, where accessibility provides it. Nothing of it is stored."""

    cursor: Annotated[
        Literal["off", "on"],
        Field(
            title="Text at the cursor",
            description="Puts capitals and spaces by what stands there, where accessibility tells. It is neither kept "
            "nor sent.",
        ),
        Choices({"off": "Not looked at", "on": "Looked at"}),
        Details("It takes precedence over `paste.join`."),
    ] = "off"
    site: Annotated[
        Literal["off", "on"],
        Field(
            title="Web site",
            description="The page's host chooses the style, where a browser's accessibility is on.",
        ),
        Choices({"off": "Not asked for", "on": "Asked for"}),
    ] = "off"
