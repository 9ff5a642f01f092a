"""The labelling interface that fits an export to Label Studio: the controls of the coders' form, with the codebook's Chinese names."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.annotate.exchange.keys import field_name, is_closed
from pipeline.annotate.exchange.labelstudio import CODER, EMPTY, NOTE, TEXT, UNSURE, WORDS, control
from pipeline.annotate.form import Group, load_form
from pipeline.codebook import Codebook, Variable
from pipeline.schema import Entry

Titled = tuple[str, Variable, str]  # unit, variable, what the field is called on the screen
_FLAGS = {"0": "否", "1": "是"}
_MANY = 9  # members of an open list that can be marked one by one
_PERSONS = 3  # of each kind that the form asks of; more where somebody has coded more


def interface(codebook: Codebook, entries: Iterable[Entry]) -> str:
    """The XML of the interface: what the form asks, and every field and person besides that `entries` know."""
    said = list(entries)
    coded = {(entry.unit, entry.variable) for entry in said}
    asked = {(unit, field.name) for group in load_form().groups for unit in _units(group) for field in group.fields}
    units = sorted({unit for unit, _ in asked | coded}, key=_order)
    fields = [(unit, v) for unit in units for v in codebook.of_unit(unit.partition(":")[0]) if (unit, v.name) in asked | coded]
    view = Element("View")
    SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"
    SubElement(view, "Text", name=TEXT, value="$text")
    titled = [(unit, variable, _title(codebook, unit, variable)) for unit, variable in fields]
    _words(view, titled)
    for field in titled:
        _control(view, *field)
    _aside(view, titled, sorted({(entry.unit, entry.variable) for entry in said if entry.note} | {("case", "")}))
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _units(group: Group) -> list[str]:
    return ["case"] if group.unit == "case" else [f"{group.unit}:{number}" for number in range(1, _PERSONS + 1)]


def _order(unit: str) -> tuple[str, int]:
    kind, _, number = unit.partition(":")
    return kind, int(number or 0)


def _title(codebook: Codebook, unit: str, variable: Variable) -> str:
    """What a field is called on the screen, such as 被害人 2 角色."""
    kind, _, number = unit.partition(":")
    return f"{codebook.units[kind].zh} {number} {variable.zh}" if number else variable.zh


def _words(view: Element, fields: Iterable[Titled]) -> None:
    """The labels for words: of each value that the codebook lists, of the field alone, of each member of an open list."""
    labels = SubElement(view, "Labels", name=WORDS, toName=TEXT)
    for unit, variable, title in fields:
        name = field_name(unit, variable.name)
        SubElement(labels, "Label", value=title, alias=name)
        for value, shown in _choices(variable):
            SubElement(labels, "Label", value=f"{title}：{shown}", alias=f"{name}={value}")
        if variable.kind == "list" and not is_closed(variable):
            for number in range(1, _MANY + 1):
                SubElement(labels, "Label", value=f"{title} {number}", alias=f"{name}#{number}")


def _choices(variable: Variable) -> list[tuple[str, str]]:
    """(value, what it is called) of each value that the codebook lists."""
    return [(value.name, value.zh) for value in variable.values] or [(name, _FLAGS[name]) for name in variable.names]


def _control(view: Element, unit: str, variable: Variable, title: str) -> None:
    """The control of one field, under its name."""
    SubElement(view, "Header", value=title, size="5")
    about = {"name": control(unit, variable.name), "toName": TEXT}
    if is_closed(variable):
        choices = SubElement(view, "Choices", about, choice="multiple" if variable.kind == "list" else "single", showInline="true")
        definitions = {value.name: value.definition_zh for value in variable.values}
        for value, shown in _choices(variable):
            SubElement(choices, "Choice", value=shown, alias=value, hint=definitions.get(value, variable.definition_zh))
    elif variable.kind == "integer":
        SubElement(view, "Number", about)
    else:
        SubElement(view, "TextArea", about, maxSubmissions="100" if variable.kind == "list" else "1", editable="true")


def _aside(view: Element, fields: list[Titled], noted: list[tuple[str, str]]) -> None:
    """What is said beside values: doubts, lists known to be empty, notes, and who has coded."""
    for name, heading in ((UNSURE, "不确定"), (EMPTY, "已知为空")):
        SubElement(view, "Header", value=heading, size="5")
        choices = SubElement(view, "Choices", name=name, toName=TEXT, choice="multiple", showInline="true")
        for unit, variable, title in fields:
            SubElement(choices, "Choice", value=title, alias=field_name(unit, variable.name))
    for unit, name in noted:
        SubElement(view, "Header", value=f"备注 {field_name(unit, name)}", size="5")
        SubElement(view, "TextArea", name=f"{NOTE}__{control(unit, name)}", toName=TEXT, maxSubmissions="1", editable="true")
    SubElement(view, "Header", value="编码员", size="5")
    SubElement(view, "TextArea", name=CODER, toName=TEXT, maxSubmissions="1", editable="true")
