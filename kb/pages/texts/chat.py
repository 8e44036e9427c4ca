"""What the chat page says."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "notice": {
        "zh": "回答由程序摘自已公开的文件，可能不全；办事请以文件原文和主管部门的答复为准。",
        "en": "Answers are quoted from published documents by a program and may be incomplete; "
        "the original document and the office in charge decide.",
    },
    "notice_written": {
        "zh": "回答由语言模型依据已公开的文件写成，逐句与原文核对，可能不全；办事请以文件原文和主管部门的答复为准。",
        "en": "Answers are worded by a language model, checked sentence by sentence against published documents, "
        "and may be incomplete; the original document and the office in charge decide.",
    },
    "conversation": {
        "zh": "对话",
        "en": "Conversation",
    },
    "welcome": {
        "zh": "想了解什么？请在下面写下问题，或点一个例子。",
        "en": "What would you like to know? Write a question below or choose an example.",
    },
    "question": {
        "zh": "您的问题",
        "en": "Your question",
    },
    "answer": {
        "zh": "回答",
        "en": "Answer",
    },
    "question_hint": {
        "zh": "写下问题，按回车发送",
        "en": "Write a question and press Enter",
    },
    "send": {
        "zh": "发送",
        "en": "Send",
    },
    "stop": {
        "zh": "停止",
        "en": "Stop",
    },
    "stopped": {
        "zh": "已停止。",
        "en": "Stopped.",
    },
    "checked": {
        "zh": "已核对 {standing}/{figures} 个数字",
        "en": "{standing} of {figures} figures checked",
    },
    "clear": {
        "zh": "清空对话",
        "en": "Clear the conversation",
    },
    "examples": {
        "zh": "可以这样问",
        "en": "For example",
    },
    "searching": {
        "zh": "正在查找…",
        "en": "Searching…",
    },
    "part": {
        "zh": "范围",
        "en": "Of",
    },
    "figure": {
        "zh": "数字",
        "en": "Figure",
    },
    "in_words": {
        "zh": "原文",
        "en": "In its words",
    },
    "not_held": {
        "zh": "没有在库中文件里找到",
        "en": "Not found in the documents held",
    },
    "refused": {
        "zh": "未作回答",
        "en": "Not answered",
    },
    "failed": {
        "zh": "没有成功",
        "en": "This did not work",
    },
    "sources": {
        "zh": "原文出处",
        "en": "Sources",
    },
    "no_sources": {
        "zh": "回答所依据的段落会列在这里，引用的字句有底色。",
        "en": "The passages that an answer stands on are listed here, with the quoted words highlighted.",
    },
    "nearest": {
        "zh": "最接近的段落（供参考，未用来回答）",
        "en": "Nearest passages (not used for an answer)",
    },
    "to_sources": {
        "zh": "查看原文出处",
        "en": "See the sources",
    },
    "to_nearest": {
        "zh": "查看最接近的段落",
        "en": "See the nearest passages",
    },
    "mark": {
        "zh": "出处 {marker}",
        "en": "Source {marker}",
    },
}
