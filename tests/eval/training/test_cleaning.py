from hypothesis import given
from hypothesis import strategies as st

from eval.training.cleaning import detokenise, window


def test_spaces_before_punctuation_go() -> None:
    assert (
        detokenise("In 1901 , Wilhelm ( of Germany ) won 150,782 SEK .").text
        == "In 1901, Wilhelm (of Germany) won 150,782 SEK."
    )


def test_quotation_marks_and_dashes_are_restored() -> None:
    assert detokenise("the `` Shot '' of 1940 -- 1942 -- a game - winning run").text == (
        'the "Shot" of 1940–1942 – a game-winning run'
    )


def test_a_clitic_joins_its_word() -> None:
    assert detokenise("King William 's son did n't").text == "King William's son didn't"


def test_spans_keep_their_words() -> None:
    text = "In 1901 , Maria Sk - owska , of Poland , won ."
    start = text.index("Maria")
    cleaned = detokenise(text, spans=[(start, text.index(" , of"))])
    [(begin, end)] = cleaned.spans
    assert cleaned.text[begin:end] == "Maria Sk-owska"


@given(st.text(alphabet="ab ,.'-()`1", max_size=60))
def test_spans_stay_in_order_and_inside(text: str) -> None:
    cleaned = detokenise(text, spans=[(0, index) for index in range(len(text) + 1)])
    ends = [end for _, end in cleaned.spans]
    assert ends == sorted(ends)
    assert ends[-1] == len(cleaned.text)


def test_a_window_holds_the_answer() -> None:
    text = " ".join(f"word{index}" for index in range(100))
    start = text.index("word70")
    cut = window(text, spans=[(start, start + 6)], words=20, lead=5)
    assert len(cut.text.split()) == 20
    assert [cut.text[begin:end] for begin, end in cut.spans] == ["word70"]


def test_a_short_text_is_not_cut() -> None:
    assert window("three short words", spans=[(0, 5)], words=20, lead=0).text == "three short words"
