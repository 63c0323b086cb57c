"""What operators need: health, metrics, logs, mail."""
