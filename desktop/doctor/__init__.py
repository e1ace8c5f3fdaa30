"""Check this machine and the way to each service: `intone doctor`."""
