"""Texts to learn from that are already on this computer."""

from gradus.data.documentation import python_docs

__all__ = ["python_docs"]
