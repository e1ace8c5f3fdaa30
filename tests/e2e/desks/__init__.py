"""The app on real desktops, headless; where one is not installed, its tests say so and are skipped."""
