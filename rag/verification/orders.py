"""Whether words of an article give orders to whoever reads it for somebody else: they may be quoted, never told as so."""

from __future__ import annotations

import re

_ADDRESSED = r"(?:(?:AI|digital|virtual|language|reading|research)[ -])*(?:assistants?|chat ?bots?|language models?|LLMs?|AIs?|GPT\w*|bots?|models? that reads?)"
_ORDER = re.compile(
    rf"\b(?:{_ADDRESSED})\b[^.!?]{{0,80}}\b(?:must|should|shall|has to|have to|is to|are to|please|asked|instructed|requested|reply|answer|say|state|tell)\b"
    rf"|\b(?:note|message|instructions?|orders?|notice|attention|hint|memo)\s+(?:to|for)\s+(?:the |any |all |every )?(?:{_ADDRESSED})"
    r"|\b(?:ignore|disregard|forget|override|supersedes?)\b[^.!?]{0,40}\b(?:above|previous|prior|earlier|everything|instructions?|rules?|paragraphs?|prompts?)\b"
    r"|\b(?:system|developer)\s{0,20}(?:prompt|message|:)|^[ \t]{0,20}(?:system|assistant|user|developer)\s{0,20}:"
    r"|\b(?:do not|don't|never)\s+(?:reveal|quote|cite)\b"
    r"|\b(?:state|answer|reply|respond|output|print)\b\s+(?:as a fact|only|exactly|nothing but)\b"
    r"|\bwhen(?:ever)?\s+(?:you are |someone |anyone |anybody |people )?(?:asked|asks?)\b|\bif (?:you are )?asked\b"
    r"|\b(?:you are|act as|pretend to be|play the role)\b[^.!?]{0,40}\b(?:now|an?|the)\b[^.!?]{0,30}\b(?:assistant|bot|model|pirate|character|role)\b"
    r"|\bbefore (?:answering|you answer)\b|\b(?:cite|print|reproduce) (?:this|these|everything)\b"
    r"|\b(?:automat(?:ic|ed) (?:readers?|assistants?|summar\w+)|answer(?:ing)? (?:services?|engines?|programs?)|robots? that)\b"
    r"|\b(?:answer|refuse|close|end|begin) (?:each|every|all|any)\b[^.!?]{0,30}\b(?:questions?|answers?|repl(?:y|ies))\b"
    r"|\brole\s*[:=]|\b(?:assistant|user|system) to=|\bpretend (?:that )?you\b"
    r"|assistants? automatiques?|ne tenez pas compte|ignoriere|antworte[nt]?\b[^.!?]{0,20}\bnur\b|asistentes? (?:virtual|autom)"
    r"|\bAPI[ -]?key\b|\btool[_ ]?call|\bfunction_call\b|\"(?:sentences|answered|verdict|quotes|passage)\"\s*:",
    re.IGNORECASE | re.MULTILINE,
)


def gives_orders(quote: str) -> bool:
    return _ORDER.search(quote) is not None
