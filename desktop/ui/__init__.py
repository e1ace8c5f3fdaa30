"""Everything one sees: the pill, the tray, the windows.

With `desktop.app` the only place that imports PySide6. Each part is a function of `desktop.state.Shown`; none asks the
engine anything but through `bridge.Actions`. What a state looks like is decided in `face` and `words`, without a
widget, so that a table can test it; how it is drawn in `glyphs`, `meter`, `caption` and the windows, whose every number
is in `tokens`.
"""
