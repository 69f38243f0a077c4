"""The world as it was, beside the world to come: how its nodes are called."""

from __future__ import annotations

import re

_AS_IT_WAS = re.compile(r"`(?P<name>[^`]*), as it was`")


def as_it_was(name: str) -> str:
    """Return the name of a node in the world as it was, where an intervention moves it.

    >>> as_it_was("visit"), as_it_was("`visit and talks`")
    ('`visit, as it was`', '`visit and talks, as it was`')
    """
    return f"`{name.strip('`')}, as it was`"


def still(name: str) -> str:
    """Return the question that a node of the world as it was stands for; others are themselves.

    >>> still("`visit, as it was`"), still("visit")
    ('visit', 'visit')
    """
    match = _AS_IT_WAS.fullmatch(name)
    return match["name"] if match else name
