"""What the page of the HTTP API says; OpenAPI tells its fields in the same words."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "to_api": {"zh": "程序接口", "en": "API"},
    "api_title": {"zh": "问政程序接口", "en": "Wenzheng HTTP API"},
    "api_purpose": {
        "zh": "网页上能问能查的，程序也能。请求与回答都是 JSON（UTF-8）。",
        "en": "Programs can ask and search what the pages can. Requests and answers are JSON in UTF-8.",
    },
    "api_errors": {
        "zh": "出错时的回答是 {shape}：status 给程序看，message 说明怎么办。429 与 503 附 Retry-After（秒）。",
        "en": "An error is {shape}: status is for programs, message says what to do (in Chinese). "
        "429 and 503 carry Retry-After (seconds).",
    },
    "api_schema": {"zh": "OpenAPI 描述", "en": "OpenAPI description"},
    "api_example": {"zh": "例", "en": "Example"},
    "api_example_question": {"zh": "2024年组织学法多少次？", "en": "2024年组织学法多少次？"},
    "api_token": {"zh": "需要令牌", "en": "needs a token"},
    "api_token_how": {
        "zh": "标有“需要令牌”的，请在请求头写 {header}；令牌由管理员在后台建立。",
        "en": "Those that need a token take the header {header}; an admin makes tokens at the desk.",
    },
    "api_mcp": {
        "zh": "智能助手可用 MCP（streamable HTTP）连接 {address}。",
        "en": "Assistants connect by MCP (streamable HTTP) to {address}.",
    },
    "api_field": {"zh": "名称", "en": "Name"},
    "api_kind": {"zh": "种类", "en": "Type"},
    "api_about": {"zh": "说明", "en": "What it is"},
    "api_required": {"zh": "必填", "en": "required"},
    "api_most": {"zh": "最多 {most}", "en": "at most {most}"},
    "api_default": {"zh": "默认 {default}", "en": "default {default}"},
    "api_codes": {"zh": "状态码", "en": "Status codes"},
    "api_no_fields": {"zh": "没有参数。", "en": "It takes nothing."},
    # The addresses
    "api_ask": {"zh": "提问，得到附出处的回答或拒答", "en": "Ask; get an answer with its quotes, or a refusal"},
    "api_search": {"zh": "检索段落，不作回答", "en": "Search passages without an answer"},
    "api_documents": {"zh": "列出库中文件", "en": "List the documents held"},
    "api_document": {"zh": "一份文件及其各个版本", "en": "One document and its versions"},
    "api_document_text": {"zh": "一份文件的全文或一段", "en": "The text of a document, or a part of it"},
    "api_feedback": {"zh": "评价一个回答", "en": "Rate an answer"},
    "api_upload": {
        "zh": "上传文件（multipart，字段 file 可有多个），随即导入",
        "en": "Upload files (multipart, as many file fields as you like), and ingest them",
    },
    "api_withdraw": {
        "zh": "撤回一份文件：不再用来回答，也不再显示",
        "en": "Withdraw a document: not answered from, not shown",
    },
    "api_restore": {"zh": "恢复一份撤回的文件", "en": "Restore a document that was withdrawn"},
    "api_run": {"zh": "一次导入的进度与结果", "en": "How far an ingest is, and what came of it"},
    # Their fields
    "api_field_question": {
        "zh": "问题；字数另受设置所限，默认 500",
        "en": "the question; a setting bounds it further, to 500 characters by default",
    },
    "api_field_history": {"zh": "此前的提问，由早到近", "en": "the questions before it, oldest first"},
    "api_field_within": {"zh": "只在这些文件中查", "en": "the documents that it is kept to"},
    "api_field_issuers": {"zh": "发文单位", "en": "issuers"},
    "api_field_years": {"zh": "年份", "en": "years"},
    "api_field_kinds": {"zh": "文件类型", "en": "kinds of documents"},
    "api_field_stream": {
        "zh": "true 时以 server-sent events 逐步送出：growing 若干次，最后 answer 一次",
        "en": "true sends it as server-sent events as it grows: growing some times, at the end answer",
    },
    "api_field_issuer": {"zh": "发文单位，可多次给出", "en": "issuer, may be given several times"},
    "api_field_year": {"zh": "年份，可多次给出", "en": "year, may be given several times"},
    "api_field_kind": {"zh": "文件类型，可多次给出", "en": "kind of document, may be given several times"},
    "api_field_limit": {"zh": "最多几条", "en": "how many at most"},
    "api_field_words": {
        "zh": "题名、文号或单位中的词，用空格分开",
        "en": "words of title, number or issuer, parted by spaces",
    },
    "api_field_skip": {"zh": "略过前几份", "en": "how many to leave out at the start"},
    "api_field_document_id": {"zh": "文件编号（id）", "en": "the id of a document"},
    "api_field_start": {"zh": "从第几个字起（从 0 数）", "en": "the first character, from 0"},
    "api_field_end": {
        "zh": "到第几个字止（不含）；不给则到末尾",
        "en": "the character behind the last; the end if left out",
    },
    "api_field_entry": {"zh": "回答中的 entry", "en": "the entry of an answer"},
    "api_field_good": {"zh": "是否有用", "en": "whether it was of use"},
    "api_field_file": {"zh": "文件，同名的视为新版", "en": "a file; one of a name that is held is a new version"},
    "api_field_run_id": {"zh": "导入的编号", "en": "the id of an ingest"},
    "api_field_reason": {"zh": "原因", "en": "the reason"},
}
