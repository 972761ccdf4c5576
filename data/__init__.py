"""What ships with chatrec: item texts, scenarios, and the pretrained adapter. Installed as ``chatrec_data``."""

from pathlib import Path

ROOT = Path(__file__).parent
"""The folder of the data files."""
