"""Password managers and private windows leave nothing, without anybody having thought of it before."""

from __future__ import annotations

import pytest

from desktop.history.privacy import is_kept, is_password_prompt, is_sensitive_window
from desktop.settings.schema import HistorySettings


@pytest.mark.parametrize(
    ("app", "title"),
    [
        ("KeePassXC", "Passwords.kdbx"),
        ("org.keepassxc.KeePassXC", "Passwords.kdbx"),
        ("Bitwarden", "Bitwarden"),
        ("1Password", "All items"),
        ("polkit-gnome-au", "Authenticate"),  # as much of its name as the kernel keeps
        ("firefox", "A page — Mozilla Firefox Private Browsing"),
        ("firefox-esr", "A page - Mozilla Firefox (Private Browsing)"),
        ("firefox", "Eine Seite — Mozilla Firefox Privater Modus"),
        ("firefox", "页面 — Mozilla Firefox 隐私浏览"),
        ("Chromium", "A page - Chromium (Incognito)"),
        ("Microsoft-edge", "A page - [InPrivate] - Microsoft\u200b Edge"),
        ("Microsoft Edge", "A page - [InPrivate] - Microsoft\u200b Edge"),  # by the accessibility bus
        ("Google Chrome", "A page - Google Chrome (Incognito)"),
    ],
)
def test_a_window_for_secrets_is_known(app: str, title: str) -> None:
    assert is_sensitive_window(app, title)
    assert not is_kept(HistorySettings(), app, title)
    assert is_kept(HistorySettings(sensitive="on"), app, title)


@pytest.mark.parametrize(
    ("app", "title"),
    [
        ("firefox", "Private Browsing - Support — Mozilla Firefox"),  # a page about it
        ("firefox", ""),
        ("Microsoft-edge", "[InPrivate] what is it - Search - Microsoft\u200b Edge"),
        ("gedit", "Notes on Incognito"),
        ("", ""),
    ],
)
def test_page_only_named_like_one_is_not_sensitive(app: str, title: str) -> None:
    assert not is_sensitive_window(app, title)
    assert is_kept(HistorySettings(), app, title)


def test_exclude_and_private_hold_with_list_disabled() -> None:
    assert not is_kept(HistorySettings(sensitive="on", exclude=("keepassxc",)), "KeePassXC")
    assert not is_kept(HistorySettings(sensitive="on", private="on"), "editor")


@pytest.mark.parametrize(
    "app",
    [
        "org.kde.polkit-kde-authentication-agent-1",
        "polkit-kde-authentication-agent-1",
        "org.kde.ksshaskpass",
        "ksshaskpass",
        "org.kde.kwalletd6",
        "org.kde.kwalletd5",
        "kwalletd6",
        "kwalletd5",
        "kwalletd",
        "org.kde.kdesu",
        "kdesu",
        "kdesudo",
        "org.gnupg.pinentry-qt",
        "pinentry-qt5",
    ],
)
def test_prompt_is_known_by_the_names_of_kde(app: str) -> None:
    assert is_password_prompt(app)


@pytest.mark.parametrize(
    "app",
    [
        "Lxpolkit",
        "Xfce-polkit",
        "lxqt-policykit-",  # as much of its name as the kernel keeps
        "lxqt-policykit-agent",
        "hyprpolkitagent",
        "io.elementary.desktop.agent-polkit",
        "mate-polkit",
        "X11-ssh-askpass",
        "gnome-ssh-askpass3",
        "lxqt-openssh-askpass",
        "pinentry-fltk",
    ],
)
def test_prompt_is_known_on_smaller_desktops(app: str) -> None:
    assert is_password_prompt(app)
    assert is_sensitive_window(app, "Authenticate")


@pytest.mark.parametrize("app", ["org.kde.kate", "org.kde.kwalletd6.notes", "ksshaskpass.", "kde", ""])
def test_other_program_is_no_prompt(app: str) -> None:
    assert not is_password_prompt(app)


@pytest.mark.parametrize(
    ("name", "app"), [("google-chrome", "Google Chrome"), ("kate", "org.kde.kate"), ("org.kde.kate", "org.kde.kate")]
)
def test_excluded_program_is_known_by_each_of_its_names(name: str, app: str) -> None:
    assert not is_kept(HistorySettings(exclude=(name,)), app)
    assert is_kept(HistorySettings(exclude=(name,)), "gedit")
