"""Pictures of scaling: valleys with their lowest points, and the map of models."""

from gradus.plots.model_map import model_map
from gradus.plots.valleys import valleys


def test_valleys_tell_points_and_lowest_points():
    picture = valleys(
        {"small": ([1e3, 1e4, 1e5], [3.0, 2.0, 3.0])},
        {"small": (1e4, 2.0)},
        "parameters",
        "loss",
        "A valley",
        {"small": ([1e3, 1e5], [3.1, 2.9]), "one": ([2e4], [2.5])},
    )

    assert picture.alt == (
        "Curves. A valley. loss against parameters. small: 3.1 at 1e+03, 2.9 at 1e+05; "
        "small: lowest at 1e+04, with 2; one: 2.5 at 2e+04."
    )
    [axes] = picture.figure.axes
    assert axes.get_xscale() == "log"
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["small", "one"]


def test_the_map_tells_every_model_and_names_its_lines():
    picture = model_map(
        {"GPT-3": (175e9, 300e9), "tiny": (1e9, 2e10)},
        {"20 for each": [(1e9, 2e10), (1e11, 2e12)]},
        "Two models",
        left=["GPT-3"],
        below=["tiny"],
    )

    assert "GPT-3: 1.75e+11 parameters, 3e+11 tokens, 1.71 for each" in picture.alt
    assert "tiny: 1e+09 parameters, 2e+10 tokens, 20 for each" in picture.alt
    assert picture.alt.endswith("Lines: 20 for each.")
    [axes] = picture.figure.axes
    written = {text.get_text() for text in axes.texts}
    assert {"GPT-3", "tiny", "1e21"} <= written
