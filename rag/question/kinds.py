"""What kind of answer a question asks for, by its words alone: rules in order, the first that fits decides."""

from __future__ import annotations

import re

from ..language.interrogatives import HELPERS
from ..language.words import WORD
from ..schema import QuestionKind
from .question_type import asks_whether

PIECE = (
    r"(?:articles?|pieces?|stor(?:y|ies)|reports?|columns?|letters?|editorials?|interviews?|obituar(?:y|ies)|features?|minutes"
    r"|newsletters?|analys[ie]s|profiles?|transcripts?|texts?|items?)"
)
_OF_COLLECTION = rf"{PIECE}|(?:news)?papers?|outlets?|sources?|publications?"
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|howdy|good (?:morning|afternoon|evening|day)|thanks?|thank you|thx|cheers|bye|goodbye|great|perfect|ok(?:ay)?"
    r"|nice|cool|very much|so much|a lot|a bunch|there|everyone|you|that(?:'s| is| was)?|helps?|helped|helpful|for (?:that|your help|this)|then|and)\W*)+$",
    re.IGNORECASE,
)
_PATTERNS: tuple[tuple[QuestionKind, str], ...] = (
    (
        "collection",
        rf"\b(?:newest|latest|oldest|first|last|most recent|earliest) {PIECE}\b"
        rf"|\b(?:which|what|how many) (?:other )?(?:{_OF_COLLECTION}|ones)\b.*\b(?:mention|about|deal|cover|report|appear|publish|discuss|concern|write|wrote|collection|altogether|hold|have|there|from)"
        r"|^\W*(?:and )?how many (?:are there|do you have|have you)\W*$"
        r"|\bwhat(?: i|')s in (?:this|the|your) collection\b"
        rf"|\blist (?:all |the )*(?:{_OF_COLLECTION})\b|\bin (?:this|the|your) (?:whole )?collection (?:from|of|about|on)\b",
    ),
    (
        "timeline",
        r"\b(?:timeline|time line|chronolog\w+|hour by hour|day by day|year by year|step by step|in (?:the )?order of time|by years"
        r"|what happened when|sequence of events|course of events|in chronological order|blow by blow)\b",
    ),
    (
        "summary",
        r"\b(?:summar\w+|sum(?:ming)? up|sum (?:it|this|that) up|gist|overview|essentials?|key (?:findings|points|messages)|main (?:results|points|findings)"
        r"|in short|in brief|in a nutshell|recap|tl;?dr|bring me up to date|up to speed|run ?down|boil\w* down)\b"
        r"|\bwhat happened (?:with|to) (?:that|the)\b|\bwhat is (?:reported|known) about\b|\bwhat came of it\b|\bwhat's the story\b",
    ),
    (
        "compare",
        r"\b(?:compar(?:e[sd]?|ing)|comparison (?:of|between|with)|in comparison|vs\.?|versus|contrast|differ(?:s|ed|ence|ences|ent)?(?: (?:between|from))?|in each|on the one hand"
        r"|the first and the second|respectively)\b"
        r"|\b(?:which|who|what)\b.* (?:or|and) .*\b(?:worked better|better|bigger|larger|more|longer|faster|cheaper|higher|both)\b"
        r"|\b\w+ or \w+.*, (?:which|who|what)\b.*\b(?:better|best|bigger|larger|more|longer|faster|cheaper|higher)\b"
        r"|\b(?:according to|in) the \d{4} \w+ and the \d{4}\b"
        rf"|\bhow (?:many|much)\b.*\band how (?:many|much)\b|\bwhat (?:{HELPERS}) .+ and what (?:{HELPERS})?\b",
    ),
    (
        "date",
        r"\bwhat (?:happened|went on|took place|was going on|occurred|was reported|else happened)\b.*(?:\d|january|february|march|april"
        r"|\b(?:in|since|during|last|early|late|mid) may\b|june|july|august|september|october|november|december|yesterday|last|today|this week)",
    ),
    (
        "about",
        rf"\b(?:tell me (?:more )?about|what can you tell me about|what (?:do|does) (?:the {PIECE}|we|you|they|it) (?:say|know|have) (?:about|on)"
        rf"|what (?:do|have) you (?:know|have|got) (?:about|on)|do the {PIECE} say about|everything (?:about|on)|anything (?:about|on)"
        r"|(?:what is|what's|what was) (?:his|her|their|its) story|what else (?:do|is|does))\b"
        r"|^\W*(?:and )?who(?: is| was| are| were|'s) (?-i:[A-Z][\w’'-]+(?: (?:[A-Z][\w’'-]+|of|de|van|bin))*)\W*$",
    ),
    (
        "source",
        rf"\b(?:what|how) (?:does|do|did|is|was|are)\b.*\b(?:the|that|this|its) (?:[\w’'-]+ ){{0,4}}?{PIECE}\b.*\b(?:say|argu|claim|answer|about|complain|want|report|find|found|conclude)"
        rf"|\b(?:the|that|this) {PIECE} (?:by|from|of|in)\b.*\b(?:what|how|say|argu|complain)"
        rf"|\b(?:argument|big story|point|thesis|claim|message)s? of the\b.*{PIECE}|\bbig story\b|\banswer (?:the|that) {PIECE}\b"
        rf"|\bwhat do(?:es)? (?:the|that|this) {PIECE}\b",
    ),
    (
        "list",
        r"^\W*(?:please )?(?:list|name|enumerate|give me (?:a list|all))\b|\ball of (?:them|these)\b|\bitem by item\b|\bone by one\b"
        r"|\bwhat (?:are|were) the (?:\w+ )?(?:\w+s)\b|\b(?:what|which) (?:two|three|four|five|six|seven|\d+|(?:[a-z]+ )?(?:[a-z]+s|people|men|women|children) and [a-z]+|things|items)\b"
        rf"|\b(?:do|in) the(?:se)? {PIECE} (?:report|mention|name|list)|\bin these {PIECE}\b|\bwho all\b|\bwhat (?:big |large )?[\w ]+s do the {PIECE}\b"
        r"|\bwhat did .+ (?:decide|agree|note)\b",
    ),
    (
        "why",
        r"^\W*(?:and |but |so )?(?:why|how come|what made|what led|what caused|what explains?)\b|\b(?:for (?:which|what) reasons?|what (?:explanations?|reasons?|causes?)|what set (?:that|it) off)\b"
        r"|^\W*(?:and |but |so )?how (?:did|do|does|was|were|is|are|can|could|has|have)\b",
    ),
)
_RULES = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _PATTERNS)
_CHOICE = re.compile(rf"^\W*(?:{HELPERS})\b.*\bor\b|\b(?:which|who)\b.*, .*\bor\b", re.IGNORECASE)


def kind_of(question: str) -> QuestionKind:
    """Return the kind of a question that stands by itself; a plain fact where no rule fits."""
    if _GREETING.match(question):
        return "small-talk"
    for kind, pattern in _RULES:
        if pattern.search(question):
            return kind
    if asks_whether(question):
        return "yes-no"
    return "choice" if _CHOICE.search(question) else "fact"


_ASKING = frozenset(
    """
    summarise summarize summary sum gist overview essentials key findings main result results short brief bring
    date up give get tell know say says said report reported reports article articles piece pieces story column
    letter item items feature analysis interview timeline chronology order hour day year years time step list
    name all everything anything something collection compare comparison vs please long could would can show me
    need want find found according mention mentions mentioned deal deals cover newest latest oldest recent first
    last altogether whole hold holds have has many much happened went explanations reason reasons come made
    thing things else more outlets newspaper newspapers appeared published here wrote written write argument big
    exactly now compared concern
    """.split()
)


def subject_of(question: str) -> str:
    """Return the question without the words that only ask; the question itself where nothing else is left."""
    kept = [match.group() for match in WORD.finditer(question) if _bare(match.group()) not in _ASKING]
    return " ".join(kept) or question


def _bare(word: str) -> str:
    return word.lower().replace("’", "'").removesuffix("'s")
