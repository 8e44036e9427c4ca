"""A question, its answer and the files → a verdict.

Texts are compared as `kb.evaluation.normal` makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kb.evaluation.documents import Texts
from kb.evaluation.lines import Extract, GivenAnswer, KnownQuestion
from kb.evaluation.normal import first_number, normal, numbers
from kb.types import Computed

Groups = tuple[tuple[str, ...], ...]

_NUM_PASSAGES = 10  # of the evidence; a longer list makes no answer better
_NUM_SHOWN = 3  # passages that a reader sees without opening more
_ROUNDING = 0.51  # of the last decimal that a computed figure is written with


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is true of one answer."""

    answered: bool
    refused: bool
    failed: bool  # ended in an error
    right: bool  # answered with all gold and no trap; or refused where there is no answer
    wrong: bool  # answered with a trap or with none of the gold; or answered where there is no answer
    partly: bool  # answered with some of the gold, not all, and no trap
    helped: bool  # right, or the first three passages, which a reader is shown, hold all gold
    missing: Groups  # gold groups of which nothing is in the text
    trapped: tuple[str, ...]  # traps that stand in the text of an answer
    wrong_figure: bool  # answered with a trap, or with another number than what is missing, or where nothing is known
    untraced: tuple[str, ...]  # numbers of the text that stand in no quote, nor in the question or a cited file's name
    false_quotes: tuple[Extract, ...]  # quotes that do not stand in the file that they name
    uncited: bool  # answered without a quote
    supported: bool  # answered, and the quotes hold all gold
    evidence_held: bool  # the passages hold all gold
    evidence_outside: bool  # a passage is of another file than those that hold the answer


def judge(question: KnownQuestion, answer: GivenAnswer, documents: Texts) -> Verdict:
    """Judge one answer. Raises EvaluationError where a file that it cites cannot be opened."""
    answered = answer.status == "answered"
    refused = answer.status.startswith("unanswerable")
    text = normal(answer.text)
    missing = _missing(question.gold, text)
    trapped = tuple(trap for trap in question.trap if answered and normal(trap) in text)
    right = (answered and not missing and not trapped) if question.answerable else refused
    has_some = len(missing) < len(question.gold)
    return Verdict(
        answered=answered,
        refused=refused,
        failed=answer.status.startswith("error"),
        right=right,
        wrong=answered and (bool(trapped) or not has_some if question.answerable else True),
        partly=answered and question.answerable and has_some and bool(missing) and not trapped,
        helped=right or not _missing(question.gold, _joined(answer.passages[:_NUM_SHOWN])),
        missing=missing,
        trapped=trapped,
        wrong_figure=answered and (bool(trapped) or _states_another(question, text, missing)),
        untraced=_untraced(question, answer, text) if answered else (),
        false_quotes=_false_quotes(answer, documents) if answered else (),
        uncited=answered and not answer.quotes,
        supported=answered and not _missing(question.gold, _joined(answer.quotes)),
        evidence_held=not _missing(question.gold, _with_headings(answer.passages[:_NUM_PASSAGES])),
        evidence_outside=_is_outside(question, answer),
    )


def _missing(gold: Groups, text: str) -> Groups:
    return tuple(group for group in gold if not any(normal(alternative) in text for alternative in group))


def _joined(extracts: Sequence[Extract]) -> str:
    return "".join(normal(extract.text) for extract in extracts)


def _with_headings(passages: Sequence[Extract]) -> str:
    return "\n".join(normal(f"{passage.heading}\n{passage.text}") for passage in passages)


def _states_another(question: KnownQuestion, text: str, missing: Groups) -> bool:
    """Whether an answer states numbers where it should state others, or none at all."""
    if not question.answerable and numbers(text):
        return True
    return bool(missing) and bool(set(numbers(text)) - set(numbers(normal(question.text))))


def _untraced(question: KnownQuestion, answer: GivenAnswer, text: str) -> tuple[str, ...]:
    quoted = _joined(answer.quotes)
    asked = normal(question.text) + normal(" ".join(question.history))
    sources = quoted + asked + "".join(normal(quote.document) for quote in answer.quotes)
    known = {*numbers(sources), *(_computed(step, quoted) for step in answer.computed)}
    return tuple(sorted({number for number in numbers(text) if number not in known and number not in sources}))


def _computed(step: Computed, quoted: str) -> str | None:
    """The number that `step` came to, where it is the difference of its operands and these stand in the quotes."""
    figure = first_number(normal(step.figure))
    operands = [normal(operand) for operand in step.operands]
    values = [_value(number) for operand in operands if (number := first_number(operand))]
    if step.operation != "difference" or figure is None or len(values) != len(operands) or len(values) < 2:
        return None
    if not all(operand in quoted for operand in operands):
        return None
    num_decimals = len(figure.rstrip("%").partition(".")[2])
    error = abs(abs(values[0] - values[1]) - abs(_value(figure)))
    return figure if error <= _ROUNDING * 10**-num_decimals else None


def _value(number: str) -> float:
    return float(number.rstrip("%"))


def _false_quotes(answer: GivenAnswer, documents: Texts) -> tuple[Extract, ...]:
    return tuple(quote for quote in answer.quotes if documents.contain(quote.text, quote.document) is False)


def _is_outside(question: KnownQuestion, answer: GivenAnswer) -> bool:
    inside = {name.rpartition("/")[2] for name in question.docs}
    return bool(inside) and any(passage.document not in inside for passage in answer.passages[:_NUM_PASSAGES])
