"""Whole files of the formats that are read, made from known articles, as the programs that write them do."""

from __future__ import annotations

import gzip
import json
import plistlib
import quopri
from collections.abc import Callable, Mapping, Sequence
from email.message import EmailMessage
from html import escape

from .compound_file import letter_bytes
from .files import pdf_bytes, word_bytes, zip_bytes
from .office_files import Story, open_sheet_bytes, open_text_bytes, slides_bytes, workbook_bytes

Maker = Callable[[Sequence[Story]], bytes]


def _body(one: Story) -> str:
    return "".join(f"<p>{escape(words)}</p>" for words in one.paragraphs)


def page_text(one: Story) -> str:
    """Return a page of the web as a newspaper's site sends it."""
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(one.title)} | {escape(one.outlet)}</title>'
        f'<meta property="og:site_name" content="{escape(one.outlet)}"><meta name="author" content="{escape(one.author)}">'
        f'<meta property="article:published_time" content="{one.day}T06:30:00Z"></head><body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{escape(one.title)}</h1>{_body(one)}</article></body></html>"
    )


def page_bytes(stories: Sequence[Story]) -> bytes:
    return page_text(stories[0]).encode()


def rich_text_bytes(stories: Sequence[Story]) -> bytes:
    """Return RTF as pandoc writes it."""
    lines = "".join(
        "{\\pard \\ql \\f0 \\sa180 \\li0 \\fi0 " + "".join(map(_rich, words)) + "\\par}\n"
        for one in stories
        for words in (one.title, f"By {one.author}", *one.paragraphs)
    )
    return (
        "{\\rtf1\\ansi \\deff0{\\fonttbl{\\f0 \\fswiss Helvetica;}}\n{\\info{\\title x}}\n" + lines + "}\n"
    ).encode()


def _rich(character: str) -> str:
    if character in "\\{}":
        return f"\\{character}"
    if character.isascii():
        return character
    units = character.encode("utf-16-le")
    return "".join(f"\\u{int.from_bytes(units[at : at + 2], 'little')}?" for at in range(0, len(units), 2))


def letter_of(one: Story) -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = f"{one.author} <a@paper.example>", "desk@paper.example", one.title
    letter["Date"] = one.stamp
    letter.set_content("\n\n".join(one.paragraphs) + "\n")
    letter.add_alternative(f"<html><body>{_body(one)}</body></html>", subtype="html")
    return letter


def mailbox_bytes(stories: Sequence[Story]) -> bytes:
    return b"\n".join(b"From MAILER-DAEMON Mon Mar  4 07:00:00 2024\n" + letter_of(one).as_bytes() for one in stories)


def apple_letter_bytes(stories: Sequence[Story]) -> bytes:
    letter = letter_of(stories[0]).as_bytes()
    return f"{len(letter)}\n".encode() + letter + plistlib.dumps({"flags": 1})


def outlook_bytes(stories: Sequence[Story]) -> bytes:
    one = stories[0]
    return letter_bytes(one.title, one.author, "\r\n\r\n".join(one.paragraphs), one.day)


def mhtml_bytes(stories: Sequence[Story]) -> bytes:
    """Return a page as Chrome saves it as one file."""
    body = quopri.encodestring(page_bytes(stories)).replace(b"\n", b"\r\n")
    head = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://paper.example/1\nSubject: A page\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----B--"\n\n\n------B--\nContent-Type: text/html\n'
        "Content-Transfer-Encoding: quoted-printable\nContent-Location: https://paper.example/1\n\n"
    )
    return head.replace("\n", "\r\n").encode() + body + b"\r\n------B----\r\n"


def webarchive_bytes(stories: Sequence[Story]) -> bytes:
    resource = {
        "WebResourceData": page_bytes(stories),
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "UTF-8",
        "WebResourceURL": "https://paper.example/1",
    }
    return plistlib.dumps({"WebMainResource": resource}, fmt=plistlib.FMT_BINARY)


def feed_bytes(stories: Sequence[Story]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>https://paper.example/{at}</link><guid>https://paper.example/{at}</guid>"
        f"<dc:creator>{escape(one.author)}</dc:creator><pubDate>{one.stamp}</pubDate><description>{escape(one.paragraphs[0][:60])}…"
        f"</description><content:encoded><![CDATA[{_body(one)}]]></content:encoded></item>"
        for at, one in enumerate(stories)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{escape(stories[0].outlet)}</title>{items}</channel></rss>'
    ).encode()


def atom_bytes(stories: Sequence[Story]) -> bytes:
    entries = "".join(
        f"<entry><title>{escape(one.title)}</title><id>urn:x:{at}</id><published>{one.day}T06:00:00Z</published><author><name>"
        f'{escape(one.author)}</name></author><content type="html">{escape(_body(one))}</content></entry>'
        for at, one in enumerate(stories)
    )
    outlet = escape(stories[0].outlet)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{outlet}</title>{entries}</feed>'.encode()


def wordpress_bytes(stories: Sequence[Story]) -> bytes:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><pubDate>{one.stamp}</pubDate><dc:creator>{escape(one.author)}</dc:creator>"
        f"<content:encoded><![CDATA[{chr(10).join(one.paragraphs)}]]></content:encoded><wp:post_id>{at}</wp:post_id>"
        "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status></item>"
        for at, one in enumerate(stories)
    )
    return (
        '<?xml version="1.0"?><rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/x/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{escape(stories[0].outlet)}</title>{items}</channel></rss>'
    ).encode()


def json_feed_bytes(stories: Sequence[Story]) -> bytes:
    items = [
        {"id": str(at), "title": one.title, "content_html": _body(one), "date_published": f"{one.day}T06:00:00Z",
         "authors": [{"name": one.author}]}
        for at, one in enumerate(stories)
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": stories[0].outlet, "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def channel_bytes(stories: Sequence[Story]) -> bytes:
    """Return the export of a Telegram channel: the words of a message are a list of plain and marked pieces."""
    messages = [
        {"id": at, "type": "message", "date": f"{one.day}T10:00:00", "from": one.author,
         "text": [{"type": "bold", "text": one.title}, "\n\n" + "\n\n".join(one.paragraphs)]}
        for at, one in enumerate(stories)
    ]  # fmt: skip
    return json.dumps({"name": stories[0].outlet, "type": "public_channel", "id": 1, "messages": messages}).encode()


def book_bytes(stories: Sequence[Story]) -> bytes:
    names = [f"a{at}.xhtml" for at in range(len(stories))]
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in names)
    links = "".join(
        f'<li><a href="{name}">{escape(one.title)}</a></li>' for name, one in zip(names, stories, strict=True)
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:language>en'
        f"</dc:language><dc:publisher>{escape(stories[0].outlet)}</dc:publisher></metadata><manifest>{items}"
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest><spine>'
        '<itemref idref="nav"/>' + "".join(f'<itemref idref="{name}"/>' for name in names) + "</spine></package>"
    )
    chapters = {
        f"OEBPS/{name}": f"<html><body><h1>{escape(one.title)}</h1><p>By {escape(one.author)}</p><p>{one.day}</p>{_body(one)}</body></html>"
        for name, one in zip(names, stories, strict=True)
    }
    container = '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    parts = {"mimetype": "application/epub+zip", "META-INF/container.xml": container, "OEBPS/book.opf": package}
    parts |= {"OEBPS/nav.xhtml": f"<html><body><nav><ol>{links}</ol></nav></body></html>"} | chapters
    return zip_bytes({name: words.encode() for name, words in parts.items()})


def subtitles_bytes(stories: Sequence[Story]) -> bytes:
    cues = [
        f"{at}\n{_clock(4 * at)},000 --> {_clock(4 * at + 4)},000\n{line}"
        for at, line in enumerate(_cues(stories[0]), start=1)
    ]
    return ("\n\n".join(cues) + "\n").encode()


def web_subtitles_bytes(stories: Sequence[Story]) -> bytes:
    cues = [
        f"{_clock(4 * at)}.000 --> {_clock(4 * at + 4)}.000 align:start\n{line}"
        for at, line in enumerate(_cues(stories[0]), start=1)
    ]
    return ("WEBVTT\nKind: captions\nLanguage: en\n\n" + "\n\n".join(cues) + "\n").encode()


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _cues(one: Story) -> list[str]:
    """Return the words of a story as cues of eight words."""
    words = " ".join(one.paragraphs).split()
    return [" ".join(words[at : at + 8]) for at in range(0, len(words), 8)]


def crawl_bytes(stories: Sequence[Story], *, packed: bool = False) -> bytes:
    """Return a WARC with a page for each story, a picture and a redirection; packed record by record, as crawlers do."""
    sent = [
        (f"https://paper.example/{at}", "200 OK", "text/html; charset=utf-8", page_text(one).encode())
        for at, one in enumerate(stories)
    ]
    sent += [("https://paper.example/x.jpg", "200 OK", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(50))]
    sent += [("https://paper.example/old", "301 Moved", "text/html", b"")]
    records = [_crawl_record(*one) for one in sent]
    return b"".join(gzip.compress(one, mtime=0) for one in records) if packed else b"".join(records)


def _crawl_record(address: str, status: str, kind: str, data: bytes) -> bytes:
    reply = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + data
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {address}\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(reply)}\r\n\r\n"
    )
    return head.encode() + reply + b"\r\n\r\n"


def packed_crawl_bytes(stories: Sequence[Story]) -> bytes:
    return zip_bytes({"datapackage.json": b"{}", "archive/data.warc.gz": crawl_bytes(stories, packed=True)})


def wiki_bytes(stories: Sequence[Story]) -> bytes:
    pages = "".join(
        f"<page><title>{escape(one.title)}</title><ns>0</ns><revision><timestamp>{one.day}T10:00:00Z</timestamp><text>"
        + escape("\n\n".join(f"'''{words.split(' ')[0]}''' " + words.partition(" ")[2] for words in one.paragraphs))
        + "</text></revision></page>"
        for one in stories
    )
    return (
        '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" xml:lang="en"><siteinfo><sitename>'
        f"{escape(stories[0].outlet)}</sitename></siteinfo>{pages}</mediawiki>"
    ).encode()


def text_bytes(stories: Sequence[Story]) -> bytes:
    one = stories[0]
    return "\n\n".join((one.title, f"By {one.author}", f"{one.day.day} {one.day:%B %Y}", *one.paragraphs)).encode()


def document_bytes(stories: Sequence[Story]) -> bytes:
    one = stories[0]
    return word_bytes((one.title, "Title"), f"By {one.author}", *one.paragraphs)


def print_bytes(stories: Sequence[Story]) -> bytes:
    import textwrap

    one = stories[0]
    lines = [one.title, f"By {one.author}", *(line for words in one.paragraphs for line in textwrap.wrap(words, 95))]
    return pdf_bytes(*(lines[at : at + 50] for at in range(0, len(lines), 50)))


# Ending → how many articles such a file holds, what its reader can be told of them, and what makes one.
MAKERS: Mapping[str, tuple[int, tuple[str, ...], Maker]] = {
    "txt": (1, ("title", "author", "published"), text_bytes),
    "html": (1, ("title", "outlet", "author", "published"), page_bytes),
    "pdf": (1, ("title", "author"), print_bytes),
    "docx": (1, ("title", "author"), document_bytes),
    "rtf": (1, ("title", "author"), rich_text_bytes),
    "odt": (1, ("title", "author"), open_text_bytes),
    "pptx": (1, ("title",), slides_bytes),
    "xlsx": (3, ("title", "outlet", "author", "published"), workbook_bytes),
    "ods": (3, ("title", "outlet", "author", "published"), open_sheet_bytes),
    "epub": (3, ("title", "outlet", "author", "published"), book_bytes),
    "mhtml": (1, ("title", "outlet", "author", "published"), mhtml_bytes),
    "webarchive": (1, ("title", "outlet", "author", "published"), webarchive_bytes),
    "eml": (1, ("title", "author", "published"), lambda stories: letter_of(stories[0]).as_bytes()),
    "emlx": (1, ("title", "author", "published"), apple_letter_bytes),
    "mbox": (3, ("title", "author", "published"), mailbox_bytes),
    "msg": (1, ("title", "author", "published"), outlook_bytes),
    "rss": (3, ("title", "outlet", "author", "published"), feed_bytes),
    "atom": (3, ("title", "outlet", "author", "published"), atom_bytes),
    "xml": (3, ("title", "outlet", "author", "published"), wordpress_bytes),
    "wiki.xml": (3, ("title", "outlet", "published"), wiki_bytes),
    "feed.json": (3, ("title", "outlet", "author", "published"), json_feed_bytes),
    "json": (3, ("title", "outlet", "author", "published"), channel_bytes),
    "srt": (1, (), subtitles_bytes),
    "vtt": (1, (), web_subtitles_bytes),
    "warc": (3, ("title", "outlet", "author", "published"), crawl_bytes),
    "warc.gz": (3, ("title", "outlet", "author", "published"), lambda stories: crawl_bytes(stories, packed=True)),
    "wacz": (3, ("title", "outlet", "author", "published"), packed_crawl_bytes),
}  # fmt: skip
