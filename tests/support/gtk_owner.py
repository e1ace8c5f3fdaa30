"""A GTK 3 program that has copied a picture: `python gtk_owner.py WIDTH HEIGHT`. It says "ready" once it has."""

from __future__ import annotations

import ctypes
import random
import sys

gtk, gdk = ctypes.CDLL("libgtk-3.so.0"), ctypes.CDLL("libgdk-3.so.0")
pixbuf = ctypes.CDLL("libgdk_pixbuf-2.0.so.0")
pixbuf.gdk_pixbuf_new_from_data.restype = gdk.gdk_atom_intern.restype = ctypes.c_void_p
gtk.gtk_clipboard_get.restype = ctypes.c_void_p
gtk.gtk_clipboard_get.argtypes = [ctypes.c_void_p]
gtk.gtk_clipboard_set_image.argtypes = [ctypes.c_void_p, ctypes.c_void_p]

width, height = map(int, sys.argv[1:])
gtk.gtk_init(None, None)
pixels = random.Random(1).randbytes(width * height * 3)
picture = pixbuf.gdk_pixbuf_new_from_data(pixels, 0, 0, 8, width, height, width * 3, None, None)
gtk.gtk_clipboard_set_image(gtk.gtk_clipboard_get(gdk.gdk_atom_intern(b"CLIPBOARD", 0)), picture)
sys.stdout.write("ready\n")
sys.stdout.flush()
gtk.gtk_main()
