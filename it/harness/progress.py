"""What one sees while a proof runs, and the line that stays of it."""

import time

_BEGAN = time.monotonic()


def tell(what: str) -> None:
    """A line of progress."""
    print(f"  {time.monotonic() - _BEGAN:7.1f} s  {what}", flush=True)


def proven(what: str) -> None:
    """The result of a proof, for docs/proof; `make soak` shows these lines again at its end."""
    print(f"proof: {what}", flush=True)
