"""The plots of the class report, as SVG that stands in the page."""

import io
import re
from textwrap import fill

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from autograder.grading.results import Results
from autograder.grading.tally import Count, Tally

# Told apart by lightness and by pattern, not by colour alone.
DARK, MIDDLE, LIGHT = "#22577a", "#7fb3d5", "#e3e3e3"
BINS = 10


def histogram(results: Results) -> str:
    """Plot how many learners have which share of all points."""
    counts = [0] * BINS
    for learner in results.learners:
        share = learner.total / results.points if results.points else 0
        counts[min(int(share * BINS), BINS - 1)] += 1
    figure, axes = _figure(7, 3)
    edges = [100 * number / BINS for number in range(BINS)]
    bars = axes.bar(edges, counts, width=96 / BINS, align="edge", color=DARK)
    axes.bar_label(bars, [str(count) if count else "" for count in counts])
    axes.set(xlabel="points, in % of all", ylabel="learners", xlim=(0, 100))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    said = ", ".join(
        f"{count} from {low:g} to {low + 100 / BINS:g} %"
        for low, count in zip(edges, counts, strict=True)
        if count
    )
    return _svg(figure, "scores", f"Histogram of scores. Learners: {said}.")


def success(tallies: list[Tally]) -> str:
    """Plot for every exercise how many learners got all, some or none of its points."""
    figure, axes = _figure(7, 0.8 + 0.42 * len(tallies))
    names = [one.exercise.label for one in tallies]
    left = [0] * len(tallies)
    for word, counts, colour, pattern in (
        ("all points", [one.full for one in tallies], DARK, ""),
        ("some points", [one.some for one in tallies], MIDDLE, "//"),
        ("no points", [one.none for one in tallies], LIGHT, ".."),
    ):
        bars = axes.barh(
            names, counts, left=left, label=word, color=colour, hatch=pattern, edgecolor="white"
        )
        ink = "white" if colour == DARK else "black"
        written = [str(count) if count else "" for count in counts]
        axes.bar_label(bars, written, label_type="center", color=ink)
        left = [before + count for before, count in zip(left, counts, strict=True)]
    axes.invert_yaxis()
    axes.set(xlabel="learners")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, frameon=False)
    said = "; ".join(
        f"{t.exercise.label}: {t.full} all, {t.some} some, {t.none} none" for t in tallies
    )
    return _svg(figure, "success", f"How many learners got how many points. {said}.")


def mistakes(counts: list[Count]) -> str:
    """Plot how many learners made which mistake."""
    figure, axes = _figure(7, 0.8 + 0.62 * len(counts))
    names = [fill(f"{count.exercise}: {count.name}", 44) for count in counts]
    surely = [len(count.surely) for count in counts]
    perhaps = [len(count.perhaps) for count in counts]
    axes.barh(names, surely, label="surely", color=DARK)
    axes.barh(
        names, perhaps, left=surely, label="perhaps", color=MIDDLE, hatch="//", edgecolor="white"
    )
    axes.invert_yaxis()
    axes.tick_params(axis="y", labelsize=8)
    axes.set(xlabel="learners")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    said = "; ".join(
        f"{count.exercise}, {count.name} {len(count.surely)} surely, {len(count.perhaps)} perhaps"
        for count in counts
    )
    return _svg(figure, "mistakes", f"The most frequent mistakes. {said}.")


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _svg(figure: Figure, name: str, alt: str) -> str:
    """Return the drawing as an <svg> element that says in words what it shows."""
    stream = io.StringIO()
    # One salt a plot: ids must differ within the page, and be the same whenever it is written.
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none", "font.size": 10}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    drawing = re.sub(r"^.*?<svg", "<svg", stream.getvalue(), count=1, flags=re.DOTALL)
    words = alt.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return drawing.replace("<svg", f'<svg role="img" aria-label="{words}"', 1)
