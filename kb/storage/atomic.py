"""Files that are written whole or not at all, whatever ends the process."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path


def write_atomically(
    path: Path, content: bytes | Iterable[bytes], *, aside: Path | None = None, private: bool = False
) -> None:
    """Write a file in the place of the one that may be at `path`; folders are made where they are missing.

    content: the bytes, or pieces of them one after another; what raises while they are made leaves all as it was.
    aside: the folder, on the same disk, in which it is written first; by default that of `path`, under a hidden name.
    private: whether only the owner of the process may read it.
    Raises OSError.
    """
    folder = path.parent if aside is None else aside
    for needed in {path.parent, folder}:
        needed.mkdir(parents=True, exist_ok=True)
    written = folder / f".{secrets.token_hex(8)}.new"
    number = os.open(
        written, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if private else 0o666
    )
    try:
        with os.fdopen(number, "wb") as file:
            for piece in [content] if isinstance(content, bytes) else content:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except BaseException:
        written.unlink(missing_ok=True)
        raise
