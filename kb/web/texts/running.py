"""What the desk's pages of settings and health say."""

from __future__ import annotations

from typing import Final

TEXTS: Final[dict[str, dict[str, str]]] = {
    "settings_lead": {
        "zh": "设置写在启动程序的环境变量或命令行里，改后须重新启动。这里是启动时生效的值。",
        "en": "Settings are environment variables or options of the command line, read when the program starts. These are in force since then.",
    },
    "settings_name": {
        "zh": "名称",
        "en": "Name",
    },
    "settings_value": {
        "zh": "现在的值",
        "en": "Value in force",
    },
    "settings_origin": {
        "zh": "来自",
        "en": "From",
    },
    "settings_help": {
        "zh": "说明",
        "en": "What it does",
    },
    "settings_unset": {
        "zh": "未设",
        "en": "not set",
    },
    "settings_hidden": {
        "zh": "已设，不显示",
        "en": "set, not shown",
    },
    "origin_command_line": {
        "zh": "命令行",
        "en": "command line",
    },
    "origin_environment": {
        "zh": "环境变量",
        "en": "environment",
    },
    "origin_default": {
        "zh": "默认值",
        "en": "default",
    },
    "health_held": {
        "zh": "库中",
        "en": "Held",
    },
    "health_documents": {
        "zh": "{count} 份文件",
        "en": "{count} documents",
    },
    "health_passages": {
        "zh": "{count} 个段落",
        "en": "{count} passages",
    },
    "health_nothing": {
        "zh": "还没有文件",
        "en": "nothing yet",
    },
    "health_index": {
        "zh": "索引",
        "en": "Index",
    },
    "health_generation": {
        "zh": "第 {snapshot} 代，对应文件库第 {revision} 次改动",
        "en": "snapshot {snapshot}, of revision {revision} of the catalogue",
    },
    "health_encoder": {
        "zh": "编码器",
        "en": "Encoder",
    },
    "health_model": {
        "zh": "语言模型",
        "en": "Language model",
    },
    "health_no_model": {
        "zh": "没有设置；回答由文件中的原句组成",
        "en": "none; answers are the documents' own sentences",
    },
    "health_memory": {
        "zh": "内存",
        "en": "Memory",
    },
    "health_own": {
        "zh": "本程序 {size}",
        "en": "this program {size}",
    },
    "health_of_model": {
        "zh": "语言模型 {size}",
        "en": "the language model {size}",
    },
    "health_disk": {
        "zh": "磁盘",
        "en": "Disk",
    },
    "health_data": {
        "zh": "数据文件夹 {folder} 占 {size}",
        "en": "the data folder {folder} takes {size}",
    },
    "health_free": {
        "zh": "还剩 {free}，共 {total}",
        "en": "{free} of {total} free",
    },
    "health_little": {
        "zh": "剩余空间不多；请清理磁盘或换一个更大的。",
        "en": "There is little room left; make some, or take a larger disk.",
    },
    "health_versions": {
        "zh": "版本",
        "en": "Versions",
    },
    "health_started": {
        "zh": "启动于",
        "en": "Started",
    },
    "health_running": {
        "zh": "{moment}，已运行 {days} 天 {hours} 小时 {minutes} 分",
        "en": "{moment}, running for {days} d {hours} h {minutes} min",
    },
    "health_check": {
        "zh": "全面检查",
        "en": "Look at all parts",
    },
    "health_check_lead": {
        "zh": "逐项检查编码器、语言模型、文件库和索引；有语言模型时会向它提一个小问题，要几秒到几十秒。",
        "en": "Looks at encoder, language model, catalogue and index; a language model is asked one small thing. It takes seconds.",
    },
    "health_checking": {
        "zh": "正在检查，本页会自动刷新…",
        "en": "Looking; this page reloads by itself…",
    },
    "health_checked": {
        "zh": "检查于 {moment}",
        "en": "Looked at {moment}",
    },
    "health_well": {
        "zh": "正常",
        "en": "in order",
    },
    "health_ill": {
        "zh": "有问题",
        "en": "not in order",
    },
    "health_now": {
        "zh": "现在",
        "en": "Now",
    },
}
