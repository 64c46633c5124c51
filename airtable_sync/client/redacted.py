"""Keeping the key out of everything that is told."""

LONGEST_SHOWN = 8  # characters of the key, as they may stand in any word
MARK = "…"


def redacted(text: str, key: str) -> str:
    """The text, where the key, or a part of it longer than `LONGEST_SHOWN`, is but a mark."""
    size = min(LONGEST_SHOWN + 1, len(key))
    parts = {key[at : at + size] for at in range(len(key) - size + 1)}
    kept, end = "", 0
    for at in range(len(text)):
        if text[at : at + size] in parts:
            kept += "" if at < end else MARK
            end = at + size
        elif at >= end:
            kept += text[at]
    return kept
