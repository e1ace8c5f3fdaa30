"""Global hotkeys: listen for them on each system and turn them into gestures."""
