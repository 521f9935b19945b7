from dataclasses import replace

import pytest

from eval.case import Case, CaseError, Evidence
from eval.evidence import Part, Span, name_articles, parts, proves
from rag.schema import Article


@pytest.mark.parametrize("name", ["zoo.txt", "id-zoo", "folder/zoo.txt"])
def test_evidence_names_an_article_by_file_id_or_source(zoo: Article, port: Article, lions: Case, name: str) -> None:
    case = replace(lions, evidence=(Evidence(name, "sent three lions"),))
    assert name_articles([case], [zoo, port]) == {name: zoo}


def test_a_wrong_name_or_quote_is_said_before_anything_is_asked(zoo: Article, lions: Case) -> None:
    with pytest.raises(CaseError, match=r"case c1: no article of the corpus is called 'zoo.txt'"):
        name_articles([lions], [])
    with pytest.raises(CaseError, match=r"case c1: 2 articles of the corpus is called"):
        name_articles([lions], [zoo, replace(zoo, id="other")])
    with pytest.raises(CaseError, match=r"case c1: zoo.txt does not hold the words 'Three lions'"):
        name_articles([replace(lions, evidence=(Evidence("zoo.txt", "Three lions"),))], [zoo])


def test_one_group_is_one_part_proved_by_any_evidence(zoo: Article, port: Article, lions: Case) -> None:
    both = replace(lions, evidence=(Evidence("zoo.txt", "three lions"), Evidence("port.txt", "three lions")))
    (part,) = parts(both, {"zoo.txt": zoo, "port.txt": port})
    assert [span.article_id for span in part.spans] == [zoo.id, port.id]


def test_each_group_is_proved_by_the_evidence_that_says_it(zoo: Article, lions: Case) -> None:
    evidence = (Evidence("zoo.txt", "sent three lions"), Evidence("zoo.txt", "kept the bears"))
    case = replace(lions, expected=(("3 lions",), ("bears",)), evidence=evidence)
    first, second = parts(case, {"zoo.txt": zoo})
    assert [zoo.text[span.start : span.end] for span in first.spans + second.spans] == [
        "sent three lions",
        "kept the bears",
    ]


def test_when_a_group_sums_the_evidence_up_each_quote_is_a_part(zoo: Article, lions: Case) -> None:
    evidence = (Evidence("zoo.txt", "sent three lions"), Evidence("zoo.txt", "kept the bears"))
    case = replace(lions, expected=(("3 lions",), ("generous",)), evidence=evidence)
    assert len(parts(case, {"zoo.txt": zoo})) == 2


def test_a_quote_that_stands_twice_proves_in_both_places(lions: Case) -> None:
    article = Article("i", "t", "ha ha. ha ha.", "s")
    (part,) = parts(replace(lions, evidence=(Evidence("s", "ha ha."),)), {"s": article})
    assert [(span.start, span.end) for span in part.spans] == [(0, 6), (7, 13)]


def test_half_of_the_proof_proves_whatever_stands_around_it() -> None:
    part = Part(("lions",), (Span("a", 10, 20),))
    assert proves(Span("a", 0, 15), "", part)
    assert proves(Span("a", 0, 1000), "", part)
    assert not proves(Span("a", 0, 14), "", part)
    assert not proves(Span("a", 12, 14), "", part)
    assert not proves(Span("b", 10, 20), "", part)


def test_less_than_half_of_the_proof_proves_only_with_the_expected_words() -> None:
    part = Part(("lions",), (Span("a", 10, 20),))
    assert proves(Span("a", 12, 14), "three lions", part)
    assert not proves(Span("a", 20, 30), "three lions", part)
    assert not proves(Span("b", 12, 14), "three lions", part)
