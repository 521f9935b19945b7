"""The tokens of cl100k_base: how long a text is, counted offline."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

VOCABULARY = Path(__file__).parent.parent / "data" / "cl100k_base.tiktoken"


@cache
def vocabulary() -> tiktoken.Encoding:
    """Return the shipped `cl100k_base`. tiktoken's own loader downloads it at first use, which fails offline."""
    import tiktoken

    ranks = {}
    for line in VOCABULARY.read_bytes().splitlines():
        token, rank = line.split()
        ranks[base64.b64decode(token)] = int(rank)
    pattern = (
        r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|"""
        r"""\s+(?!\S)|\s"""
    )  # as in tiktoken_ext/openai_public.py
    return tiktoken.Encoding("cl100k_base", pat_str=pattern, mergeable_ranks=ranks, special_tokens={})


def count_tokens(text: str) -> int:
    """Return the number of cl100k_base tokens of `text`."""
    return len(vocabulary().encode_ordinary(text))
