"""How likely a model finds a text: the sum of the log-probabilities of its tokens."""

from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from gradus.probability import gather_log_probs


def sequence_log_prob(
    model: nn.Module,
    ids: Int[Tensor, "batch seq"],
    prompt: int = 1,
    padding: Bool[Tensor, "batch seq"] | None = None,
    eos: int | None = None,
) -> Float[Tensor, " batch"]:
    """Return, for each text, the log-probability of what follows its first `prompt` tokens.

    That is the sum of log p(token | all tokens before it), in nats: a token's probability is read
    at the position before it. A text ends with the first `eos` after the prompt. That token counts,
    what comes behind it does not. With padding (True at the real tokens), the model is called as
    `model(ids, padding)`, and a token that is padding does not count. The model is left in the mode
    it is in, and gradients flow.

    Raises ValueError for a prompt of less than 1 token: what comes first is predicted by nothing.
    """
    if prompt < 1:
        raise ValueError(f"prompt={prompt}: nothing predicts the first token; begin with 1 or more")
    logits = model(ids) if padding is None else model(ids, padding)
    tokens = ids[:, prompt:]
    log_probs = gather_log_probs(logits[:, prompt - 1 : -1], tokens)
    if padding is not None:
        log_probs = log_probs.masked_fill(~padding[:, prompt:], 0)
    if eos is not None:
        ends = (tokens == eos).int()
        ended = (ends.cumsum(dim=-1) - ends).bool()  # an end stands before this token
        log_probs = log_probs.masked_fill(ended, 0)
    return log_probs.sum(dim=-1)
