"""A folder for temporary files that is this program's and its user's alone, and ends with it."""

from __future__ import annotations

import os
import tempfile
from types import TracebackType


class PrivateFolder:
    """Made at once, for its owner only; `variable` of the environment names it from then on, and `remove` ends both."""

    def __init__(self, variable: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="citedesk-", ignore_cleanup_errors=True)
        self._variable = variable
        os.environ[variable] = self._folder.name

    def __enter__(self) -> PrivateFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()

    def remove(self) -> None:
        self._folder.cleanup()
        os.environ.pop(self._variable, None)
