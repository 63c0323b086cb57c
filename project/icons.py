"""Draws the icons in project/public from the shape of chat/static/chat/icon.svg: `python -m project.icons`."""

from pathlib import Path

from PIL import Image, ImageDraw

PUBLIC = Path(__file__).parent / "public"
TEAL, WHITE, CLEAR = "#0f766e", "#ffffff", (0, 0, 0, 0)
GRID = 32
"""The side of the SVG's view box."""
OVERSAMPLING = 8
FAVICON_SIZES = [16, 32, 48]
APP_ICONS = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
APP_MARGIN = 7
"""Units around the balloon on an app's icon: devices cut it to a circle of 80 % (W3C Manifest, "safe zone")."""


def balloon(size: int, *, fill: str, dots: str, ground, margin: float = 0) -> Image.Image:
    """The speech balloon with three dots, `size` pixels wide, on `ground`."""
    unit = size * OVERSAMPLING / (GRID + 2 * margin)
    image = Image.new("RGBA", (size * OVERSAMPLING,) * 2, ground)
    draw = ImageDraw.Draw(image)

    def scaled(*coordinates: float) -> list[float]:
        return [(coordinate + margin) * unit for coordinate in coordinates]

    draw.rounded_rectangle(scaled(1, 3, 31, 25), radius=5 * unit, fill=fill)
    draw.polygon(scaled(15, 24.5, 8, 31, 8, 24.5), fill=fill)
    for x in (10, 16, 22):
        draw.ellipse(scaled(x - 2.3, 11.7, x + 2.3, 16.3), fill=dots)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    """Write all icons."""
    largest = balloon(FAVICON_SIZES[-1], fill=TEAL, dots=WHITE, ground=CLEAR)
    largest.save(PUBLIC / "favicon.ico", sizes=[(size, size) for size in FAVICON_SIZES])
    for name, size in APP_ICONS.items():
        # Opaque: a device would fill what is clear with black.
        icon = balloon(size, fill=WHITE, dots=TEAL, ground=TEAL, margin=APP_MARGIN).convert("RGB")
        icon.quantize(64).save(PUBLIC / name, optimize=True)


if __name__ == "__main__":
    main()
