"""Real statements of the public sets with what they cite: WiCE and Fool Me Twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.language.facts import facts_of


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement put to a quote. `wrong` are its characters that the quote does not bear, where known; `group` names the article."""

    text: str
    quote: str
    supported: bool
    kind: str
    group: str
    wrong: tuple[tuple[int, int], ...] = ()


def measured(folder: Path) -> dict[str, list[Claim]]:
    """Return WiCE test and FM2 test, which are only measured."""
    return {
        "WiCE test": wice(folder / "support" / "wice" / "claim_test.jsonl"),
        "FM2 test": fools(folder / "support" / "fm2_test.jsonl"),
    }


def wice(path: Path) -> list[Claim]:
    """Return WiCE's claims with their supporting sentences; where there are none, with the three most alike."""
    claims = []
    for row in _rows(path):
        evidence = row["evidence"]
        chosen = row["supporting_sentences"][0] if row["supporting_sentences"] else _alike(row["claim"], evidence)
        quote = " ".join(evidence[place] for place in sorted(chosen))
        claims.append(
            Claim(row["claim"], quote, row["label"] == "supported", f"wice {row['label']}", f"wice:{row['meta']['id']}")
        )
    return claims


def wice_tokens(path: Path) -> list[Claim]:
    """Return WiCE's partly supported claims, with the characters that are not supported."""
    claims = []
    for row in _rows(path):
        wrong, at = [], 0
        for token, bare in zip(row["claim_tokens"], row["non_supported_spans"], strict=True):
            start = row["claim"].find(token, at)
            at = at if start < 0 else start + len(token)
            if bare and start >= 0:
                wrong.append((start, at))
        quote = " ".join(row["evidence"][place] for place in sorted(row["supporting_sentences"][0]))
        claims.append(Claim(row["claim"], quote, False, "wice tokens", f"wice:{row['meta']['id']}", tuple(wrong)))
    return claims


def fools(path: Path) -> list[Claim]:
    """Return Fool Me Twice's claims with all their evidence as one quote."""
    return [
        Claim(
            row["text"],
            " ".join(evidence["text"].strip() for evidence in row["gold_evidence"]),
            row["label"] == "SUPPORTS",
            f"fm2 {row['label'].lower()}",
            f"fm2:{row['wikipedia_page']}",
        )
        for row in _rows(path)
    ]


def _alike(claim: str, evidence: Sequence[str]) -> list[int]:
    stems = facts_of(claim).stems
    return sorted(range(len(evidence)), key=lambda place: -len(stems & facts_of(evidence[place]).stems))[:3]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
