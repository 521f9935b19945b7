"""How the files of each format begin, as far as that tells it apart from the others, whatever their endings say."""

from __future__ import annotations

ZIP = rb"PK(?:\x03\x04|\x05\x06)"
_XML = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,500}?-->\s*|<\?[^>]{0,300}>\s*|<!DOCTYPE[^>]{0,200}>\s*){0,5}"
FEED = _XML + rb"<(?:rss|feed|mediawiki|rdf:RDF)\b"
# Declarations and comments may stand before the root of a page.
PAGE = rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*|<!--.{0,500}?-->\s*){0,3}<(?:!doctype\s+html|html)\b"
MAIL = rb"(?:return-path|received|delivered-to|message-id|mime-version|x-[\w-]{1,40}): \S"
MAILBOX = rb"From [^\r\n]{1,300}?\d{1,2}:\d{2}[^\r\n]{0,40}\r?\n(?:>?[!-9;-~]{1,80}:|\s)"
MHTML = (
    rb"(?:[\w-]{1,40}:[^\n]{0,500}\n(?:[ \t][^\n]{0,500}\n){0,5}){0,12}(?:Snapshot-Content-Location:|From: <Saved by)"
)
SUBTITLES = rb"(?:\xef\xbb\xbf)?\s*(?:WEBVTT\b|(?:\d{1,6}\s*\n)?\d{1,2}:\d{2}(?::\d{2})?[.,]\d{3}[ \t]*-->)"
OLD_OFFICE = rb"\xd0\xcf\x11\xe0"
RICH_TEXT = rb"\s*\{\\rtf"
PDF = rb"\s*%PDF-\d"
WARC = rb"WARC/\d"
GZIP = rb"\x1f\x8b"
# Of a text only, for other files may hold the same.
WIKI = rb".{0,1800}?(?:\{\{[^{}\n]{1,200}[|}\n]|\[\[[^\[\]\n]{1,200}\]\]|'{3}|<ref[ >])"
