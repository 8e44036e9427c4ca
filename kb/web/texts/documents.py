"""What the pages of the documents say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "to_documents": {"zh": "文件", "en": "Documents"},
    "day": {"zh": "{year}年{month}月{day}日", "en": "{year}-{month:02}-{day:02}"},
    # The list
    "listed_title": {"zh": "库中文件", "en": "Documents held"},
    "listed_purpose": {
        "zh": "回答只出自这里的文件。点开可读全文。",
        "en": "Answers come from these documents only. Open one to read the whole of it.",
    },
    "listed_words": {"zh": "题名、文号或单位", "en": "Title, number or issuer"},
    "listed_issuer": {"zh": "发文单位", "en": "Issuer"},
    "listed_year": {"zh": "年份", "en": "Year"},
    "listed_kind": {"zh": "类型", "en": "Kind"},
    "listed_any": {"zh": "全部", "en": "All"},
    "listed_find": {"zh": "查找", "en": "Find"},
    "listed_clear": {"zh": "清除条件", "en": "Clear"},
    "listed_found": {"zh": "共 {number} 份", "en": "{number} found"},
    "listed_none": {
        "zh": "没有这样的文件；请换一个词，或清除条件。",
        "en": "There is no such document; try another word, or clear what was chosen.",
    },
    "listed_nothing": {"zh": "库中还没有文件。", "en": "No documents are held yet."},
    "listed_pages": {"zh": "翻页", "en": "Pages"},
    "listed_before": {"zh": "上一页", "en": "Previous"},
    "listed_after": {"zh": "下一页", "en": "Next"},
    "listed_here": {"zh": "第 {here} / {all} 页", "en": "Page {here} of {all}"},
    # One document
    "view_issuer": {"zh": "发文单位", "en": "Issuer"},
    "view_region": {"zh": "地区", "en": "Region"},
    "view_year": {"zh": "年份", "en": "Year"},
    "view_reporting_year": {"zh": "所述年份", "en": "Year it tells of"},
    "view_date": {"zh": "日期", "en": "Date"},
    "view_number": {"zh": "文号", "en": "Number"},
    "view_kind": {"zh": "类型", "en": "Kind"},
    "view_held_since": {"zh": "收录于", "en": "Held since"},
    "view_about": {"zh": "文件信息", "en": "About this document"},
    "view_outline": {"zh": "目录", "en": "Outline"},
    "view_text": {"zh": "全文", "en": "Whole text"},
    "view_to_mark": {"zh": "到引用处", "en": "To the quoted words"},
    "view_original": {"zh": "下载原文件", "en": "Download the original file"},
    "view_page": {"zh": "第 {page} 页", "en": "Page {page}"},
    "view_superseded": {"zh": "这是旧版，", "en": "This is an old version; "},
    "view_superseded_by": {
        "zh": "已被 {day} 收录的新版取代。",
        "en": "a newer one, held since {day}, has taken its place.",
    },
    "view_superseded_no_more": {
        "zh": "各个版本都已停用，不再提供原文。",
        "en": "no version is in use any more, and the text is not shown.",
    },
    "view_withdrawn": {
        "zh": "此文件已于 {day} 撤回，不再提供原文，也不再用来回答。",
        "en": "This document was withdrawn on {day}. Its text is not shown, and it is answered from no more.",
    },
    "view_removed": {
        "zh": "此文件已于 {day} 移除，不再提供原文，也不再用来回答。",
        "en": "This document was removed on {day}. Its text is not shown, and it is answered from no more.",
    },
    "view_ask_issuer": {"zh": "需要时请向{issuer}查询。", "en": "Ask {issuer} where you need it."},
    "view_versions": {"zh": "各个版本", "en": "Versions"},
    "view_version": {"zh": "{day} 收录", "en": "Held since {day}"},
    "view_this": {"zh": "正在看的", "en": "this one"},
    "view_present": {"zh": "现行", "en": "present"},
    "view_state_superseded": {"zh": "{day} 被取代", "en": "superseded on {day}"},
    "view_state_withdrawn": {"zh": "{day} 撤回", "en": "withdrawn on {day}"},
    "view_state_removed": {"zh": "{day} 移除", "en": "removed on {day}"},
    "view_missing": {
        "zh": "没有这份文件，或它的原文件没有保存。",
        "en": "There is no such document, or its original file is not kept.",
    },
    "view_to_all": {"zh": "查看全部文件", "en": "See all documents"},
}
