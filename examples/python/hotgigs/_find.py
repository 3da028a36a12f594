"""Where the shared library and its FFI text are.

HOTGIGS_PREFIX names an installation (make install PREFIX=...). Without it a checkout that this file lies in counts,
if the library was built there, then /usr/local and /usr, then whatever the dynamic loader finds.
"""

import os
from pathlib import Path
from typing import Iterator, NamedTuple, Optional

NAME = "libhotgigs.so.1"
TEXT = "hotgigs.ffi"


class Place(NamedTuple):
    library: str                #: a path, or a name for the dynamic loader
    text: Optional[str]         #: path of the FFI text; None: there is none, and ctypes does without


def _installed(prefix: Path) -> Iterator[Place]:
    folders = [prefix / "lib", prefix / "lib64", *prefix.glob("lib/*-linux-gnu*")]
    for library in (folder / NAME for folder in folders):
        if library.exists():
            text = prefix / "share" / "hotgigs" / TEXT
            yield Place(str(library), str(text) if text.exists() else None)


def _checkout() -> Iterator[Place]:
    root = Path(__file__).resolve().parents[3]
    library, text = root / "build" / "lib" / NAME, root / "lib" / "generated" / TEXT
    if library.exists() and text.exists():
        yield Place(str(library), str(text))


def find() -> Place:
    prefix = os.environ.get("HOTGIGS_PREFIX")
    if prefix:
        for place in _installed(Path(prefix)):
            return place
        raise ImportError(f"there is no {NAME} below {prefix}, which HOTGIGS_PREFIX names")
    for place in [*_checkout(), *_installed(Path("/usr/local")), *_installed(Path("/usr"))]:
        return place
    return Place(NAME, None)
