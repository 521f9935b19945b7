"""Words that say the opposite of each other, by stem."""

from __future__ import annotations

from .stems import stem

_PAIRS = """
rise fall | increase decrease | increase reduce | increase decline | grow shrink | raise lower | raise cut | gain
lose | win lose | buy sell | import export | accept reject | approve reject | approve veto | allow ban | allow
forbid | permit prohibit | legal illegal | open close | begin end | start stop | start finish | before after |
first last | early late | old young | new old | high low | higher lower | more less | more fewer | most least |
large small | big small | long short | strong weak | strengthen weaken | improve worsen | better worse | best worst
| up down | north south | east west | northern southern | eastern western | northeast southwest | northwest
southeast | left right | inside outside | arrive leave | enter leave | join leave | attack defend | build demolish
| create destroy | support oppose | favour oppose | agree disagree | love hate | remember forget | success failure
| succeed fail | victory defeat | majority minority | maximum minimum | positive negative | guilty innocent |
convict acquit | alive dead | birth death | born die | male female | man woman | men women | father mother | son
daughter | brother sister | husband wife | day night | summer winter | hot cold | warm cold | dry wet | rich poor |
safe dangerous | true false | likely unlikely | possible impossible | public private | domestic foreign | temporary
permanent | voluntary mandatory | lend borrow | give take | push pull | expand contract | hire dismiss | appoint
dismiss | win loss | profit loss | surplus deficit | ally enemy | friend enemy | morning evening | cheap expensive
| fast slow | heavy light | include exclude | upstream downstream | send receive | praise criticise | married
divorced | black white | highest lowest | largest smallest | biggest smallest | longest shortest | oldest youngest
| oldest newest | common rare | require forbid | required forbidden | above below | initial last | initially finally |
cause prevent | founded closed | founded abolished | create abolish | major minor | urban rural | upper lower | top bottom | front rear |
import export | ancient modern | increase drop | increase fall | rise decline | rise drop | grow fall | gain loss | advance retreat |
encourage discourage | visible invisible | similar different | same different | equal unequal | known unknown | natural artificial |
simple complex | full empty | heavy light | wide narrow | deep shallow | thick thin | near far | peace war | ban permit | join quit |
independent dependent | complete incomplete | direct indirect | active passive | internal external | thereafter before |
expand reduce | raise reduce | double halve | always never | often rarely | often seldom | usually rarely | frequently rarely | frequent rare | richest poorest | strongest weakest | fastest slowest | nearest farthest |
once twice | earlier later | morning night | morning afternoon | afternoon night | damage destroy | reduce eliminate | recommend require
"""


def _both_ways(table: str) -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for row in table.split("|"):
        one, other = (stem(word) for word in row.split())
        opposites.setdefault(one, set()).add(other)
        opposites.setdefault(other, set()).add(one)
    return {word: frozenset(against) for word, against in opposites.items()}


OPPOSITES = _both_ways(_PAIRS)
