"""Verdicts → what is reported: the figures, a table by kind, the failures; as text and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from kb.evaluation.measures import FAULTS, MEASURES, Judged

KIND_COLUMNS: Final = ("questions", "right", "refused", "wrong_figure", "errors")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationReport:
    """All that was judged, and what it comes to; prints itself for a person."""

    judged: tuple[Judged, ...]

    @property
    def figures(self) -> dict[str, float | None]:
        """The value of each measure, by its name."""
        return {measure.name: measure.of(self.judged) for measure in MEASURES}

    @property
    def by_kind(self) -> dict[str, dict[str, int]]:
        """For each kind of question, in order of appearance, the counts of `KIND_COLUMNS`."""
        kinds: dict[str, list[Judged]] = defaultdict(list)
        for one in self.judged:
            kinds[one.question.kind].append(one)
        return {
            kind: {
                "questions": len(judged),
                "right": sum(one.verdict.right for one in judged),
                "refused": sum(one.verdict.refused for one in judged),
                "wrong_figure": sum(one.verdict.wrong_figure for one in judged),
                "errors": sum(one.verdict.failed for one in judged),
            }
            for kind, judged in kinds.items()
        }

    @property
    def failures(self) -> tuple[Judged, ...]:
        """Those with a fault: each that is not right is among them."""
        return tuple(one for one in self.judged if one.faults)

    @property
    def has_errors(self) -> bool:
        """Whether a question ended in an error or was given no answer."""
        return any(one.verdict.failed for one in self.judged)

    def fields(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            **self._printed_figures(),
            "by_kind": self.by_kind,
            "failures": [_failure_fields(one) for one in self.failures],
        }

    def __str__(self) -> str:
        lines = [f"{name:16} {value}" for name, value in self._printed_figures().items()]
        width = max(len("kind"), *map(len, self.by_kind))
        lines += ["", "  ".join((f"{'kind':{width}}", *KIND_COLUMNS))]
        for kind, counts in self.by_kind.items():
            cells = (f"{counts[column]:>{len(column)}}" for column in KIND_COLUMNS)
            lines.append("  ".join((f"{kind:{width}}", *cells)))
        lines += ["", f"有问题的回答 {len(self.failures)} 题" + ("：" if self.failures else "。")]
        for one in self.failures:
            lines += ["", *_failure_lines(one)]
        return "\n".join(lines)

    def _printed_figures(self) -> dict[str, Any]:
        right = {kind: f"{counts['right']}/{counts['questions']}" for kind, counts in self.by_kind.items()}
        return {**self.figures, "right_by_kind": right}


def spellings(group: Sequence[str]) -> str:
    """The alternatives of a gold group, for a person."""
    return " / ".join(group)


def fault_meanings(one: Judged) -> list[str]:
    """The faults of an answer, for a person, with the numbers that stand in no quote."""
    meanings = {fault.name: fault.meaning for fault in FAULTS}
    if one.verdict.untraced:
        meanings["untraced"] += f" {'、'.join(one.verdict.untraced)}"
    return [meanings[name] for name in one.faults]


def _failure_fields(one: Judged) -> dict[str, Any]:
    return {
        "id": one.question.id,
        "kind": one.question.kind,
        "question": one.question.text,
        "history": list(one.question.history),
        "answerable": one.question.answerable,
        "gold": [list(group) for group in one.question.gold],
        "trap": list(one.question.trap),
        "status": one.answer.status,
        "text": one.answer.text,
        "faults": list(one.faults),
        "missing": [list(group) for group in one.verdict.missing],
        "trapped": list(one.verdict.trapped),
        "untraced": list(one.verdict.untraced),
        "false_quotes": [{"document": quote.document, "quote": quote.text} for quote in one.verdict.false_quotes],
    }


def _failure_lines(one: Judged) -> list[str]:
    question = one.question
    lines = [
        f"{question.id} {question.kind}：{' / '.join((*question.history, question.text))}",
        f"  gold    {'；'.join(map(spellings, question.gold)) or '（不可回答）'}",
    ]
    if question.trap:
        lines.append(f"  trap    {'；'.join(question.trap)}")
    lines.append(f"  status  {one.answer.status}（{'；'.join(fault_meanings(one))}）")
    lines.append("  text    " + "\n          ".join(one.answer.text.splitlines()))
    lines += [f"  false   {quote.document}：“{quote.text}”" for quote in one.verdict.false_quotes]
    return lines
