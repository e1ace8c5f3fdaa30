"""Ask a language model about one dictation, streamed, over the app's own HTTP client.

The protocol is OpenAI's chat completions, which every server of language models implements: OpenAI's models get the
options that each of them supports (`models.toml`), any other server the five fields that all accept. Dictated text is
material and never an instruction: it is the user's message, between tags that it cannot contain (`llm.messages`).
"""

from desktop.chat.exchange import Chat, Exchange
from desktop.chat.request import Question

__all__ = ["Chat", "Exchange", "Question"]
