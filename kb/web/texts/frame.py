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
    "trouble": {
        "zh": "没有成功",
        "en": "This did not work",
    },
    "trouble_missing": {
        "zh": "没有这个页面。它可能已移走或删去；请检查地址，或从首页找起。",
        "en": "There is no such page. It may have been moved or removed; check the address, or start from the first page.",
    },
    "trouble_method": {
        "zh": "这个地址不能这样打开；请从首页找起。",
        "en": "This address cannot be opened this way; start from the first page.",
    },
    "trouble_too_large": {
        "zh": "送来的内容太大；请分成几次，或缩小后再试。",
        "en": "What was sent is too large; send it in parts, or make it smaller.",
    },
    "trouble_malformed": {
        "zh": "地址或表单里的内容不对；请返回上一页检查后再试。",
        "en": "Something in the address or the form is not right; go back, check it and try again.",
    },
    "trouble_failed": {
        "zh": "服务器一时办不到，原因如下；请稍后再试，或告诉管理员。",
        "en": "The server cannot do this at the moment, for the reason below; try again later, or tell an admin.",
    },
    "trouble_other": {
        "zh": "服务器没有照办；请稍后再试，或从首页找起。",
        "en": "The server did not do this; try again later, or start from the first page.",
    },
}
