import io
from collections.abc import Mapping

import pytest
from PIL import Image

from appraisal.documents.photos import draw_anew
from appraisal.documents.qr import qr_svg
from appraisal.domain.refusal import Refusal


def picture(side: tuple[int, int], mode: str = "RGB", kind: str = "JPEG", **saved: object) -> io.BytesIO:
    """Red on the left and blue on the right."""
    image = Image.new("RGB", side, (200, 0, 0))
    image.paste((0, 0, 200), (side[0] // 2, 0, *side))
    written = io.BytesIO()
    image.convert(mode).save(written, kind, **saved)
    return written


def drawn(content: io.BytesIO) -> Image.Image:
    found = draw_anew(content, 1)
    image = Image.open(io.BytesIO(found.content))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (found.width, found.height))
    return image


@pytest.mark.parametrize(
    ("side", "becomes"),
    [((4000, 3000), (1600, 1200)), ((1000, 3200), (500, 1600)), ((1600, 10), (1600, 10)), ((1, 1), (1, 1))],
)
def test_photo_is_no_larger_than_it_need_be_and_never_enlarged(side: tuple[int, int], becomes: tuple[int, int]) -> None:
    assert drawn(picture(side)).size == becomes


def test_photo_is_turned_upright_and_loses_what_the_camera_wrote() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "CAMERA"
    image = drawn(picture((80, 40), exif=exif, comment=b"COMMENT", icc_profile=b"PROFILE" * 20))
    assert (image.size, dict(image.getexif()), image.info.keys() & {"comment", "icc_profile", "exif"}) == (
        (40, 80),
        {},
        set(),
    )
    top, bottom = image.getpixel((20, 10)), image.getpixel((20, 70))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert (top[0] > top[2], bottom[0] < bottom[2]) == (True, True)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("P", "PNG"), ("1", "PNG"), ("L", "PNG"), ("LA", "PNG"), ("RGBA", "PNG"), ("CMYK", "JPEG"), ("RGB", "WEBP")],
)
def test_every_kind_of_picture_is_drawn(mode: str, kind: str) -> None:
    assert drawn(picture((40, 20), mode, kind)).size == (40, 20)


def test_what_is_see_through_stands_on_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (10, 10), (0, 0, 0, 0)).save(written, "PNG")
    assert drawn(written).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("content", "code", "facts"),
    [
        (b"", "photo.kind", {}),
        (b"GIF89a" + b"\0" * 50, "photo.kind", {}),
        (b"%PDF-1.7", "photo.kind", {}),
        (picture((400, 300)).getvalue()[:900], "photo.spoilt", {}),
    ],
)
def test_what_is_no_photo_is_refused_by_its_number(content: bytes, code: str, facts: Mapping[str, object]) -> None:
    with pytest.raises(Refusal) as caught:
        draw_anew(io.BytesIO(content), 2)
    assert (caught.value.code, caught.value.facts) == (code, {"number": 2, **facts})


def test_code_of_an_address_is_one_drawing_without_a_style() -> None:
    drawing = qr_svg("https://pingyi.example/o/abcdefghjk")
    assert drawing.startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ')
    assert ("style" in drawing, "<script" in drawing, drawing.count("<svg"), 'fill="#fff"' in drawing) == (
        False,
        False,
        1,
        True,
    )
