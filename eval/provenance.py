"""What a run was made with: code, settings, versions, cases, articles, machine. Nothing in it depends on the time."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rag.schema import Article
from rag.settings import Settings

from .case import case_bytes
from .intervals import RESAMPLES, SEED

PACKAGES = (
    "citedesk",
    "torch",
    "transformers",
    "sentence-transformers",
    "faiss-cpu",
    "numpy",
    "openai",
    "sentencex",
    "tiktoken",
    "trafilatura",
)
_SECRET = frozenset({"chat_key"})
_HERE = Path(__file__).resolve().parent


def describe(
    *, cases: Path, split: str, settings: Settings, articles: Iterable[Article], made_by: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Return what `run.json` holds. The key of a chat model, and any in its address, are left out."""
    ids = sorted(article.id for article in articles)
    return surroundings(settings) | {
        "cases": {"file": cases.name, "sha256": hashlib.sha256(case_bytes(cases)).hexdigest(), "split": split},
        "corpus": {"articles": len(ids), "sha256": hashlib.sha256("\n".join(ids).encode()).hexdigest()},
        "made_by": {part: list(names) for part, names in made_by.items()},
    }


def surroundings(settings: Settings) -> dict[str, Any]:
    """Return what any measurement was made with: commit, settings without secrets, seed, versions, machine."""
    commit = _git("rev-parse", "HEAD") if _git("ls-files", "--error-unmatch", Path(__file__).name) is not None else None
    # Runs are results, not the program: an earlier one beside the code does not make it dirty.
    changed = _git("status", "--porcelain", "--", ":(top)", ":(top,exclude)eval/runs", ":(top,exclude)eval/results")
    return {
        "commit": commit,
        "dirty": bool(changed) if commit else None,
        "settings": _public(settings),
        "seed": SEED,
        "resamples": RESAMPLES,
        "versions": {"python": platform.python_version()} | {package: _version(package) for package in PACKAGES},
        "machine": {"system": platform.platform(), "processor": _processor(), "processors": os.cpu_count()},
    }


def _public(settings: Settings) -> dict[str, Any]:
    values = {name: value for name, value in dataclasses.asdict(settings).items() if name not in _SECRET}
    return values | {"chat_address": _without_secrets(settings.chat_address)}


def _without_secrets(address: str) -> str | None:
    """Return scheme, host, port and path, without name, password, query and fragment; None where it cannot be told."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.path:  # a password may hold a slash, and end in what looks like the path
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _git(*words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(_HERE), *words],  # noqa: S607  the user's own git
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    return found.group(1) if found else platform.processor()
