"""The kind of a document, by its title and by who made it.

Yearly reports go by the words in their titles. What has articles goes by its rank: a law, a regulation of the State Council,
of a congress, a rule of a ministry or a government; a lower one with a number is a 规范性文件. Everything else goes by the
last word of its title.
"""

from __future__ import annotations

from kb.chinese.lexicon import read_lexicon

_LEXICON = read_lexicon(__name__)
_EXPLANATION, _QUESTIONS = _LEXICON["explanation"], _LEXICON["questions"]
_GUIDE, _DIRECTIONS = _LEXICON["guide"], _LEXICON["directions"]
_LETTER, _ACT, _PLAN = _LEXICON["letter"], _LEXICON["act"], _LEXICON["plan"]
_LAW, _OTHER_LAW = _LEXICON["law"], _LEXICON["other_law"]

WORK_REPORT = "政府工作报告"
# The first kind whose words stand in the title is the document's kind.
_REPORTS = (
    (WORK_REPORT, (WORK_REPORT,)),
    ("法治政府建设报告", ("法治政府建设", "依法行政工作")),
    ("信息公开年度报告", ("政府信息公开", "信息公开工作", "政务公开年报")),
    ("办事指南", ("办事指南", "服务指南")),
    ("统计公报", ("统计公报",)),
    ("工作报告", ("工作报告", "工作总结", "年度报告", "情况报告", "年报")),
)
_FOR_NOW = _LEXICON["for_now"]
ACTS = ("条例", "规定", "办法", "细则", "规则")


def report_kind(title: str) -> str | None:
    """The kind of a yearly report or a guide."""
    title = title.replace("年报告", "年 报告")  # which is no 年报
    return next((kind for kind, words in _REPORTS if any(word in title for word in words)), None)


def kind_of(title: str) -> str | None:
    """The kind that the words of a title say; of what has articles its word (条例), whose rank depends on who made it."""
    for kind, pattern in (
        ("政策解读", _EXPLANATION),
        ("问答", _QUESTIONS),
        ("办事指南", _GUIDE),
        ("工作指引", _DIRECTIONS),
    ):
        if pattern.search(title):
            return kind
    for pattern in (_LETTER, _ACT, _PLAN):
        if match := pattern.search(title):
            return match["kind"]
    return "法律" if _LAW.search(title) and not _OTHER_LAW.search(title) else None


def rank_of(kind: str | None, title: str, issuer: str | None, number: str | None, region: str | None) -> str | None:
    """The rank of what has articles, as far as it is sure; other kinds stay. `issuer` is the State Council where it assented."""
    if kind not in (*ACTS, "决定"):
        return kind
    by = issuer or ""
    if by.startswith("全国人民代表大会"):
        return "法律" if kind != "决定" else kind
    if "人民代表大会" in by:
        return "地方性法规" if kind != "决定" else kind
    if kind == "决定":
        return kind
    if by == "国务院" or by.startswith("国务院、"):
        return "行政法规"
    if "令第" in (number or ""):
        return "政府规章" if by.endswith("人民政府") else "部门规章"
    if kind == "条例":
        return "地方性法规" if region and region != "全国" else kind
    is_local = region is not None and region != "全国"
    return "规范性文件" if is_local and (by or _FOR_NOW.search(title)) else kind
