"""The command line, a module a command or a few.

Each has `register(subparsers)`, which adds its parsers and sets `run`, a function of the arguments that returns the
exit status. A module here imports at its top nothing that is slow to import: whatever is belongs inside its `run`,
since a key binding that asks the running app to listen must not wait for numpy.
"""
