"""What goes wrong in fit_isoflop."""

import numpy as np

from autograder.exercises.scaling_laws.fit_isoflop import fit_isoflop


def _fit(
    runs, *,
    scale=np.log, back=np.exp, of_loss=lambda loss: loss, lowest=None, curved=True, inside=True,
    three=True, budgets=2, line=None,
):  # fmt: skip
    """The fit, with one thing done otherwise."""
    best = []
    for flops in sorted({run[0] for run in runs}):
        chosen = [run for run in runs if run[0] == flops]
        sizes = scale(np.array([params for _, params, _ in chosen]))
        losses = of_loss(np.array([loss for _, _, loss in chosen]))
        if len(set(sizes)) < 3:
            if three:
                raise ValueError("too few sizes")
            best.append((flops, float(back(sizes[losses.argmin()]))))
            continue
        parabola = np.polyfit(sizes, losses, 2)
        where = lowest(parabola, sizes, losses) if lowest else -parabola[1] / (2 * parabola[0])
        if curved and parabola[0] <= 0:
            raise ValueError("no lowest point")
        if inside and curved and not sizes.min() <= where <= sizes.max():
            raise ValueError("outside")
        best.append((flops, float(back(where))))
    if len(best) < budgets:
        raise ValueError("too few budgets")
    x, y = np.log(np.array(best).T)
    exponent, factor = line(x, y) if line else _line(x, y)
    return best, float(exponent), float(factor)


def _line(x, y):
    if len(x) == 1:
        return 0.0, np.exp(y[0])
    slope, height = np.polyfit(x, y, 1)
    return slope, np.exp(height)


@fit_isoflop.mistake(
    "The parabola is laid over the sizes themselves, not over their logarithms.",
    "Sizes of 1, 10 and 100 million: what is in the middle between them?",
)
def over_sizes(runs):
    return _fit(runs, scale=lambda n: n / 1e9, back=lambda x: x * 1e9 if x > 0 else 1.0)


@fit_isoflop.mistake(
    "The best size is that of the best run, not the lowest point of the parabola.",
    "If the true best lies between two of the sizes, what do you answer?",
)
def best_run(runs):
    return _fit(runs, lowest=lambda parabola, sizes, losses: sizes[losses.argmin()])


@fit_isoflop.mistake(
    "The parabola is laid through the logarithm of the loss.",
    "Of what is the logarithm taken: sizes, budgets, losses?",
)
def log_loss(runs):
    return _fit(runs, of_loss=np.log)


@fit_isoflop.mistake(
    "A parabola that opens downwards is accepted: its highest point is taken for the lowest.",
    "Which sign has the curve of a parabola with a lowest point?",
)
def concave(runs):
    return _fit(runs, curved=False)


@fit_isoflop.mistake(
    "A lowest point is accepted where no size was tried.",
    "How far from all measurements may an answer lie?",
)
def outside(runs):
    return _fit(runs, inside=False)


@fit_isoflop.mistake(
    "A lowest point outside of the sizes is moved to the nearest size, without a word.",
    "What do the runs say about sizes that were not tried?",
)
def clamped(runs):
    def lowest(parabola, sizes, losses):
        return np.clip(-parabola[1] / (2 * parabola[0]), sizes.min(), sizes.max())

    return _fit(runs, lowest=lowest)


@fit_isoflop.mistake(
    "All runs are thrown together: one parabola for all budgets.",
    "Which runs may be compared with each other?",
)
def together(runs):
    whole, _, _ = _fit([(1.0, *run[1:]) for run in runs], budgets=1)
    best = [(flops, whole[0][1]) for flops in sorted({run[0] for run in runs})]
    if len(best) < 2:
        raise ValueError("too few budgets")
    return best, 0.0, whole[0][1]


@fit_isoflop.mistake(
    "Runs belong together only where they stand next to each other.",
    "How do you find the runs of one budget, wherever they stand in the list?",
)
def neighbours(runs):
    places = {}
    for number, run in enumerate(runs):
        if number == 0 or run[0] != runs[number - 1][0]:
            start = number
        places.setdefault(start, []).append(run)
    groups = {}
    for group in places.values():
        groups[group[0][0]] = group  # a later group of the same budget takes its place
    return _fit([run for group in groups.values() for run in group])


@fit_isoflop.mistake(
    "The coefficients of the parabola are read in the wrong order.",
    "polyfit gives the highest power first. Which of the three belongs to the square?",
)
def wrong_order(runs):
    return _fit(runs, lowest=lambda p, sizes, losses: -p[1] / (2 * p[2]))


@fit_isoflop.mistake(
    "The lowest point is at -b/a, twice as far as it should be.",
    "Where is the derivative of a·x² + b·x + c zero?",
)
def twice_as_far(runs):
    return _fit(runs, lowest=lambda p, sizes, losses: -p[1] / p[0])


@fit_isoflop.mistake(
    "The sign of the lowest point is wrong.", "Where is the derivative of a·x² + b·x + c zero?"
)
def wrong_sign(runs):
    return _fit(runs, lowest=lambda p, sizes, losses: p[1] / (2 * p[0]))


@fit_isoflop.mistake(
    "The line is turned round: the budgets over the sizes.",
    "When the budget doubles, by what power does the size grow?",
)
def regressed_on_size(runs):
    return _fit(runs, line=lambda x, y: _line(y, x))


@fit_isoflop.mistake(
    "The line is fitted to the budgets over the sizes and then inverted: not the same line.",
    "From which error does least squares take the square: that of the size?",
)
def inverted_line(runs):
    def line(x, y):
        slope, height = np.polyfit(y, x, 1)
        return 1 / slope, np.exp(-height / slope)

    return _fit(runs, line=line)


@fit_isoflop.mistake(
    "The factor is left as a logarithm.", "What is the size at 1 FLOP, by your two numbers?"
)
def log_factor(runs):
    return _fit(runs, line=lambda x, y: np.polyfit(x, y, 1))


@fit_isoflop.mistake(
    "The factor mixes logarithms: 10 to the power of a natural logarithm.",
    "Which function undoes the logarithm that you took?",
)
def mixed_logarithms(runs):
    def line(x, y):
        slope, height = np.polyfit(x, y, 1)
        return slope, 10.0 ** (height / 3)

    return _fit(runs, line=line)


@fit_isoflop.mistake(
    "The line is fitted to the numbers, not to their logarithms.",
    "A power law is a straight line on which paper?",
)
def straight(runs):
    def line(x, y):
        slope, height = np.polyfit(np.exp(x) / 1e20, np.exp(y) / 1e9, 1)
        return slope, height

    return _fit(runs, line=line)


@fit_isoflop.mistake(
    "The exponent comes from the first and the last budget alone.",
    "What do the budgets in between say?",
)
def two_points(runs):
    def line(x, y):
        slope = (y[-1] - y[0]) / (x[-1] - x[0])
        return slope, np.exp(y[0] - slope * x[0])

    return _fit(runs, line=line)


@fit_isoflop.mistake("Best sizes are left as logarithms.", "Which unit do the best sizes have?")
def log_sizes(runs):
    best, exponent, factor = _fit(runs)
    return [(flops, float(np.log(size))) for flops, size in best], exponent, factor


@fit_isoflop.mistake(
    "Fewer than three sizes for a budget are accepted.",
    "How many points does it take to know a parabola?",
)
def two_sizes(runs):
    return _fit(runs, three=False)


@fit_isoflop.mistake(
    "Equal sizes are counted as different ones, when it is asked whether there are three.",
    "Two runs of one size: how many points of the parabola do they give?",
)
def runs_counted(runs):
    counts = {}
    for flops, _, _ in runs:
        counts[flops] = counts.get(flops, 0) + 1
    if min(counts.values()) < 3:
        raise ValueError("too few sizes")
    return _fit(runs, three=False)


@fit_isoflop.mistake(
    "A single budget is accepted.", "How many points does it take to know a straight line?"
)
def one_budget(runs):
    return _fit(runs, budgets=1)


@fit_isoflop.mistake(
    "Budgets come in the order in which they were given.", "In which order should they come?"
)
def as_given(runs):
    best, exponent, factor = _fit(runs)
    order = list(dict.fromkeys(run[0] for run in runs))
    return sorted(best, key=lambda point: order.index(point[0])), exponent, factor
