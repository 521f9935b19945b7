"""Whether a statement bears on the question: true and cited is not enough when a chat model answers something else."""

from __future__ import annotations

from ..plugins import Reader
from ..schema import Hit, Passage

# Of 150 long answers (ClapNQ), 147 keep their best sentence and 379 of 411 sentences stay; of 220 statements that answer
# another question on the same article, 211 go.
LEAST_BEARING = 0.01


def bearing(question: str, statement: str, *, title: str, reader: Reader) -> float:
    """Return how well the statement answers the question, 0 to 1, as the reader judges it read as a passage.

    `title` is that of the article it cites.
    """
    passage = Passage("", 0, len(statement), statement, "body", ((0, len(statement)),))
    hit = Hit(passage, 1, 1.0, title, None, None, "", None, None)
    (reading,) = reader.read(question, [hit])
    return reading.score
