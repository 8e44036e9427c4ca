"""Hits → what may answer, in order, and the decision.

From one value to the next:

    Clause      statements  a clause of a passage, with its span in the document
    Statement   statements  a segment of a clause (between commas) that holds what is asked for
    Candidate   ranking     a statement with what speaks for it: coverage, likeness, agreement
    Ranking     ranking     the candidates of one part of the question, best first
    Candidates  candidates  of all parts: the rankings, or what stands under headings that name what is asked (sections)
    Selection   selection   the clauses that answer one part; none where the best candidate is not believed

What weighs in: answer_type (a figure in its unit, a list, a date), plan_or_result (the year, and a plan or a result),
coverage (the terms of the question). summary makes selections by headings, without candidates.
"""
