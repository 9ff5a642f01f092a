"""Who each defendant is: sex, birth, ethnicity, schooling, occupation, earlier convictions."""

from __future__ import annotations

from pipeline.extract.accused import identity
from pipeline.extract.accused.identity import Particular
from pipeline.extract.accused.names import aliases, is_company
from pipeline.extract.accused.prior_record import convictions
from pipeline.extract.accused.told_identity import birth_told, in_brackets, sex_told
from pipeline.extract.case import Case, Defendant
from pipeline.schema import Label

_SILENT = {"gender": "unstated", "education": "unstated"}


def defendant_labels(case: Case) -> list[Label]:
    """Labels of every defendant: name, party_kind, gender, birth, ethnicity, education, occupation, prior_record; silence is labelled too.

    Every other name that the paragraph gives is an `alias`; whoever has none has no such label.
    """
    convicted = convictions(case)
    labels: list[Label] = []
    for person in case.defendants:
        at = case.document.view.find(person.name, person.start)
        labels.append(_label(case, person, "name", Particular(person.name, at, at + len(person.name)) if at >= 0 else None, person.name))
        company = is_company(case.document.view[person.start : max(at, person.start)], person.name)
        labels.append(Label(person.unit, "party_kind", "company" if company else "person", spans=labels[-1].spans))
        labels += [_label(case, person, "alias", other) for other in _aliases(case.document.view, person, company)]
        labels += [_label(case, person, variable, found) for variable, found in _particulars(case, person, company).items()]
        match = convicted.get(person.n)
        labels.append(Label(person.unit, "prior_record", "1" if match else "0", spans=(match.span(case.document),) if match else ()))
    return labels


def _aliases(view: str, person: Defendant, company: bool) -> list[Particular]:
    """Other names that the person's paragraph gives, each once."""
    paragraph = view[person.start : min(person.end, person.start + 200)]
    first = {name: Particular(name, person.start + at, person.start + at + len(name)) for name, at in reversed(aliases(paragraph, company))}
    return sorted((found for name, found in first.items() if name != person.name), key=lambda found: found.start)


def _particulars(case: Case, person: Defendant, company: bool) -> dict[str, Particular | None]:
    """What the person's paragraph states; where there is none, what stands in brackets behind the name. Companies have none of it."""
    view = case.document.view
    if company:
        return dict.fromkeys(("gender", "birth", "ethnicity", "education", "occupation"))
    at = view.find(person.name, person.start)
    rows = list(identity.clauses(view, at + len(person.name) if at >= 0 else person.start, _end(view, person)))
    gender, birth = identity.sex(view, rows), identity.birth(view, rows)
    elsewhere = [] if gender and birth else in_brackets(view, person.name)
    return {
        "gender": gender or identity.sex(view, elsewhere) or sex_told(view, person.name),
        "birth": birth or identity.birth(view, elsewhere) or birth_told(view, person.names),
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
