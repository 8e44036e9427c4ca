"""What the desk's door and frame say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "desk": {
        "zh": "管理",
        "en": "Desk",
    },
    "desk_documents": {
        "zh": "文件",
        "en": "Documents",
    },
    "desk_synchronise": {
        "zh": "同步",
        "en": "Synchronise",
    },
    "desk_questions": {
        "zh": "问答记录",
        "en": "Questions",
    },
    "desk_pins": {
        "zh": "核定回答",
        "en": "Pinned answers",
    },
    "desk_quality": {
        "zh": "质量",
        "en": "Quality",
    },
    "desk_health": {
        "zh": "运行状况",
        "en": "Health",
    },
    "desk_people": {
        "zh": "人员",
        "en": "People",
    },
    "desk_tokens": {
        "zh": "令牌",
        "en": "Tokens",
    },
    "desk_audit": {
        "zh": "操作记录",
        "en": "Audit log",
    },
    "desk_settings": {
        "zh": "设置",
        "en": "Settings",
    },
    "desk_role_editor": {
        "zh": "编辑",
        "en": "editor",
    },
    "desk_role_admin": {
        "zh": "管理员",
        "en": "admin",
    },
    "desk_login": {
        "zh": "登录管理页面",
        "en": "Log in to the desk",
    },
    "desk_enter": {
        "zh": "登录",
        "en": "Log in",
    },
    "desk_logout": {
        "zh": "退出",
        "en": "Log out",
    },
    "desk_user": {
        "zh": "用户名",
        "en": "Name",
    },
    "desk_password": {
        "zh": "密码",
        "en": "Password",
    },
    "desk_forgotten": {
        "zh": "忘记密码？请管理员在“人员”页给您一个新链接；管理员忘记时，在服务器上运行 python -m kb accounts reset 用户名。",
        "en": "Forgotten? An admin can make a new link for you under “People”; for an admin, run python -m kb accounts reset NAME on the server.",
    },
    "desk_no_account": {
        "zh": "还没有账号。请打开程序启动时打印的一次性链接，建立第一位管理员；找不到时请重新启动程序。",
        "en": "There is no account yet. Open the one-time link that was printed when the program started to make the first admin; restart the program for a new one.",
    },
    "desk_left": {
        "zh": "您已退出。",
        "en": "You have logged out.",
    },
    "desk_password_set": {
        "zh": "密码已设好，请用它登录。",
        "en": "The password is set; log in with it.",
    },
    "desk_expired": {
        "zh": "登录已过期，请重新登录。",
        "en": "Your session is over; log in again.",
    },
    "desk_expired_form": {
        "zh": "登录已过期，刚才的改动没有保存；请登录后再做一次。",
        "en": "Your session is over and the change was not saved; log in and make it again.",
    },
    "desk_stale_form": {
        "zh": "这个表单已失效，什么都没有改动；请返回、刷新页面后再试。",
        "en": "This form is out of date and nothing was changed; go back, reload the page and try again.",
    },
    "desk_role_too_low": {
        "zh": "这件事只有管理员能做；请找一位管理员。",
        "en": "Only an admin can do this; ask one.",
    },
    "desk_denied": {
        "zh": "没有照办",
        "en": "Not done",
    },
    "desk_back": {
        "zh": "回到管理页面",
        "en": "Back to the desk",
    },
    "desk_login_first": {
        "zh": "请先登录，再送来文件；什么都没有收下。",
        "en": "Log in before you send files; nothing was taken.",
    },
    "desk_setup": {
        "zh": "建立第一位管理员",
        "en": "Make the first admin",
    },
    "desk_setup_advice": {
        "zh": "为自己取一个用户名和密码。此链接只能用一次。",
        "en": "Choose a name and a password for yourself. This link works once.",
    },
    "desk_reset": {
        "zh": "设置密码",
        "en": "Set a password",
    },
    "desk_reset_advice": {
        "zh": "为账号“{name}”设置密码。此链接只能用一次。",
        "en": "Set the password of the account “{name}”. This link works once.",
    },
    "desk_set_password": {
        "zh": "设置密码",
        "en": "Set the password",
    },
    "desk_new_password": {
        "zh": "新密码",
        "en": "New password",
    },
    "desk_old_password": {
        "zh": "现在的密码",
        "en": "Present password",
    },
    "desk_again": {
        "zh": "再输一次",
        "en": "Once more",
    },
    "desk_password_rule": {
        "zh": "至少 10 个字符，不含用户名；几个不相干的词连起来最好记。",
        "en": "At least 10 characters, without the name; a few unrelated words are the easiest to remember.",
    },
    "desk_unlike": {
        "zh": "两次输入的密码不一样；请再输一次。",
        "en": "The two passwords are not the same; type them again.",
    },
    "desk_old_wrong": {
        "zh": "现在的密码不对；请再输一次。",
        "en": "The present password is wrong; type it again.",
    },
    "desk_own_password": {
        "zh": "我的密码",
        "en": "My password",
    },
    "desk_password_ends": {
        "zh": "设好后，这个账号在所有浏览器里都要重新登录。",
        "en": "Then this account has to log in anew in every browser.",
    },
    "desk_dead_link": {
        "zh": "链接已失效",
        "en": "This link no longer works",
    },
    "desk_dead_link_advice": {
        "zh": "它已经用过，或已过了 24 小时。请向管理员要一个新的；还没有任何账号时，重新启动程序会打印新链接。",
        "en": "It was used, or is older than 24 hours. Ask an admin for a new one; while there is no account, the program prints a new one when it starts.",
    },
}
