"""The names of months and of weekdays in the languages whose dates are read."""

from __future__ import annotations

import re

# Twelve words a language, as they stand in a date (Polish and Russian: of the month). A slash parts other forms.
_NAMES = """
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct november/nov december/dec
januar/jänner februar/feber märz/mrz april mai juni juli august september oktober/okt november dezember/dez
janvier/janv février/févr/fevrier mars avril/avr mai juin juillet/juil août/aout septembre octobre novembre décembre/déc
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
janeiro fevereiro/fev março/marco abril maio junho julho agosto setembro/set outubro/out novembro dezembro
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott novembre dicembre
januari februari maart/mrt april mei juni juli augustus september oktober november december
stycznia/styczeń lutego/luty marca/marzec kwietnia/kwiecień maja/maj czerwca/czerwiec lipca/lipiec sierpnia/sierpień września/wrzesień października/październik listopada/listopad grudnia/grudzień
января/январь февраля/февраль марта/март апреля/апрель мая/май июня/июнь июля/июль августа/август сентября/сентябрь октября/октябрь ноября/ноябрь декабря/декабрь
يناير فبراير مارس أبريل/ابريل/إبريل مايو يونيو/يونيه يوليو/يوليه أغسطس/اغسطس سبتمبر أكتوبر/اكتوبر نوفمبر ديسمبر
"""

_DAYS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo segunda-feira terça-feira quarta-feira quinta-feira sexta-feira
lunedì martedì mercoledì giovedì venerdì sabato domenica maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
poniedziałek wtorek środa czwartek piątek sobota niedziela понедельник вторник среда четверг пятница суббота воскресенье
الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد
"""

MONTH_NUMBERS: dict[str, int] = {
    form: number
    for line in _NAMES.strip().splitlines()
    for number, names in enumerate(line.split(), start=1)
    for form in names.split("/")
}


def _either(words: list[str]) -> str:
    """Return a pattern of one of the words, the longest first. It looks for a letter first: most places have none."""
    return r"(?=[^\W\d_])(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


MONTH = rf"(?:{_either(list(MONTH_NUMBERS))}\b\.?)"
WEEKDAY = rf"(?:{_either(_DAYS.split())}\b\.?)"
