"""What a rule says of a case: amounts against ranges, references within a document, penalties for conduct. No question is known here.

ranges      text → intervals and branches; the branch that the amounts of a case satisfy
references  text → the articles, paragraphs and items that it names, and their spans
penalties   an article that states conduct → the paragraphs that punish it
articles    the articles of a document, their paragraphs and items
"""
