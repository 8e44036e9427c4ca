"""A report as one HTML page: nothing is loaded, nothing runs, all texts are escaped."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path

from kb.errors import EvaluationError
from kb.evaluation.lines import Extract
from kb.evaluation.measures import MEASURES, Judged
from kb.evaluation.report import KIND_COLUMNS, EvaluationReport, fault_meanings, spellings

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2733; --faint: #566170; --paper: #f4f6f8; --sheet: #fff; --line: #d5dbe3;
  --seal: #1f4e8c; --failed: #a4262c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --faint: #a5b0bd; --paper: #14181e; --sheet: #1c222b;
  --line: #39434f; --seal: #8db8f0; --failed: #f08a8e; } }
body { max-width: 60rem; margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink);
  font: 17px/1.7 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; color: var(--seal); font-size: 1.6rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 0 0 .5rem; font-size: 1.05rem; }
p { margin: 0; }
.faint, dt { color: var(--faint); font-size: 16px; }
.fault { color: var(--failed); font-weight: 700; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; background: var(--sheet); }
th, td { padding: .4rem .6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; overflow-wrap: normal; }
.wide th, .wide td { padding: .3rem .35rem; }
.wide th:first-child, .wide td:first-child { min-width: 6.5rem; }
.wide th.number { min-width: 2em; }
article { margin: 0 0 1rem; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 8px;
  background: var(--sheet); }
dl { margin: 0; }
dd { margin: 0 0 .5rem; white-space: pre-wrap; }
blockquote { margin: .2rem 0 .5rem; padding-left: .75rem; border-left: 3px solid var(--line); }
"""
_COLUMN_NAMES = {
    "questions": "题数",
    "right": "答对",
    "refused": "未作答",
    "wrong_figure": "数字有误",
    "errors": "出错",
}


class _Html(str):
    """Text that is HTML already; any other text is escaped where it enters an element."""

    __slots__ = ()


def write_page(path: Path, report: EvaluationReport, *, title: str) -> None:
    """Write the page of `report` to `path`. Raises EvaluationError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(report, title=title), encoding="utf-8", errors="replace")
    except OSError as error:
        raise EvaluationError(f"无法写入 {path}（{error.strerror}）；请检查 --html 的路径与权限。") from error


def page(report: EvaluationReport, *, title: str) -> str:
    """The whole page; `title` says what was evaluated."""
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    failures = [_failure(result) for result in report.failures] or [_element("p", "没有。")]
    head = _element(
        "head",
        _Html('<meta charset="utf-8">'),
        _Html(f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'),
        _Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        _element("title", f"评测：{title}"),
        _element("style", _Html(_STYLE)),
    )
    body = _element(
        "body",
        _element("h1", "问政评测"),
        _element("p", title, of="faint"),
        _element("h2", "指标"),
        _figures(report),
        _element("h2", "分类"),
        _kinds(report),
        _element("h2", f"有问题的回答（{len(report.failures)} 题）"),
        *failures,
    )
    return f'<!doctype html>\n<html lang="zh-CN">{head}{body}</html>\n'


def _element(tag: str, *children: str, of: str | None = None) -> _Html:
    """An element of class `of`; its children are escaped, unless they are elements themselves."""
    start = f'<{tag} class="{escape(of)}">' if of else f"<{tag}>"
    return _Html(
        start + "".join(child if isinstance(child, _Html) else escape(child) for child in children) + f"</{tag}>"
    )


def _figures(report: EvaluationReport) -> _Html:
    figures = report.figures
    rows = [
        _element(
            "tr",
            _element("td", measure.name, _Html("<br>"), _element("span", measure.meaning, of="faint")),
            _element("td", "—" if figures[measure.name] is None else str(figures[measure.name]), of="number"),
        )
        for measure in MEASURES
    ]
    return _element("table", *rows)


def _kinds(report: EvaluationReport) -> _Html:
    names = (_element("th", _COLUMN_NAMES[column], of="number") for column in KIND_COLUMNS)
    rows = [
        _element(
            "tr",
            _element("td", kind),
            *(_element("td", str(counts[column]), of="number") for column in KIND_COLUMNS),
        )
        for kind, counts in report.by_kind.items()
    ]
    return _element("div", _element("table", _element("tr", _element("th", "类别"), *names), *rows), of="wide")


def _failure(result: Judged) -> _Html:
    question, answer = result.question, result.answer
    parts = [
        _element("h3", f"{question.id} · {question.kind}"),
        _element("p", "；".join(fault_meanings(result)), of="fault"),
        _element("dt", "问题"),
        _element("dd", "\n".join((*question.history, question.text))),
        _element("dt", "应有内容"),
        _element("dd", "\n".join(map(spellings, question.gold)) or "不可回答，应当不作答"),
    ]
    if question.trap:
        parts += [_element("dt", "不得出现"), _element("dd", "\n".join(question.trap))]
    if question.evidence:
        parts += [_element("dt", "出处"), _element("dd", "\n".join((*question.docs, *question.evidence)))]
    parts += [_element("dt", f"回答（{answer.status}）"), _element("dd", answer.text or "（空）")]
    if answer.quotes:
        quotes = (_quote(quote, is_false=quote in result.verdict.false_quotes) for quote in answer.quotes)
        parts += [_element("dt", "引文"), _element("dd", *quotes)]
    return _element("article", *parts[:2], _element("dl", *parts[2:]))


def _quote(quote: Extract, *, is_false: bool) -> _Html:
    origin = f"{quote.document}（不在文件里）" if is_false else quote.document
    return _element(
        "blockquote", quote.text, _Html("<br>"), _element("span", origin, of="fault" if is_false else "faint")
    )
