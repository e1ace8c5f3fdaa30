"""The first-run window and its pages."""
