import pytest

from rag.reader.trained import TrainedReader
from rag.settings import Settings
from rag.verification.relevance import LEAST_BEARING, bearing


@pytest.mark.slow
def test_a_statement_that_answers_bears_and_another_does_not() -> None:
    reader = TrainedReader(Settings())
    asked = "How many passengers does the ferry Aurora carry?"
    answering = bearing(asked, "The ferry Aurora carries 300 passengers.", title="Ferries", reader=reader)
    beside = bearing(asked, "The harbour of Lomvik was closed in winter.", title="Ferries", reader=reader)
    assert beside < LEAST_BEARING < answering
