"""The trained reader: a small network that reads a passage for a question and says whether it answers, with which words."""

from .reader import TrainedReader

__all__ = ["TrainedReader"]
