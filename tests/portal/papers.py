"""Small real papers of each sort."""

from io import BytesIO
from zipfile import ZipFile

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 16
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 504


def compound(*streams: str) -> bytes:
    """Just as much of an old office file as tells its kind."""
    return OLE + b"".join(stream.encode("utf-16-le").ljust(128, b"\x00") for stream in streams)


def package(*parts: str, types: str = "<Types/>") -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as made:
        made.writestr("[Content_Types].xml", types)
        for part in parts:
            made.writestr(part, "<x/>")
    return content.getvalue()
