"""Insert text as the input method of the focused field: no clipboard, no key, no permission, and proof of arrival."""
