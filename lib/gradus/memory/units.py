"""Units: the two gigabytes, which differ by 7.4 %.

GB is decimal, and what the papers on training count in. GiB is binary, and what tools print, often
under the name of the other.
"""

GB = 10**9  # bytes
GIB = 2**30  # bytes


def in_gb(count_bytes: int | float) -> float:
    """Return bytes as gigabytes of 10^9."""
    return count_bytes / GB


def in_gib(count_bytes: int | float) -> float:
    """Return bytes as gibibytes of 2^30."""
    return count_bytes / GIB


def readable(count_bytes: int | float) -> str:
    """Write bytes in the largest decimal unit that leaves a number of 1 or more: 2.4 GB."""
    for size, unit in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count_bytes >= size:
            number = count_bytes / size
            return f"{number:,.0f} {unit}" if number >= 100 else f"{number:.3g} {unit}"
    return f"{count_bytes:.0f} bytes"
