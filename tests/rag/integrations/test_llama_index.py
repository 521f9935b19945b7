from rag import Corpus
from rag.integrations.llama_index import CitedeskRetriever


def test_nodes_are_exact_slices_of_their_articles(corpus: Corpus) -> None:
    nodes = CitedeskRetriever(corpus, k=3).retrieve("How many animals did Putin give to North Korea?")
    assert len(nodes) == 3
    for one in nodes:
        node = one.node
        text = corpus.article(node.metadata["article_id"]).text
        assert text[node.start_char_idx : node.end_char_idx] == node.get_content()
