"""Published model families, made of the course's own layers: one small file for each.

A family's file has its sizes (a frozen dataclass, and a constant for each published model), a
function that builds the model, and the map from published weight names to ours. Nothing here
fetches weights; `gradus.data.published` does.
"""
