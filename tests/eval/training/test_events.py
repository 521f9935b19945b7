from __future__ import annotations

from eval.training.events import fellows


def test_articles_that_share_rare_names_tell_one_event() -> None:
    one = "Brenner and Oduya met Tamasi in Varnholt."
    other = "In Varnholt, Tamasi disagreed with Oduya; Brenner left."
    assert fellows([one, other, "Rain in Ostrava.", "Varnholt rests."]) == [(1,), (0,), (), ()]
