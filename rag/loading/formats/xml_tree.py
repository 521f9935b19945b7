"""XML of a file to a tree, without what could reach out of it or grow without end: no entities, no other files, no network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def xml_tree(data: bytes) -> Any:
    """Return the root element. Characters that XML does not allow are passed over, as feeds often hold some.

    Raises:
        lxml.etree.XMLSyntaxError: it is no XML.
    """
    from lxml import etree

    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    root = etree.fromstring(data, parser)
    if root is None:
        raise etree.XMLSyntaxError("no element", 0, 0, 0)
    return root


def tag(element: Any) -> str:
    """Return the name of an element without its namespace; empty for comments and entities."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Any, name: str) -> str:
    """Return an attribute by its name without a namespace; empty if there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def children(element: Any, *names: str) -> Iterator[Any]:
    """Yield the elements right inside that have one of the names."""
    return (one for one in element if tag(one) in names)


def words_of(element: Any) -> str:
    """Return all the words in an element, in one line; empty for None."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
