"""A GTK window: `gtk_window.py VERSION FIELD TITLE LOG`, VERSION 3.0 or 4.0, FIELD text or password."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import gi

version, field, title, log = sys.argv[1:]
gi.require_version("Gtk", version)
from gi.repository import GLib, Gtk  # noqa: E402 -- the version is chosen first


def note(event: str, text: str = "") -> None:
    with Path(log).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": time.monotonic(), "event": event, "text": text}) + "\n")


def note_focus(window: Any, _: object) -> None:
    note("focused" if window.is_active() else "unfocused")


def text_area() -> Any:
    view = Gtk.TextView(wrap_mode=Gtk.WrapMode.WORD_CHAR)  # GTK 3 crashes where a long line makes the window too wide
    view.get_buffer().connect("changed", lambda text: note("text", text.get_text(*text.get_bounds(), True)))
    view.connect("preedit-changed", lambda _, text: note("composition", text))
    return view


def password_field() -> Any:
    entry = Gtk.PasswordEntry() if version == "4.0" else Gtk.Entry()
    if version == "3.0":
        entry.set_visibility(False)
        entry.set_input_purpose(Gtk.InputPurpose.PASSWORD)
    entry.connect("changed", lambda entry: note("text", entry.get_text()))
    return entry


def open_window(window: Any) -> None:
    content = text_area() if field == "text" else password_field()
    window.set_title(title)
    window.set_default_size(600, 300)
    window.connect("notify::is-active", note_focus)
    if version == "4.0":
        window.set_child(content)
    else:
        window.add(content)
        window.show_all()
    window.present()
    content.grab_focus()
    note("ready")


if version == "4.0":
    app = Gtk.Application()
    app.connect("activate", lambda app: open_window(Gtk.ApplicationWindow(application=app)))
    app.run([])
else:
    window = Gtk.Window()
    window.connect("destroy", Gtk.main_quit)
    GLib.idle_add(open_window, window)
    Gtk.main()
