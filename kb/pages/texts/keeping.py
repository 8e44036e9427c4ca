"""What the desk says of documents."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "held_lead": {
        "zh": "收入的文件都在这里。改动先存下，再由同步并入索引；撤回从下一个问题起就生效。",
        "en": "All documents that are held. A change is kept first and brought into the index by a run; a withdrawal counts from the next question on.",
    },
    "held_state_": {
        "zh": "现有",
        "en": "Current",
    },
    "held_state_in_force": {
        "zh": "在用",
        "en": "In force",
    },
    "held_state_pending": {
        "zh": "待编入",
        "en": "Not indexed yet",
    },
    "held_state_withdrawn": {
        "zh": "已撤回",
        "en": "Withdrawn",
    },
    "held_state_superseded": {
        "zh": "旧版本",
        "en": "Old versions",
    },
    "held_state_unsure": {
        "zh": "信息不全",
        "en": "Incomplete",
    },
    "held_state_corrected": {
        "zh": "已更正",
        "en": "Corrected",
    },
    "held_states": {
        "zh": "状态",
        "en": "State",
    },
    "held_words": {
        "zh": "标题、文号、文件名",
        "en": "Title, number, file name",
    },
    "held_issuer": {
        "zh": "发文单位",
        "en": "Issuer",
    },
    "held_year": {
        "zh": "年份",
        "en": "Year",
    },
    "held_kind": {
        "zh": "种类",
        "en": "Kind",
    },
    "held_any": {
        "zh": "不限",
        "en": "Any",
    },
    "held_find": {
        "zh": "查找",
        "en": "Find",
    },
    "held_reset": {
        "zh": "清除条件",
        "en": "Clear",
    },
    "held_count": {
        "zh": "共 {count} 份",
        "en": "{count} documents",
    },
    "held_none": {
        "zh": "没有符合条件的文件。",
        "en": "No document fits.",
    },
    "held_empty": {
        "zh": "库中还没有文件：请在上面上传，或到“同步”添加服务器文件夹。",
        "en": "Nothing is held yet: upload files above, or add a folder of the server at “Synchronise”.",
    },
    "held_title": {
        "zh": "标题",
        "en": "Title",
    },
    "held_passages": {
        "zh": "段落",
        "en": "Passages",
    },
    "held_pages": {
        "zh": "翻页",
        "en": "Pages",
    },
    "held_before": {
        "zh": "上一页",
        "en": "Previous",
    },
    "held_after": {
        "zh": "下一页",
        "en": "Next",
    },
    "held_page": {
        "zh": "第 {number} / {num_pages} 页",
        "en": "Page {number} of {num_pages}",
    },
    "held_upload": {
        "zh": "上传文件",
        "en": "Upload files",
    },
    "held_choose": {
        "zh": "选择文件，可多选",
        "en": "Choose files",
    },
    "held_drop": {
        "zh": "也可以把文件拖到这里",
        "en": "Or drop files here",
    },
    "held_bounds": {
        "zh": "单个不超过 {most} MiB，一次合计不超过 {total} MiB。可上传 txt、md、csv、html、docx、xlsx、xls、pptx、ofd、pdf 及它们的 zip。与已有文件同名的，作为它的新版本。",
        "en": "At most {most} MiB a file and {total} MiB at once: txt, md, csv, html, docx, xlsx, xls, pptx, ofd, pdf, and zip files of these. A file of a name that is taken is a new version of it.",
    },
    "held_send": {
        "zh": "上传",
        "en": "Upload",
    },
    "held_sending": {
        "zh": "正在上传…",
        "en": "Uploading…",
    },
    "held_sent": {
        "zh": "正在存下…",
        "en": "Keeping…",
    },
    "held_failed": {
        "zh": "没有传成功，请检查网络后重试。",
        "en": "The upload failed; check the network and try again.",
    },
    "held_too_large": {
        "zh": "超过单个文件的上限",
        "en": "larger than one file may be",
    },
    "held_too_much": {
        "zh": "一次上传的文件合计超过 {mib} MiB；请分几次上传，或请管理员调高 WENZHENG_UPLOAD_TOTAL_MIB。",
        "en": "More than {mib} MiB at once; upload in several goes, or ask an admin to raise WENZHENG_UPLOAD_TOTAL_MIB.",
    },
    "held_no_length": {
        "zh": "上传没有说明大小；请用浏览器重新上传。",
        "en": "The upload does not say how large it is; upload with a browser.",
    },
    "held_no_files": {
        "zh": "没有选择文件；请选择后再上传。",
        "en": "No file was chosen.",
    },
    "held_taken": {
        "zh": "已收下",
        "en": "Taken",
    },
    "held_not_taken": {
        "zh": "没有收下",
        "en": "Not taken",
    },
    "held_to_run": {
        "zh": "查看导入进度",
        "en": "See how the run goes",
    },
    "held_back": {
        "zh": "回到文件列表",
        "en": "Back to the documents",
    },
    "held_refusals": {
        "zh": "有 {count} 个上传的文件没能收入",
        "en": "{count} uploads could not be read",
    },
    "held_discard": {
        "zh": "删除此文件",
        "en": "Delete this file",
    },
    "held_discard_back": {
        "zh": "放回上一版",
        "en": "Put the last version back",
    },
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
    "act_document_upload": {
        "zh": "上传文件",
        "en": "Uploaded a file",
    },
    "act_document_correct": {
        "zh": "更正元数据",
        "en": "Corrected metadata",
    },
    "act_document_withdraw": {
        "zh": "撤回文件",
        "en": "Withdrew a document",
    },
    "act_document_restore": {
        "zh": "恢复文件",
        "en": "Restored a document",
    },
    "act_document_remove": {
        "zh": "移除文件",
        "en": "Removed a document",
    },
    "act_document_discard": {
        "zh": "删除未收入的上传",
        "en": "Deleted an upload that was not read",
    },
    "act_document_admit": {
        "zh": "重新收入被排除的文件",
        "en": "Admitted a file again",
    },
}
