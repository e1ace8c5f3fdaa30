"""Password managers and private windows leave nothing, without anybody having thought of it before."""

from __future__ import annotations

import pytest

from desktop.history.privacy import is_kept, is_sensitive_window
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
