"""What the desk says of one document: its state, its versions, how it is read, what may be done with it."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "held_file": {
        "zh": "文件名",
        "en": "File name",
    },
    "held_sources": {
        "zh": "来自",
        "en": "From",
    },
    "held_sha": {
        "zh": "SHA-256",
        "en": "SHA-256",
    },
    "held_since": {
        "zh": "收入时间",
        "en": "Held since",
    },
    "held_ended": {
        "zh": "停用时间",
        "en": "Ended",
    },
    "held_standing": {
        "zh": "状态",
        "en": "State",
    },
    "held_old_told": {
        "zh": "这是旧版本，保留供查对，不再用于回答。",
        "en": "This is an old version: it is kept for reference and not answered from.",
    },
    "held_to_newest": {
        "zh": "打开最新版本",
        "en": "Open the newest version",
    },
    "held_withdrawn_told": {
        "zh": "此文件已撤回，不再用于回答。",
        "en": "This document is withdrawn and not answered from.",
    },
    "held_pending_told": {
        "zh": "此文件还没有编入索引，下一次同步完成后用于回答。",
        "en": "This document is not in the index yet; it is answered from after the next run.",
    },
    "held_unsure_told": {
        "zh": "没有识别出{missing}，问到它们时可能找不到此文件；请在下面补上。",
        "en": "{missing} could not be told, so that questions about them may miss this document; fill them in below.",
    },
    "held_metadata": {
        "zh": "元数据",
        "en": "Metadata",
    },
    "held_corrected_by": {
        "zh": "由 {by} 更正，{at}",
        "en": "Corrected by {by}, {at}",
    },
    "held_found": {
        "zh": "自动识别：{value}",
        "en": "Found: {value}",
    },
    "held_nothing": {
        "zh": "（无）",
        "en": "(none)",
    },
    "held_take_back": {
        "zh": "恢复",
        "en": "Take back",
    },
    "held_save": {
        "zh": "保存更正",
        "en": "Save",
    },
    "held_save_told": {
        "zh": "更正对以后的新版本也有效，直到恢复自动识别。",
        "en": "A correction holds for new versions as well, until it is taken back.",
    },
    "held_name_title": {
        "zh": "标题",
        "en": "Title",
    },
    "held_name_kind": {
        "zh": "种类",
        "en": "Kind",
    },
    "held_name_issuer": {
        "zh": "发文单位",
        "en": "Issuer",
    },
    "held_name_region": {
        "zh": "地区",
        "en": "Region",
    },
    "held_name_year": {
        "zh": "年份（标题所称）",
        "en": "Year (of the title)",
    },
    "held_name_reporting_year": {
        "zh": "所述年份",
        "en": "Year that it tells of",
    },
    "held_name_number": {
        "zh": "发文字号",
        "en": "Document number",
    },
    "held_name_date": {
        "zh": "日期",
        "en": "Date",
    },
    "held_versions": {
        "zh": "版本",
        "en": "Versions",
    },
    "held_this": {
        "zh": "本页",
        "en": "this page",
    },
    "held_compare": {
        "zh": "与上一版比较",
        "en": "Compare with the one before",
    },
    "held_acts": {
        "zh": "操作",
        "en": "Acts",
    },
    "held_withdraw": {
        "zh": "撤回",
        "en": "Withdraw",
    },
    "held_withdraw_told": {
        "zh": "保留文件，从下一个问题起不再用于回答；可以恢复。",
        "en": "Keeps the document and answers from it no more from the next question on; it can be restored.",
    },
    "held_restore": {
        "zh": "恢复使用",
        "en": "Restore",
    },
    "held_restore_told": {
        "zh": "编入索引后重新用于回答。",
        "en": "Answers from it again once it is indexed.",
    },
    "held_remove": {
        "zh": "移除…",
        "en": "Remove…",
    },
    "held_remove_told": {
        "zh": "连同所有版本一并删除，不能恢复。",
        "en": "Deletes it with all its versions; this cannot be undone.",
    },
    "held_remove_sure": {
        "zh": "确定移除《{title}》吗？",
        "en": "Remove “{title}”?",
    },
    "held_remove_goes": {
        "zh": "以下内容会删除，不能恢复：",
        "en": "This will be deleted and cannot be brought back:",
    },
    "held_remove_versions": {
        "zh": "{count} 个版本，共 {passages} 个段落",
        "en": "{count} versions with {passages} passages",
    },
    "held_remove_originals": {
        "zh": "另存的原文件",
        "en": "The originals that were kept",
    },
    "held_remove_corrections": {
        "zh": "对它的更正",
        "en": "The corrections of it",
    },
    "held_remove_upload": {
        "zh": "上传的文件 {file}",
        "en": "The uploaded file {file}",
    },
    "held_remove_stays": {
        "zh": "服务器文件夹里的文件不会删除，但以后同步时不再收入：",
        "en": "The files in folders of the server stay, and are kept out from now on:",
    },
    "held_remove_do": {
        "zh": "移除",
        "en": "Remove",
    },
    "held_cancel": {
        "zh": "取消",
        "en": "Cancel",
    },
    "held_read": {
        "zh": "正文",
        "en": "Text",
    },
    "held_read_passages": {
        "zh": "段落（索引所见）",
        "en": "Passages (as indexed)",
    },
    "held_original": {
        "zh": "下载原文件",
        "en": "Download the original",
    },
    "held_no_original": {
        "zh": "没有另存原文件",
        "en": "The original was not kept",
    },
    "held_blocks": {
        "zh": "共 {count} 个文本块",
        "en": "{count} blocks",
    },
    "held_num_passages": {
        "zh": "共 {count} 个段落",
        "en": "{count} passages",
    },
    "held_span": {
        "zh": "字符 {start}–{end}",
        "en": "characters {start}–{end}",
    },
    "held_no_heading": {
        "zh": "（无标题）",
        "en": "(no heading)",
    },
    "held_embedded": {
        "zh": "编码的文字",
        "en": "Embedded text",
    },
    "held_digest": {
        "zh": "编码文字的摘要",
        "en": "Digest of the embedded text",
    },
    "held_block": {
        "zh": "块",
        "en": "Block",
    },
    "held_compare_title": {
        "zh": "两个版本的差别",
        "en": "Where two versions differ",
    },
    "held_older": {
        "zh": "旧：{at} 收入",
        "en": "Old: held since {at}",
    },
    "held_newer": {
        "zh": "新：{at} 收入",
        "en": "New: held since {at}",
    },
    "held_changes": {
        "zh": "正文有 {count} 处不同",
        "en": "{count} differences in the text",
    },
    "held_same": {
        "zh": "正文相同。",
        "en": "The texts are equal.",
    },
    "held_skipped": {
        "zh": "… 此处 {count} 行相同",
        "en": "… {count} equal lines",
    },
    "held_left_out": {
        "zh": "后面还有 {count} 行差别没有列出。",
        "en": "{count} more lines are not shown.",
    },
    "held_removed_words": {
        "zh": "旧",
        "en": "Old",
    },
    "held_added_words": {
        "zh": "新",
        "en": "New",
    },
}
