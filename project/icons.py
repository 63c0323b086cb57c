"""Draw the icons in project/public from the shape of chat/static/chat/icon.svg: `python -m project.icons`.

Only developers run it. It draws with Pillow.
"""

from pathlib import Path

from PIL import Image, ImageDraw

PUBLIC = Path(__file__).parent / "public"
TEAL, WHITE, TRANSPARENT = "#0f766e", "#ffffff", (0, 0, 0, 0)
GRID = 32
"""The width and height of the SVG's view box."""
OVERSAMPLING = 8
FAVICON_SIZES = [16, 32, 48]
APP_ICONS = {"apple-touch-icon.png": 180, "icon-192.png": 192, "icon-512.png": 512}
APP_MARGIN = 7
"""Units around the balloon on an app's icon: devices cut it to a circle of 80 % (W3C Manifest, "safe zone")."""


def draw_balloon(size: int, *, fill: str, dots: str, background, margin: float = 0) -> Image.Image:
    """A speech balloon with three dots, `size` pixels wide."""
    unit = size * OVERSAMPLING / (GRID + 2 * margin)
    image = Image.new("RGBA", (size * OVERSAMPLING,) * 2, background)
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
    largest = draw_balloon(FAVICON_SIZES[-1], fill=TEAL, dots=WHITE, background=TRANSPARENT)
    largest.save(PUBLIC / "favicon.ico", sizes=[(size, size) for size in FAVICON_SIZES])
    for name, size in APP_ICONS.items():
        # Opaque: devices fill transparent parts with black.
        icon = draw_balloon(size, fill=WHITE, dots=TEAL, background=TEAL, margin=APP_MARGIN).convert("RGB")
        icon.quantize(64).save(PUBLIC / name, optimize=True)


if __name__ == "__main__":
    main()
