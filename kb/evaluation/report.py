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
        for result in self.judged:
            kinds[result.question.kind].append(result)
        return {
            kind: {
                "questions": len(judged),
                "right": sum(result.verdict.right for result in judged),
                "refused": sum(result.verdict.refused for result in judged),
                "wrong_figure": sum(result.verdict.wrong_figure for result in judged),
                "errors": sum(result.verdict.failed for result in judged),
            }
            for kind, judged in kinds.items()
        }

    @property
    def failures(self) -> tuple[Judged, ...]:
        """Those with a fault: each that is not right is among them."""
        return tuple(result for result in self.judged if result.faults)

    @property
    def has_errors(self) -> bool:
        """Whether a question ended in an error or was given no answer."""
        return any(result.verdict.failed for result in self.judged)

    def fields(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return {
            **self._printed_figures(),
            "by_kind": self.by_kind,
            "failures": [_failure_fields(result) for result in self.failures],
        }

    def __str__(self) -> str:
        lines = [f"{name:16} {value}" for name, value in self._printed_figures().items()]
        width = max(len("kind"), *map(len, self.by_kind))
        lines += ["", "  ".join((f"{'kind':{width}}", *KIND_COLUMNS))]
        for kind, counts in self.by_kind.items():
            cells = (f"{counts[column]:>{len(column)}}" for column in KIND_COLUMNS)
            lines.append("  ".join((f"{kind:{width}}", *cells)))
        lines += ["", f"有问题的回答 {len(self.failures)} 题" + ("：" if self.failures else "。")]
        for result in self.failures:
            lines += ["", *_failure_lines(result)]
        return "\n".join(lines)

    def _printed_figures(self) -> dict[str, Any]:
        right = {kind: f"{counts['right']}/{counts['questions']}" for kind, counts in self.by_kind.items()}
        return {**self.figures, "right_by_kind": right}


def spellings(group: Sequence[str]) -> str:
    """The alternatives of a gold group, for a person."""
    return " / ".join(group)


def fault_meanings(result: Judged) -> list[str]:
    """The faults of an answer, for a person, with the numbers that stand in no quote."""
    meanings = {fault.name: fault.meaning for fault in FAULTS}
    if result.verdict.untraced:
        meanings["untraced"] += f" {'、'.join(result.verdict.untraced)}"
    return [meanings[name] for name in result.faults]


def _failure_fields(result: Judged) -> dict[str, Any]:
    return {
        "id": result.question.id,
        "kind": result.question.kind,
        "question": result.question.text,
        "history": list(result.question.history),
        "answerable": result.question.answerable,
        "gold": [list(group) for group in result.question.gold],
        "trap": list(result.question.trap),
        "status": result.answer.status,
        "text": result.answer.text,
        "faults": list(result.faults),
        "missing": [list(group) for group in result.verdict.missing],
        "trapped": list(result.verdict.trapped),
        "untraced": list(result.verdict.untraced),
        "false_quotes": [{"document": quote.document, "quote": quote.text} for quote in result.verdict.false_quotes],
    }


def _failure_lines(result: Judged) -> list[str]:
    question = result.question
    lines = [
        f"{question.id} {question.kind}：{' / '.join((*question.history, question.text))}",
        f"  gold    {'；'.join(map(spellings, question.gold)) or '（不可回答）'}",
    ]
    if question.trap:
        lines.append(f"  trap    {'；'.join(question.trap)}")
    lines.append(f"  status  {result.answer.status}（{'；'.join(fault_meanings(result))}）")
    lines.append("  text    " + "\n          ".join(result.answer.text.splitlines()))
    lines += [f"  false   {quote.document}：“{quote.text}”" for quote in result.verdict.false_quotes]
    return lines
