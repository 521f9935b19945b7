"""The shipped weights, and where they lie: here, or in the package `citedesk-models` where a wheel would be too large."""

from __future__ import annotations

import importlib.util
from pathlib import Path

APART = "citedesk_models"
_HERE = Path(__file__).parent


def weights_folder(name: str) -> Path:
    """Return the folder of the weights of that name. It need not be there: who loads it says what is missing."""
    here = _HERE / name
    if here.is_dir() or (found := importlib.util.find_spec(APART)) is None:
        return here
    return Path(next(iter(found.submodule_search_locations or ()), _HERE), name)
