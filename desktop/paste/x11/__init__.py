"""Paste on X11 as one transaction with receipts."""
