"""What the filters of the chat page say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "searched": {
        "zh": "查找范围：",
        "en": "Searched: ",
    },
    "filters": {
        "zh": "查找范围",
        "en": "Where to search",
    },
    "searched_all": {
        "zh": "在全部 {number} 份文件中查",
        "en": "Search all {number} documents",
    },
    "searched_some": {
        "zh": "只在所选 {number} 份文件中查",
        "en": "Search {number} chosen documents",
    },
    "searched_no": {
        "zh": "没有同时符合的文件",
        "en": "No document is of all of these",
    },
    "holds_none": {
        "zh": "库中还没有文件",
        "en": "Nothing is held yet",
    },
    "choose_issuers": {
        "zh": "发文单位",
        "en": "Issuer",
    },
    "choose_years": {
        "zh": "年份",
        "en": "Year",
    },
    "choose_kinds": {
        "zh": "文件种类",
        "en": "Kind",
    },
    "choice_search": {
        "zh": "查找{row}",
        "en": "Find: {row}",
    },
    "choice_off": {
        "zh": "取消 {number}",
        "en": "Remove {number}",
    },
    "choose_all": {
        "zh": "不限",
        "en": "No limits",
    },
    "chosen": {
        "zh": "完成",
        "en": "Done",
    },
    "held_years": {
        "zh": "库中的年份",
        "en": "Years held",
    },
    "held_issuers": {
        "zh": "库中的单位",
        "en": "Issuers held",
    },
    "held_all": {
        "zh": "全部 {number} 个…",
        "en": "All {number}…",
    },
}
