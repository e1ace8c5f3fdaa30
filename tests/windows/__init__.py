"""Tests of the app in Windows: Wine's, with python.org's Python and the wheels for Windows."""
