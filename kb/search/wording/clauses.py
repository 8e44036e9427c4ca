"""The clauses of a question's wording → where it asks, and where it only tells what the case is.

我在厂里做了三年，合同没签。想问一下，能补多少钱，找谁要 asks twice in its last sentence, and tells a story before it.
"""

from __future__ import annotations

from kb.chinese.lexicon import read_lexicon

_LEXICON = read_lexicon(__name__)
_SENTENCE = _LEXICON["sentence"]
_CLAUSE = _LEXICON["clause"]
_ASKS = _LEXICON["asks"]
_TELLS = _LEXICON["tells"]
_BRANCH = _LEXICON["branch"]
_PERSONAL = _LEXICON["personal"]
_REQUEST = _LEXICON["request"]


def story_and_asking(text: str) -> tuple[str, str]:
    """What is told before the sentences that ask, "" where nothing is, and these sentences.

    A sentence that only announces the question (想问一下) is neither.
    """
    sentences = [match.group() for match in _SENTENCE.finditer(text)]
    first = next((number for number, sentence in enumerate(sentences) if _asks(sentence)), 0)
    return "".join(sentences[:first]).strip(), _REQUEST.sub("", "".join(sentences[first:])).strip()


def asking_clauses(text: str) -> list[str]:
    """The stretches of `text` that ask one thing each, together all of it but the commas between them.

    Each ends with a clause that asks; what is told before that clause goes with it, what stands behind the last with the last.
    """
    sentences = [match.group() for match in _SENTENCE.finditer(text)]
    marked = any(sentence.rstrip().endswith(("?", "？")) for sentence in sentences)
    stretches: list[str] = []
    told = ""
    for number, sentence in enumerate(sentences):
        # Where a question has its mark, a sentence that has none tells: 没说给几个月。
        may_ask = not marked or sentence.rstrip().endswith(("?", "？")) or number == len(sentences) - 1
        for match in _CLAUSE.finditer(sentence):
            told += match.group()
            if may_ask and _asks(match.group()):
                stretches.append(told)
                told = ""
    if told and stretches:
        stretches[-1] += told
    return [stretch.strip().rstrip("，,；;") for stretch in stretches] or [text]


def is_personal(story: str) -> bool:
    """Whether a story is that of the one who asks: its years are no years of documents."""
    return bool(_PERSONAL.search(story))


def is_branch(text: str) -> bool:
    """Whether a question asks what was asked before of another case: 那超过的部分呢, 要是没有合同的呢."""
    return bool(_BRANCH.search(text))


def without_asking(text: str) -> str:
    """`text` with white space in the place of the words that ask."""
    return _ASKS.sub(" ", text)


def _asks(words: str) -> bool:
    """Whether words ask something, and do not only speak of what was not said or does not matter."""
    return bool(_ASKS.search(_TELLS.sub("", words)))
