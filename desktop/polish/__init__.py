"""Turn spoken words into text as it would have been typed.

- `polisher` is the polisher of a dictation, by rules (`rules/`) or by a language model (`llm_polisher`); it also
  polishes a text that the user tries in a window.
- `styles` says how to write at a place; `user_styles` changes it from a window.
- `paste.text_fit` fits a text to the text around the cursor.
- `guard` checks that a model's answer means what was said. It reads both as tokens (`guard.tokens`, numbers by
  `guard.numbers` and `guard.spoken_amounts`) and aligns them (`guard.alignment`). `guard.omissions` explains missing
  words, `guard.corrections` judges sentences that were rebuilt after a self-correction, and `guard.questions` finds
  questions that were answered.
"""
