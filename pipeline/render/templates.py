"""Opens the Jinja templates of a package: everything but Markdown is escaped, and an unknown name is an error."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def open_templates(package: str, *, finalize: Callable[[object], object] | None = None) -> Environment:
    """Open a package's folder `templates`.

    Args:
        package: Its name.
        finalize: What is done to each value before it is written.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    return Environment(
        loader=PackageLoader(package, "templates"),
        autoescape=select_autoescape(disabled_extensions=("md.j2",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
