"""The English of every message, by its code; other languages translate it with Qt's tools."""
