"""What the desk says of pinned answers."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "pins_advice": {
        "zh": "核定的回答优先于查找，只用于与问法相同的问题（全半角、标点、繁简与客套话不计），并向读者说明由工作人员核定。",
        "en": "A pinned answer comes before any search, for the same question only (widths, marks, scripts and courtesies aside), and tells readers that staff pinned it.",
    },
    "pins_new": {
        "zh": "核定一个回答",
        "en": "Pin an answer",
    },
    "pins_one": {
        "zh": "核定的回答",
        "en": "Pinned answer",
    },
    "pins_fallen": {
        "zh": "已经失效",
        "en": "Out of force",
    },
    "pins_fallen_advice": {
        "zh": "所引的文件有变动，现在改由查找来回答。请核对新文件后改正，或删除。",
        "en": "A document that is quoted has changed, so questions are answered by search now. Check the new document and correct the pin, or remove it.",
    },
    "pins_standing": {
        "zh": "生效中",
        "en": "In force",
    },
    "pins_none": {
        "zh": "还没有核定的回答。",
        "en": "No answer is pinned yet.",
    },
    "pins_also": {
        "zh": "另有 {count} 种问法",
        "en": "and {count} more wordings",
    },
    "pins_changed": {
        "zh": "{who}，{when}",
        "en": "{who}, {when}",
    },
    "pins_out": {
        "zh": "已失效：",
        "en": "Out of force: ",
    },
    "pins_wordings": {
        "zh": "问法",
        "en": "Wordings",
    },
    "pins_wordings_advice": {
        "zh": "每行一种；问题与其中一种相同时，才用这个回答。",
        "en": "One on each line; the answer is given where a question is the same as one of them.",
    },
    "pins_text": {
        "zh": "回答",
        "en": "Answer",
    },
    "pins_text_advice": {
        "zh": "在每句话后面用 [1]、[2] 标出证实它的引文；每个数字都须在这一行标出的引文里。",
        "en": "Mark behind each sentence the quotes that prove it: [1], [2]. Each figure must stand in a quote that its line marks.",
    },
    "pins_quotes_advice": {
        "zh": "引文照原文摘录，一字不改；不用的留空。",
        "en": "Quote word for word; leave empty what is not needed.",
    },
    "pins_quote": {
        "zh": "引文 {number}",
        "en": "Quote {number}",
    },
    "pins_document": {
        "zh": "文件（输入题名查找）",
        "en": "Document (type to search titles)",
    },
    "pins_words": {
        "zh": "原文字句",
        "en": "Its words",
    },
    "pins_save": {
        "zh": "核对并保存",
        "en": "Check and save",
    },
    "pins_back": {
        "zh": "返回",
        "en": "Back",
    },
    "pins_remove": {
        "zh": "删除这个核定的回答",
        "en": "Remove this pinned answer",
    },
    "pins_remove_advice": {
        "zh": "删除后，这些问题改由查找来回答。",
        "en": "These questions are answered by search then.",
    },
    "pins_remove_now": {
        "zh": "确认删除",
        "en": "Remove it",
    },
    "act_pin_create": {
        "zh": "核定回答",
        "en": "pinned an answer",
    },
    "act_pin_change": {
        "zh": "修改核定的回答",
        "en": "changed a pinned answer",
    },
    "act_pin_remove": {
        "zh": "删除核定的回答",
        "en": "removed a pinned answer",
    },
}
