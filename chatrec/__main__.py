"""``python -m chatrec`` is the command ``chatrec``, for launchers that start modules."""

from chatrec.cli import main

if __name__ == "__main__":
    main()
