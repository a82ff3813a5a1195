"""Curation: choosing which texts a model learns from, and how much of each source."""

from gradus.curation.duplicates import deduplicate
from gradus.curation.mixture import mixture_weights
from gradus.curation.quality import quality_filter

__all__ = ["deduplicate", "mixture_weights", "quality_filter"]
