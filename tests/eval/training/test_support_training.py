from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
import torch
from transformers import AutoModel, AutoTokenizer, BertConfig

from eval.training.making import FROM_ANSWER, Claim
from eval.training.masters import Masters
from eval.training.support import Plan, judge_on, learn, word_labels
from eval.training.support_evaluate import share, told_apart
from eval.training.thresholds import choose
from rag.errors import MissingExtraError
from rag.index.embedding import minilm_folder
from rag.verification.cloze import Cloze
from rag.verification.entailment import Reply, Thresholds, with_reply
from rag.verification.entailment_model import EntailmentNetwork, load_entailment, save_entailment

TRUE = Claim("The ferry sails on Sundays.", "The ferry Aurora sails on Sundays.", True, FROM_ANSWER, "a")
FALSE = Claim("The ferry sinks on Sundays.", "The ferry Aurora sails on Sundays.", False, "opposite", "a", ((10, 15),))
UNKNOWN = Claim("The ferry is old.", "The ferry Aurora sails on Sundays.", False, "fm2 refutes", "a")


def network() -> EntailmentNetwork:
    torch.manual_seed(1)
    size = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, vocab_size=30522
    )
    return judge_on(AutoModel.from_config(size, add_pooling_layer=False))


def test_the_rate_rises_and_falls_to_nearly_zero() -> None:
    plan = Plan(steps=100)
    rates = [plan.rate(step) for step in range(100)]
    assert rates.index(max(rates)) == 5
    assert rates[-1] < 0.02 * plan.peak
    assert all(later < earlier for earlier, later in pairwise(rates[6:]))


def test_all_statements_are_seen_before_any_twice() -> None:
    claims = [Claim(str(number), "q", True, FROM_ANSWER, "a") for number in range(50)]
    plan = Plan(steps=5, claims=20)
    seen = Counter(claim.text for step in range(5) for claim in plan.claims_of(step, among=claims))
    assert set(seen.values()) == {2}


def test_learning_lowers_the_loss_and_leaves_the_word_embeddings_alone() -> None:
    entailment = network()
    masters = Masters(entailment, entailment.encoder, decay=0.0)
    tokeniser = AutoTokenizer.from_pretrained(minilm_folder())
    words = entailment.encoder.get_input_embeddings().weight.clone()
    losses = []
    for _ in range(30):
        losses.append(learn(entailment, [TRUE, FALSE, UNKNOWN], tokeniser=tokeniser))
        masters.step(rate=3e-3)
    assert losses[-1] < 0.7 * losses[0]
    assert torch.equal(words, entailment.encoder.get_input_embeddings().weight)


def test_going_on_from_a_checkpoint_gives_the_same_weights(tmp_path: Path) -> None:
    tokeniser = AutoTokenizer.from_pretrained(minilm_folder())

    def trained(steps: int, *, from_step: int = 0) -> EntailmentNetwork:
        entailment = network()
        masters = Masters(entailment, entailment.encoder, decay=0.01)
        if from_step:
            assert masters.restore(tmp_path / "checkpoint") == from_step
        for step in range(from_step, steps):
            learn(entailment, [TRUE, FALSE], tokeniser=tokeniser)
            masters.step(rate=1e-3)
            if step == 2:
                masters.save(tmp_path / "checkpoint", step=3)
        return entailment

    whole, again = trained(6), trained(6, from_step=3)
    for one, other in zip(whole.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_mixed_weights_lie_halfway_and_are_worked_with() -> None:
    entailment = network()
    before = {name: weight.detach().clone() for name, weight in entailment.named_parameters()}
    masters = Masters(entailment, entailment.encoder, decay=0.0)
    learn(entailment, [TRUE, FALSE], tokeniser=AutoTokenizer.from_pretrained(minilm_folder()))
    masters.step(rate=0.1)
    after = {name: weight.detach().clone() for name, weight in entailment.named_parameters()}
    masters.mix(before)
    for name, weight in entailment.named_parameters():
        assert torch.allclose(weight.float(), (before[name] + after[name].float()) / 2, atol=1e-2)
    assert not torch.equal(entailment.verdict.weight, after["verdict.weight"])


def test_a_checkpoint_of_before_the_first_step_can_be_gone_on_from(tmp_path: Path) -> None:
    entailment = network()
    Masters(entailment, entailment.encoder, decay=0.01).save(tmp_path / "checkpoint", step=0)
    assert Masters(entailment, entailment.encoder, decay=0.01).restore(tmp_path / "checkpoint") == 0


def test_averaged_weights_are_the_mean_of_those_given() -> None:
    entailment = network()
    masters = Masters(entailment, entailment.encoder, decay=0.0)
    before = masters.weights()
    masters.average([before, before, {name: weight + 3.0 for name, weight in before.items()}])
    for name, weight in masters.weights().items():
        torch.testing.assert_close(weight, before[name] + 1.0)
    assert torch.equal(entailment.verdict.weight, masters.weights()["verdict.weight"])


def test_a_judge_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    entailment = judge_on(AutoModel.from_pretrained(minilm_folder(), add_pooling_layer=False))
    save_entailment(tmp_path, network=entailment, thresholds=Thresholds(clear=0.5, reworded=0.6))
    loaded, saved = load_entailment(tmp_path).state_dict(), entailment.state_dict()
    assert loaded.keys() == saved.keys()
    for name, weight in saved.items():
        torch.testing.assert_close(loaded[name].float(), weight, rtol=2**-8, atol=0.0)  # the encoder's are in bfloat16
    with pytest.raises(MissingExtraError, match="holds no weights"):
        load_entailment(tmp_path / "none")


def test_words_are_labelled_where_it_is_known_which_are_wrong() -> None:
    offsets = ((-1, -1), (0, 3), (4, 9), (10, 15), (16, 18), (-1, -1))
    assert word_labels(TRUE, offsets) == [(1, False), (2, False), (3, False), (4, False)]
    assert word_labels(FALSE, offsets) == [(1, False), (2, False), (3, True), (4, False)]
    assert word_labels(UNKNOWN, offsets) == []


class KnowingJudge:
    """Gives true statements 0.9, and the broken ones that it is told 0.8, all others 0.1."""

    thresholds = Thresholds(clear=0.5, reworded=0.5)

    def __init__(self, *, fooled_by: str) -> None:
        self._fooled_by = fooled_by

    def chances(self, pairs: list[tuple[str, str]]) -> list[float]:
        return [0.9 if "true" in text else 0.8 if self._fooled_by in text else 0.1 for text, _ in pairs]


class ReadyAsker:
    """Answers each question with the words of the statement, but for those it is told."""

    name = "ready"

    def __init__(self, *, but_for: str = "nothing") -> None:
        self._but_for = but_for

    def replies(self, asked: Sequence[Cloze], quote: str) -> list[Reply]:
        return [Reply(cloze.question, 0.0 if cloze.said == self._but_for else 1.0, cloze.said) for cloze in asked]


def claims() -> list[Claim]:
    quote = "a true red blue word stands here in the quote"
    made = [Claim(f"a true word stands here {n}", f"{quote} {n}", True, FROM_ANSWER, "a") for n in range(100)]
    made += [Claim("a red word stands here", quote, False, "red", "a") for _ in range(100)]
    return made + [Claim("a blue word stands here", quote, False, "blue", "a") for _ in range(100)]


def test_thresholds_let_the_true_ones_in_and_keep_the_broken_ones_out() -> None:
    chosen = choose(claims(), entailment=KnowingJudge(fooled_by="red"), consistency=ReadyAsker())
    assert with_reply(0.8, None) < chosen.clear <= with_reply(0.9, None)
    assert chosen.clear <= chosen.reworded


def test_thresholds_are_no_stricter_than_they_must_be() -> None:
    chosen = choose(claims(), entailment=KnowingJudge(fooled_by="nothing"), consistency=ReadyAsker())
    assert chosen.clear <= with_reply(0.9, None)


def test_thresholds_let_most_of_the_true_ones_in_whatever_comes_with_them() -> None:
    unlike = [Claim("a word stands here", "a true word stands here", True, FROM_ANSWER, "a")] * 50
    chosen = choose(claims() + unlike, entailment=KnowingJudge(fooled_by="nothing"), consistency=ReadyAsker())
    assert chosen.clear <= with_reply(0.1, None)


def test_what_is_answered_otherwise_needs_no_threshold() -> None:
    quote = "a true red blue word stands here in the quote of Lomvik"
    fooling = [Claim("a blue word stands here in Lomvik", quote, False, "blue", "a")] * 50
    heard = choose(
        claims() + fooling, entailment=KnowingJudge(fooled_by="Lomvik"), consistency=ReadyAsker(but_for="Lomvik")
    )
    assert heard.clear <= with_reply(0.8, None)
    unheard = choose(claims() + fooling, entailment=KnowingJudge(fooled_by="Lomvik"), consistency=ReadyAsker())
    assert unheard.clear > with_reply(0.8, None)


def test_a_share_has_wilsons_interval() -> None:
    row = share("x", [True] * 8 + [False] * 2)
    assert (row.share, row.n) == (0.8, 10)
    assert (row.low, row.high) == pytest.approx((0.4902, 0.9433), abs=1e-3)


def test_balanced_accuracy_weighs_both_classes_alike() -> None:
    real = [Claim("a true word stands here", "a true word stands here now", True, "wice", "a")] * 9
    real += [Claim("a blue lie stands there", "a true word stands here now", False, "wice", "a")]
    rows = {row.name: row for row in told_apart("x", real, entailment=None)}
    assert rows["x: balanced accuracy"].share == 1.0
