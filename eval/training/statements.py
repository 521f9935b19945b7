"""Which statements the judge of support is trained on, tuned on and measured on: made ones, and those of WiCE, FM2 and HaluEval."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from rag.language.facts import facts_of
from rag.reader.trained import SMALL

from .answered import answered
from .data import Example, read_sets
from .declaring import Declarer, Verbs
from .making import Claim, Maker

SOURCES = ("new_wiki", "squad1", "squad2")  # edited prose with titles; product reviews and threads have neither
ASKED = (*SOURCES, "qed", "nq")  # whose questions are put with an answer; what people type is no sentence to declare
TUNED = 8  # every eighth training article is kept from the judge, to choose its thresholds on


class Statements:
    """All statements under a folder of public sets, by what they may be used for. The same seed gives the same ones."""

    def __init__(self, folder: Path, *, reader: Path = SMALL, seed: int = 1) -> None:
        """`reader` holds the weights of the reader whose answers are judged, too."""
        self._reader = reader
        self._sets = read_sets(folder)
        self._support = folder / "support"
        self._seed = seed
        train = [example for example in self._sets.train if example.source in SOURCES and example.spans]
        self._kept = set(sorted({example.group for example in train})[::TUNED])
        self._fit = [example for example in train if example.group not in self._kept]
        self._tune = [example for example in train if example.group in self._kept]
        self._declarer = Declarer(Verbs.seen_in({example.passage for example in train}))

    def fit(self) -> list[Claim]:
        """Return what the judge is trained on."""
        claims = [
            *wice_tokens(self._support / "wice" / "tokens_train.jsonl"),
            *wice(self._support / "wice" / "claim_dev.jsonl")[::2],
            *fools(self._support / "fm2_dev.jsonl"),
            *invented(self._support, declarer=self._declarer),
        ]
        read = [example for example in self._sets.train if example.source in ASKED and example.group not in self._kept]
        return [*claims, *self._maker(self._fit).taught(), *answered(read, reader=self._reader, seed=self._seed)]

    def tune(self) -> list[Claim]:
        """Return what thresholds are chosen on: made of training articles that the judge does not learn from."""
        return list(self._maker(self._tune).measured())

    def dev(self) -> list[Claim]:
        """Return what is only measured: made of the articles held out everywhere."""
        held = [example for name in ("new_wiki", "squad2") for example in self._sets.dev[name] if example.spans]
        return list(self._maker(held).measured())

    def real(self) -> dict[str, list[Claim]]:
        """Return WiCE test and FM2 test, which are only measured."""
        return {
            "WiCE test": wice(self._support / "wice" / "claim_test.jsonl"),
            "FM2 test": fools(self._support / "fm2_test.jsonl"),
        }

    def _maker(self, examples: Sequence[Example]) -> Maker:
        return Maker(examples, declarer=self._declarer, seed=self._seed)


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


def invented(folder: Path, *, declarer: Declarer) -> Iterator[Claim]:
    """Yield HaluEval's right and invented answers as statements, where they can be made into one."""
    for name in ("qa_one-turn_data.json", "qa_multi-turn_data.json"):
        for row in _rows(folder / name):
            quote = re.sub(r"(?<=[a-z)])\.(?=[A-Z\"])", ". ", row["knowledge"]).strip()
            for key, supported in (("right_answer", True), ("hallucinated_answer", False)):
                said = row[key]
                whole = len(said.split()) > 5 and said.endswith(".")
                text = said if whole else declarer.declare(row["question"], said)
                if text:
                    yield Claim(text, quote, supported, f"halueval {key}", f"halueval:{row['question']}")


def _alike(claim: str, evidence: Sequence[str]) -> list[int]:
    stems = facts_of(claim).stems
    return sorted(range(len(evidence)), key=lambda place: -len(stems & facts_of(evidence[place]).stems))[:3]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
