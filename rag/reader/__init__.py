"""The trained readers: do these passages answer, and with which words?"""

from .cascade import CascadeReader
from .trained import TrainedReader

__all__ = ["CascadeReader", "TrainedReader"]
