"""The command that plans a training run, as people type it."""

import json

import pytest
from typer.testing import CliRunner

from autograder.cli import app


def run(*arguments: str):
    return CliRunner().invoke(app, ["plan", *arguments], env={"COLUMNS": "120"})


def test_a_table_with_units():
    said = run("--budget", "1e21", "--gpus", "8")

    assert said.exit_code == 0
    for text in ("1e+21 FLOPs", "2.78B", "tokens", "nats", "MWh", "ZeRO-3", "on 8 GPUs"):
        assert text in said.output


def test_data_on_demand():
    said = run("--params", "7e9", "--tokens", "1e12", "--coefficients", "hoffmann", "--json")

    found = json.loads(said.output)
    assert found["flops"] == pytest.approx(4.2e22)
    assert found["coefficients"] == "Hoffmann, as printed"
    assert found["weight_bytes_bf16"] == 14_000_000_000


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--gpus", "8"),
        ("--budget", "1e21", "--gpu", "abacus"),
        ("--budget", "1e21", "--coefficients", "mine"),
        ("--budget", "1e21", "--gpus", "8", "--hours", "2"),
    ],
)
def test_what_cannot_be_planned_is_told_in_one_line(arguments):
    said = run(*arguments)

    assert said.exit_code == 2
    [line] = said.stderr.strip().splitlines()
    assert line.startswith("gradus: ")
