"""The chat page: ``app`` composes it, ``desk`` holds each person's conversation, the other files draw and handle."""
