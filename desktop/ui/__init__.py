"""The windows, the pill and the tray. Only this package imports PySide6."""
