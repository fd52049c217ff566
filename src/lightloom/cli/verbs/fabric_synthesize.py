"""``lightloom fabric synthesize``: the topology of so many nodes and links that carries all-to-all traffic best.

``--json`` prints one object, ``synthesis/1``; what its keys mean stands in the guide.
"""

from pathlib import Path

import click

import lightloom as ll
from lightloom.cli import options
from lightloom.cli.output import check_writable, print_json, working, write_new
from lightloom.cli.synthesis_tables import show
from lightloom.core.errors import Fault, LightloomError
from lightloom.report.reading import Run
from lightloom.study.questions.synthesis_question import ALL_TO_ALL, CANDIDATES, DEGREE, SWITCH

OTHERS = (".json", ".csv", ".graphml", ".xml")
"""Endings by which ``topology: custom`` expects another format."""


@click.command(
    epilog=options.example(
        "lightloom fabric synthesize --nodes 128 --degree 6 --for all-to-all",
        "lightloom fabric synthesize --nodes 512 --pod --out pod.txt",
        "lightloom fabric synthesize --nodes 100 --degree 5 --candidates 50000",
    )
)
@click.option("--nodes", metavar="COUNT", type=int, required=True, help="Nodes, all of which send and relay.")
@click.option("--degree", metavar="COUNT", type=int, default=DEGREE, show_default=True, help="Links of each node.")
@click.option(
    "--for",
    "traffic",
    metavar="TRAFFIC",
    default=ALL_TO_ALL,
    show_default=True,
    help="What it is to carry best.",
)
@click.option("--pod", is_flag=True, help="Only what a pod of cubes behind circuit switches makes.")
@click.option(
    "--family", "families", metavar="NAME", multiple=True, help="Only this family; repeat for several. Left out: all."
)
@click.option(
    "--candidates",
    metavar="COUNT",
    type=int,
    default=CANDIDATES,
    show_default=True,
    help="Graphs looked at, about; the best of them are solved.",
)
@click.option("--seed", metavar="NUMBER", type=int, default=0, show_default=True, help="Of what is drawn at random.")
@click.option("--fresh", is_flag=True, help="Leave out the best found before, which are shipped.")
@click.option(
    "--switch",
    type=options.CIRCUIT_SWITCH,
    callback=options.name_in("circuit-switches"),
    metavar="PRODUCT",
    default=SWITCH,
    show_default=True,
    help="Circuit switch of the catalog that is to wire it.",
)
@click.option(
    "--out", metavar="FILE", type=click.Path(path_type=Path), help="Write the links, for 'topology: custom' to read."
)
@options.as_json
def synthesize(  # noqa: PLR0913 # one argument an option
    nodes: int,
    degree: int,
    traffic: str,
    families: tuple[str, ...],
    candidates: int,
    seed: int,
    switch: str,
    out: Path | None,
    *,
    pod: bool,
    fresh: bool,
    as_json: bool,
) -> None:
    """Search a topology that carries all-to-all traffic best.

    Symmetric graphs of so many nodes and links: circulants, abelian and other Cayley graphs, twisted lattices, Kautz
    graphs, and what a pod makes. The best is solved exactly, held against the Moore bound and the tori, and asked
    whether circuit switches can wire it. Same words, same answer.
    """
    _check_out(out)
    question = ll.SynthesisQuestion(
        nodes=nodes,
        degree=degree,
        traffic=traffic,
        candidates=candidates,
        seed=seed,
        families=families,
        pod=pod,
        fresh=fresh,
        switch=switch,
    )
    with working(f"searching graphs of {nodes} nodes"):
        found = ll.synthesize(question)
        answer = found.to_dict()
    if out:
        write_new(out, found.edge_list())
    if as_json:
        print_json(answer)
        return
    show(Run(0, answer))
    if out:
        click.echo(f"\nwritten: {out}")


def _check_out(out: Path | None) -> None:
    """Refuse, before any work is done, a file that cannot be written or would be read as something else.

    Raises:
        LightloomError: It is one.
    """
    check_writable(out)
    if out is None:
        return
    if out.suffix.lower() in OTHERS:
        message = f"a list of links is no {out.suffix.lower()} file, as which 'topology: custom' would read it"
        raise LightloomError(Fault("--out", message, "choose another ending, such as .txt", str(out)))
    if out.exists():
        raise LightloomError(Fault("--out", "exists and is left as it is", "choose another name", str(out)))
