"""From words as spoken to text as one would have typed it.

- `writer` is the one polisher: by the rules (`rules/`), or by a language model (`llm`, told by `instructions`).
- How one writes where: `styles`, changed from a window by `own_styles`; `tried` is a text that somebody tries there.
- How a text fits its neighbours: `fitting`.
- Whether a model's answer means what was said: `meaning`. It reads both as `tokens` (`spelling`; numbers by `values`,
  `values_han`, `amounts`) and lays them side by side (`comparison`). Why words may be gone is in `spans`, by `phrases`
  that speakers use; an answer that was built anew is judged by `rebuilt`, with `corrections`.
"""
