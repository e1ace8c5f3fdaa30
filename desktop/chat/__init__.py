"""Asking a language model: one question about one dictation, streamed, over the app's own HTTP client.

It speaks OpenAI's chat completions, which every server of language models understands: OpenAI's own models are asked as
each of them wants (`models.toml`), any other server with the five fields that all know. What is dictated is material
and never an instruction: it goes in as the user's message, between marks that it cannot contain (`request`).
"""

from desktop.chat.exchange import Chat, Exchange
from desktop.chat.request import Question

__all__ = ["Chat", "Exchange", "Question"]
