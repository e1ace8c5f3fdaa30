"""How the app looks, when it starts, and whether it checks for newer versions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from desktop.settings.release_source import RELEASE_SOURCE
from desktop.settings.section import Choices, Details, ProperName, SettingsSection, Unit
from desktop.settings.values import HttpsUrl, PublicKeyText, Scale


class LookSettings(SettingsSection, title="Appearance"):
    """Appearance of the windows. `theme`, `contrast` and `motion` follow the system unless chosen."""

    theme: Annotated[
        Literal["system", "light", "dark"],
        Field(title="Theme", description="Light or dark, everywhere at once."),
        Choices({"system": "As the desktop", "light": "Light", "dark": "Dark"}),
    ] = "system"
    contrast: Annotated[
        Literal["system", "high"],
        Field(title="Contrast", description="High: stronger colours and visible edges."),
        Choices({"system": "As the desktop", "high": "High"}),
    ] = "system"
    motion: Annotated[
        Literal["system", "off"],
        Field(title="Motion", description="None: nothing glides, grows or fades."),
        Choices({"system": "As the desktop", "off": "None"}),
    ] = "system"
    language: Annotated[
        Literal["auto", "en", "zh_CN"],
        Field(title="Language", description="The language of the windows, from the next start."),
        Choices({"auto": "As the desktop", "en": ProperName("English"), "zh_CN": ProperName("简体中文")}),
    ] = "auto"
    scale: Annotated[
        Scale,
        Field(title="Size", description="How large everything is, from the next start."),
        Choices({"system": "As the desktop"}),
        Unit("percent"),
        Details("The environment variable `QT_SCALE_FACTOR` takes precedence."),
    ] = "system"
    pill: Annotated[
        Literal["live", "compact", "off"],
        Field(title="Overlay", description="What is seen while you speak. What went wrong is always said."),
        Choices({"live": "Your words as you speak", "compact": "The level alone", "off": "Only what needs you"}),
        Details("A screen reader hears the same in all three."),
    ] = "live"
    pill_place: Annotated[
        Literal["bottom", "top", "dragged"],
        Field(
            title="Place of the overlay",
            description="Drag it with the mouse, on each screen. A double click brings it back.",
        ),
        Choices({"bottom": "At the bottom", "top": "At the top", "dragged": "Where you dragged it"}),
    ] = "bottom"
    tray: Annotated[
        Literal["colour", "monochrome"],
        Field(title="Icon in the tray", description="By shape alone it suits a panel without colours."),
        Choices({"colour": "With colour", "monochrome": "By shape alone"}),
    ] = "colour"


class StartupSettings(SettingsSection, title="Start"):
    """Whether the app starts with the session (`desktop.platforms.autostart`)."""

    autostart: Annotated[
        Literal["off", "on"],
        Field(
            title="Start with the session",
            description="Intone waits in the tray from the moment you log in.",
        ),
        Choices({"off": "No", "on": "Yes"}),
    ] = "off"


class UpdatesSettings(SettingsSection, title="Updates"):
    """Whether to check once a day for a newer version, at `url` (`desktop.app.updates`)."""

    check: Annotated[
        Literal["off", "daily"],
        Field(
            title="Newer versions",
            description="Says here and in the tray when there is one. Nothing is installed by itself.",
        ),
        Choices({"off": "Do not look", "daily": "Look once a day"}),
    ] = "off"
    url: Annotated[
        HttpsUrl,
        Field(
            title="Where to look",
            description="An https address that tells the newest version, as GitHub's releases do. Empty: nobody is "
            "asked.",
        ),
        Details(
            'Its answer is `{"version": "1.2.3", "url": "https://…"}`, or that of GitHub\'s `releases/latest`. A '
            "package may come with an address, and a key below, of its publisher."
        ),
    ] = RELEASE_SOURCE.url
    key: Annotated[
        PublicKeyText,
        Field(
            title="Key of its publisher",
            description="The line of a minisign key that begins with RW. With it an answer counts only if it is signed "
            "by that key. Without it what the address says is not verified.",
        ),
        Details(
            "The signature is fetched from the same address with `.minisig` behind it. GitHub's `releases/latest` has "
            "none: with that address leave the key empty. The guide says how a key gets into a package "
            "([Releasing](releasing.md))."
        ),
    ] = RELEASE_SOURCE.key
