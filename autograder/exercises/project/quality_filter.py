"""quality_filter: which rules of Gopher a document breaks."""

import re
import string

from torch import Generator, randint

from autograder.exercise import Exercise
from autograder.exercises.project.documents import PLAIN, PROSE, judge, lined, of
from autograder.trial import Trial, ask
from gradus.curation import quality as reference

quality_filter = Exercise(
    reference.quality_filter, returns=("whether it is kept", "the rules broken")
)


@quality_filter.case("prose, and a menu", 0.5, judge=judge("Sixty words of prose", "A menu"))
def prose(rng: Generator) -> list[Trial]:
    menu = lined(*["- Home", "- News", "- Sport ...", "- About us ...", "- Log in"] * 3)
    return [ask(PROSE), ask(menu)]


@quality_filter.case("how many words", judge=judge("49 words", "50 words", "Long words, only 20"))
def words(rng: Generator) -> list[Trial]:
    # Seven letters a word; of and with are the stop words.
    long = " ".join(["weather", "stories"] * 9 + ["of", "with"])
    return [ask(of(49)), ask(of(50)), ask(long)]


@quality_filter.case("too many words", 0.25, judge=judge("100,000 words", "100,001 words"))
def many(rng: Generator) -> list[Trial]:
    pair = "that with "
    return [ask(pair * 50_000), ask(pair * 50_000 + "end")]


@quality_filter.case(
    "how long the words are",
    judge=judge(
        "3 letters a word", "Just less", "10 letters a word", "Just more", "Short and long"
    ),
    hint="Characters of the words alone, not of the spaces between them.",
)
def lengths(rng: Generator) -> list[Trial]:
    three = ["the", "and", *["cat"] * 48]
    ten = ["to", "of", *["watermelon"] * 44, *["transformation"] * 4]  # 500 characters in 50 words
    return [
        ask(" ".join(three)),
        ask(" ".join([*three[:-1], "an"])),
        ask(" ".join(ten)),
        ask(" ".join([*ten[:-1], ten[-1] + "s"])),
        ask(" ".join(["to", "be", *["a"] * 20, *["extraordinary"] * 28, "butterfly"])),
    ]


@quality_filter.case(
    "hash signs",
    judge=judge("5 in 50 words", "6 in 50 words", "A word of six", "One in front of each tag"),
)
def hashes(rng: Generator) -> list[Trial]:
    return [
        ask(of(50, "#one", "#two", "#three", "#four", "#five")),
        ask(of(50, "#one", "#two", "#three", "#four", "#five", "#six")),
        ask(of(50, "######")),
        ask(of(60, "c##", "c##", "f#", "f#")),
    ]


@quality_filter.case(
    "ellipses",
    judge=judge("5 in 50 words", "6 in 50 words", "6 of the one character", "both kinds"),
)
def ellipses(rng: Generator) -> list[Trial]:
    # All on one line, which ends in a word: the rule about line ends has nothing to say.
    return [
        ask(of(50, *["and..."] * 5, "on")),
        ask(of(50, *["and..."] * 6, "on")),
        ask(of(50, *["and…"] * 6, "on")),
        ask(of(50, *["and…", "then..."] * 3, "on")),
    ]


@quality_filter.case(
    "lines that begin with a bullet",
    judge=judge(
        "9 of 10 lines", "All 10 lines", "All 10, indented", "All 10, and blank lines between"
    ),
)
def bullets(rng: Generator) -> list[Trial]:
    item = "the cat and dog ran home - or away"
    listed = [f"{mark} {item}" for mark in "-*•-*•-*••"]
    return [
        ask(lined(*listed[:9], item)),
        ask(lined(*listed)),
        ask(lined(*(f"\t  {line}" for line in listed))),
        ask(lined(*(f"{line}\n  \n" for line in listed))),
        ask(lined(*listed, *listed, item, item)),
    ]


@quality_filter.case(
    "lines that end with an ellipsis",
    judge=judge(
        "3 of 10 lines",
        "4 of 10 lines",
        "4 of 10, with the one character",
        "4 of 10, with space behind",
        "4 of 10, and blank lines between",
    ),
)
def line_ends(rng: Generator) -> list[Trial]:
    line = "the cat and dog ran home to eat some more"
    return [
        ask(lined(*[line + "..."] * 3, *[line] * 7)),
        ask(lined(*[line + "..."] * 4, *[line] * 6)),
        ask(lined(*[line + "…"] * 4, *[line] * 6)),
        ask(lined(*[line + "...  "] * 4, *[line] * 6)),
        ask(lined(*[line + " ...\n\n"] * 4, *[line + "\n \n"] * 6)),
    ]


@quality_filter.case(
    "words that hold a letter",
    judge=judge("40 of 50", "39 of 50", "Letters and digits mixed", "Letters of other alphabets"),
)
def letters(rng: Generator) -> list[Trial]:
    numbers = ["1969", "20.7", "(311)", "$45", "12:30", "100%", "7777", "0.5", "1/2", "+49", "2**8"]
    mixed = ["b2b", "4th", "x86", "don't", "mp3", "20s", "3D,", "i18n", "v2.0", "R2", "(a)", "O'"]
    # Many letters that are left do not help: words are counted.
    return [
        ask(of(50, *numbers[:10])),
        ask(of(50, *numbers)),
        ask(of(50, *mixed)),
        ask(of(50, *["дома", "été", "λόγος", "été2"] * 3)),
        ask(of(50, *["extraordinarily"] * 20, *numbers)),
    ]


@quality_filter.case(
    "stop words",
    judge=judge(
        "None at all",
        "One of them, often",
        "Two of them",
        "Only inside other words",
        "In capitals",
        "With a comma and in quotes",
    ),
)
def stop_words(rng: Generator) -> list[Trial]:
    bare = ["some", "ships", "came", "late", "today"] * 10
    return [
        ask(" ".join(bare)),
        ask(" ".join([*bare, "the", "the", "The", "the,"])),
        ask(" ".join([*bare, "the", "with"])),
        ask(" ".join([*bare, "other", "band", "bee", "tofu", "without", "haven"])),
        ask(" ".join([*bare, "THE", "And"])),
        ask(" ".join([*bare, "that,", '"have"'])),
    ]


@quality_filter.case(
    "several rules at once, and no words",
    judge=judge("Numbers in a list", "Nothing", "White space", "One word"),
)
def several(rng: Generator) -> list[Trial]:
    return [
        ask(lined(*["- 1 # ..."] * 12)),
        ask(""),
        ask(" \n\n\t "),
        ask("Hello"),
        ask(lined(*["* 20 ## of …"] * 30, "the")),
    ]


@quality_filter.case("hidden documents", hidden=True, judge=judge())
def hidden(rng: Generator) -> list[Trial]:
    def some(count: int) -> list[str]:
        return [PLAIN[int(i)] for i in randint(len(PLAIN), (count,), generator=rng)]

    body = " ".join(some(60))
    lines = [" ".join(some(9)) for _ in range(8)]
    return [
        ask(body + " the with"),
        ask(body + " of that " + "#tag " * 9),
        ask(lined(*(f"• {line} to be ..." for line in lines))),
        ask(" ".join([*some(50), "THE", "and.", *["007"] * 15])),
        ask(" ".join(some(40)) + " the and"),
    ]


@quality_filter.house_rules(0.25, judge=judge())
def typical(rng: Generator) -> Trial:
    return ask("- the price of corn\n- 20 # ...")


@quality_filter.variant
def one_by_one(document):
    broken = []
    words, lines = document.split(), re.findall(r"^.*\S.*$", document, re.MULTILINE)
    n = len(words)
    if n < 50 or n > 100_000:
        broken.append("words")
    mean = sum(len(word) for word in words) / n if n else 0
    if mean < 3 or mean > 10:
        broken.append("word length")
    if n and sum(character == "#" for character in document) > n / 10:
        broken.append("hashes")
    if n and len(re.findall(r"\.\.\.|…", document)) > n / 10:
        broken.append("ellipses")
    if lines and sum(bool(re.match(r"\s*[-*•]", line)) for line in lines) > 0.9 * len(lines):
        broken.append("bullets")
    if lines and sum(bool(re.search(r"(…|\.\.\.)\s*$", x)) for x in lines) > 0.3 * len(lines):
        broken.append("line ends")
    if not n or sum(bool(re.search(r"[^\W\d_]", word)) for word in words) < 0.8 * n:
        broken.append("letters")
    wanted = set("the be to of and that have with".split())
    for word in words:
        wanted.discard(word.lower().strip(string.punctuation))
    if len(wanted) > 6:
        broken.append("stop words")
    return broken == [], broken


@quality_filter.variant
def as_a_table(document):
    words = document.split()
    lines = [line for line in document.split("\n") if line.strip()]

    def share(hits, whole):
        return sum(hits) / len(whole) if whole else 0.0

    def within(value, least, most):
        return least <= value <= most

    marks = document.replace("...", "…")
    found = {w.casefold().strip(string.punctuation) for w in words}
    kept = [
        ("words", within(len(words), 50, 100000)),
        ("word length", within(share(map(len, words), words), 3, 10)),
        ("hashes", within(share([document.count("#")], words), 0, 0.1)),
        ("ellipses", within(share([marks.count("…")], words), 0, 0.1)),
        ("bullets", within(share([x.strip()[0] in "-*•" for x in lines], lines), 0, 0.9)),
        ("line ends", share([x.rstrip().endswith(("…", "...")) for x in lines], lines) <= 0.3),
        ("letters", share([any(c.isalpha() for c in w) for w in words], words) >= 0.8),
        ("stop words", sum(w in found for w in "the be to of and that have with".split()) > 1),
    ]
    failed = [name for name, fine in kept if not fine]
    return len(failed) == 0, failed
