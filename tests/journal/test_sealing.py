from __future__ import annotations

from cauce.journal import queries
from cauce.journal.sealing import record
from cauce.parties.models import Place
from tests.conftest import Workspace


def test_x(workspace: Workspace) -> None:
    receipt = record(
        [Place.from_cells(code="MEX", kind="country", name_es="México", name_en="Mexico")],
        by="ana", why="first",
    )
    assert receipt.seq == 1
    assert [p.code for p in queries.current_definitions(Place, head=1)] == ["MEX"]
    assert queries.get("1.1").natural_id() == ("MEX",)
