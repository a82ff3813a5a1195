"""Encoder, decoder, or both: which family a task asks for, and how that family is pre-trained.

Encoders: Devlin et al. 2019 (BERT), https://arxiv.org/abs/1810.04805; decoders: Brown et al. 2020
(GPT-3), https://arxiv.org/abs/2005.14165; both: Raffel et al. 2020 (T5),
https://arxiv.org/abs/1910.10683
"""


def choose_architecture(
    task: str, wants: str, rewrites: bool = False, live: bool = False, pairs: int = 0
) -> tuple[str, str]:
    """Name the family of model that suits a task, and the objective it is pre-trained with.

    `task` says in words what is to be done; the other facts decide:

    - `wants`: what comes out. "label" is one label for the text, "labels" one for each token,
      "vector" one vector for the text, "text" is new text.
    - `rewrites`: whether the text that goes in is a finished source that is to be said in another
      way, rather than a beginning that is to be carried on.
    - `live`: whether it has to answer again after every word, while the text is still coming in.
    - `pairs`: how many examples of input and output there are to train on.

    Choose what reads in both directions wherever the whole input is there before the answer. What
    writes and has a reader of its own for the source must learn from pairs how the two belong
    together, from 1000 at least: with fewer, the task is described in a prompt.

    Returns (family, objective). The family is "encoder", "decoder" or "encoder-decoder"; the
    objective is "masked" (hidden tokens are guessed where they stand), "causal" (every token is
    guessed from those before it) or "denoising" (a damaged text is read, what was lost is written).
    Raises ValueError for any other `wants`.
    """
    if wants not in ("label", "labels", "vector", "text"):
        raise ValueError(f'wants is "label", "labels", "vector" or "text", not {wants!r}')
    if live:
        return "decoder", "causal"
    if wants != "text":
        return "encoder", "masked"
    if rewrites and pairs >= 1000:
        return "encoder-decoder", "denoising"
    return "decoder", "causal"
