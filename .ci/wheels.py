"""Builds what is released: the wheel, and a second one with its largest weights where one alone would be too large.

python .ci/wheels.py dist
"""

from __future__ import annotations

import base64
import hashlib
import subprocess
import sys
from collections import Counter
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 100_000_000  # bytes: what package indexes take
WEIGHTS = "rag/models/"
WHEEL = "Wheel-Version: 1.0\nGenerator: citedesk\nRoot-Is-Purelib: true\nTag: py3-none-any\n"

Content = dict[str, bytes]


def build(out: Path) -> list[Path]:
    """Return the wheels, `citedesk` first."""
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("citedesk*.whl"):
        old.unlink()
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    subprocess.run([*pip, "--wheel-dir", str(out), str(ROOT)], check=True)  # noqa: S603  our own words
    [whole] = out.glob("citedesk-*.whl")
    return [whole] if whole.stat().st_size <= LARGEST else split(whole)


def split(whole: Path, *, largest: int = LARGEST) -> list[Path]:
    """Move the largest weights into a wheel of their own, which the first one then needs; return both."""
    with ZipFile(whole) as archive:
        sizes = Counter[str]()
        for entry in archive.infolist():
            sizes[_folder(entry.filename)] += entry.compress_size
        content = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    version = whole.name.split("-")[1]
    apart: Content = {
        "citedesk_models/__init__.py": b'"""Weights of Citedesk that are too large for its own wheel."""\n'
    }
    for folder, _ in sizes.most_common():
        if sizes.total() <= largest:
            break
        if folder:
            for name in [name for name in content if _folder(name) == folder]:
                apart[f"citedesk_models/{name.removeprefix(WEIGHTS)}"] = content.pop(name)
            del sizes[folder]
    needs = f"Requires-Dist: citedesk-models=={version}"
    metadata = f"citedesk-{version}.dist-info/METADATA"
    content[metadata] = content[metadata].replace(b"\n\n", f"\n{needs}\n\n".encode(), 1)
    info = f"citedesk_models-{version}.dist-info"
    apart[f"{info}/METADATA"] = (
        f"Metadata-Version: 2.1\nName: citedesk-models\nVersion: {version}\nSummary: Weights of Citedesk\n"
        "License-Expression: MIT\n"
    ).encode()
    apart[f"{info}/WHEEL"] = WHEEL.encode()
    return [_written(whole, content), _written(whole.with_name(f"citedesk_models-{version}-py3-none-any.whl"), apart)]


def _folder(name: str) -> str:
    """Return the folder of weights that a file belongs to; empty where it belongs to none."""
    folder, _, file = name.removeprefix(WEIGHTS).partition("/")
    return folder if name.startswith(WEIGHTS) and file else ""


def _written(path: Path, content: Content) -> Path:
    [info] = {name.partition("/")[0] for name in content if ".dist-info/" in name}
    record = f"{info}/RECORD"
    content.pop(record, None)
    lines = [f"{name},sha256={_digest(data)},{len(data)}\n" for name, data in content.items()]
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, data in (content | {record: "".join([*lines, f"{record},,\n"]).encode()}).items():
            archive.writestr(name, data)
    return path


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


if __name__ == "__main__":
    for wheel in build(Path(sys.argv[1] if sys.argv[1:] else "dist")):
        sys.stdout.write(f"{wheel}  {wheel.stat().st_size:,} bytes\n")
