"""Groups of commands, each a Typer application that :mod:`chatrec.cli` puts under its name."""
