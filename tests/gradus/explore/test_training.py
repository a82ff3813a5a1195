"""The training panel: a bar, a curve that grows, and texts that cannot break the page."""

from gradus.explore.training import TrainingPanel


def test_it_grows_with_every_step():
    panel = TrainingPanel(3, {"knows nothing": 6.0})
    panel.add(0, 6.0, "<b> & co")
    assert panel.bar.value == 1
    first = panel.picture.value
    panel.add(1, 4.0)
    panel.add(2, 2.0, "better")
    assert panel.bar.value == 3
    assert panel.picture.value != first
    assert "loss: 6 at 0, 5 at 1, 4 at 2" in panel.picture.value
    assert "level knows nothing: 6" in panel.picture.value
    assert "&lt;b&gt; &amp; co" in panel.written.value
    assert panel.written.value.count("<code>") == 2
    assert panel.samples == [(0, "<b> & co"), (2, "better")]
