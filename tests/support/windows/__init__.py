"""Programs that run in Windows, by Python for Windows, for the tests in `tests/windows`."""
