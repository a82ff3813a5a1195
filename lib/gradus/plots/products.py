"""An einsum as a picture: what one number of the result is made of."""

from jaxtyping import Float
from torch import Tensor

from gradus.plots.cells import SIDE, cells, frame
from gradus.plots.picture import Picture, blank


def product_map(
    q: Float[Tensor, "query d"], k: Float[Tensor, "key d"], query: int, key: int
) -> Picture:
    """Draw `query d, key d -> query key`, with the two rows framed that make one number of it."""
    scores = q @ k.mT
    widths = [q.shape[1], k.shape[1], scores.shape[1]]
    figure = blank(SIDE * sum(widths) + 2.2, SIDE * max(len(q), len(k)) + 1.2)
    left, middle, right = figure.subplots(1, 3, width_ratios=widths)
    cells(left, q, "q", "query", "d")
    cells(middle, k, "k", "key", "d")
    cells(right, scores, "query d, key d\n-> query key", "query", "key")
    frame(left, query, 0, width=q.shape[1])
    frame(middle, key, 0, width=k.shape[1])
    frame(right, query, key)
    terms = zip(q[query].tolist(), k[key].tolist(), strict=True)
    made = " + ".join(f"{a:.3g} × {b:.3g}" for a, b in terms)
    made = f"{made} = {scores[query, key].item():.3g}"
    figure.supxlabel(made, fontsize=11)
    return Picture(
        figure,
        f"Row {query} of q and row {key} of k, multiplied number by number and added up, make "
        f"entry ({query}, {key}) of the result: {made}.",
    )
