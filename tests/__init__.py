"""The tests, in folders named as the folders of the code that they test. Run them with `pytest` from the repository's root."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"  # larger sets of documents and questions, where they lie beside the repository
