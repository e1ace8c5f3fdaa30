"""The keyboard's layout: who tells it on each desktop, and which languages it stands for."""
