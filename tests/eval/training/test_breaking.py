from random import Random

import pytest

from eval.training.breaking import BREAKERS, Broken, Ground

PASSAGE = (
    "Ida Berg founded the yard in Lomvik in 1889. It has 300 workers and cost about 20 million dollars. "
    "Most ferries did not sail to Pisek before 1901, according to Otto Lund. Anna Dahl won the prize in Tarvik. "
    "The harbour is the largest in Norway. Critics may have closed it."
)
GROUND = Ground(
    PASSAGE,
    tuple(sentence + "." for sentence in PASSAGE.rstrip(".").split(". ")),
    "Lomvik yard",
    ["Anna Dahl", "Ida Berg", "Otto Lund", "Karl Voss"],
    ["Lomvik", "Tarvik", "Norway", "Oslo"],
    ["Lomvik yard", "Steam engine"],
)
STATEMENTS = {
    "number": "The yard has 300 workers.",
    "unit": "The yard cost about 20 million dollars.",
    "date": "Ida Berg founded the yard in 1889.",
    "name": "The yard was founded by Ida Berg in 1889.",
    "place": "Ida Berg founded the yard in Lomvik.",
    "negation added": "The yard was founded in 1889.",
    "negation removed": "Most ferries did not sail to Pisek.",
    "attribution": "According to Otto Lund, most ferries did not sail.",
    "wrong article": "Ida Berg founded the yard in 1889.",
    "stitched": "Anna Dahl has won the prize.",
    "quantity": "Most ferries did not sail to Pisek.",
    "comparison": "The yard cost about 20 million dollars.",
    "certainty": "Critics may have closed it.",
    "opposite": "The harbour is the largest in Norway.",
    "roles": "Ida Berg founded Lomvik in 1889.",
}


@pytest.mark.parametrize("kind", list(BREAKERS))
def test_each_way_of_breaking_changes_the_statement_and_says_where(kind: str) -> None:
    for seed in range(20):
        broken = BREAKERS[kind](STATEMENTS[kind], GROUND, Random(seed))
        assert isinstance(broken, Broken)
        assert broken.text != STATEMENTS[kind]
        for start, end in broken.wrong:
            assert 0 <= start < end <= len(broken.text)
            assert broken.text[start:end].strip()


@pytest.mark.parametrize("kind", list(BREAKERS))
def test_a_statement_with_nothing_to_change_is_left_alone(kind: str) -> None:
    assert BREAKERS[kind]("it rained", GROUND, Random(1)) is None


@pytest.mark.parametrize("kind", list(BREAKERS))
def test_the_same_seed_breaks_in_the_same_way(kind: str) -> None:
    made = [BREAKERS[kind](STATEMENTS[kind], GROUND, Random(3)) for _ in range(2)]
    assert made[0] == made[1]


def test_a_number_of_the_passage_takes_the_place_of_another_half_of_the_time() -> None:
    found = [BREAKERS["number"](STATEMENTS["number"], GROUND, Random(seed)) for seed in range(100)]
    from_passage = sum(broken is not None and " 20 " in broken.text for broken in found)
    assert 30 <= from_passage <= 70
