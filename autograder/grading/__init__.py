"""From a class of notebooks to a gradebook, feedback and a report."""

import sys

# jsonschema, which nbformat imports, builds the grammar of international web addresses if it can:
# two seconds of every command, worker and server, for a format that no notebook's schema uses.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
