"""What the desk's page of the audit log says, and how it names each act."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "audit_moment": {
        "zh": "时间",
        "en": "When",
    },
    "audit_who": {
        "zh": "谁",
        "en": "Who",
    },
    "audit_act": {
        "zh": "做了什么",
        "en": "Did what",
    },
    "audit_about": {
        "zh": "对象",
        "en": "To what",
    },
    "audit_detail": {
        "zh": "说明",
        "en": "Detail",
    },
    "audit_address": {
        "zh": "网络地址",
        "en": "Address",
    },
    "audit_lead": {
        "zh": "谁在什么时候做了什么。只增不减，也不能修改。",
        "en": "Who did what, and when. The log only grows, and no line can be changed.",
    },
    "audit_anyone": {
        "zh": "全部人员",
        "en": "anyone",
    },
    "audit_any_act": {
        "zh": "全部操作",
        "en": "anything",
    },
    "audit_words": {
        "zh": "对象、说明或地址中含有",
        "en": "With the words",
    },
    "audit_since": {
        "zh": "从",
        "en": "From",
    },
    "audit_until": {
        "zh": "到",
        "en": "To",
    },
    "audit_find": {
        "zh": "查找",
        "en": "Find",
    },
    "audit_reset": {
        "zh": "清除条件",
        "en": "Clear",
    },
    "audit_count": {
        "zh": "共 {count} 条",
        "en": "{count} lines",
    },
    "audit_export": {
        "zh": "导出 CSV",
        "en": "Export as CSV",
    },
    "audit_none": {
        "zh": "没有符合条件的记录。",
        "en": "No line is like this.",
    },
    "audit_nobody": {
        "zh": "（未登录）",
        "en": "(not logged in)",
    },
    "audit_pages": {
        "zh": "分页",
        "en": "Pages",
    },
    "audit_newer": {
        "zh": "较新",
        "en": "Newer",
    },
    "audit_older": {
        "zh": "较早",
        "en": "Older",
    },
    "audit_page": {
        "zh": "第 {number}/{num_pages} 页",
        "en": "Page {number} of {num_pages}",
    },
    "act_account_enter": {
        "zh": "登录",
        "en": "Logged in",
    },
    "act_account_leave": {
        "zh": "退出",
        "en": "Logged out",
    },
    "act_account_fail": {
        "zh": "登录失败",
        "en": "Failed to log in",
    },
    "act_account_lock": {
        "zh": "登录被锁",
        "en": "Locked out",
    },
    "act_account_first": {
        "zh": "建立第一位管理员",
        "en": "Made the first admin",
    },
    "act_account_reset": {
        "zh": "用链接设密码",
        "en": "Set a password by link",
    },
    "act_account_password": {
        "zh": "改密码",
        "en": "Changed the password",
    },
    "act_account_create": {
        "zh": "添加人员",
        "en": "Added a person",
    },
    "act_account_role": {
        "zh": "改角色",
        "en": "Changed a role",
    },
    "act_account_enable": {
        "zh": "启用账号",
        "en": "Enabled an account",
    },
    "act_account_disable": {
        "zh": "停用账号",
        "en": "Disabled an account",
    },
    "act_account_link": {
        "zh": "给密码链接",
        "en": "Made a password link",
    },
    "act_account_remove": {
        "zh": "删除账号",
        "en": "Removed an account",
    },
    "act_token_create": {
        "zh": "新建令牌",
        "en": "Made a token",
    },
    "act_token_revoke": {
        "zh": "撤销令牌",
        "en": "Revoked a token",
    },
    "act_audit_export": {
        "zh": "导出操作记录",
        "en": "Exported the audit log",
    },
    "act_health_examine": {
        "zh": "全面检查",
        "en": "Looked at all parts",
    },
}
