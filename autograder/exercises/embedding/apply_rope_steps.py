"""apply_rope in steps that can go wrong one by one."""

import torch


def even(x):
    """Refuse an odd head."""
    if x.shape[-1] % 2:
        raise ValueError("odd")


def wide(x):
    """x in the dtype that is computed in."""
    return x if x.dtype == torch.float64 else x.float()


def speeds(x, base, step=2):
    """The speed of each pair; for mistakes, with another exponent."""
    pairs = torch.arange(x.shape[-1] // 2, dtype=wide(x).dtype, device=x.device)
    return base ** -(step * pairs / x.shape[-1])


def angles(x, positions, base):
    """The angle of each position and pair."""
    even(x)
    return positions.unsqueeze(-1) * speeds(x, base)


def turn(x, theta):
    """Turn the halves of x against each other."""
    a, b = wide(x).chunk(2, dim=-1)
    cos, sin = theta.cos(), theta.sin()
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1).to(x.dtype)
