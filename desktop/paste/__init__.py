"""Insert text into the focused window and give the clipboard back."""
