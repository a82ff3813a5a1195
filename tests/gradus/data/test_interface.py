import gettext
import importlib.util
import struct
from pathlib import Path

import pytest

from gradus.data import interface, interface_strings
from gradus.data.interface import PLACEHOLDER, read_catalogue


def catalogue(pairs: dict[str, str], order: str = "<") -> bytes:
    """A compiled catalogue with these entries, header first."""
    rows = [(a.encode(), b.encode()) for a, b in [("", "Language: fr\n"), *sorted(pairs.items())]]
    count, place = len(rows), 28 + 16 * len(rows)
    tables, texts = b"", b""
    for column in (0, 1):
        for row in rows:
            tables += struct.pack(f"{order}2I", len(row[column]), place + len(texts))
            texts += row[column] + b"\0"
    head = struct.pack(f"{order}7I", 0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0)
    return head + tables + texts


@pytest.mark.parametrize("order", ["<", ">"])
def test_contexts_and_plurals_are_cut_off_and_white_space_is_one_space(order):
    data = catalogue(
        {
            "menu\x04Open": "Ouvrir",
            "%1 file\0%1 files": "%1 fichier\0%1 fichiers",
            "two\n  lines": "deux\u00a0lignes",
        },
        order,
    )

    assert read_catalogue(data) == [
        ("%1 file", "%1 fichier"),
        ("two lines", "deux lignes"),
        ("Open", "Ouvrir"),
    ]


def test_what_is_not_translated_long_or_has_other_placeholders_is_left_out(monkeypatch, tmp_path):
    first, second = tmp_path / "jupyterlab.mo", tmp_path / "a.mo"
    entries = {"Open": "Ouvrir", "Perl": "Perl", "Close": "", "Save %1": "Enregistrer", "…": "..."}
    first.write_bytes(catalogue(entries | {"long": "l" * 121, "Go %2 %1": "Aller %1 %2"}))
    second.write_bytes(catalogue({"Open": "Ouvre", "Undo": "Annuler"}))
    monkeypatch.setattr(interface, "_catalogues", lambda language: [first, second])

    assert interface_strings("fr") == [
        ("Go %2 %1", "Aller %1 %2"), ("Open", "Ouvrir"), ("Undo", "Annuler")
    ]  # fmt: skip
    assert len(interface_strings("fr", longest=121)) == 4


@pytest.mark.parametrize(("language", "least"), [("fr", 2_000), ("es", 600)])
def test_the_installed_packs_give_many_pairs_that_gettext_agrees_with(language, least):
    pairs = interface_strings(language)

    assert pairs == sorted(pairs) == interface_strings(language)
    assert len({pair.english for pair in pairs}) == len(pairs) > least
    assert all(
        sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(translation))
        for english, translation in pairs
    )
    [path] = [path for path in interface._catalogues(language) if path.stem == "jupyterlab"]
    with path.open("rb") as file:
        oracle = gettext.GNUTranslations(file)
    plain = [pair for pair in pairs if oracle.gettext(pair.english) != pair.english]
    assert len(plain) > least / 3
    same = [" ".join(oracle.gettext(pair.english).split()) == pair.translation for pair in plain]
    assert sum(same) > 0.99 * len(same)  # two differ only in white space, and are translated twice


def test_a_missing_pack_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(ModuleNotFoundError, match="pip install jupyterlab-language-pack-es-es"):
        interface_strings("es")


def test_other_languages_are_refused():
    unchecked = getattr(interface_strings, "__wrapped__", interface_strings)

    with pytest.raises(ValueError, match="fr and es, not 'de'"):
        unchecked("de")


def test_jupyterlabs_own_catalogue_comes_first():
    assert [path.stem for path in interface._catalogues("fr")][0] == "jupyterlab"
    assert all(isinstance(path, Path) for path in interface._catalogues("fr"))
