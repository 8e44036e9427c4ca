"""What the desk says of the questions that were asked."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "questions_tab_list": {
        "zh": "记录",
        "en": "Log",
    },
    "questions_tab_unanswered": {
        "zh": "未答问题",
        "en": "Unanswered",
    },
    "questions_tab_pictures": {
        "zh": "统计",
        "en": "Over time",
    },
    "questions_not_kept": {
        "zh": "现在的设置是不作记录（WENZHENG_JOURNAL_DAYS 为 0），所以这里没有新的提问。",
        "en": "Nothing is kept by the present setting (WENZHENG_JOURNAL_DAYS is 0), so no question is added here.",
    },
    "questions_show": {
        "zh": "范围",
        "en": "Show",
    },
    "questions_show_all": {
        "zh": "全部",
        "en": "All",
    },
    "questions_show_answered": {
        "zh": "已回答",
        "en": "Answered",
    },
    "questions_show_refused": {
        "zh": "未回答",
        "en": "Not answered",
    },
    "questions_show_failed": {
        "zh": "出错",
        "en": "Failed",
    },
    "questions_show_rated": {
        "zh": "有评价",
        "en": "Rated",
    },
    "questions_show_bad": {
        "zh": "评为没有帮助",
        "en": "Rated as no help",
    },
    "questions_words": {
        "zh": "问题含有",
        "en": "Words of the question",
    },
    "questions_find": {
        "zh": "查找",
        "en": "Find",
    },
    "questions_count": {
        "zh": "共 {count} 条",
        "en": "{count} in all",
    },
    "questions_kept_for": {
        "zh": "保留 {days} 天，个人信息已隐去",
        "en": "kept for {days} days, personal data masked",
    },
    "questions_export": {
        "zh": "导出 CSV",
        "en": "Export as CSV",
    },
    "questions_none": {
        "zh": "没有这样的提问。",
        "en": "No such question.",
    },
    "questions_column_when": {
        "zh": "时间",
        "en": "When",
    },
    "questions_column_question": {
        "zh": "问题",
        "en": "Question",
    },
    "questions_column_earlier": {
        "zh": "此前的问题",
        "en": "Questions before it",
    },
    "questions_column_status": {
        "zh": "结果",
        "en": "Result",
    },
    "questions_column_answer": {
        "zh": "回答",
        "en": "Answer",
    },
    "questions_column_documents": {
        "zh": "引用的文件",
        "en": "Documents cited",
    },
    "questions_column_seconds": {
        "zh": "用时（秒）",
        "en": "Seconds",
    },
    "questions_column_channel": {
        "zh": "途径",
        "en": "Channel",
    },
    "questions_column_rating": {
        "zh": "评价",
        "en": "Rating",
    },
    "questions_column_reason": {
        "zh": "评价的理由",
        "en": "Reason",
    },
    "questions_channel_page": {
        "zh": "网页",
        "en": "page",
    },
    "questions_channel_api": {
        "zh": "接口",
        "en": "API",
    },
    "questions_channel_mcp": {
        "zh": "MCP",
        "en": "MCP",
    },
    "questions_channel_desk": {
        "zh": "工作人员再问",
        "en": "asked again by staff",
    },
    "questions_follow_up": {
        "zh": "（追问）",
        "en": "(follow-up)",
    },
    "questions_within": {
        "zh": "限定",
        "en": "Kept to",
    },
    "questions_pinned": {
        "zh": "核定的回答",
        "en": "pinned answer",
    },
    "questions_good": {
        "zh": "有帮助",
        "en": "Helpful",
    },
    "questions_bad": {
        "zh": "没有帮助",
        "en": "No help",
    },
    "questions_unrated": {
        "zh": "没有评价",
        "en": "Not rated",
    },
    "questions_status_answered": {
        "zh": "已回答",
        "en": "Answered",
    },
    "questions_status_unanswerable_empty_index": {
        "zh": "库中还没有文件",
        "en": "Nothing is held yet",
    },
    "questions_status_unanswerable_no_evidence": {
        "zh": "没有找到相关内容",
        "en": "Nothing was found",
    },
    "questions_status_unanswerable_not_stated": {
        "zh": "文件没有写明",
        "en": "Not stated",
    },
    "questions_status_unanswerable_other_year": {
        "zh": "没有这一年的文件",
        "en": "Year not held",
    },
    "questions_status_unanswerable_other_issuer": {
        "zh": "没有这个单位的文件",
        "en": "Issuer not held",
    },
    "questions_status_error_question": {
        "zh": "问题不能用",
        "en": "Not a usable question",
    },
    "questions_status_error_index": {
        "zh": "索引出错",
        "en": "Index error",
    },
    "questions_status_error_encoder": {
        "zh": "编码器出错",
        "en": "Encoder error",
    },
    "questions_pages": {
        "zh": "翻页",
        "en": "Pages",
    },
    "questions_newer": {
        "zh": "较新",
        "en": "Newer",
    },
    "questions_older": {
        "zh": "较早",
        "en": "Older",
    },
    "questions_number": {
        "zh": "第 {number} / {last} 页",
        "en": "Page {number} of {last}",
    },
    "questions_again": {
        "zh": "再问一次",
        "en": "Ask again",
    },
    "questions_pin": {
        "zh": "核定一个回答",
        "en": "Pin an answer",
    },
    "questions_to_pin": {
        "zh": "查看核定的回答",
        "en": "See the pinned answer",
    },
    "questions_unanswered_advice": {
        "zh": "问法相近、年份与地区相同的问题归为一组，问得最多的在前。补充文件之后可以再问一次；答得出的不再列在这里。",
        "en": "Questions that ask the same of the same years and places are grouped, the most asked first. Ask again after documents were added; what is answered then leaves this list.",
    },
    "questions_after": {
        "zh": "在“{earlier}”之后问起",
        "en": "asked after “{earlier}”",
    },
    "questions_times": {
        "zh": "问过 {times} 次",
        "en": "asked {times} times",
    },
    "questions_last": {
        "zh": "最近 {when}",
        "en": "last {when}",
    },
    "questions_wordings": {
        "zh": "{count} 种问法",
        "en": "{count} wordings",
    },
    "questions_all_answered": {
        "zh": "没有未答的问题。",
        "en": "No question is unanswered.",
    },
    "questions_before": {
        "zh": "从前",
        "en": "Before",
    },
    "questions_now": {
        "zh": "现在",
        "en": "Now",
    },
    "questions_span": {
        "zh": "时间范围",
        "en": "Time span",
    },
    "questions_days": {
        "zh": "{days} 天",
        "en": "{days} days",
    },
    "questions_sum": {
        "zh": "共提问 {asked} 次，回答 {answered} 次（{share}%）。",
        "en": "{asked} questions, {answered} answered ({share}%).",
    },
    "questions_by_day": {
        "zh": "每天的提问",
        "en": "Questions a day",
    },
    "questions_others": {
        "zh": "其余",
        "en": "others",
    },
    "questions_of_day": {
        "zh": "{date}：提问 {asked}，回答 {answered}",
        "en": "{date}: {asked} asked, {answered} answered",
    },
    "questions_as_table": {
        "zh": "以表格显示",
        "en": "As a table",
    },
    "questions_date": {
        "zh": "日期",
        "en": "Date",
    },
    "questions_asked": {
        "zh": "提问",
        "en": "Asked",
    },
    "questions_share": {
        "zh": "回答的比例",
        "en": "Share answered",
    },
    "questions_slowest": {
        "zh": "用时最长的提问",
        "en": "Slowest questions",
    },
    "act_question_again": {
        "zh": "再问一次",
        "en": "asked a question again",
    },
    "act_question_export": {
        "zh": "导出提问记录",
        "en": "exported questions",
    },
}
