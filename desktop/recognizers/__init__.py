"""Engines that turn speech into words, each behind `ports.Recognizer`.

- On this machine: `local` keeps the chosen model loaded (`local_model` says which), `whisper` asks it, `take` is one
  dictation. The model lives in a process of its own: `child` is our end, `whisper_child` the other, `whisper_model` the
  decoding, `wire` what they say to each other; `cuda` is for NVIDIA cards, `patience` says who waits for whom.
- Services that are given whole files: `openai`, `deepgram`. One request is `upload`, its sound `encoding` and
  `outgoing`; longer speech goes in `pieces`.
- Services that are given a stream: `openai_live`, `deepgram_live`. `live` is one take over a socket; what is said there
  is a pure `talk`: `openai_items`, `deepgram_words`, `deepgram_turns`, with `pauses` to commit at.
- Common to services: `services` makes them as `asked`, `offers` says what models take and cost, `sound` keeps a take.
- Whichever it is: `choice` takes one of two answers, `in_script` writes Chinese in one's script.
"""
