"""What entailment is learned from in the public sets: WiCE, FM2, HaluEval, and SQuAD 2.0 with its plausible answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote

from rag.verification.entailment_model import CONTRADICTED, NOT_SAID, SUPPORTED
from rag.verification.premises import answered, premise

from .pairs import Inference
from .statements import fools, wice, wice_tokens

FALSE = (CONTRADICTED, NOT_SAID)
HELD_OUT = 7  # every seventh article of the SQuAD 2.0 part is dev
MOST = {"fm2": 600, "halueval": 600, "squad2": 700}  # in a round, so that the written set weighs most
AROUND = 300  # characters of the paragraph on either side of the answer


def public_inferences(data: Path, *, seed: str) -> list[Inference]:
    """Return one round's inferences of the public sets under `data`, unshuffled."""
    random = Random(f"{seed}:public entailment")
    support = data / "support"
    claims = [
        *wice_tokens(support / "wice" / "tokens_train.jsonl"),
        *wice(support / "wice" / "claim_dev.jsonl")[::2],
        *fools(support / "fm2_dev.jsonl"),
    ]
    found = []
    for claim in claims:
        false = (CONTRADICTED,) if claim.kind == "fm2 refutes" else FALSE
        wrong = claim.wrong if claim.wrong or claim.supported else None
        allowed = (SUPPORTED,) if claim.supported else false
        found.append(Inference(claim.quote, claim.text, allowed, wrong, claim.kind.split()[0]))
    found += [*_halueval(support), *_squad(data / "reading" / "squad2_part.json")]
    chosen = [one for one in found if one.source not in MOST]
    for source, most in MOST.items():
        among = [one for one in found if one.source == source]
        chosen += random.sample(among, min(most, len(among)))
    return chosen


def _halueval(folder: Path) -> Iterator[Inference]:
    for name in ("qa_one-turn_data.json", "qa_multi-turn_data.json"):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            quote = re.sub(r"(?<=[a-z)])\.(?=[A-Z\"])", ". ", row["knowledge"]).strip()
            for key, allowed in (("right_answer", (SUPPORTED,)), ("hallucinated_answer", FALSE)):
                yield Inference(quote, answered(row["question"], row[key]), allowed, None, "halueval")


def _squad(path: Path) -> Iterator[Inference]:
    for index, article in enumerate(json.loads(path.read_text(encoding="utf-8"))["data"]):
        if index % HELD_OUT == 0:
            continue
        title = unquote(article["title"]).replace("_", " ")
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                impossible = question.get("is_impossible", False)
                answers = question.get("plausible_answers", []) if impossible else question["answers"]
                if answers:
                    told = premise(title, "", [_around(paragraph["context"], answers[0]["text"])])
                    allowed = (NOT_SAID, CONTRADICTED) if impossible else (SUPPORTED,)
                    hypothesis = answered(question["question"], answers[0]["text"])
                    yield Inference(told, hypothesis, allowed, None, "squad2")


def _around(passage: str, words: str) -> str:
    """Return the sentences round the first place of the words, as far as borders are told by a full stop."""
    at = max(0, passage.find(words))
    start = passage.rfind(". ", 0, max(0, at - AROUND // 3))
    end = passage.find(". ", at + len(words))
    return passage[start + 2 if start >= 0 else 0 : end + 1 if end >= 0 else len(passage)]
