"""Speech services: whole files and streams."""
