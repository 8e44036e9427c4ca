"""The figures of a report and the faults of an answer: the one place that says what each means.

Rates are rounded to four decimals, as seconds are.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from kb.evaluation.judging import Verdict
from kb.evaluation.lines import GivenAnswer, KnownQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A question, the answer it was given, and the verdict on it."""

    question: KnownQuestion
    answer: GivenAnswer
    verdict: Verdict

    @property
    def faults(self) -> tuple[str, ...]:
        """The names in `FAULTS` of all that is wrong with the answer."""
        return tuple(fault.name for fault in FAULTS if fault.holds(self))


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the report: over all that was judged → a count, a rate, seconds, or None where it is of nothing."""

    name: str
    meaning: str
    of: Callable[[Sequence[Judged]], float | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is wrong with one answer."""

    name: str
    meaning: str
    holds: Callable[[Judged], bool]


def _rate(
    over: Callable[[Judged], bool], holds: Callable[[Judged], bool]
) -> Callable[[Sequence[Judged]], float | None]:
    """The share of those that `over` admits for which `holds`."""

    def rate(judged: Sequence[Judged]) -> float | None:
        values = [holds(result) for result in judged if over(result)]
        return round(sum(values) / len(values), 4) if values else None

    return rate


def _seconds(judged: Sequence[Judged]) -> list[float]:
    return sorted(result.answer.seconds for result in judged if result.answer.seconds is not None)


def _median(judged: Sequence[Judged]) -> float | None:
    seconds = _seconds(judged)
    return round(statistics.median(seconds), 4) if seconds else None


def _p95(judged: Sequence[Judged]) -> float | None:
    """The least time that 95 of 100 answers did not exceed (nearest rank)."""
    seconds = _seconds(judged)
    return round(seconds[-(-95 * len(seconds) // 100) - 1], 4) if seconds else None


def _every(result: Judged) -> bool:
    return True


def _answerable(result: Judged) -> bool:
    return result.question.answerable


def _unanswerable(result: Judged) -> bool:
    return not result.question.answerable


def _answered(result: Judged) -> bool:
    return result.verdict.answered


def _refused(result: Judged) -> bool:
    return result.verdict.refused


def _right(result: Judged) -> bool:
    return result.verdict.right


def _characters(judged: Sequence[Judged]) -> float | None:
    lengths = [len(result.answer.text) for result in judged if _answered(result)]
    return statistics.median(lengths) if lengths else None


def _wrong_figure(result: Judged) -> bool:
    return result.verdict.wrong_figure


def _untraced(result: Judged) -> bool:
    return bool(result.verdict.untraced)


def _false_quote(result: Judged) -> bool:
    return bool(result.verdict.false_quotes)


def _uncited(result: Judged) -> bool:
    return result.verdict.uncited


MEASURES: Final = (
    Measure("questions", "题数", len),
    Measure("accuracy", "可回答的题：答出全部应有内容，且没有已知的错误", _rate(_answerable, _right)),
    Measure("false_refusal", "可回答的题：未作答", _rate(_answerable, _refused)),
    Measure("refusal", "不可回答的题：未作答（应当如此）", _rate(_unanswerable, _refused)),
    Measure("wrong_figure", "全部题：答了错的数字，或缺应有内容而另给数字", _rate(_every, _wrong_figure)),
    Measure("untraced", "已作答的题：回答中有数字不在引文里", _rate(_answered, _untraced)),
    Measure("false_quote", "已作答的题：有引文不在它所指的文件里", _rate(_answered, _false_quote)),
    Measure("uncited", "已作答的题：没有引文", _rate(_answered, _uncited)),
    Measure(
        "supported",
        "答对的题：引文含有全部应有内容",
        _rate(lambda result: _answerable(result) and _right(result), lambda result: result.verdict.supported),
    ),
    Measure(
        "wrong",
        "全部题：作答而不对（没有任何应有内容，或有已知的错误，或本不可答）",
        _rate(_every, lambda result: result.verdict.wrong),
    ),
    Measure(
        "partly",
        "可回答的题：只答出一部分应有内容，没有已知的错误",
        _rate(_answerable, lambda result: result.verdict.partly),
    ),
    Measure(
        "helped",
        "可回答的题：答对，或前三个依据段落含有全部应有内容",
        _rate(_answerable, lambda result: result.verdict.helped),
    ),
    Measure("characters", "已作答的题：回答字数的中位数", _characters),
    Measure("errors", "出错或没有回答的题数", lambda judged: sum(result.verdict.failed for result in judged)),
    Measure("median_seconds", "作答用时的中位数，秒", _median),
    Measure("p95_seconds", "每百题有九十五题不超过的用时，秒", _p95),
    Measure(
        "evidence_held",
        "可回答的题：依据段落（至多前十段，连同标题）含有全部应有内容",
        _rate(_answerable, lambda result: result.verdict.evidence_held),
    ),
    Measure(
        "evidence_outside",
        "可回答且注明文件的题：有依据段落来自别的文件",
        _rate(
            lambda result: _answerable(result) and bool(result.question.docs),
            lambda result: result.verdict.evidence_outside,
        ),
    ),
)

FAULTS: Final = (
    Fault("error", "出错", lambda result: result.verdict.failed),
    Fault("false_refusal", "可答而未答", lambda result: _answerable(result) and _refused(result)),
    Fault("false_answer", "不可答而答了", lambda result: _unanswerable(result) and _answered(result)),
    Fault("incomplete", "缺少应有内容", lambda result: _answered(result) and bool(result.verdict.missing)),
    Fault("trapped", "含已知的错误", lambda result: bool(result.verdict.trapped)),
    Fault("wrong_figure", "数字有误", _wrong_figure),
    Fault("untraced", "数字不在引文里", _untraced),
    Fault("false_quote", "引文不在文件里", _false_quote),
    Fault("uncited", "没有引文", _uncited),
    Fault(
        "unsupported",
        "引文不含应有内容",
        lambda result: _answerable(result) and _right(result) and not result.verdict.supported,
    ),
)
