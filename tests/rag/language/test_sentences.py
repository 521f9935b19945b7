"""Borders of sentences in the article's own language."""

from __future__ import annotations

import pytest

from rag.language.sentences import sentences_of


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("de", ["Die Regel gilt ab dem 1. Juli und betrifft rund 48.000 Wohnungen.", "Dr. Brandt sprach z. B. von Nr. 5.", "Das war alles."]),
        ("fr", ["M. Dupont a vu Mme. Leroy.", "Il est venu le 1er août."]),
        ("es", ["El Sr. Ruiz llegó.", "La Dra. Andrade dijo que no."]),
        ("pt", ["O Sr. Silva chegou.", "A Dra. Ana saiu."]),
        ("it", ["Il Sig. Rossi arrivò.", "La Dott. Bianchi no."]),
        ("nl", ["Dhr. Jansen kwam o.a. op 7 januari.", "Hij ging."]),
        ("pl", ["Prof. Nowak przyjechał 7 stycznia 2025 r. do Łodzi.", "Potem wrócił."]),
        ("ru", ["Г. Иванов приехал в 2025 г. в Москву.", "Потом уехал."]),
        ("ar", ["قال الوزير ذلك.", "ثم غادر؟", "نعم."]),
    ],
)  # fmt: skip
def test_a_sentence_ends_where_its_language_ends_it(language: str, sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[start:end] for start, end in sentences_of(text, language=language)] == sentences


def test_a_row_of_a_table_is_one_sentence_whatever_stands_in_it() -> None:
    text = "Club: St. Pauli e. V. Am Ort; Points: 39. x; Goals: 41:17.\nClub: SV Kaltbach; Points: 12; Goals: 3:4."
    assert [text[start:end] for start, end in sentences_of(text)] == text.split("\n")
