"""Texts to learn from that are already on this computer, and larger ones that can be fetched."""

from gradus.data.code import code_tokens
from gradus.data.documentation import python_docs
from gradus.data.documented import docstrings
from gradus.data.interface import interface_strings
from gradus.data.opinions import sentiment_sentences
from gradus.data.publications import published
from gradus.data.sentiment import sentiment_words
from gradus.data.spoken import pronunciations
from gradus.data.summaries import docstring_summaries

__all__ = [
    "code_tokens",
    "docstring_summaries",
    "docstrings",
    "interface_strings",
    "pronunciations",
    "published",
    "python_docs",
    "sentiment_sentences",
    "sentiment_words",
]
