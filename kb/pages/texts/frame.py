"""What the frame around every page says."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "name": {
        "zh": "问政",
        "en": "Wenzheng",
    },
    "purpose": {
        "zh": "向已公开的政府文件提问，每个回答都附原文出处。",
        "en": "Ask published government documents; every answer shows where it stands.",
    },
    "year": {
        "zh": "{year}年",
        "en": "{year}",
    },
    "page": {
        "zh": "第{page}页",
        "en": "page {page}",
    },
    "other_language": {
        "zh": "English",
        "en": "中文",
    },
    "skip": {
        "zh": "跳到正文",
        "en": "Skip to the content",
    },
    "to_chat": {
        "zh": "提问",
        "en": "Ask",
    },
}
