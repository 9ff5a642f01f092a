"""Who each defendant is: sex, birth, ethnicity, schooling, occupation, earlier convictions."""

from __future__ import annotations

import re

from pipeline.extract.accused import identity
from pipeline.extract.accused.identity import Particular
from pipeline.extract.accused.names import COMPANY
from pipeline.extract.accused.prior_record import convictions
from pipeline.extract.case import Case, Defendant
from pipeline.schema import Label

_SILENT = {"gender": "unstated", "education": "unstated"}


def defendant_labels(case: Case) -> list[Label]:
    """Labels name, gender, birth, ethnicity, education, occupation and prior_record of every defendant; silence is labelled too."""
    convicted = convictions(case)
    labels: list[Label] = []
    for person in case.defendants:
        at = case.document.view.find(person.name, person.start)
        labels.append(_label(case, person, "name", Particular(person.name, at, at + len(person.name)) if at >= 0 else None, person.name))
        labels += [_label(case, person, variable, found) for variable, found in _particulars(case, person).items()]
        match = convicted.get(person.n)
        labels.append(Label(person.unit, "prior_record", "1" if match else "0", spans=(match.span(case.document),) if match else ()))
    return labels


def _particulars(case: Case, person: Defendant) -> dict[str, Particular | None]:
    """What the person's paragraph states; where there is none, what stands in brackets behind the name. Companies have none of it."""
    view = case.document.view
    if re.fullmatch(COMPANY, person.name) and len(person.name) > 4:
        return dict.fromkeys(("gender", "birth", "ethnicity", "education", "occupation"))
    rows = list(identity.clauses(view, person.start, _end(view, person)))
    return {
        "gender": identity.sex(view, rows),
        "birth": identity.birth(view, rows) or identity.birth_told(view, person.names),
        "ethnicity": identity.ethnicity(view, rows),
        "education": identity.education(view, rows),
        "occupation": identity.occupation(view, rows),
    }


def _end(view: str, person: Defendant) -> int:
    if person.end - person.start <= len(person.name) + 6 and view[person.end : person.end + 1] == "（":
        closing = view.find("）", person.end, person.end + 80)
        return max(closing, person.end)
    return person.end


def _label(case: Case, person: Defendant, variable: str, found: Particular | None, silent: str = "") -> Label:
    value = found.value if found else silent or _SILENT.get(variable, "")
    spans = (case.document.span(found.start, found.end, variable),) if found else ()
    return Label(person.unit, variable, value, spans=spans)
