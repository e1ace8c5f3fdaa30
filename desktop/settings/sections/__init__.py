"""The sections of the settings, with the texts of every setting."""
