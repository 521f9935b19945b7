"""Who does what to whom: a verb between two names that the statement turns round."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...language.facts import Facts
from ...language.stems import stem
from ...language.tokens import Token, is_content


def turned_roles(statement: Facts, quote: Facts) -> Iterator[str]:
    """Find a verb whose two names have changed places: "Berg sued Lund" of "Lund sued Berg"."""
    there = _deeds(quote)
    for verb, doer, other, passive in _deeds(statement):
        same = [deed for deed in there if deed[0] == verb and {doer, other} == {deed[1], deed[2]}]
        turned = [deed for deed in same if (deed[1] == doer) == (deed[3] != passive)]
        if same and len(turned) == len(same):
            yield f"roles: who does it to whom is turned round at '{verb}'"


def _deeds(facts: Facts) -> list[tuple[str, str, str, bool]]:
    """Return (verb, name before it, name after it, whether "by" stands between) for each word between two names."""
    last_words = {run[-1] for run in facts.names}
    tokens = facts.tokens
    found = []
    for index, token in enumerate(tokens):
        if not is_content(token) or not token.text[0].islower():
            continue
        before = _nearest(tokens[max(0, index - 6) : index][::-1], last_words)
        after = _nearest(tokens[index + 1 : index + 7], last_words)
        if before is None or after is None or stem(before.word) == stem(after.word):
            continue
        passive = any(each.word == "by" for each in tokens if token.start < each.start < after.start)
        found.append((token.stem, stem(before.word), stem(after.word), passive))
    return found


def _nearest(tokens: Sequence[Token], names: set[str]) -> Token | None:
    return next((token for token in tokens if token.text[0].isupper() and token.word in names), None)
