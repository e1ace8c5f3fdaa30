"""The settings window: its frame, the pages, and the widgets that only pages use."""
