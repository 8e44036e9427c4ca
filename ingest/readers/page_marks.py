"""The marks of pages: what is left of a scan where only its page numbers are text."""

from __future__ import annotations

import re
from collections.abc import Iterable

_RULE = r"[\s=\-—–－―_~·.*#|\[\]【】（）()]*"
_COUNT = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
# ===PAGE 1===, — 1 —, 第 1 页 共 4 页, 1/4, Page 1 of 4
_MARK = re.compile(
    rf"{_RULE}(?:(?:page|p\.?|第)\s*)?{_COUNT}\s*(?:页|版)?{_RULE}(?:(?:[,，/／]|of|共)\s*(?:共\s*)?{_COUNT}\s*页?)?{_RULE}",
    re.IGNORECASE,
)
_NAMES_A_PAGE = re.compile(r"page|页|[=\-—–－]\s*\d+\s*[=\-—–－]|\d\s*[/／]\s*\d", re.IGNORECASE)


def are_page_marks(lines: Iterable[str]) -> bool:
    """Whether all lines may be marks of pages, and at least one is no mere number."""
    found = list(lines)
    return (
        bool(found)
        and all(_MARK.fullmatch(line) for line in found)
        and any(_NAMES_A_PAGE.search(line) for line in found)
    )
