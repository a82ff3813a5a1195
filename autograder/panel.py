"""The panel: a verdict as a learner reads it, in plain text and in HTML.

Order: what passed (a pass says what was tried, so it teaches too), what failed and why, and behind
folds, so that thinking comes first, what kind of mistake it looks like and where to look.
"""

from html import escape
from typing import Any

STYLE = (
    "border:1px solid var(--jp-border-color1,#bbb);border-left:6px solid {edge};padding:8px 14px;"
    "max-width:46em;line-height:1.45;overflow-wrap:anywhere;"
    "font-family:var(--jp-ui-font-family,sans-serif)"
)
GOOD, BAD = "#1b7f5c", "#b3541e"  # told apart by lightness and by words, not by colour alone


def number(points: float) -> str:
    """Write points without a needless decimal."""
    return f"{points:g}" if round(points, 2) == points else f"{points:.2f}"


def title(verdict: dict[str, Any]) -> str:
    """Return the first line: the exercise and its points."""
    head = f"{verdict['exercise']} · {number(verdict['points'])} of "
    return head + f"{number(verdict['max_points'])} points"


def kind_of_mistake(verdict: dict[str, Any]) -> tuple[str, str]:
    """Return what kind of mistake it looks like, and the questions that show where to look."""
    found = verdict["diagnoses"]
    if not found:
        return "", ""
    names = " Or: ".join(d["name"] for d in found)
    if found[0]["sure"] < 1:
        one = "one of these" if len(found) > 1 else "this"
        names = f"Part of what went wrong looks like {one}: {names}"
    elif len(found) > 1:
        names = f"These cannot be told apart from here. {names}"
    return names, " ".join(dict.fromkeys(d["look"] for d in found))


def _lines(verdict: dict[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    passed = [f"{c['name']} ({number(c['max_points'])})" for c in verdict["cases"] if c["passed"]]
    return passed, [c for c in verdict["cases"] if not c["passed"]]


def verdict_text(verdict: dict[str, Any]) -> str:
    """Return the verdict as plain text."""
    lines = [title(verdict)]
    if verdict["older"]:
        lines.append(f"  note     {verdict['older']}")
    if verdict["refused"]:
        return "\n".join([*lines, f"  {verdict['refused']}"])
    passed, failed = _lines(verdict)
    if passed:
        lines.append("  passed   " + " · ".join(passed))
    for case in failed:
        lines.append(f"  failed   {case['name']} ({number(case['max_points'])})")
        for text in (case["message"], case["hint"]):
            lines += [f"           {line}" for line in text.splitlines()]
    if verdict["carried"]:
        lines.append(f"  note     {verdict['carried']}")
    kind, look = kind_of_mistake(verdict)
    if kind:
        lines += [f"  ▸ What kind of mistake is this?  {kind}", f"  ▸ Where to look  {look}"]
    if verdict["printed"] and failed:
        lines.append("  printed  " + verdict["printed"].strip().replace("\n", "\n           "))
    return "\n".join(lines)


def verdict_html(verdict: dict[str, Any]) -> str:
    """Return the verdict as one HTML element; every text in it is escaped."""
    passed, failed = _lines(verdict)
    good = not failed and not verdict["refused"]
    parts = [f"<strong>{'✓' if good else '✗'} {escape(title(verdict))}</strong>"]
    if verdict["older"]:
        parts.append(_row("note", escape(verdict["older"])))
    if verdict["refused"]:
        parts.append(f"<p style='margin:4px 0'>{escape(verdict['refused'])}</p>")
    rows = []
    if passed and not verdict["refused"]:
        rows.append(_row("passed", escape(" · ".join(passed))))
    for case in failed if not verdict["refused"] else []:
        text = f"<strong>{escape(case['name'])}</strong> ({number(case['max_points'])})"
        for sentence in (case["message"], case["hint"]):
            if sentence:
                text += "<br>" + escape(sentence).replace("\n", "<br>")
        rows.append(_row("failed", text))
    if verdict["carried"]:
        rows.append(_row("note", escape(verdict["carried"])))
    if rows:
        parts.append("".join(rows))
    kind, look = kind_of_mistake(verdict)
    if kind:
        parts += [_fold("What kind of mistake is this?", kind), _fold("Where to look", look)]
    if verdict["printed"] and failed:
        parts.append(_fold("What your code printed", verdict["printed"].strip(), preformatted=True))
    style = STYLE.format(edge=GOOD if good else BAD)
    label = escape(title(verdict), quote=True)
    return f'<div role="group" aria-label="{label}" style="{style}">{"".join(parts)}</div>'


def _row(word: str, text: str) -> str:
    return (
        "<div style='display:flex;gap:1em;margin:4px 0'>"
        f"<span style='flex:0 0 4.5em;opacity:.75'>{word}</span><span>{text}</span></div>"
    )


def _fold(summary: str, text: str, preformatted: bool = False) -> str:
    body = escape(text).replace("\n", "<br>")
    style = "margin:4px 0 4px 1.2em" + (";white-space:pre-wrap" if preformatted else "")
    return (
        "<details style='margin-top:4px'><summary style='cursor:pointer;display:list-item'>"
        f"{escape(summary)}</summary><div style='{style}'>{body}</div></details>"
    )
