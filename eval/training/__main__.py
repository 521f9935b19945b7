"""`python -m eval.training`: train and measure the reader, measure the support check, and fit the confidence
and which articles a question is about."""

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
    topicality = commands.add_parser("topicality", help="fit which articles a question is about")
    topicality.add_argument("folder", type=Path, help="for what was looked up, which takes the time")
    topicality.add_argument("--data", type=Path, required=True, help="the folder that holds the written set")
    topicality.add_argument("--at-most", type=int, default=1000, help="questions")
    checked = commands.add_parser("support-evaluate", help="measure the support check on WiCE and FM2")
    checked.add_argument("--words-alone", action="store_true", help="the check without a model")
    checked.add_argument("--data", type=Path, required=True, help="the folder of the public sets")
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


def _fit_topicality(chosen: argparse.Namespace) -> None:
    from rag.settings import Settings

    from .topicality import fit

    for name, value in fit(chosen.data, at_most=chosen.at_most, folder=chosen.folder, settings=Settings()).items():
        sys.stdout.write(f"{name:<56} {value:.3f}\n")


def _evaluate_support(chosen: argparse.Namespace) -> None:
    from rag.plugins import Models
    from rag.settings import Settings

    from .support_evaluate import rows

    models = Models(Settings(entailment="none", consistency="none") if chosen.words_alone else Settings())
    for row in rows(chosen.data, entailment=models.entailment, consistency=models.consistency):
        sys.stdout.write(f"{row}\n")


_COMMANDS = {
    "reader": _train,
    "evaluate": _evaluate,
    "pack": _pack,
    "confidence": _fit_confidence,
    "topicality": _fit_topicality,
    "support-evaluate": _evaluate_support,
}


if __name__ == "__main__":
    main()
