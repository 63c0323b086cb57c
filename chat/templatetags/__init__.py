"""Tags of the pages' templates. They know nothing of the chat."""
