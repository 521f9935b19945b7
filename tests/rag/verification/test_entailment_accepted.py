"""Rewrites that say what their quote says: each is accepted. All sentences are invented."""

import pytest

from rag.verification.entailment import check_support

TRUE_REWRITES = {
    "The lock at Lomvik opened on Jan. 12, 2019, and closed in Sept. 2021.": [
        "The lock at Lomvik opened on 12 January 2019.",
        "The lock at Lomvik closed in September 2021.",
    ],
    "The lock at Norvik opened on 12 January 2019.": ["The lock at Norvik opened on Jan. 12, 2019."],
    "Shares of Lomvik Oil rose 6.2 percent to 48.30 dollars after it raised its forecast from 11 to 12.5 billion dollars.": [
        "Lomvik Oil's shares rose 6.2% to $48.30.",
        "Lomvik Oil raised its forecast to 12.5 billion dollars.",
    ],
    "Born in Oran in 1921, the painter Selma Aydin moved to Paris with her sister in 1938.": [
        "In 1938 the painter Selma Aydin moved to Paris with her sister.",
    ],
    "The harbour master counted more than 70 boats on Sunday.": [
        "The harbour master counted over 70 boats on Sunday.",
        "On Sunday the harbour master counted more than seventy boats.",
        "More than 70 boats were counted on Sunday.",
    ],
    "In the United Provinces, each town sets the rules for its own ferries; the UP was founded in Lomvik.": [
        "In the UP, each town sets the rules for its own ferries.",
    ],
    "By August, over 10,000 nurses had joined the strike in Lomvik.": [
        "Over ten thousand nurses had joined the strike in Lomvik by August.",
        "More than 10000 nurses joined the strike.",
        "By August more than 10,000 nurses had joined the Lomvik strike.",
    ],
    "France and Germany approved €6 billion in aid for the flooded valleys.": [
        "France and Germany approved 6bn euros in aid for the flooded valleys.",
        "France approved €6bn in aid for the flooded valleys.",
        "Germany and France approved 6 billion euros of aid.",
    ],
    "The museum paid $64.1 million for the Varga collection in June 2019.": [
        "In June 2019 the museum paid 64.1 million dollars for the Varga collection.",
        "The museum paid $64.1m for the Varga collection.",
        "The Varga collection was paid for by the museum in June 2019.",
    ],
    "Turnout fell to 41 percent, the lowest since 1988, according to the electoral office.": [
        "Turnout fell to 41%, the lowest since 1988.",
        "According to the electoral office, turnout fell to 41 per cent.",
        "Turnout was at its lowest since 1988, at 41 percent.",
    ],
    "Turnout fell by 7 points to 41 percent, and the number of ballots dropped 12 percent.": [
        "Turnout fell to 41 percent.",
        "The number of ballots dropped by 12 percent.",
        "A drop of 12 percent in the number of ballots.",
    ],
    "The bank raised its rate by 0.5 percentage points, and prices rose 3 percent.": [
        "The bank's rate was raised by 0.5 points.",
        "Prices rose by 3%.",
    ],
    "By 2030 the yard near Lomvik is to build 40 ferries, as it did until March 1990.": [
        "The yard near Lomvik is to build 40 ferries by 2030.",
        "The yard near Lomvik built 40 ferries until 1990.",
        "In 2030 the yard is to build 40 ferries.",
    ],
    "The yard has an annual budget of 6 million euros and pays its 40 welders 20 euros an hour for one year.": [
        "The yard has a budget of 6 million euros a year.",
        "The yard pays its 40 welders 20 euros per hour.",
        "For a year the yard pays its 40 welders 20 euros an hour.",
    ],
    "Otto Lund was found guilty of arson this year and sentenced to two years in prison.": [
        "This year Otto Lund was convicted of arson.",
    ],
    "Ida Berg founded the clinic in 1998, but it was Otto Lund who discovered the serum in 2004.": [
        "Otto Lund discovered the serum in 2004.",
        "The clinic was founded by Ida Berg in 1998.",
    ],
    "Otto Lund, a former mayor of Lomvik, met the deputy director of the zoo.": [
        "The former mayor of Lomvik met the deputy director of the zoo.",
        "Otto Lund is a former mayor of Lomvik.",
    ],
    "Prosecutors said that Ida Berg took bribes from a yard in Lomvik, which she denies.": [
        "Prosecutors said Ida Berg took bribes from a yard in Lomvik.",
    ],
    "Ida Berg, who led the yard until 2017, accused it of hiding losses, which it denies.": [
        "Ida Berg led the yard until 2017.",
        "Ida Berg accused the yard of hiding losses.",
    ],
    "The court heard the appeal of Ida Berg in May and dismissed it.": [
        "The court heard the appeal of Ida Berg in May.",
    ],
    "Ida Berg will step down at the end of June, the yard said, and will take a seat on its board.": [
        "Ida Berg is stepping down at the end of June.",
        "The yard said Ida Berg would step down at the end of June.",
    ],
    "Ida Berg, the captain of the ferry, said it would sail again on 5 September 2031.": [
        "Ida Berg said the ferry would sail again on September 5, 2031.",
        "Captain Ida Berg said it would sail again on 5 September 2031.",
        "The ferry would sail again on September 5th, Ida Berg said.",
    ],
    "The council did not approve the new bridge, and residents were not consulted.": [
        "The council did not approve the new bridge.",
        "The new bridge was not approved by the council.",
        "Residents weren't consulted.",
    ],
    "Between 1,000 and 12,000 seals live on the island, researchers estimate.": [
        "Between 1,000 and 12,000 seals live on the island.",
        "Researchers estimate that 1,000 to 12,000 seals live on the island.",
    ],
    "The United Nations vetoed no further sanctions against Ruritania in May.": [
        "In May the UN vetoed no further sanctions against Ruritania.",
        "The United Nations vetoed no further Ruritanian sanctions in May.",
    ],
    "Both the mayor and the bishop have refuted these claims.": [
        "The mayor and the bishop both refuted the claims.",
        "Both the mayor and the bishop refuted these claims.",
        "The bishop and the mayor have both denied these claims.",
    ],
    "The virus could spread to sheep, a vet in Oslo warned.": [
        "A vet in Oslo warned that the virus could spread to sheep.",
        "The virus could spread to sheep.",
        "The virus may spread to sheep, a vet warned.",
    ],
    "Around 200 children were reportedly evacuated from the school in Pisek.": [
        "Around 200 children were reportedly evacuated from the school.",
        "Reportedly, about 200 children were evacuated from the Pisek school.",
    ],
    "Most farmers oppose the dam, but some villagers support it.": [
        "Most farmers oppose the dam.",
        "Some villagers support the dam.",
        "The majority of farmers oppose the dam.",
    ],
    "Only three of the twelve trains ran on time last week.": [
        "Only 3 of the 12 trains ran on time last week.",
        "Only three of twelve trains were running on time last week.",
    ],
    "“We will rebuild every house,” Governor Amara Diallo promised.": [
        "Governor Amara Diallo promised: “We will rebuild every house.”",
        'Amara Diallo promised "we will rebuild every house".',
        "Governor Diallo promised that every house would be rebuilt.",
    ],
    "The zoo, which has been open since 1959, received two brown bears and a lion.": [
        "The zoo received two brown bears and a lion.",
        "The zoo has been open since 1959.",
        "The zoo received 2 brown bears and one lion.",
    ],
    "Japan exported twenty-one locomotives to Kenya in the 1990s.": [
        "In the 1990s Japan exported 21 locomotives to Kenya.",
        "Japan's exports to Kenya in the 1990s included twenty-one locomotives.",
        "Twenty-one locomotives were exported to Kenya by Japan in the 1990s.",
    ],
    "Prime Minister Lena Hartmann resigned on Tuesday after nearly three years in office.": [
        "Lena Hartmann resigned on Tuesday after almost 3 years in office.",
        "After nearly three years in office, Prime Minister Hartmann resigned on Tuesday.",
        "Prime Minister Lena Hartmann resigned on Tuesday.",
    ],
    "The company has never published its accounts.": [
        "The company has never published its accounts.",
        "The company never published accounts.",
    ],
    "At least 45 miners were rescued, and up to 12 are still missing.": [
        "At least forty-five miners were rescued.",
        "Up to 12 miners are still missing.",
        "At least 45 miners were rescued and up to twelve are missing.",
    ],
    "Without rain, the harvest will fail, said Tomás Ruiz, who chairs the growers’ union.": [
        "The harvest will fail without rain, Tomás Ruiz said.",
        "Tomas Ruiz chairs the growers' union.",
    ],
    "The bridge is 1.2 kilometres long and cost about 300 million pounds.": [
        "The bridge is 1.2 km long.",
        "The bridge cost around £300 million.",
        "It cost about 300 million pounds and is 1.2 kilometers long.",
    ],
    "Dr. Mei Chen, a Chinese physicist, won the prize for the second time.": [
        "Mei Chen won the prize for the 2nd time.",
        "Dr Mei Chen is a physicist from China.",
        "The Chinese physicist Mei Chen won the prize for the second time.",
    ],
    "Ida Berg runs the yard. In 2031 she built two ferries there.": [
        "Ida Berg built two ferries in 2031.",
        "Ida Berg runs the yard, and she built two ferries in 2031.",
    ],
    "Half a million people watched the final, fewer than in 2022.": [
        "500,000 people watched the final.",
        "Half a million people watched the final, fewer than in 2022.",
    ],
    "All passengers survived the landing near Reykjavik, the airline announced.": [
        "All passengers survived the landing near Reykjavik.",
        "The airline announced that all passengers survived.",
        "Every passenger survived the landing, the airline announced.",
    ],
    'Place names may be generic, like "Monte" (Portuguese for "mountain"), e.g. Benjamin Monte, or specific.': [
        'Place names may be generic, like "Monte" (Portuguese for "mountain").',
    ],
    "Born in Oslo, Norway, Otto Lund moved to Pisek under two bishops. All his heirs could not pay.": [
        "Otto Lund was born in Norway.",
        "Otto Lund moved to Pisek under two bishops.",
        "His heirs couldn't pay.",
    ],
    "Pyrenoids are found in algae. They are not found in higher plants, in whatever order.": [
        "Pyrenoids are found in algae.",
    ],
    "The Chinese surname Li is written Lee by the European Union.": [
        "The surname Li is written Lee by the EU.",
    ],
}
PAIRS = [(quote, statement) for quote, statements in TRUE_REWRITES.items() for statement in statements]


@pytest.mark.parametrize(("quote", "statement"), PAIRS)
def test_accepts_a_rewrite_that_says_the_same(quote: str, statement: str) -> None:
    assert check_support(statement, [quote]).differences == ()
