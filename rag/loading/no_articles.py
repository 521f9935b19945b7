"""Files in which nobody looks for an article: what lies beside a saved page, pictures, sound, programs; and what to do instead."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

PICTURES = frozenset(".png .jpg .jpeg .gif .webp .svg .ico .bmp .tif .tiff .heic .avif .jxl .psd .jfif".split())
SOUND = frozenset(".mp3 .m4a .wav .ogg .opus .flac .aac .mp4 .mov .avi .mkv .webm .m4v .wmv".split())
OF_PAGES = frozenset(".js .mjs .css .map .woff .woff2 .ttf .otf .eot .swf .wasm .scss .less".split())
NO_ARTICLES = PICTURES | SOUND | OF_PAGES
# What browsers call the folder beside a page that they save whole, in some languages.
BESIDE = re.compile(
    r"(.+)(?:_files|_file|-Dateien|_Dateien|_fichiers|-filer|_archivos|_arquivos|_bestanden|_pliki|_soubory|_elemei)$"
)
PAGES = (".html", ".htm", ".xhtml")
OPENINGS = (
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"ID3", "sound"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)


def is_no_article(path: str) -> bool:
    """Tell whether a file in a folder or an archive is passed over by its ending: a picture, sound, a script, a style."""
    return PurePath(path).suffix.lower() in NO_ARTICLES


def is_beside_page(folder: str) -> bool:
    """Tell whether a folder holds what a browser saved with the page that lies beside it."""
    found = BESIDE.match(folder)
    return found is not None and any(Path(f"{found[1]}{ending}").exists() for ending in PAGES)


def why_no_article(path: Path, opening: bytes) -> str:
    """Return what to tell of a file that was named and is no article by its kind; empty if it may be one."""
    ending = path.suffix.lower()
    what = next((words for begin, words in OPENINGS if opening.startswith(begin)), "")
    if ending in PICTURES or what == "a picture":
        return f"{path} is a picture, expected text. Run text recognition on it first: ocrmypdf makes a PDF with text."
    if ending in SOUND or what == "sound":
        return f"{path} is sound or film, expected text. Add its subtitles (SRT, WebVTT) or a transcript."
    if ending in OF_PAGES or what == "a program":
        return f"{path} is part of a program or of a page, expected an article. Leave it out."
    return ""
