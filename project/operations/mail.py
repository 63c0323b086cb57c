"""Mail that is printed instead of sent (`EMAIL_URL=console://`), where each line of the log is a JSON object."""

import json
from datetime import UTC, datetime

from django.core.mail.backends import console


class ConsoleBackend(console.EmailBackend):
    """Writes each mail as one line. Its text is not masked: who runs a site without mail follows the links there."""

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
