"""What whoever runs a site asks of its workers: health, numbers, logs."""
