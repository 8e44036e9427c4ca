"""What the desk's pages of people and tokens say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "people_lead": {
        "zh": "编辑管文件、提问和核定回答；管理员另管人员、令牌和不能撤销的事。",
        "en": "Editors keep documents, questions and pinned answers; admins also keep people, tokens and what cannot be undone.",
    },
    "people_add": {
        "zh": "添加人员",
        "en": "Add a person",
    },
    "people_role": {
        "zh": "角色",
        "en": "Role",
    },
    "people_add_advice": {
        "zh": "添加后会给出一个链接，请转给本人；密码由本人设置，别人不会知道。",
        "en": "You then get a link to pass on; they set the password themselves, and nobody else learns it.",
    },
    "people_state": {
        "zh": "状态",
        "en": "State",
    },
    "people_entered": {
        "zh": "上次登录",
        "en": "Last log-in",
    },
    "people_ready": {
        "zh": "可登录",
        "en": "can log in",
    },
    "people_waiting": {
        "zh": "还没有设密码",
        "en": "no password yet",
    },
    "people_disabled": {
        "zh": "已停用",
        "en": "disabled",
    },
    "people_you": {
        "zh": "您自己",
        "en": "you",
    },
    "people_change": {
        "zh": "更改",
        "en": "Change",
    },
    "people_change_of": {
        "zh": "更改 {name}",
        "en": "Change {name}",
    },
    "people_set_role": {
        "zh": "改角色",
        "en": "Change the role",
    },
    "people_disable": {
        "zh": "停用",
        "en": "Disable",
    },
    "people_enable": {
        "zh": "启用",
        "en": "Enable",
    },
    "people_link": {
        "zh": "给新链接（重设密码）",
        "en": "New link (reset the password)",
    },
    "people_remove": {
        "zh": "删除账号",
        "en": "Remove the account",
    },
    "people_sure": {
        "zh": "确定删除 {name}，连同其令牌",
        "en": "Yes, remove {name} with their tokens",
    },
    "people_unsure": {
        "zh": "要删除账号，请先勾选“确定删除”；什么都没有改动。",
        "en": "Tick the box that says so to remove an account; nothing was changed.",
    },
    "people_changed": {
        "zh": "已更改。",
        "en": "Changed.",
    },
    "people_removed": {
        "zh": "已删除。",
        "en": "Removed.",
    },
    "people_link_made": {
        "zh": "请把这个链接转给 {name}：",
        "en": "Pass this link on to {name}:",
    },
    "people_link_advice": {
        "zh": "{hours} 小时内有效，只能用一次；离开本页后不再显示。",
        "en": "It works once, within {hours} hours, and is not shown again after you leave this page.",
    },
    "people_count": {
        "zh": "共 {count} 人",
        "en": "{count} people",
    },
    "tokens_lead": {
        "zh": "程序用令牌经接口上传、撤回文件，不用密码。令牌以您的名义做事，账号停用或删除后即失效。",
        "en": "Programs upload and withdraw documents through the API with a token instead of a password. A token acts in your name, and ends with your account.",
    },
    "tokens_create": {
        "zh": "新令牌",
        "en": "New token",
    },
    "tokens_label": {
        "zh": "给谁用",
        "en": "What for",
    },
    "tokens_label_hint": {
        "zh": "如：夜间导入",
        "en": "for example: nightly import",
    },
    "tokens_days": {
        "zh": "有效期",
        "en": "Valid for",
    },
    "tokens_days_count": {
        "zh": "{days} 天",
        "en": "{days} days",
    },
    "tokens_forever": {
        "zh": "不过期",
        "en": "no end",
    },
    "tokens_made": {
        "zh": "新令牌如下；离开本页后不再显示，请现在就存好：",
        "en": "This is the new token; it is not shown again after you leave this page, so keep it now:",
    },
    "tokens_owner": {
        "zh": "属于",
        "en": "Of",
    },
    "tokens_made_at": {
        "zh": "建立",
        "en": "Made",
    },
    "tokens_used": {
        "zh": "上次使用",
        "en": "Last used",
    },
    "tokens_expires": {
        "zh": "到期",
        "en": "Ends",
    },
    "tokens_dead": {
        "zh": "已失效",
        "en": "no longer valid",
    },
    "tokens_revoke": {
        "zh": "撤销",
        "en": "Revoke",
    },
    "tokens_revoke_of": {
        "zh": "撤销 {label}",
        "en": "Revoke {label}",
    },
    "tokens_revoked": {
        "zh": "已撤销。",
        "en": "Revoked.",
    },
    "tokens_none": {
        "zh": "还没有令牌。",
        "en": "There is no token yet.",
    },
}
