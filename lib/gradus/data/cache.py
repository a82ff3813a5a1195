"""Where things are kept that took long to fetch or to read."""

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Return the folder GRADUS_CACHE, or `gradus` in the folder that this system has for caches.

    The folder need not exist. Whatever it holds can be deleted: it is fetched or made again.
    """
    if chosen := os.environ.get("GRADUS_CACHE"):
        return Path(chosen).expanduser()
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return (Path(local) if local else Path.home() / "AppData" / "Local") / "gradus" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gradus"
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(chosen) if Path(chosen).is_absolute() else Path.home() / ".cache") / "gradus"


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that others see it complete or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
