"""What the windows ask of the engine (`ui/asking.py`), a subject each."""
