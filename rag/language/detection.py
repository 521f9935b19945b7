"""Which language a text is in, by its function words and its script."""

from __future__ import annotations

import re
from collections import Counter

NAMES = {
    "en": "English", "de": "German", "fr": "French", "es": "Spanish", "pt": "Portuguese", "it": "Italian", "nl": "Dutch",
    "pl": "Polish", "ru": "Russian", "ar": "Arabic", "he": "Hebrew", "el": "Greek", "zh": "Chinese", "ja": "Japanese",
    "ko": "Korean", "hi": "Hindi", "uk": "Ukrainian",
}  # fmt: skip
# Words of no meaning of their own that stand in nearly every paragraph, and in hardly any other of these languages.
_WORDS = {
    "en": "the of and to in is that was for it with as on be at by this had are but from they which or have an what who how when where did does were has not his her their will would there been more about",
    "de": "der die das und den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch wer wie wann wo was welche welcher welches warum viele wieviel wen wem",
    "fr": "le la les et des du une est dans que qui pour pas sur plus par au avec ce il sont aux cette ont ses mais elle ou leur été nous vous comme même ces deux être fait où quand combien quel quelle pourquoi selon",
    "es": "el la los las y del una que en es por con para se su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también hasta hay donde quien desde todo nos durante cuántos cuántas cuál qué quién dónde cuándo según fue cuánto dónde",
    "pt": "o a os as e do da dos das um uma que em não para com por se na no mais mas foi como ao ele seu sua ou quando muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem quantos quantas qual onde são",
    "it": "il lo la gli i e di del della dei delle che un una per non con sono si è da nel nella alla ai più anche come ma suo sua ha hanno al dal questo quando chi quanti quante quale dove cosa perché essere era stato dopo",
    "nl": "de het een en van in is dat op te zijn met voor niet aan er om ook als dan bij uit nog naar heeft maar door over ze zich werd wordt hebben deze waren wie wat waar wanneer hoeveel welke tot jaar meer",
    "pl": "w i na z się nie do to że jest o jak po co ale od za przez jego tylko są było dla ma był który która które oraz także tym już może czy ile kto gdzie kiedy jej ich przed roku",
}  # fmt: skip
_KNOWN = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[぀-ヿ]")),
    ("ko", re.compile(r"[가-힯]")),
    ("zh", re.compile(r"[一-鿿]")),
    ("ar", re.compile(r"[؀-ۿ]")),
    ("he", re.compile(r"[א-ת]")),
    ("el", re.compile(r"[α-ωΑ-Ω]")),
    ("hi", re.compile(r"[ऀ-ॿ]")),
    ("uk", re.compile(r"[іїєґ]", re.IGNORECASE)),
    ("ru", re.compile(r"[а-я]", re.IGNORECASE)),
)
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]", re.IGNORECASE)
LOOKED_AT = 4_000  # characters
LEAST_WORDS = 2  # function words of a language
LEAD = 1.3  # over that of the next


def language_of(text: str) -> str | None:
    """Return the code of the language; None where too little tells it."""
    text = text[:LOOKED_AT]
    latin = len(_LATIN.findall(text))
    for language, letters in _SCRIPTS:
        if (count := len(letters.findall(text))) > latin and (language != "uk" or 50 * count > latin):
            return language
        if language == "uk" and len(letters.findall(text)) > 0.02 * max(1, len(text)) and latin < len(text) / 2:
            return language
    words = Counter(word.casefold() for word in _WORD.findall(text))
    counts = sorted(((sum(words[one] for one in known), language) for language, known in _KNOWN.items()), reverse=True)
    (most, language), (second, _) = counts[:2]
    return language if most >= LEAST_WORDS and most >= LEAD * second else None
