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
        "en": "Uploads that could not be read: {count}",
    },
    "held_discard": {
        "zh": "删除此文件",
        "en": "Delete this file",
    },
    "held_discard_back": {
        "zh": "放回上一版",
        "en": "Put the last version back",
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
