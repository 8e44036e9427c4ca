"""What a rule says of a case: amounts against ranges, references within a document, penalties for conduct, what is granted.

From text to what it says; no question is known here:

    intervals   the intervals that it states, and whether an amount is within one
    ranges      the branches that it tells apart by an amount, and the one that a case satisfies
    references  the articles, paragraphs and items that it names, and their spans
    penalties   conduct in one article → the paragraphs that punish it
    articles    the articles of a document, their paragraphs and items
    modality    its norms: what is granted, forbidden, demanded, exempted, on which condition, with which exception
"""
