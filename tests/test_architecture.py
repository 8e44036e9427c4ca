"""The folders of docs/architecture.md: which folder may import which, and which module imports which library."""

from __future__ import annotations

import ast
import re
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests import ROOT

PATHS = sorted([*ROOT.glob("kb/**/*.py"), *ROOT.glob("ingest/**/*.py"), ROOT / "app.py"])

# From the ground up: a module imports from its own folder and from those before it.
ORDER = (
    "kb.errors",
    "kb.types",
    "kb.settings",
    "kb.chinese",
    "kb.storage",
    "kb.search",
    "kb.answering",
    "kb.llm",
    "kb.chat",
    "kb.evaluation",
    "kb.admin",
    "kb.web",
    "kb",
    "kb.__main__",
    "ingest",
    "app",
)
MOST_ENTRIES = 12  # at the top of kb/, beside what makes it a package
MOST_LINES = 350
MOST_FILES = 20  # of a folder without sub-folders

# Served by FastAPI and the MCP SDK; `kb.web.site` imports these when it builds the site, and no sooner.
SERVED = (
    "kb.web.api",
    "kb.web.desk",
    "kb.web.documents",
    "kb.web.exports",
    "kb.web.mcp",
    "kb.web.api_page",
    "kb.web.error_pages",
)

# The modules or folders by which a library enters; all others do without it.
IMPORTED_BY = {
    "sqlite3": ("kb.storage.sqlite", "kb.storage.catalogue"),
    "sentence_transformers": ("kb.search.encoder",),
    "torch": ("kb.search.encoder", "kb.answering.judge"),
    "transformers": ("kb.search.encoder", "kb.answering.judge"),
    "tokenizers": ("kb.search.encoder",),
    "tantivy": ("kb.search.bm25",),
    "chromadb": ("kb.search.vectors",),
    "rjieba": ("kb.chinese.text",),
    "opencc": ("kb.chinese.text",),
    "pypinyin": ("kb.chinese.spelling",),
    "langchain": ("kb.llm.client.chat",),
    "langchain_core": ("ingest.loader", "kb.chat.runnable", "kb.llm.prompts", "kb.search.langchain"),
    "langchain_openai": ("kb.llm.client.chat",),
    "openai": ("kb.llm.client.chat", "kb.llm.client.failures"),
    "xllamacpp": ("kb.llm.client.serving",),
    "gradio": ("kb.web.chat.page", "kb.web.chat.frame", "kb.web.site"),
    "fastapi": ("kb.web.html", "kb.web.site", *SERVED),
    "starlette": ("kb.web.html", "kb.web.server", "kb.web.start_page", "kb.web.site", *SERVED),
    "argon2": ("kb.admin.accounts.passwords",),
    "pydantic": ("kb.search.langchain", "kb.web.api.models", "kb.web.mcp"),
    "mcp": ("kb.web.mcp",),
    "mcp_types": ("kb.web.mcp",),
    "jinja2": ("kb.web.html",),
    "uvicorn": ("kb.web.server",),
    "docx": ("ingest.readers.office.docx", "kb.chat.export"),
    "pypdfium2": ("ingest.readers.layout.pdf",),
    "pdfplumber": ("ingest.readers.layout.ruled",),
    "rapidocr": ("ingest.readers.images.scan",),
    "PIL": ("ingest.readers.images.scan",),
    "cv2": ("ingest.readers.images.ruled_image",),
    "lxml": ("ingest.readers",),
    "olefile": ("ingest.readers.ole",),
    "pptx": ("ingest.readers.office.slides",),
    "python_calamine": ("ingest.readers.sheets.workbook",),
    "filelock": ("kb.storage.lock",),
}

# Importing these takes long, so they are imported where they are used and not where a module starts.
HEAVY = set(IMPORTED_BY) - {"sqlite3", "filelock"}


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


MODULES = {name_of(path): path for path in PATHS}


def imports(path: Path, *, at_start: bool = False) -> set[str]:
    """The modules that a file imports, those for type checking only left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_types = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and getattr(block.test, "id", "") == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    nodes = tree.body if at_start else ast.walk(tree)
    found: set[str] = set()
    for node in nodes:
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            named = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (named & set(MODULES)) or {str(node.module)}
    return found


def is_within(module: str, folders: tuple[str, ...]) -> bool:
    return any(module == folder or module.startswith(f"{folder}.") for folder in folders)


def height_of(module: str) -> int:
    """The place in ORDER of the folder that a module is in."""
    while module not in ORDER:
        module = module.rpartition(".")[0]
        assert module, "a module is in a folder that has a place in the order"
    return ORDER.index(module)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    """A module imports from its own folder and from those below."""
    for imported in imports(MODULES[module]):
        if imported.partition(".")[0] in {"kb", "ingest", "app"} and imported != "kb":
            assert height_of(imported) <= height_of(module), f"{module} imports {imported} from above"


def test_imports_make_no_circle() -> None:
    """No module leads back to itself over what it imports."""
    graph = {module: (imports(path) - {module, "kb"}) & set(MODULES) for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {error.args[1]}")


@pytest.mark.parametrize("module", MODULES)
def test_libraries_are_imported_by_their_modules_only(module: str) -> None:
    """A heavy library is imported by the modules of `IMPORTED_BY` and by no other."""
    for imported in imports(MODULES[module]):
        modules = IMPORTED_BY.get(imported.partition(".")[0])
        assert modules is None or is_within(module, modules), f"{imported} is imported by {modules} only"


@pytest.mark.parametrize("module", MODULES)
def test_heavy_libraries_wait(module: str) -> None:
    """No module but those that LangChain imports and those for what is served imports a heavy library when it is imported itself."""
    roots = {imported.partition(".")[0] for imported in imports(MODULES[module], at_start=True)}
    allowed = {"langchain_core", "pydantic"} if module in {"kb.search.langchain", "ingest.loader"} else set()
    if module == "kb.answering.judge.network":  # imported with the judge's weights, when the first question is judged
        allowed = {"torch"}
    if is_within(module, SERVED):
        allowed = {"fastapi", "starlette", "pydantic", "mcp", "mcp_types"}
    assert set() == roots & HEAVY - allowed


@pytest.mark.parametrize("module", MODULES)
def test_no_forbidden_names(module: str) -> None:
    """No module is called by a word that says nothing."""
    forbidden = {"utils", "common", "misc", "helper", "helpers", "manager", "service", "handler", "data", "chunk"}
    assert not forbidden & set(module.split("."))


def test_the_house_has_nine_rooms() -> None:
    """Twelve entries at most stand at the top of kb/, beside what makes it a package."""
    entries = {path.name for path in (ROOT / "kb").iterdir()} - {
        "__pycache__",
        "__init__.py",
        "__main__.py",
        "py.typed",
    }
    assert len(entries) <= MOST_ENTRIES, sorted(entries)


@pytest.mark.parametrize("module", MODULES)
def test_files_are_short(module: str) -> None:
    """A file that outgrows 350 lines is split by noun."""
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_folders_are_small() -> None:
    """A folder of more than twenty files has sub-folders."""
    for folder in {path.parent for path in PATHS if path.parent != ROOT}:
        files = [path for path in folder.iterdir() if path.is_file()]
        folders = [path for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"]
        assert folders or len(files) <= MOST_FILES, folder


def test_no_class_name_stands_twice() -> None:
    """A public class name stands once under kb/ and ingest/."""
    places: dict[str, list[str]] = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(module)
    assert {} == {name: modules for name, modules in places.items() if len(modules) > 1}


def test_the_page_tells_of_the_tree() -> None:
    """docs/architecture.md names every folder, and every path that it names is there."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:kb|ingest|tests|app)[\w/.]*)`", page))
    paths = {name for name in named if "/" in name or name.endswith(".py")}
    assert [] == sorted(name for name in paths if not (ROOT / name).exists())
    folders = {f"{path.parent.relative_to(ROOT)}/" for path in PATHS if path.parent not in (ROOT, ROOT / "kb")}
    assert [] == sorted(folders - paths)
