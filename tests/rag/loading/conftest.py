"""Files of binary formats, made in the test: a PDF with given lines on each page, a Word document, a ZIP archive."""

from __future__ import annotations

from typing import Any

import pytest

from eval.stress.files import pdf_bytes, word_bytes, zip_bytes


@pytest.fixture
def make_pdf() -> Any:
    return pdf_bytes


@pytest.fixture
def make_word() -> Any:
    return word_bytes


@pytest.fixture
def make_zip() -> Any:
    return zip_bytes
