"""A mail backend for `EMAIL_URL=console://` with `LOG_FORMAT=json`: it prints each mail as one JSON object."""

import json
from datetime import UTC, datetime

from django.core.mail.backends import console


class ConsoleBackend(console.EmailBackend):
    """Prints each mail as one line. Links are not masked: an operator without a mail server needs them."""

    def write_message(self, message):
        """Write one mail."""
        fields = {
            "time": datetime.now(UTC).isoformat(),
            "level": "INFO",
            "logger": "parley.mail",
            "message": f"Mail to {', '.join(message.recipients())}: {message.subject}",
            "text": message.body,
        }
        self.stream.write(f"{json.dumps(fields, ensure_ascii=False)}\n")
