"""`python -m eval.training`: train and measure the reader and the judge of support, and fit the confidence."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from rag.index.embedding import minilm_folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    reader = commands.add_parser("reader", help="train the reader; goes on from the checkpoint in FOLDER")
    reader.add_argument("folder", type=Path, help="for checkpoints and the trained network; outside the work tree")
    reader.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    reader.add_argument("--steps", type=int, required=True, help="of 12 questions each")
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--encoder", type=Path, help="folder of the encoder to start from; default: all-MiniLM-L6-v2")
    reader.add_argument("--frozen", type=int, default=0, help="lowest layers to keep as they are")
    reader.add_argument("--peak", type=float, default=1.5e-4, help="highest learning rate")
    reader.add_argument("--start", type=Path, help="folder of a trained reader to begin with, instead of an encoder")
    reader.add_argument(
        "--contrasts", action="store_true", help="mostly near misses and answered questions beside them"
    )
    evaluate = commands.add_parser("evaluate", help="measure the network in FOLDER on the dev sets")
    evaluate.add_argument("folder", type=Path, help="what training wrote: its `final` or `current`")
    evaluate.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    evaluate.add_argument("--at-most", type=int, default=100_000, help="questions of each set")
    evaluate.add_argument("--precision", choices=("float32", "bfloat16"), default="float32")
    evaluate.add_argument("--first", type=Path, help="folder of the smaller network that ranks the ten passages first")
    pack = commands.add_parser("pack", help="write the network in FOLDER as it ships: one byte a weight")
    pack.add_argument("folder", type=Path, help="what training wrote: its `final`")
    pack.add_argument("out", type=Path, help="a folder of rag/models")
    pack.add_argument("--shared-embeddings", action="store_true", help="leave out those of all-MiniLM-L6-v2")
    confidence = commands.add_parser("confidence", help="fit the confidence on articles that the reader never saw")
    confidence.add_argument("folder", type=Path, help="for what was read, which takes the time; outside the work tree")
    confidence.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    confidence.add_argument("--at-most", type=int, default=3000, help="questions")
    confidence.add_argument("--reader", default="trained", help="name of the reader to fit for: trained or fast")
    support = commands.add_parser("support", help="train the judge of support; goes on from the checkpoint in FOLDER")
    support.add_argument("folder", type=Path, help="for checkpoints and, in `final`, the judge; outside the work tree")
    support.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    support.add_argument("--steps", type=int, required=True, help="of 32 statements each")
    support.add_argument("--seed", type=int, default=1)
    support.add_argument("--start", type=Path, help="folder of a judge to begin with; ends with the mean of both")
    checked = commands.add_parser("support-evaluate", help="measure the support check on statements held out")
    checked.add_argument("folder", type=Path, nargs="?", help="a trained judge; without one, the check without a judge")
    checked.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    bounds = commands.add_parser("support-thresholds", help="choose the thresholds of a trained judge anew")
    bounds.add_argument("folder", type=Path, help="the judge; its thresholds are replaced")
    bounds.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
    chosen = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    for noisy in ("bm25s", "httpx", "sentence_transformers", "transformers"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    _COMMANDS[chosen.command](chosen)


def _train(chosen: argparse.Namespace) -> None:
    from .reader import Plan, train

    plan = Plan(
        steps=chosen.steps, seed=chosen.seed, frozen=chosen.frozen, peak=chosen.peak, contrasts=chosen.contrasts
    )
    encoder = chosen.encoder or minilm_folder()
    train(plan, data=chosen.data, folder=chosen.folder, encoder=encoder, start=chosen.start)


def _evaluate(chosen: argparse.Namespace) -> None:
    from .evaluate import Measurement

    measurement = Measurement(
        chosen.folder,
        data=chosen.data,
        at_most=chosen.at_most,
        encoder=minilm_folder(),
        precision=chosen.precision,
        first=chosen.first,
    )
    for figure in measurement.figures():
        sys.stdout.write(f"{figure}\n")
        sys.stdout.flush()


def _pack(chosen: argparse.Namespace) -> None:
    from rag.reader.network import load_network, save_network

    network, tokeniser = load_network(chosen.folder)
    save_network(
        chosen.out,
        network=network,
        tokeniser=tokeniser,
        one_byte=True,
        shared_embeddings=chosen.shared_embeddings,
    )


def _fit_confidence(chosen: argparse.Namespace) -> None:
    from rag.settings import Settings

    from .confidence import fit

    settings = Settings(reader=chosen.reader)
    for name, value in fit(chosen.data, at_most=chosen.at_most, folder=chosen.folder, settings=settings).items():
        sys.stdout.write(f"{name:<44} {value:.3f}\n")


def _train_support(chosen: argparse.Namespace) -> None:
    from rag.reader.trained import SMALL

    from .support import Plan, train

    plan = Plan(steps=chosen.steps, seed=chosen.seed)
    train(plan, data=chosen.data, folder=chosen.folder, reader=SMALL, start=chosen.start)


def _choose_thresholds(chosen: argparse.Namespace) -> None:
    from rag.settings import Settings
    from rag.verification.entailment_model import TrainedEntailment, save_thresholds
    from rag.verification.qa_consistency import ReaderConsistency

    from .statements import Statements
    from .thresholds import choose

    found = choose(
        Statements(chosen.data).tune(),
        entailment=TrainedEntailment(Settings(), folder=chosen.folder),
        consistency=ReaderConsistency(Settings()),
    )
    save_thresholds(chosen.folder, found)
    sys.stdout.write(f"{found}\n")


def _evaluate_support(chosen: argparse.Namespace) -> None:
    from rag.settings import Settings
    from rag.verification.entailment_model import TrainedEntailment
    from rag.verification.qa_consistency import ReaderConsistency

    from .support_evaluate import rows

    entailment = TrainedEntailment(Settings(), folder=chosen.folder) if chosen.folder else None
    for row in rows(
        chosen.data, entailment=entailment, consistency=ReaderConsistency(Settings()) if entailment else None
    ):
        sys.stdout.write(f"{row}\n")


_COMMANDS = {
    "reader": _train,
    "evaluate": _evaluate,
    "pack": _pack,
    "confidence": _fit_confidence,
    "support": _train_support,
    "support-evaluate": _evaluate_support,
    "support-thresholds": _choose_thresholds,
}


if __name__ == "__main__":
    main()
