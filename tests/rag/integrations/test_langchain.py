from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough

from rag import Corpus
from rag.filters import Filters
from rag.integrations.langchain import CitedeskRetriever

QUESTION = "How many animals did Putin give to North Korea?"


def test_documents_are_exact_slices_of_their_articles(corpus: Corpus) -> None:
    documents = CitedeskRetriever(corpus=corpus, k=3).invoke(QUESTION)
    assert len(documents) == 3
    for one in documents:
        told = one.metadata
        assert corpus.article(told["article_id"]).text[told["start"] : told["end"]] == one.page_content


def test_filters_hold(corpus: Corpus) -> None:
    none = CitedeskRetriever(corpus=corpus, filters=Filters(published_after="2100-01-01")).invoke(QUESTION)
    assert none == []


def test_a_chain_answers_from_the_passages_and_names_them(corpus: Corpus) -> None:
    prompt = ChatPromptTemplate.from_template("{context}\n\nQuestion: {question}")
    seen: list[str] = []

    def shown(prompt_value: object) -> object:
        seen.append(str(prompt_value))
        return prompt_value

    model = FakeListChatModel(responses=["More than 70 animals [1]"])
    retrieved = CitedeskRetriever(corpus=corpus, k=3)
    chain = (
        {"context": retrieved, "question": RunnablePassthrough()}
        | prompt
        | RunnableLambda(shown)
        | model
        | StrOutputParser()
    )
    assert chain.invoke(QUESTION) == "More than 70 animals [1]"
    assert "more than 70 animals" in seen[0]
