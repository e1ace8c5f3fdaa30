// The tests' eyes in GNOME Shell: runs what a test asks inside the shell and answers as JSON. The shell's own Eval asks
// for unsafe mode, in which every program may look at windows and keys.

import Clutter from "gi://Clutter";
import GLib from "gi://GLib";
import Gio from "gi://Gio";
import Meta from "gi://Meta";
import Shell from "gi://Shell";
import * as Main from "resource:///org/gnome/shell/ui/main.js";
import { Extension } from "resource:///org/gnome/shell/extensions/extension.js";

const INTERFACE = `<node><interface name="app.intone.Eyes">
  <method name="Run"><arg type="s" direction="in"/><arg type="s" direction="out"/></method>
  <method name="Picture"><arg type="s" direction="in"/></method>
</interface></node>`;

export default class Eyes extends Extension {
  enable() {
    Main.sessionMode.hasOverview = false; // a login ends in the overview, in which no window has the focus
    this._exported = Gio.DBusExportedObject.wrapJSObject(INTERFACE, this);
    this._exported.export(Gio.DBus.session, "/app/intone/Eyes");
  }

  disable() {
    this._exported.unexport();
  }

  RunAsync([code], invocation) {
    try {
      const run = new Function("Main", "Meta", "Shell", "Clutter", "Gio", "GLib", code);
      const found = run(Main, Meta, Shell, Clutter, Gio, GLib);
      invocation.return_value(new GLib.Variant("(s)", [JSON.stringify(found ?? null)]));
    } catch (error) {
      invocation.return_dbus_error("app.intone.Eyes.Error", `${error}`);
    }
  }

  PictureAsync([path], invocation) {
    const stream = Gio.File.new_for_path(path).replace(null, false, Gio.FileCreateFlags.NONE, null);
    const screenshot = new Shell.Screenshot();
    screenshot.screenshot(true, stream, (_, result) => {
      try {
        screenshot.screenshot_finish(result);
        stream.close(null);
        invocation.return_value(null);
      } catch (error) {
        invocation.return_dbus_error("app.intone.Eyes.Error", `${error}`);
      }
    });
  }
}
