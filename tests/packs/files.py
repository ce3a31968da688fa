"""A small sound pack as files, for tests that break or change one thing of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

__all__ = ["SOUND", "changed", "pack_at"]

#: Two countries, two agencies, a programme, an indicator by sex, and what they report.
SOUND = {
    "pack.yaml": """
        name: x
        version: "1"
        title: {es: Ejemplo, en: Example}
        licence: CC-BY-4.0
        """,
    "places.csv": """
        code,kind,name_en,within
        WORLD,region,World,
        MEX,country,Mexico,WORLD
        MX-CHP,subdivision,Chiapas,MEX
        """,
    "organisations.csv": """
        code,kind,name_en
        x/A,agency,Agency A
        x/B,agency,Agency B
        """,
    "frameworks.yaml": """
        - code: x/F
          name: {es: Marco, en: Framework}
        """,
    "tree.csv": """
        code,framework,parent,number,kind,name_en
        x/1,x/F,,1,objective,Objective
        x/1.1,x/F,x/1,1.1,programme,Programme
        """,
    "indicators.yaml": """
        - code: x/I
          framework: x/F
          name: {en: Persons}
          unit: person
          preset: flow
        """,
    "codelists.csv": """
        code,dimension,name_en
        x/SEX,sex,Sex
        """,
    "codes.csv": """
        codelist,code,name_en
        x/SEX,f,women
        x/SEX,m,men
        """,
    "sources.csv": """
        code,title,published
        x/S,A report,2023-01
        """,
    "observations.csv": """
        indicator,party,place,period,breakdown,value,reporter,source,public_at
        x/I,x/A,MEX,2022,,100,x/A,x/S,2023-01
        x/I,x/A,MEX,2022,sex=f,60,x/A,x/S,2023-01
        x/I,x/A,MEX,2021,,90,x/A,x/S,2022-01
        """,
}


def pack_at(folder: Path, files: dict[str, str] | None = None, **more: str) -> str:
    """Write a pack's files (``observations_csv=…`` replaces one; an empty text leaves it out) and
    give its path."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = dict(SOUND if files is None else files)
    chosen.update({name.replace("_", "."): text for name, text in more.items()})
    for name, text in chosen.items():
        (folder / name).unlink(missing_ok=True)
        if text:
            (folder / name).write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return str(folder)


def changed(name: str, old: str, new: str) -> dict[str, str]:
    """The sound pack with one text of one file replaced."""
    assert old in SOUND[name]
    return {**SOUND, name: SOUND[name].replace(old, new)}
