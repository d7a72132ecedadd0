"""QR codes as SVG: one path on white, so that a telephone reads it on a dark page and on paper alike."""

import io

import segno


def qr_svg(address: str) -> str:
    """The code of an address; a quarter of it may be dirty or torn."""
    drawing = io.BytesIO()
    code = segno.make_qr(address, error="q", encoding="utf-8")
    code.save(drawing, kind="svg", xmldecl=False, omitsize=True, light="#fff", svgclass="qr", lineclass=None)
    return drawing.getvalue().decode()
