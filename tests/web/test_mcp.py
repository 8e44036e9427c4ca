"""The MCP server, asked by the SDK's own client: in process, over HTTP, and as a process of its own."""

from __future__ import annotations

import importlib
import sys
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from kb.answering import Answerer
from kb.errors import SettingsError
from kb.llm.writer import Writer
from kb.web.inquiry import Inquiry
from tests import ROOT
from tests.front_door import address_of, front_door

pytest.importorskip("mcp", reason='the extra is not installed: pip install ".[mcp]"')

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from kb.web.mcp import MCPServer, build_server

ASKED = "云澜区司法局2024年办理法律援助案件多少件？"


@pytest.fixture
def server(corpus_answerer: Answerer) -> MCPServer[Any]:
    inquiry = Inquiry(corpus_answerer.retriever, question_characters=500, asks_a_minute=5)
    return build_server(inquiry, Writer(corpus_answerer).answers)


def asked(server: object, ask: Callable[[Client], Awaitable[Any]], **how: Any) -> Any:
    """What `ask` comes to with a client of `server`."""

    async def run() -> Any:
        async with Client(server, **how) as client:  # type: ignore[arg-type]
            return await ask(client)

    return anyio.run(run)


def called(server: object, name: str, **given: Any) -> Any:
    return asked(server, lambda client: client.call_tool(name, given))


def test_tools_are_listed(server: MCPServer[Any]) -> None:
    """There are four tools; each says that it only reads, and its fields say what they are."""
    tools = asked(server, lambda client: client.list_tools()).tools
    assert ["ask", "search", "documents", "document_text"] == [tool.name for tool in tools]
    assert all(tool.annotations.read_only_hint for tool in tools)
    assert "context" not in tools[0].input_schema["properties"]
    assert all("description" in field for field in tools[0].input_schema["properties"].values())


def test_answer_comes_with_its_quotes(server: MCPServer[Any]) -> None:
    """An answer has the fields of the contract, and the text of its document holds the quote where it says."""
    answer = called(server, "ask", question=ASKED).structured_content
    assert "answered" == answer["status"]
    citation = answer["citations"][0]
    assert "301件" in citation["quote"]
    text = called(server, "document_text", document_id=citation["document_id"]).structured_content
    assert citation["quote"] == text["text"][citation["start"] : citation["end"]]


def test_refusal_is_an_answer(server: MCPServer[Any]) -> None:
    """What is not held is told as a refusal, and is no error."""
    result = called(server, "ask", question=ASKED, years=[2021])
    assert not result.is_error
    assert result.structured_content["status"].startswith("unanswerable")


def test_follow_up(server: MCPServer[Any]) -> None:
    """A follow-up is understood from its history."""
    answer = called(server, "ask", question="那2022年呢？", history=[ASKED]).structured_content
    assert "218件" in answer["text"]


def test_search_and_documents(server: MCPServer[Any]) -> None:
    """Passages are searched within what is chosen, and documents are listed by words of their titles."""
    hits = called(server, "search", question="法律援助", years=[2022], limit=3).structured_content["hits"]
    assert 3 >= len(hits) > 0
    assert all("2022" in hit["document"] for hit in hits)
    listed = called(server, "documents", words="云澜区 老年人优待证").structured_content
    assert ["办事指南_云澜区_老年人优待证办理.md"] == [one["document"] for one in listed["documents"]]
    assert "sources" not in listed["documents"][0]


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [
        ("ask", {"question": " "}, "问题是空的"),
        ("ask", {"question": "问" * 501}, "最多 500 个"),
        ("search", {"question": "问" * 501}, "最多 500 个"),
        ("document_text", {"document_id": 99999}, "没有编号为 99999 的文件"),
        ("ask", {"question": "问", "history": ["问"] * 9}, "at most 8"),
    ],
    ids=["empty", "long", "long-search", "unknown", "long-history"],
)
def test_errors_say_what_to_do(server: MCPServer[Any], name: str, given: dict[str, Any], told: str) -> None:
    """What cannot be asked is an error with our words, and no traceback."""
    result = called(server, name, **given)
    assert result.is_error
    assert told in result.content[0].text


def test_too_many_askings_are_told(server: MCPServer[Any]) -> None:
    """The askings of a minute are counted for assistants, too."""
    for _ in range(5):
        assert not called(server, "search", question="法律援助").is_error
    assert "每分钟最多 5 次" in called(server, "search", question="法律援助").content[0].text


@pytest.mark.slow
def test_over_standard_input(corpus_data: Path) -> None:
    """`python -m kb mcp` serves an assistant that starts it."""
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "kb", "mcp", "--data", str(corpus_data)], cwd=str(ROOT)
    )
    result = called(stdio_client(command), "ask", question=ASKED)
    assert "301件" in result.structured_content["text"]


@pytest.mark.slow
def test_over_http(corpus_data: Path) -> None:
    """With the setting the site serves assistants at /mcp; pages of other sites may not ask there."""
    with front_door("--data", str(corpus_data), "--port", "0", WENZHENG_MCP="1") as process:
        try:
            address = f"{address_of(process)}/mcp"
            result = called(address, "ask", question=ASKED)
            headers = {"origin": "http://elsewhere.example", "content-type": "application/json"}
            foreign = urllib.request.Request(address, data=b"{}", headers=headers)
            with pytest.raises(urllib.error.HTTPError, match="403") as refused:
                urllib.request.urlopen(foreign, timeout=30)
            refused.value.close()
        finally:
            process.terminate()
    assert "301件" in result.structured_content["text"]


def test_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the command says what to install."""
    for name in [name for name in sys.modules if name == "kb.web.mcp"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    with pytest.raises(SettingsError, match=r"wenzheng\[mcp\]"):
        importlib.import_module("kb.web.mcp")
