"""The index in Milvus: articles, passages, vectors and keywords in one cluster that many processes serve from."""
