"""A question → a query plan → hits.

Its modules, from the question to the hits:

question, intent, gazetteer  the words of one question: names, years, kind, unit, subject
jurisdiction, series, versions  the place that a document holds for, and the versions that it is one of
followups, query, scope      with the questions before it: the plan, and the documents of each part
retriever                    a part of the plan → hits, by bm25 and vectors, fused
index, snapshot, encoder     what is searched, and how it is built
langchain                    the same as a LangChain retriever and embeddings
"""
