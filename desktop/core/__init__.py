"""Types, ports, errors, paths and tasks that every other package uses."""
