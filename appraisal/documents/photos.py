"""Photos drawn anew: what is kept shows what was seen, and holds nothing else that the camera or anybody put in."""

import io
import logging
import warnings
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import BinaryIO

from PIL import Image, ImageOps

from appraisal.domain.refusal import Refusal

FORMATS = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE = "image/jpeg"
LONGEST_SIDE = 1600
MOST_PIXELS = 50_000_000
QUALITY = 82
WHITE = (255, 255, 255)

# At its most talkative Pillow logs what the camera wrote into a photo, place and time included.
logging.getLogger("PIL").setLevel(logging.INFO)
# Of what Pillow opens by itself nothing is larger either; drawing takes memory, so few draw at a time.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
_DRAWING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Drawn:
    """A photo as it is kept: JPEG without any mark of its origin; sides in pixels."""

    content: bytes
    width: int
    height: int


def draw_anew(content: BinaryIO, number: int, longest: int = LONGEST_SIDE) -> Drawn:
    """The ``number``-th photo of a form, upright, no side longer than ``longest`` pixels.

    Refusal ``photo.kind`` for what is no photo, ``photo.too_many_pixels`` before any of them is unpacked,
    ``photo.spoilt`` for one that breaks off.
    """
    content.seek(0)
    with _DRAWING, warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        try:
            return _written(_shown(_opened(content, number), longest))
        except Refusal:
            raise
        except Exception:
            # A decoder may fail in any way on what was made to break it, and none of them tells us more.
            raise Refusal("photo.spoilt", number=number) from None


def _opened(content: BinaryIO, number: int) -> Image.Image:
    """By its content and not by its name; only the head is read so far."""
    try:
        image = Image.open(content, formats=FORMATS)
    except Image.DecompressionBombError:
        raise Refusal("photo.too_many_pixels", number=number, most=MOST_PIXELS) from None
    except Exception:
        raise Refusal("photo.kind", number=number) from None
    if image.width * image.height > MOST_PIXELS:
        raise Refusal("photo.too_many_pixels", number=number, most=MOST_PIXELS)
    return image


def _shown(image: Image.Image, longest: int) -> Image.Image:
    """What a viewer would show: turned as the camera was held, on white where it is see-through."""
    whole = image.convert("RGBA") if image.mode in ("1", "P") else image
    whole.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(whole)
    if "A" in upright.getbands() or "transparency" in upright.info:
        seen = upright.convert("RGBA")
        ground = Image.new("RGBA", seen.size, (*WHITE, 255))
        return Image.alpha_composite(ground, seen).convert("RGB")
    return upright.convert("RGB")


def _written(image: Image.Image) -> Drawn:
    """The bare pixels: a comment, a profile or a text of the old image would be written out with the image itself."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    written = io.BytesIO()
    bare.save(written, "JPEG", quality=QUALITY)
    return Drawn(written.getvalue(), image.width, image.height)
