"""The streams of a compound file, as Office and WPS wrote them before docx. Only this module imports olefile."""

from __future__ import annotations

import io

from kb.errors import RefusedError

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def streams(data: bytes, names: tuple[str, ...]) -> dict[str, bytes]:
    """Those streams of a compound file that are among `names` and stand at its top, in that order.

    Raises RefusedError for a file that is broken.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            return {name: file.openstream(name).read() for name in names if file.exists(name)}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        # The library checks little of what it reads.
        raise RefusedError("文件损坏，读不出内容，请用 Office 或 WPS 打开后另存为 docx、xlsx 或 pptx") from error
