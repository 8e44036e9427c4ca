"""Ingests that are killed at random moments while a reader asks: what breaks, and what is found afterwards.

    python -m benchmarks.crash [FOLDER] [--kills 200] [--seed 0] [--finish-every 10]

The documents of FOLDER (default: three dozen made here) are marked with number and version in every sentence. Again
and again some are changed, put back, copied, renamed, removed or added, `python -m ingest` starts, and SIGKILL ends it
and its reading process: on start, or at a moment within a step, or a moment after the catalogue, the new snapshot or
the pointer to it was written. Then the data folder must open as it is, and its index must have either what it had
before or what the folder holds now, whole. At intervals one ingest may finish: it must equal a fresh ingest of the
same folder. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import termios
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.documents import district, make_documents, read_documents, versions, written
from ingest.synchronise import synchronise
from ingest.worker import read_outlined
from kb.admin.diagnosis import examine
from kb.answering import Answerer
from kb.errors import WenzhengError
from kb.search.encoder import Encoder
from kb.search.index import Index
from kb.search.retriever import Retriever
from kb.settings import Settings, read_settings
from kb.storage.catalogue import Catalogue

State = dict[int, int]
"""The version of each document that is there, by its number."""

_BARS = {"读取文件": "reading", "编码段落": "embedding", "建立索引": "indexing"}


class Folder:
    """Documents on disk: for each number its version and the names of its files, which all hold the same."""

    def __init__(self, path: Path, documents: list[list[str]], chance: random.Random) -> None:
        self.path = path
        self._documents = documents
        self._chance = chance
        self._newest = dict.fromkeys(range(len(documents)), 0)
        self._names: dict[int, list[str]] = {}
        self.state: State = {}
        for number in range(len(documents) * 3 // 4):
            self._add(number)

    def change(self, times: int, *, embeds: bool) -> None:
        """Change some documents; without `embeds` in ways only that bring no new text."""
        ways = [self._rename, self._copy, self._remove, self._put_back]
        if embeds:
            ways += [self._edit, self._edit, self._edit, self._add_one]
            self._edit(self._any())
        for _ in range(times):
            self._chance.choice(ways)(self._any())

    def _any(self) -> int:
        return self._chance.choice(sorted(self.state))

    def _write(self, number: int, version: int) -> None:
        self.state[number] = version
        for name in self._names[number]:
            (self.path / name).write_text(written(self._documents[number], number, version), encoding="utf-8")

    def _add(self, number: int) -> None:
        self._names[number] = [f"{self._chance.randrange(10**6):06}.txt"]
        self._write(number, self._newest[number])

    def _add_one(self, _: int) -> None:
        absent = sorted(set(self._newest) - set(self.state))
        if absent:
            self._add(self._chance.choice(absent))

    def _edit(self, number: int) -> None:
        self._newest[number] += 1
        self._write(number, self._newest[number])

    def _put_back(self, number: int) -> None:
        self._write(number, max(0, self.state[number] - 1))

    def _rename(self, number: int) -> None:
        old, new = self._names[number][0], f"{self._chance.randrange(10**6):06}.txt"
        (self.path / old).rename(self.path / new)
        self._names[number][0] = new

    def _copy(self, number: int) -> None:
        self._names[number].append(f"{self._chance.randrange(10**6):06}.txt")
        self._write(number, self.state[number])

    def _remove(self, number: int) -> None:
        if len(self.state) > len(self._documents) // 2:
            del self.state[number]
            for name in self._names.pop(number):
                (self.path / name).unlink()


class Ingest:
    """A real `python -m ingest` at a terminal of its own, watched from outside."""

    def __init__(self, folder: Path, data: Path, encoder: str) -> None:
        self._data = data
        self._before = self._current(), self._generations()
        self._catalogue_at_step = self._catalogue_written()
        self.step = "starting"
        self.began = {"starting": time.monotonic()}
        terminal, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (24, 80))  # a bar fills the width there is
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ingest", str(folder), "--data", str(data), "--json"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=theirs,
            start_new_session=True,
            env={**os.environ, "WENZHENG_ENCODER": encoder},
        )
        os.close(theirs)
        self.output = ""
        self._watching = threading.Thread(target=self._watch, args=(terminal,))
        self._watching.start()

    def _watch(self, terminal: int) -> None:
        """Follow the bars, each of which names a step when it begins."""
        with os.fdopen(terminal, "rb", buffering=0) as screen, contextlib.suppress(OSError):  # the other end is closed
            raw = b""
            while part := screen.read(4096):
                raw += part
                self.output = raw.decode(errors="ignore")
                shown = max(_BARS, key=self.output.rfind)
                if shown in self.output and self.step != _BARS[shown]:
                    self._catalogue_at_step = self._catalogue_written()
                    self.step = _BARS[shown]
                    self.began[self.step] = time.monotonic()

    def _catalogue_written(self) -> int:
        with contextlib.suppress(FileNotFoundError):
            return (self._data / "catalogue.sqlite3-wal").stat().st_mtime_ns
        return 0

    def _current(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return (self._data / "index" / "current").read_text()
        return ""

    def _generations(self) -> set[str]:
        with contextlib.suppress(FileNotFoundError):
            return {path.name for path in (self._data / "index").iterdir() if path.name.isdigit()}
        return set()

    def has_begun(self, moment: str) -> bool:
        """Whether a moment of MOMENTS has come."""
        match moment:
            case "starting":
                return True
            case "reading: catalogue written":
                return self.step == "reading" and self._catalogue_written() != self._catalogue_at_step
            case "embedding: catalogue written":
                return self.step == "embedding" and self._catalogue_written() != self._catalogue_at_step
            case "new snapshot in place":
                return bool(self._generations() - self._before[1])
            case "made current":
                return self._current() != self._before[0]
        return moment in self.began

    @property
    def moment(self) -> str:
        """The last moment that has come."""
        return next(moment for moment in reversed(MOMENTS) if self.has_begun(moment))

    def kill(self) -> str:
        """SIGKILL to all its processes; returns the moment in which it was."""
        moment = self.moment
        os.killpg(self.process.pid, signal.SIGKILL)
        self.wait()
        return moment

    def wait(self) -> int:
        """Wait for its end; returns the exit code."""
        self.process.communicate()
        self._watching.join()
        return self.process.returncode


# From start to end, with the longest wait in seconds after each has come; None where it is learnt.
MOMENTS: dict[str, float | None] = {
    "starting": 0.5,
    "reading": 0.3,
    "reading: catalogue written": 0.05,
    "embedding": None,
    "embedding: catalogue written": 0.05,
    "indexing": None,
    "new snapshot in place": 0.005,
    "made current": 0.2,
}
# What was left to embed by one group is embedded by the next, so that the last need not wait for an encoder.
_GROUPS = (
    ["starting", "reading", "reading: catalogue written"],
    ["embedding", "embedding: catalogue written"],
    ["indexing", "new snapshot in place", "made current"],
)


@dataclass(slots=True)
class Tally:
    """What was counted."""

    kills: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    questions: int = 0
    errors: list[str] = field(default_factory=list)  # that a reader met
    mixed: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unusable: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)  # to a fresh ingest
    leftovers: int = 0  # folders of builds that were killed, after an ingest that finished
    most_folders: int = 0  # in the index at any time

    @property
    def problems(self) -> list[str]:
        return [*self.errors, *self.mixed, *self.lost, *self.unusable, *self.unequal]

    def __str__(self) -> str:
        lines = ["| killed | times |", "|---|---|"]
        lines += [f"| {moment} | {self.kills[moment]} |" for moment in MOMENTS]
        lines += [
            f"| **all** | **{self.kills.total()}** |",
            "",
            "| what a reader and a check after each kill saw | |",
            "|---|---|",
            f"| questions asked meanwhile | {self.questions} |",
            f"| errors | {len(self.errors)} |",
            f"| documents in two versions at once, or in a wrong one | {len(self.mixed)} |",
            f"| documents lost | {len(self.lost)} |",
            f"| starts that were not usable | {len(self.unusable)} |",
            f"| ingests that finished | {self.finished} |",
            f"| … and differed from a fresh one | {len(self.unequal)} |",
            f"| folders of killed builds left after a finished ingest | {self.leftovers} |",
            f"| most folders in the index at any time | {self.most_folders} |",
        ]
        return "\n".join([*lines, *self.problems[:20]])


class Reader(threading.Thread):
    """Opened before all, asks all the time, and remembers what it should not have seen."""

    def __init__(self, data: Path, encoder: Encoder, tally: Tally, seed: int) -> None:
        super().__init__(name="reader", daemon=True)
        self._retriever = Retriever(data, encoder)
        self._answerer = Answerer(self._retriever, num_evidence=8, question_characters=500)
        self._tally = tally
        self._chance = random.Random(seed)
        self._stopped = threading.Event()
        self.allowed: list[tuple[State, ...]] = []  # what may be found, one after another

    def run(self) -> None:
        while not self._stopped.wait(0.03):
            since = len(self.allowed) - 1
            number = self._chance.choice(sorted(self.allowed[-1][-1]))
            try:
                found = self._ask(number)
            except Exception:  # noqa: BLE001 – whatever a reader meets is what is counted here
                self._tally.errors.append(traceback.format_exc(limit=-3))
                continue
            self._tally.questions += 1
            states = [state for states in self.allowed[since:] for state in states]
            self._judge(number, found, states)

    def stop(self) -> None:
        """End after the question that is being answered."""
        self._stopped.set()
        self.join()
        self._retriever.index.close()
        self._retriever.catalogue.close()

    def _ask(self, number: int) -> dict[int, set[int]]:
        question = f"{district(number)}2024年新增城镇就业多少万人？"
        if self._chance.random() < 0.5:
            return versions(hit.passage.text for hit in self._retriever.hits(question, num_results=20))
        answer = self._answerer.answer(question)
        if answer.status.is_error:
            self._tally.errors.append(f"{answer.status} {answer.text}")
        for citation in answer.citations:
            if citation.passage.text[citation.start - citation.passage.start :].find(citation.quote) != 0:
                self._tally.errors.append(f"quote not in its place: {citation.quote}")
        return versions(evidence.hit.passage.text for evidence in answer.evidence)

    def _judge(self, number: int, found: dict[int, set[int]], states: list[State]) -> None:
        for other, seen in found.items():
            if len(seen) > 1 or not seen <= {state.get(other) for state in states}:
                self._tally.mixed.append(
                    f"reader: document {other} in versions {seen}, allowed {[state.get(other) for state in states]}"
                )
        if number not in found and all(number in state for state in states):
            self._tally.lost.append(f"reader: document {number} not found by its name")


def index_state(data: Path, encoder: Encoder) -> tuple[State, list[str]]:
    """What the current snapshot holds, document by document, and what is mixed up in it."""
    state: State = {}
    mixed: list[str] = []
    with Catalogue(data / "catalogue.sqlite3") as catalogue, contextlib.closing(Index(data / "index")) as index:
        snapshot = index.snapshot()
        if snapshot is None:
            return state, mixed
        for document in catalogue.documents(snapshot.origin.revision):
            stored = list(catalogue.passages_of(document.id))
            everything = {"num_results": 10 * len(stored), "documents": {document.id}}
            by_terms = snapshot.terms.search(document.metadata.title, **everything)
            by_vectors = snapshot.vectors.search(encoder.encode_query(document.metadata.title), **everything)
            if not {passage.id for passage in stored} == {id_ for id_, _ in by_terms} == {id_ for id_, _ in by_vectors}:
                mixed.append(f"check: index and catalogue differ on document {document.id}")
            for number, seen in versions(passage.passage.text for passage in stored).items():
                if len(seen) > 1 or number in state:
                    mixed.append(f"check: document {number} in versions {seen} and {state.get(number)}")
                state[number] = max(seen)
    return state, mixed


def contents(data: Path, encoder: Encoder) -> list[Any]:
    """All that a finished ingest made of a folder, in a form that two can be compared by."""
    retriever = Retriever(data, encoder)
    catalogue = retriever.catalogue
    documents = sorted(
        (
            document.sources,
            repr(document.metadata),
            [repr(stored.passage) for stored in catalogue.passages_of(document.id)],
        )
        for document in catalogue.documents()
    )
    hits = [
        sorted(
            (hit.passage.text, round(hit.vector_score, 4))
            for hit in retriever.search(f"{district(number)}新增就业多少万人", num_results=1000)
        )
        for number in range(3)
    ]
    retriever.index.close()
    catalogue.close()
    return [*documents, *hits]


class Trial:
    """A folder, its data, a reader, and one killed ingest after another."""

    def __init__(self, work: Path, documents: list[list[str]], settings: Settings, seed: int) -> None:
        self._chance = random.Random(seed)
        self._settings = settings
        self._encoder = Encoder(settings.encoder)
        self._work = work
        self._data = work / "data"
        (work / "documents").mkdir()
        self._folder = Folder(work / "documents", documents, self._chance)
        self._found: State = {}
        self._longest = {moment: seconds or 1.0 for moment, seconds in MOMENTS.items()}
        self.tally = Tally()
        self._reader = Reader(self._data, self._encoder, self.tally, seed)

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Ingest a first time, and let the reader ask meanwhile."""
        self._reader.allowed.append(({}, self._folder.state.copy()))
        self.finish()
        self._reader.start()
        try:
            yield
        finally:
            self._reader.stop()

    def kill_in(self, moment: str) -> bool:
        """Change the folder, ingest it, and kill at a random time in `moment`; returns whether it came to that."""
        self._folder.change(self._chance.randint(1, 4), embeds=moment not in _GROUPS[-1])
        ingest = self._start()
        while not ingest.has_begun(moment) and ingest.process.poll() is None:
            time.sleep(0.0005)
        with contextlib.suppress(subprocess.TimeoutExpired):
            ingest.process.wait(self._chance.uniform(0, self._longest[moment]))
        if ingest.process.poll() is not None:
            self._end(ingest)
            return False
        self.tally.kills[ingest.kill()] += 1
        self._look()
        return True

    def finish(self) -> None:
        """Ingest to the end and compare with a fresh ingest."""
        ingest = self._start()
        self._end(ingest)
        began = ingest.began
        if "embedding" in began and "indexing" in began:
            self._longest["embedding"] = began["indexing"] - began["embedding"]
        if "indexing" in began:
            self._longest["indexing"] = time.monotonic() - began["indexing"]
        self.tally.finished += 1
        fresh = self._work / f"fresh{self.tally.finished}"
        with Catalogue(fresh / "catalogue.sqlite3") as catalogue:
            synchronise(
                [self._folder.path],
                catalogue=catalogue,
                index=Index(fresh / "index"),
                encoder=self._encoder,
                read=read_outlined,
                progress=lambda step, done, total: None,
            )
        pairs = zip(contents(self._data, self._encoder), contents(fresh, self._encoder), strict=False)
        for ours, theirs in pairs:
            if ours != theirs:
                self.tally.unequal.append(
                    f"after {self.tally.kills.total()} kills: {ours!r:.300} is not {theirs!r:.300}"
                )
        shutil.rmtree(fresh)
        for finding in examine(self._settings, self._data):
            if not finding.healthy:
                self.tally.unusable.append(f"doctor: {finding}")
        names = [path.name for path in (self._data / "index").iterdir() if path.is_dir()]
        self.tally.leftovers += len([name for name in names if not name.isdigit()]) + max(0, len(names) - 2)

    def _start(self) -> Ingest:
        self._reader.allowed.append((self._found, self._folder.state.copy()))
        return Ingest(self._folder.path, self._data, self._settings.encoder)

    def _end(self, ingest: Ingest) -> None:
        if ingest.wait() != 0:
            self.tally.unusable.append(f"ingest: exit code {ingest.process.returncode}\n{ingest.output[-2000:]}")
        self._look()
        if self._found != self._folder.state:
            self.tally.lost.append("check: a finished ingest does not hold what its folder holds")

    def _look(self) -> None:
        """Open what is there as it is, and hold it against what was there before and what should be."""
        tally, wanted = self.tally, self._folder.state
        with contextlib.suppress(FileNotFoundError):
            folders = sum(path.is_dir() for path in (self._data / "index").iterdir())
            tally.most_folders = max(tally.most_folders, folders)
        if not (self._data / "catalogue.sqlite3").exists():
            return
        try:
            for finding in examine(self._settings, self._data):
                behind = finding.name == "索引" and ("停在" in finding.detail or "还没有" in finding.detail)
                if not (finding.healthy or behind):
                    tally.unusable.append(f"doctor: {finding}")
            found, mixed = index_state(self._data, self._encoder)
        except WenzhengError:
            tally.unusable.append(traceback.format_exc(limit=-3))
            return
        tally.mixed += mixed
        for number in self._found.keys() & wanted.keys() - found.keys():
            tally.lost.append(f"check: document {number} is not there any more")
        if found not in (self._found, wanted):
            tally.mixed.append(f"check: {found} is neither {self._found} nor {wanted}")
        self._found = found
        self._reader.allowed.append((found,))


def run(
    work: Path,
    documents: list[list[str]],
    settings: Settings,
    *,
    kills: int,
    seed: int,
    finish_every: int,
    report: Callable[[Tally], None] = lambda tally: None,
) -> Tally:
    """Kill so many ingests, in each moment alike, with their data in the empty folder `work`."""
    trial = Trial(work, documents, settings, seed)
    chance = random.Random(seed)
    moments: list[str] = []
    with trial.reading():
        while trial.tally.kills.total() < kills:
            moments = moments or [moment for group in _GROUPS for moment in chance.sample(group, len(group))]
            if trial.kill_in(moments.pop(0)) and trial.tally.kills.total() % finish_every == 0:
                trial.finish()
            report(trial.tally)
        trial.finish()
    return trial.tally


def tell(tally: Tally) -> None:
    """Say on standard error how far it is, and the last thing that broke."""
    problems = tally.problems
    print(f"{tally.kills.total()} kills, {len(problems)} problems", *problems[-1:], file=sys.stderr, flush=True)


def main() -> int:
    """Run and print the tables; returns 1 where something broke."""
    from tests.conftest import save_quick_encoder

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, nargs="?", help="documents to copy (default: made here)")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--finish-every", type=int, default=10)
    options = parser.parse_args()
    documents = read_documents(options.folder) if options.folder else make_documents(36, num_sections=3)
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "encoder").mkdir()
        encoder = save_quick_encoder(Path(name) / "encoder", seed=0)
        tally = run(
            Path(name),
            documents,
            read_settings({"WENZHENG_ENCODER": encoder}),
            kills=options.kills,
            seed=options.seed,
            finish_every=options.finish_every,
            report=tell,
        )
    print(tally)
    return 1 if tally.problems or tally.leftovers else 0


if __name__ == "__main__":
    sys.exit(main())
