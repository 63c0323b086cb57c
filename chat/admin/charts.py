"""Small charts as SVG, drawn on the server. Colours come from the style sheet (`admin/cards.css`)."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

GAP = 1


def bars(values: Sequence[float], label: str, *, width: int = 84, height: int = 20) -> SafeString:
    """A bar for each value, the last one marked. `label` says in words what the chart shows."""
    top = max(*values, 1)
    step = width / len(values)
    heights = [round(max(1, height * value / top) if value else 0, 1) for value in values]
    drawn = format_html_join(
        "",
        '<rect x="{}" y="{}" width="{}" height="{}"{}/>',
        (
            (
                round(index * step, 1),
                round(height - tall, 1),
                round(step - GAP, 1),
                tall,
                format_html(' class="{}"', "last") if index == len(values) - 1 else "",
            )
            for index, tall in enumerate(heights)
            if tall
        ),
    )
    return format_html(
        '<svg class="bars" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}">'
        '<path d="M0 {}H{}"/>{}</svg>',
        label,
        width,
        height + 1,
        width,
        height + 1,
        height + 0.5,
        width,
        drawn,
    )
