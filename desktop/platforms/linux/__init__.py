"""Linux: X11 focus, D-Bus portals, logind and accessibility."""
