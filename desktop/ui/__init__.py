"""The user interface: the pill, the tray, the windows.

With `ui.main` the only package that imports PySide6. Each part is a function of `AppState` and reaches the engine only
through `bridge.WindowActions`. What a state looks like is decided in `pill.content` and `wording`, without widgets, so
tables can test it; drawing is in `style`, `pill` and the windows, with every number in `style.tokens`.
"""
