"""Jobs of files."""

from chat.domain.files import processing, text_reading

from .declare import job

# A child process does the work, and has limits of its own.
TIME_LIMIT_S = 180


@job(time_limit_s=TIME_LIMIT_S)
def process(attachment: int) -> None:
    """Examine a file that was uploaded, and make thumbnails and an excerpt of it."""
    processing.process(attachment=attachment)


@job(time_limit_s=TIME_LIMIT_S)
def read_text(attachment: int) -> None:
    """Read the text of a file, for search."""
    text_reading.read(attachment=attachment)


@job
def process_left() -> None:
    """Queue files again that still wait to be examined, or for their text to be read."""
    processing.enqueue_left()
    text_reading.enqueue_left()
