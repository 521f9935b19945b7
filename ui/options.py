"""The options that several commands have."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

IndexOption = Annotated[
    Path | None,
    typer.Option("--index", help="The index folder; default: CITEDESK_INDEX, else your own, with the sample articles."),
]
WaitOption = Annotated[
    bool, typer.Option("--wait", help="Wait while another process writes to the index, instead of giving up.")
]
MapOption = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="NAME=FIELD",
        help="What JSON and CSV records call a field, where it is not found: --map text=story. NAME is text, title, "
        "outlet, author, published, language, address or id; dots step into objects. May be repeated.",
    ),
]
AfterOption = Annotated[
    datetime | None,
    typer.Option(
        "--after",
        formats=["%Y-%m-%d"],
        metavar="YYYY-MM-DD",
        help="Only articles from this day on. Articles without a date are left out.",
    ),
]
BeforeOption = Annotated[
    datetime | None,
    typer.Option("--before", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Only articles up to this day."),
]
OutletOption = Annotated[
    list[str] | None,
    typer.Option("--outlet", help="Only articles of this outlet, as `citedesk list` names it; repeatable."),
]
KOption = Annotated[int, typer.Option("--k", min=1, max=100, help="How many passages.")]
HostOption = Annotated[
    str,
    typer.Option("--host", help="The address to listen on. One that other machines reach needs a token of your own."),
]
NameOption = Annotated[
    list[str] | None, typer.Option("--name", help="A further name that this server is called by; repeatable.")
]
TokenOption = Annotated[
    str | None,
    typer.Option(
        "--token",
        envvar="CITEDESK_TOKEN",
        help="The token or password that lets in; by default a new one at each start.",
    ),
]
