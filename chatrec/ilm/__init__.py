"""The Item-Language Model: a frozen LLM that reads items through a Q-Former."""
