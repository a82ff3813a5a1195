"""span_noise_mask in steps that can go wrong one by one."""

import torch
from torch import tensor


def checked(length, density):
    """Refuse what the task refuses."""
    if length < 2 or not 0 < density < 1:
        raise ValueError(f"{length} tokens, density {density}")


def pieces(tokens, count, generator):
    """Cut tokens into pieces, every way as likely."""
    cuts = torch.randperm(max(tokens - 1, 0), generator=generator)[: max(count - 1, 0)] + 1
    return torch.cat([tensor([0, tokens]), cuts]).sort().values.diff()


def mask(stay, hide):
    """Let the pieces take turns."""
    lengths = torch.stack([stay, hide], 1).flatten()
    return tensor([False, True]).repeat(len(stay)).repeat_interleave(lengths)


def draw(length, hidden, spans, generator):
    """The right way, with numbers that may be wrong."""
    return mask(pieces(length - hidden, spans, generator), pieces(hidden, spans, generator))
