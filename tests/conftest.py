"""Real parts for the tests: the real encoder, a quick one, and data folders made by the real synchronisation."""

from __future__ import annotations

import functools
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from filelock import FileLock

from app import open_editing
from ingest.report import IngestReport
from ingest.synchronise import synchronise
from ingest.worker import read_outlined
from kb.admin.accounts import Accounts
from kb.admin.accounts.passwords import Passwords
from kb.admin.accounts.roles import Role
from kb.admin.audit import AuditLog
from kb.admin.editing import DocumentEditing
from kb.answering import Answerer
from kb.chat.ask import Responder
from kb.chat.journal import Journal
from kb.chat.pins import Pins
from kb.evaluation.history import EvaluationHistory
from kb.llm.writer import Writer
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.settings import read_settings
from kb.storage.catalogue import Catalogue
from kb.types import Block
from kb.web.site import Guard, build_pages
from kb.web.site_parts import SiteParts
from tests import CORPUS
from tests.browsing import FLAGS
from tests.front_door import address_of, front_door

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from starlette.testclient import TestClient

# A shell that runs the tests in the background has interrupts ignored, and so would all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
# The first example waits for imports, and machines are busy: how long one takes proves nothing.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


_MARKS = {"chromium": "browser", "encoder": "slow"}  # by fixture: what takes a browser, or the real encoder, says so


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures that they take."""
    for item in items:
        for fixture, mark in _MARKS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pictures DIR` keeps the pictures of all pages (`make pictures`)."""
    parser.addoption("--pictures", type=Path, metavar="DIR", help="keep pictures of all pages in this folder")


Synchronise = Callable[..., IngestReport]
"""(*paths, data=…, encoder=…) → the report."""


def synchronise_into(data: Path, *paths: Path, encoder: Encoder, **beside: Any) -> IngestReport:
    """Synchronise `paths` into the data folder `data`; `beside`: what is kept beside the catalogue, by parameter."""
    with Catalogue(data / "catalogue.sqlite3") as catalogue:
        return synchronise(
            paths,
            catalogue=catalogue,
            index=Index(data / "index"),
            encoder=encoder,
            read=read_outlined,
            progress=lambda step, done, total: None,
            **beside,
        )


@contextmanager
def full_disk(most_bytes: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes meanwhile."""
    resource = pytest.importorskip("resource", reason="only POSIX bounds the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The real default encoder, loaded once."""
    return Encoder()


@pytest.fixture(scope="session")
def quick_encoder(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    """A real sentence-transformers model that knows characters only: thousands of passages a second."""
    return Encoder(save_quick_encoder(tmp_path_factory.mktemp("quick"), seed=0))


def save_quick_encoder(folder: Path, seed: int) -> str:
    """Save a model that gives each character a random vector of width 48, and return its folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers

    characters = [chr(code) for code in (*range(0x21, 0x7F), *range(0x4E00, 0x9FA6))]
    vocabulary = {
        character: number for number, character in enumerate(["?", *(one for one in characters if one != "?")])
    }
    tokenizer = Tokenizer(models.WordLevel(dict(sorted(vocabulary.items())), unk_token="?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    torch.manual_seed(seed)
    model = SentenceTransformer(modules=[StaticEmbedding(tokenizer, embedding_dim=48)])
    model.save_pretrained(str(folder), create_model_card=False)
    return str(folder)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for documents."""
    path = tmp_path / "documents"
    path.mkdir()
    return path


@pytest.fixture
def run(data: Path, quick_encoder: Encoder) -> Synchronise:
    """Synchronise paths into `data` with the quick encoder."""

    def run(*paths: Path, into: Path = data, encoder: Encoder = quick_encoder) -> IngestReport:
        return synchronise_into(into, *paths, encoder=encoder)

    return run


@pytest.fixture
def hold(
    folder: Path, data: Path, run: Synchronise, quick_encoder: Encoder
) -> Callable[[Mapping[str, str]], Retriever]:
    """Write texts by file name, synchronise them, and return a retriever over them."""

    def hold(texts: Mapping[str, str]) -> Retriever:
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        run(folder)
        return Retriever(data, quick_encoder)

    return hold


@pytest.fixture(scope="session")
def corpus_data(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder, worker_id: str) -> Path:
    """A data folder that holds the sample corpus in the real encoder's vectors."""
    data = tmp_path_factory.mktemp("corpus") / "data"
    if worker_id == "master":  # alone
        return _synchronised_corpus(data, encoder)
    # Made by the worker that needs it first; each has a copy of its own.
    shared = tmp_path_factory.getbasetemp().parent / "corpus"
    with FileLock(shared.with_suffix(".lock")):
        if not shared.is_dir():
            _synchronised_corpus(shared.with_suffix(".made"), encoder).rename(shared)
        shutil.copytree(shared, data)
    return data


def _synchronised_corpus(data: Path, encoder: Encoder) -> Path:
    report = synchronise_into(data, CORPUS, encoder=encoder)
    assert {} == report.refused
    return data


@pytest.fixture(scope="session")
def quick_corpus_data(tmp_path_factory: pytest.TempPathFactory, quick_encoder: Encoder) -> Path:
    """A data folder that holds the sample corpus in the quick encoder's vectors."""
    return _synchronised_corpus(tmp_path_factory.mktemp("quick-corpus") / "data", quick_encoder)


@pytest.fixture(scope="session")
def corpus_answerer(quick_corpus_data: Path, quick_encoder: Encoder) -> Answerer:
    """An answerer over the sample corpus, by the quick encoder."""
    return Answerer(Retriever(quick_corpus_data, quick_encoder), num_evidence=8, question_characters=500)


@dataclass
class Clock:
    """A clock that stands until the test moves it."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of accounts and audit."""
    return Clock()


PASSWORD = "青石 板 路 七 号"  # of everybody at the desk of the tests


@pytest.fixture
def accounts(tmp_path: Path, clock: Clock) -> Iterator[Accounts]:
    """Two people: the admin 王管理 and the editor Li.Editor; hashing is light, so that tests are quick."""
    quick = Passwords(memory_kib=64)
    accounts = Accounts(tmp_path / "desk" / "accounts.sqlite3", session_minutes=60, passwords=quick, clock=clock)
    accounts.create("王管理", Role.ADMIN, PASSWORD)
    accounts.create("Li.Editor", Role.EDITOR, PASSWORD)
    yield accounts
    accounts.close()


class ReadingHere:
    """Reads files in this process: quicker to start than one of their own."""

    def __enter__(self) -> ReadingHere:
        return self

    def __exit__(self, *error: object) -> None:
        return None

    def read(self, data: bytes, name: str) -> list[Block]:
        return read_outlined(data, name)


@pytest.fixture
def editing(data: Path, quick_encoder: Encoder) -> Iterator[DocumentEditing]:
    """The rooms that documents are kept in, and runs that read in this process."""
    with open_editing(read_settings({}), data, quick_encoder, open_reading=ReadingHere) as editing:
        yield editing


@pytest.fixture
def parts(
    data: Path, tmp_path: Path, quick_encoder: Encoder, accounts: Accounts, clock: Clock, editing: DocumentEditing
) -> Iterator[SiteParts]:
    """The parts of the pages over `data`, without a language model."""
    answerer = Answerer(Retriever(data, quick_encoder), num_evidence=8, question_characters=500)
    writer = Writer(answerer)
    beside = tmp_path / "desk"
    evaluations = EvaluationHistory(beside / "evaluations.sqlite3", answerer)
    yield SiteParts(
        settings=read_settings({}),
        data=data,
        writer=writer,
        responder=Responder(writer, Journal(beside / "journal.sqlite3"), Pins(beside / "pins.sqlite3")),
        accounts=accounts,
        audit=AuditLog(beside / "audit.sqlite3", clock=clock),
        evaluations=evaluations,
        editing=editing,
    )
    evaluations.close()


@pytest.fixture
def browser_at(parts: SiteParts) -> Callable[..., TestClient]:
    """(name) → a browser in which that person is logged in at the desk; without a name, nobody is."""
    return functools.partial(browser_before, Guard(build_pages(parts)))


def browser_before(site: Guard, name: str = "") -> TestClient:
    """A browser before a site; with a name, that person is logged in at its desk."""
    from starlette.testclient import TestClient

    browser = TestClient(site, follow_redirects=False)
    if name:
        entered = browser.post("/desk/login", data={"name": name, "password": PASSWORD})
        assert 303 == entered.status_code
    return browser


@pytest.fixture(scope="module")
def address(corpus_data: Path) -> Iterator[str]:
    """The address of the page over the sample corpus."""
    with front_door("--data", str(corpus_data), "--port", "0") as process:
        try:
            yield address_of(process)
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def pictures(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where pictures of pages go; those that are kept are made small, for they lie in the repository."""
    named: Path | None = request.config.getoption("--pictures")
    if named is None:
        yield tmp_path_factory.mktemp("pictures")
        return
    named.mkdir(parents=True, exist_ok=True)
    yield named
    from PIL import Image  # gradio brings it

    for path in named.glob("*.png"):
        with Image.open(path) as picture:
            few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
        few.save(path, optimize=True)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real headless browser."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium is installed")
    with (
        api.sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS) as browser,
    ):
        yield browser
