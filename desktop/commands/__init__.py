"""The command line, one module per command or group.

Each has `register(subparsers)`, which adds its parsers and sets `run`, a function of the arguments that returns the
exit status. Modules here import nothing slow at their top but inside `run`: a key binding that drives the running app
must not wait for numpy.
"""
