"""Which language a text is in."""

from __future__ import annotations

import pytest

from rag.language.detection import language_of, may_be_english


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "How many flats does the rent cap in Lask concern?"),
        ("de", "Wie viele Wohnungen betrifft der Mietendeckel in Lask?"),
        ("de", "Wer kündigte eine Klage gegen den Mietendeckel an?"),
        ("fr", "Combien de logements sont concernés par la mesure ?"),
        ("es", "¿Cuántos mineros despidió la empresa en Tessia?"),
        ("pt", "Quem anunciou uma ação contra a empresa?"),
        ("it", "Chi ha annunciato la chiusura della miniera?"),
        ("nl", "Hoeveel huizen zijn er in de stad gebouwd?"),
        ("pl", "Ile mieszkań obejmuje ustawa i kto ją przyjął?"),
        ("ru", "Кто объявил о закрытии шахты?"),
        ("ar", "متى أغلقت الشركة المنجم؟"),
        ("he", "כמה תיירים ביקרו בחיפה?"),
        ("de", "Worüber schreibt die Zeitung?"),
        ("fr", "Que dit Tove Aker ?"),
        ("fr", "Combien coûte un abonnement mensuel ?"),
        ("es", "¿Aceptó el consejo?"),
        ("pt", "Quantas pessoas morreram?"),
        ("pt", "Há críticas ao plano?"),
        ("it", "Quanto costa il biglietto?"),
        ("nl", "Wat zegt Tove Aker?"),
        ("pl", "Kto podpisał umowę?"),
        ("pl", "Kiedy otwarto most?"),
        ("en", "why was 2023 so bad?"),
        ("en", "Who won the Tour de France?"),
        ("en", "Who is Luiz Inácio Lula da Silva?"),
        (None, "Alternative für Deutschland results?"),
        (None, "Que Sera Sera release?"),
        (None, "La Scala"),
        (None, "1234"),
    ],
)
def test_a_question_is_enough_to_tell(language: str | None, text: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "Children's teeth improved because a dentist has come twice a year.",
        "A vessel day becomes dearer by a quarter.",
        "Cóndores de Oficina (Pilar Guamanquisha): 399; rarest bird, a banded ground-cuckoo at 05:50.",
        "The captain, Jógvan Dahlgarð, still sends dried fish every Christmas.",
        "El Niño returned.",
        "11–7, carried",
    ],
)
def test_english_with_names_from_elsewhere_may_be_english(text: str) -> None:
    assert may_be_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Слониха Мира умерла.",
        "Fil Mira öldü ve hayvanat bahçesi gelecek yıla kadar kapalı kalacak.",
        "Slonice Míra zemřela a zoologická zahrada je až do odvolání zavřená.",
        "ช้างมิราตายแล้ว",
        "Der Damm ist gebrochen.",
    ],
)
def test_what_has_none_of_its_words_is_not_english(text: str) -> None:
    assert not may_be_english(text)
