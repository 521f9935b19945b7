"""Statements broken in known ways: each is rejected, with the right kind of difference. All sentences are invented."""

import pytest

from rag.verification.entailment import check_support

BROKEN = {
    "The lock at Lomvik opened on Jan. 12, 2019.": [("The lock at Lomvik opened on 13 January 2019.", "date")],
    "Lomvik Oil raised its forecast for annual sales from 11 to 12.5 billion dollars.": [
        ("Lomvik Oil raised its forecast for annual sales by 12.5 billion dollars.", "comparison"),
        ("Lomvik Oil raised its forecast for annual sales to 11 billion dollars.", "number"),
    ],
    "The harbour master counted more than 70 boats on Sunday.": [
        ("The harbour master counted 70 boats on Sunday.", "comparison"),
        ("The harbour master counted fewer than 70 boats on Sunday.", "comparison"),
        ("The harbour master counted up to 70 boats on Sunday.", "comparison"),
        ("The harbour master counted more than 71 boats on Sunday.", "number"),
        ("The harbour master counted more than 70 boats on Monday.", "date"),
        ("The harbour master counted more than 70 lorries on Sunday.", "unit"),
        ("The harbour master did not count more than 70 boats on Sunday.", "negation"),
    ],
    "By August, over 10,000 nurses had joined the strike in Lomvik.": [
        ("By August, over 1,000 nurses had joined the strike in Lomvik.", "number"),
        ("By August, thousands of nurses had joined the strike in Lomvik.", "number"),
        ("By August, over 10,000 nurses had joined the strike in Tarvik.", "name"),
        ("By July, over 10,000 nurses had joined the strike in Lomvik.", "date"),
        ("By August 2030, over 10,000 nurses had joined the strike in Lomvik.", "date"),
    ],
    "France and Germany approved €6 billion in aid for the flooded valleys.": [
        ("France and Germany approved €6 million in aid for the flooded valleys.", "number"),
        ("France and Germany approved $6 billion in aid for the flooded valleys.", "unit"),
        ("France and Italy approved €6 billion in aid for the flooded valleys.", "name"),
        ("France and Germany never approved €6 billion in aid for the flooded valleys.", "negation"),
    ],
    "Turnout fell to 41 percent, the lowest since 1988, according to the electoral office.": [
        ("Turnout rose to 41 percent, according to the electoral office.", "opposite"),
        ("Turnout fell to 41, the lowest since 1988.", "unit"),
        ("Turnout fell to 14 percent, the lowest since 1988.", "number"),
        ("Turnout fell to 41 percent, the lowest since 1998.", "date"),
        ("Turnout fell to 41 percent, the highest since 1988.", "opposite"),
    ],
    "Turnout fell by 7 points to 41 percent, and the number of ballots dropped 12 percent.": [
        ("Turnout fell by 41 percent.", "comparison"),
        ("Turnout fell to 7 points.", "comparison"),
        ("The number of ballots dropped to 12 percent.", "comparison"),
    ],
    "The bank raised its rate by 0.5 percentage points, and prices rose 3 percent.": [
        ("The bank raised its rate by 0.5 percent.", "unit"),
        ("Prices rose by 3 percentage points.", "unit"),
    ],
    "The yard has an annual budget of 6 million euros and pays its 40 welders 20 euros an hour for one year.": [
        ("The yard has a monthly budget of 6 million euros.", "unit"),
        ("The yard pays its 40 welders 20 euros a day.", "unit"),
    ],
    "Otto Lund was arrested twice last year, on a Monday night; a vet recommends that the damaged stable be closed.": [
        ("Otto Lund was arrested twice this year.", "date"),
        ("Otto Lund was arrested once last year.", "opposite"),
    ],
    "Ida Berg founded the clinic in 1998, but it was Otto Lund who discovered the serum in 2004.": [
        ("Ida Berg discovered the serum.", "name"),
        ("Otto Lund discovered the serum in 1998.", "number"),
    ],
    "Ida Berg, the captain of the ferry, said it would sail again on 5 September 2031.": [
        ("Ida Berg said the ferry would sail again on 6 September 2031.", "date"),
        ("Ida Berg said the ferry would sail again on 5 October 2031.", "date"),
        ("Ida Lund said the ferry would sail again on 5 September 2031.", "name"),
        ("Ida Berg said the ferry would not sail again.", "negation"),
    ],
    "It was -5 degrees in Lomvik when the mill halved its 1,5 million staff hours.": [
        ("It was 5 degrees in Lomvik.", "number"),
        ("The mill halved its 15 million staff hours.", "number"),
    ],
    "The council did not approve the new bridge, and residents were not consulted.": [
        ("The council approved the new bridge.", "negation"),
        ("Residents were consulted.", "negation"),
        ("The council did not approve the old bridge.", "opposite"),
    ],
    "Both the mayor and the bishop have refuted these claims.": [
        ("Both the mayor and the bishop have made these claims.", "negation"),
        ("The mayor and the bishop confirmed these claims.", "negation"),
    ],
    "The virus could spread to sheep, a vet in Oslo warned.": [
        ("The virus could spread to sheep, a vet in Bergen warned.", "name"),
        ("The virus could not spread to sheep, a vet in Oslo warned.", "negation"),
    ],
    "Around 200 children were reportedly evacuated from the school in Pisek.": [
        ("Exactly 200 children were reportedly evacuated from the school in Pisek.", "comparison"),
        ("More than 200 children were reportedly evacuated from the school in Pisek.", "comparison"),
        ("Around 200 teachers were reportedly evacuated from the school in Pisek.", "unit"),
    ],
    "“We will rebuild every house,” Governor Amara Diallo promised.": [
        ("Governor Amara Diallo promised: “We will repair every house.”", "quotation"),
        ("“We will rebuild every house,” Governor Amara Keita promised.", "name"),
        ("“We will rebuild each house,” Governor Amara Diallo promised.", "quotation"),
    ],
    "Viktor Orlov met Kim Sato in Geneva, where Sato praised the truce, Orlov said.": [
        ("Viktor Sato met Orlov in Geneva.", "name"),
        ("Orlov praised the truce, Petrov said.", "name"),
        ("Viktor Orlov met Kim Sato in Zurich.", "name"),
    ],
    "Ruritania attacked Borduria in 1931 and sank two ships.": [
        ("Borduria attacked Ruritania in 1931.", "name"),
        ("Ruritania attacked Borduria in 1913.", "date"),
        ("Ruritania attacked Borduria in 1931 and sank three ships.", "number"),
    ],
    "The treaty between South Africa and North Macedonia was signed last year.": [
        ("The treaty between South Macedonia and North Africa was signed last year.", "name"),
        ("The treaty between South Africa and North Macedonia was signed this year or next year.", "date"),
        ("The treaty between South Africa and North Macedonia was never signed.", "negation"),
    ],
    "At least 45 miners were rescued, and up to 12 are still missing.": [
        ("45 miners were rescued.", "comparison"),
    ],
    "The bridge is 1.2 kilometres long and cost about 300 million pounds.": [
        ("The bridge is 1.2 miles long.", "unit"),
        ("The bridge cost about 300 million dollars.", "unit"),
        ("The bridge cost 300 million pounds.", "comparison"),
    ],
    "The zoo has been open since 1959 and keeps a lion.": [
        ("The zoo has been closed since 1959.", "opposite"),
        ("The zoo keeps three lions.", "number"),
        ("The theatre sells tickets to tourists from abroad.", "words"),
    ],
    "The duchy lay in the Frankish kingdom of Neustria, between the Epte and the Atlantic coast.": [
        ("The duchy lay in the Atlantic kingdom of Neustria.", "name"),
        ("The duchy lay in the Frankish kingdom of Epte.", "name"),
    ],
    "The tram, which was built in Tarvik, starts at Old Mill Green in Lower Lomvik and runs north to the harbour.": [
        ("The tram starts at Old Mill Green in Tarvik and runs north to the harbour.", "name"),
    ],
    "The lens was invented around 1595, and the telescope in 1608.": [
        ("The yard has 300 workers.", "number"),
    ],
    "Directives do not have so called horizontal direct effect. The ferry may carry geese.": [
        ("Directives do have horizontal direct effect.", "negation"),
    ],
    "There are also more complicated names. This usage is common.": [
        ("There are not more complicated names.", "negation"),
    ],
}
TRIPLES = [(quote, statement, kind) for quote, broken in BROKEN.items() for statement, kind in broken]


@pytest.mark.parametrize(("quote", "statement", "kind"), TRIPLES)
def test_rejects_a_broken_statement_and_says_why(quote: str, statement: str, kind: str) -> None:
    differences = check_support(statement, [quote]).differences
    assert kind in {difference.partition(":")[0] for difference in differences}
