"""The chat page: its frame, the turns of a conversation, the passages beside them, and the filters."""
