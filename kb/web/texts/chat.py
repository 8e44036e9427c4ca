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
        "en": "Write a question",
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
    "understood": {
        "zh": "按“{question}”理解",
        "en": "Understood as “{question}”",
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
    "sources": {
        "zh": "原文出处",
        "en": "Sources",
    },
    "mark": {
        "zh": "出处 {marker}：{title}",
        "en": "Source {marker}: {title}",
    },
    "welcome": {
        "zh": "想了解什么？",
        "en": "What would you like to know?",
    },
    "welcome_more": {
        "zh": "写下问题，或点一个例子。回答只依据库中的文件，每一句都能查到原文；查不到的，会直说。",
        "en": "Write a question or choose an example. Answers stand on the documents held here only, in Chinese, and every sentence can be checked; what is not found is said to be.",
    },
    "lobby": {
        "zh": "正在启动，几秒后就能回答；现在就可以写下问题。",
        "en": "Starting: answers come in some seconds; a question can be written now.",
    },
    "lobby_noted": {
        "zh": "问题已记下，启动完成后立即回答。",
        "en": "Noted: it is answered as soon as the start is complete.",
    },
    "lobby_kept": {
        "zh": "已启动，但浏览器不允许保存问题；请复制它，再刷新此页。",
        "en": "Started, but the browser does not let the question be kept: copy it and load this page again.",
    },
    "verdict_unanswerable_empty_index": {
        "zh": "未作回答：库中还没有文件",
        "en": "Not answered: nothing is held yet",
    },
    "verdict_unanswerable_no_evidence": {
        "zh": "未作回答：没有相关的文件",
        "en": "Not answered: no document is about this",
    },
    "verdict_unanswerable_not_stated": {
        "zh": "未作回答：文件里没有写明",
        "en": "Not answered: the documents do not state it",
    },
    "verdict_unanswerable_other_year": {
        "zh": "未作回答：没有这一年的文件",
        "en": "Not answered: nothing is held of that year",
    },
    "verdict_unanswerable_other_issuer": {
        "zh": "未作回答：没有这个单位的文件",
        "en": "Not answered: nothing is held of that issuer",
    },
    "verdict_answered": {
        "zh": "回答",
        "en": "Answer",
    },
    "verdict_error_question": {
        "zh": "这个问题无法处理",
        "en": "This question cannot be taken",
    },
    "verdict_error_index": {
        "zh": "没有成功",
        "en": "This did not work",
    },
    "verdict_error_encoder": {
        "zh": "没有成功",
        "en": "This did not work",
    },
    "nearest": {
        "zh": "查看最接近的段落（未用来回答）",
        "en": "See the nearest passages (not used for an answer)",
    },
    "no_sources": {
        "zh": "点回答里的出处号或数字，原文会显示在这里，引用的字句有底色。",
        "en": "Press a mark or a figure in an answer: its passage is shown here, with the quoted words highlighted.",
    },
    "whole_document": {
        "zh": "查看全文 ↗",
        "en": "See the whole document ↗",
    },
    "ended_superseded": {
        "zh": "此件已有新版。",
        "en": "A newer version of this document is held.",
    },
    "ended_withdrawn": {
        "zh": "此件已撤下，不再显示原文。",
        "en": "This document was withdrawn; its text is shown no more.",
    },
    "ended_removed": {
        "zh": "此件已移出。",
        "en": "This document was taken out.",
    },
    "act_copy": {
        "zh": "复制",
        "en": "Copy",
    },
    "act_good": {
        "zh": "有帮助",
        "en": "Helpful",
    },
    "act_bad": {
        "zh": "有问题",
        "en": "Not right",
    },
    "act_retry": {
        "zh": "重新回答",
        "en": "Answer again",
    },
    "act_edit": {
        "zh": "修改问题",
        "en": "Edit the question",
    },
    "copied": {
        "zh": "已复制",
        "en": "Copied",
    },
    "not_copied": {
        "zh": "没有复制成功，请选中文字后复制",
        "en": "Not copied; please select the text and copy it",
    },
    "reasons": {
        "zh": "哪里有问题？",
        "en": "What is not right?",
    },
    "reason_figure": {
        "zh": "数字不对",
        "en": "A figure is wrong",
    },
    "reason_scope": {
        "zh": "年份或单位不对",
        "en": "The year or the issuer is wrong",
    },
    "reason_beside": {
        "zh": "没有答到点子上",
        "en": "It does not answer the question",
    },
    "reason_source": {
        "zh": "出处与回答不符",
        "en": "The source does not say so",
    },
    "reason_other": {
        "zh": "其他",
        "en": "Something else",
    },
    "reason_more": {
        "zh": "补充说明（选填，最多 180 字；请勿写个人信息）",
        "en": "More (optional, up to 180 characters; nothing personal, please)",
    },
    "reason_send": {
        "zh": "提交",
        "en": "Send",
    },
    "thanks": {
        "zh": "谢谢，已记下。",
        "en": "Thank you, it is noted.",
    },
    "not_rated": {
        "zh": "没有记下，请稍后再试。",
        "en": "It was not noted; please try again later.",
    },
    "chart_line": {
        "zh": "各年的数字",
        "en": "Figures over the years",
    },
    "chart_bars": {
        "zh": "各单位的数字",
        "en": "Figures by issuer",
    },
    "suggested": {
        "zh": "还可以问",
        "en": "You may also ask",
    },
    "export": {
        "zh": "导出",
        "en": "Export",
    },
    "export_docx": {
        "zh": "Word 文档",
        "en": "Word document",
    },
    "export_md": {
        "zh": "Markdown",
        "en": "Markdown",
    },
    "print": {
        "zh": "打印",
        "en": "Print",
    },
    "all_documents": {
        "zh": "全部文件",
        "en": "All documents",
    },
    "editing": {
        "zh": "正在修改上一个问题",
        "en": "Editing the last question",
    },
    "stop_editing": {
        "zh": "不改了",
        "en": "Keep it",
    },
    "close": {
        "zh": "关闭",
        "en": "Close",
    },
    "back": {
        "zh": "返回回答",
        "en": "Back to the answer",
    },
    "spoken": {
        "zh": "回答：",
        "en": "Answer: ",
    },
    "lost": {
        "zh": "与服务的连接断了，正在重新连接…",
        "en": "The connection to the service was lost; connecting again…",
    },
    "broken": {
        "zh": "没有连上服务，请检查网络后重新回答。",
        "en": "The service could not be reached; check the network and ask again.",
    },
    "to_question": {
        "zh": "跳到提问框",
        "en": "Skip to the question",
    },
}
