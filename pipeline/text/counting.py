"""Numbers of things in English messages."""


def count(number: int, noun: str, plural: str | None = None) -> str:
    """Give a number with its noun, in the singular for one.

    Args:
        number: How many.
        noun: The noun in the singular.
        plural: In the plural; by default with an s behind it.
    """
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
