"""What the desk says of runs and folders."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "run_lead": {
        "zh": "同步使索引与文件夹一致：新的收入，改动的更新，消失的移除。可随时关闭本页，工作不会停。",
        "en": "Synchronising brings the index in step with the folders: new files are taken in, changed ones updated, missing ones removed. This page may be closed; the work goes on.",
    },
    "run_waiting": {
        "zh": "等待中",
        "en": "Waiting",
    },
    "run_running": {
        "zh": "进行中",
        "en": "Running",
    },
    "run_done": {
        "zh": "已完成",
        "en": "Done",
    },
    "run_failed": {
        "zh": "出错",
        "en": "Failed",
    },
    "run_interrupted": {
        "zh": "被中断",
        "en": "Interrupted",
    },
    "run_step_reading": {
        "zh": "读取文件",
        "en": "Reading files",
    },
    "run_step_embedding": {
        "zh": "编码段落",
        "en": "Embedding passages",
    },
    "run_step_indexing": {
        "zh": "建立索引",
        "en": "Building the index",
    },
    "run_count": {
        "zh": "{done} / {total}",
        "en": "{done} of {total}",
    },
    "run_left": {
        "zh": "约剩 {time}",
        "en": "about {time} left",
    },
    "run_seconds": {
        "zh": "{number} 秒",
        "en": "{number} s",
    },
    "run_minutes": {
        "zh": "{number} 分钟",
        "en": "{number} min",
    },
    "run_and": {
        "zh": "、",
        "en": ", ",
    },
    "run_more": {
        "zh": " 等 {count} 项",
        "en": " and others, {count} in all",
    },
    "run_what": {
        "zh": "{tasks}：{about}",
        "en": "{tasks}: {about}",
    },
    "run_task_synchronise": {
        "zh": "同步",
        "en": "Synchronise",
    },
    "run_task_upload": {
        "zh": "上传",
        "en": "Upload",
    },
    "run_task_correct": {
        "zh": "更正",
        "en": "Correct",
    },
    "run_task_withdraw": {
        "zh": "撤回",
        "en": "Withdraw",
    },
    "run_task_restore": {
        "zh": "恢复",
        "en": "Restore",
    },
    "run_task_remove": {
        "zh": "移除",
        "en": "Remove",
    },
    "run_now": {
        "zh": "正在进行",
        "en": "At work",
    },
    "run_details": {
        "zh": "查看",
        "en": "See it",
    },
    "run_progress": {
        "zh": "进度",
        "en": "Progress",
    },
    "run_all": {
        "zh": "同步全部文件夹",
        "en": "Synchronise all folders",
    },
    "run_one": {
        "zh": "同步",
        "en": "Synchronise",
    },
    "run_again": {
        "zh": "再次运行",
        "en": "Run again",
    },
    "run_interrupted_told": {
        "zh": "程序在它完成之前停止了。做完的部分已保存；再次运行会接着做。",
        "en": "The program ended before it was over. What was done is kept; run again to finish.",
    },
    "run_folders": {
        "zh": "文件夹",
        "en": "Folders",
    },
    "run_uploads": {
        "zh": "上传的文件",
        "en": "Uploaded files",
    },
    "run_add": {
        "zh": "添加服务器文件夹",
        "en": "Add a folder of the server",
    },
    "run_folder": {
        "zh": "文件夹的绝对路径",
        "en": "Absolute path of the folder",
    },
    "run_add_do": {
        "zh": "添加",
        "en": "Add",
    },
    "run_roots": {
        "zh": "开放的文件夹：{roots}",
        "en": "Open folders: {roots}",
    },
    "run_no_roots": {
        "zh": "没有开放服务器文件夹；管理员可用设置 WENZHENG_FOLDERS 开放。",
        "en": "No folder of the server is open; an admin can open some by the setting WENZHENG_FOLDERS.",
    },
    "run_forget": {
        "zh": "不再同步",
        "en": "Forget",
    },
    "run_forget_told": {
        "zh": "已收入的文件保留",
        "en": "what is held stays",
    },
    "run_gone": {
        "zh": "找不到此文件夹",
        "en": "not found",
    },
    "run_closed": {
        "zh": "已不在开放的范围内",
        "en": "not open any more",
    },
    "run_excluded": {
        "zh": "排除的文件",
        "en": "Files that are kept out",
    },
    "run_excluded_told": {
        "zh": "这些文件在后台移除过，同步时不再收入。",
        "en": "These were removed at the desk and are passed over.",
    },
    "run_admit": {
        "zh": "重新收入",
        "en": "Admit again",
    },
    "run_history": {
        "zh": "最近的运行",
        "en": "Last runs",
    },
    "run_none": {
        "zh": "还没有运行过。",
        "en": "Nothing ran yet.",
    },
    "run_when": {
        "zh": "时间",
        "en": "When",
    },
    "run_by": {
        "zh": "由",
        "en": "By",
    },
    "run_result": {
        "zh": "结果",
        "en": "Result",
    },
    "run_title": {
        "zh": "运行 {id}",
        "en": "Run {id}",
    },
    "run_asked": {
        "zh": "提出",
        "en": "Asked for",
    },
    "run_started": {
        "zh": "开始",
        "en": "Started",
    },
    "run_ended": {
        "zh": "结束",
        "en": "Ended",
    },
    "run_report": {
        "zh": "报告",
        "en": "Report",
    },
    "run_created": {
        "zh": "新建",
        "en": "Created",
    },
    "run_updated": {
        "zh": "更新",
        "en": "Updated",
    },
    "run_moved": {
        "zh": "移动",
        "en": "Moved",
    },
    "run_duplicates": {
        "zh": "重复",
        "en": "Duplicates",
    },
    "run_removed": {
        "zh": "移除",
        "en": "Removed",
    },
    "run_left_out": {
        "zh": "排除",
        "en": "Left out",
    },
    "run_refused": {
        "zh": "拒绝",
        "en": "Refused",
    },
    "run_skipped": {
        "zh": "未变",
        "en": "Unchanged",
    },
    "run_embedded": {
        "zh": "编码段落",
        "en": "Passages embedded",
    },
    "run_nothing": {
        "zh": "没有文件变动。",
        "en": "No file changed.",
    },
    "run_more_paths": {
        "zh": "另有 {count} 个没有列出",
        "en": "{count} more are not shown",
    },
    "run_path": {
        "zh": "文件",
        "en": "File",
    },
    "run_reason": {
        "zh": "原因与办法",
        "en": "Reason and what to do",
    },
    "run_to_all": {
        "zh": "全部运行",
        "en": "All runs",
    },
    "act_documents_synchronise": {
        "zh": "同步",
        "en": "Synchronised",
    },
    "act_folder_add": {
        "zh": "添加文件夹",
        "en": "Added a folder",
    },
    "act_folder_forget": {
        "zh": "不再同步文件夹",
        "en": "Forgot a folder",
    },
}
