"""Which language a text is in, by its function words and its script."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch",
    "pl": "Polish", "ru": "Russian", "ar": "Arabic", "he": "Hebrew", "el": "Greek", "zh": "Chinese", "ja": "Japanese",
    "ko": "Korean", "hi": "Hindi", "uk": "Ukrainian",
}  # fmt: skip


def _sets(words: dict[str, str]) -> dict[str, frozenset[str]]:
    return {language: frozenset(some.split()) for language, some in words.items()}


# Words of no meaning of their own that stand in nearly every paragraph, and in hardly any other of these languages.
_KNOWN = _sets({
    "en": "the of and to in is that was for it with as on be at by this had are but from they which or have an what who how when where did does were has not his her their will would there been more about why can could should been do we you i my your its than then them into out up over after before between during so some any all my me if no",
    "de": "der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch wer wie wann wo was welche welcher welches warum viele wieviel wen wem wurde hatte kann ihr ihre ins beim diese dieser dieses gibt man",
    "fr": "le la les et des du une est dans que qui pour pas sur plus par au avec ce il sont aux cette ont ses mais elle ou leur été nous vous comme même ces deux être fait où quand combien quel quelle pourquoi selon quoi dit cet cette y a-t-il quels quelles sans vers chez",
    "es": "el la los las y del una que en es por con para se su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante cuántos cuántas cuál qué quién dónde cuándo según fue cuánto dónde cómo qué cuáles dice dijo tiene hizo",
    "pt": "o a os as e do da dos das um uma que em não para com por se na no mais mas foi como ao ele seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem quantos quantas qual onde são de diz disse tem anos este esta foram pelos quanto quanta quais nesta neste",
    "it": "il lo la gli i e di del della dei delle che un una per non con sono si è da nel nella alla ai più anche come ma suo sua ha hanno al dal questo quando chi quanti quante quale dove cosa perché essere era stato dopo ci di dice detto quanto quanta quali questa stata i gli",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als dan bij uit nog naar heeft maar door over ze zich werd wordt hebben deze waren wie wat waar wanneer hoeveel welke tot jaar meer werd zegt zei kost hoe waarom",
    "pl": "w i na z się nie do to że jest o jak po co ale od za przez jego tylko są było dla ma był który która które oraz także tym już może czy ile kto gdzie kiedy jej ich przed roku lat mówi ilu jaki jaka jakie dlaczego lub",
})  # fmt: skip
# Words that open a question: those that no English one opens with say most. ("Ile" de France, "qui" tam, "chi" square.)
_OPENERS = _sets({
    "de": "wer wann wo warum wieso weshalb worüber wovon womit wofür welche welcher welches wessen wieviel fasse nenne",
    "fr": "combien pourquoi où quel quelle quels quelles résume résumez",
    "es": "quién quiénes cuándo cuánto cuánta cuántos cuántas cuál cuáles dónde cómo qué quien cuando cuanto cuantos cuantas",
    "pt": "quem quando quanto quanta quantos quantas onde qual quais resuma",
    "it": "quando quanto quanta quanti quante quale quali perché riassumi",
    "nl": "hoeveel wanneer waarom welke welk waarover",
    "pl": "kto kiedy dlaczego gdzie czy jaki jaka jakie ilu streść",
})  # fmt: skip
_LIKELY_OPENERS = _sets({
    "de": "wie", "nl": "wie waar vat", "fr": "qui que quand", "it": "chi cosa dove", "pl": "ile",
    "es": "como donde que", "pt": "que",
})  # fmt: skip
_LETTERS = {
    "de": "äöüß", "fr": "éèêçàùâîôœ", "es": "ñáéíóú", "pt": "ãõçáéíóúâêô", "it": "àèìòù", "nl": "ëï", "pl": "ąęłćńśźż",
}  # fmt: skip
_ELISIONS = {
    "fr": re.compile(r"\b(?:l|d|qu|n|c|s|j|m)['’](?=[a-zéèê])"),
    "it": re.compile(r"\b(?:l|d|un|dell|nell|all|dall|sull|quell)['’](?=[a-zàèé])"),
}
OPENER, LIKELY_OPENER = 2.0, 1.5  # function words that one is worth
# The first and the last small letter of a script; Ukrainian has four letters that Russian lacks.
_SCRIPTS = (
    ("ja", "぀", "ヿ"), ("ko", "가", "힯"), ("zh", "一", "鿿"), ("ar", "؀", "ۿ"), ("he", "א", "ת"), ("el", "α", "ω"),
    ("hi", "ऀ", "ॿ"), ("ru", "а", "я"),
)  # fmt: skip
_UKRAINIAN = "іїєґ"
_WORD = re.compile(r"[^\W\d_]+")
LOOKED_AT = 4_000  # characters
LEAST_WORDS = 2  # function words of a language
LEAD = 1.5  # over those of English


def language_of(text: str) -> str | None:
    """Return the code of the language; None where too little tells it."""
    text = text[:LOOKED_AT]
    letters = Counter(text.lower())
    latin = sum(count for letter, count in letters.items() if "a" <= letter <= "z")
    ukrainian = sum(letters[letter] for letter in _UKRAINIAN)
    for language, first, last in _SCRIPTS:
        count = sum(count for letter, count in letters.items() if first <= letter <= last)
        if language == "ru" and (ukrainian > latin or (ukrainian > 0.02 * len(text) and latin < len(text) / 2)):
            return "uk"
        if count > latin:
            return language
    words = _WORD.findall(text)
    counts = Counter(word.casefold() for word in words)
    marked = [word for word in words if not word.isascii() and word.islower()]  # a name has a capital
    scores = {
        one: sum(counts[word] for word in known) + _marks(text, one, marked) + _opening(words, one)
        for one, known in _KNOWN.items()
    }
    language = max(scores, key=lambda one: scores[one])
    # That it is another language than English must be sure; which of two alike ones it is, need not.
    sure = language == "en" or scores[language] >= LEAD * scores["en"]
    return language if sure and scores[language] >= LEAST_WORDS else None


def _marks(text: str, language: str, marked: list[str]) -> float:
    """Return how many signs of a language there are beside its words: its letters, "l'article", "¿"."""
    known, letters = _KNOWN[language], set(_LETTERS.get(language, ""))
    found = sum(word not in known and not letters.isdisjoint(word) for word in marked)
    elision = _ELISIONS.get(language)
    return found + (len(elision.findall(text)) if elision else 0) + 2 * text.count("¿") * (language == "es")


def _opening(words: list[str], language: str) -> float:
    """Return what the word that opens a question is worth beyond its being a word of the language."""
    for at, word in enumerate(words[:2]):  # "Wer", "Mit wem"
        if at + 1 >= len(words) or not words[at + 1][0].islower():  # "Que Sera, Sera", "Chi Minh"
            continue
        opens = word.casefold()
        if (at == 0 or word.islower()) and opens in _OPENERS.get(language, ()):
            return OPENER - (opens in _KNOWN[language])
        if at == 0 and opens in _LIKELY_OPENERS.get(language, ()):
            return LIKELY_OPENER - (opens in _KNOWN[language])
    return 0.0


LEAST_PROSE = 6  # words in small letters, among which English has one of its function words
_SHARED = re.compile(r"\ba\b", re.IGNORECASE)  # a word of half of these languages


def may_be_english(text: str) -> bool:
    """Return whether nothing says that a sentence is in another language: its script, its words, the want of English ones."""
    letters = [character for character in text if character.isalpha()]
    if 2 * sum("LATIN" not in unicodedata.name(one, "") for one in letters) > len(letters):
        return False
    if language_of(_SHARED.sub(" ", text)) not in (None, "en"):
        return False
    found = _WORD.findall(text)
    prose = sum(word.islower() for word in found) >= LEAST_PROSE
    return not prose or any(_SHARED.fullmatch(word) or word.casefold() in _KNOWN["en"] for word in found)
