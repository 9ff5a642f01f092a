"""The labelling interface that fits an export to Label Studio: its controls, with the codebook's Chinese names and definitions."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pipeline.annotate.exchange.keys import field_name, is_closed
from pipeline.annotate.exchange.labelstudio import CODER, EMPTY, NOTE, TEXT, UNSURE, WORDS, control
from pipeline.codebook import Codebook, Variable
from pipeline.schema import Entry

_FLAGS = {"0": "否", "1": "是"}
_MANY = 9  # members of an open list that can be marked one by one


def interface(codebook: Codebook, entries: Iterable[Entry]) -> str:
    """The XML of the interface, with the fields of the case and of every person whom `entries` know (at least one of each)."""
    said = list(entries)
    units = ["case", *sorted({entry.unit for entry in said if entry.unit != "case"} | {"defendant:1", "victim:1"}, key=_order)]
    fields = [(unit, variable) for unit in units for variable in codebook.of_unit(unit.partition(":")[0]) if not variable.derived]
    view = Element("View")
    SubElement(view, "Style").text = ".htx-text{ white-space: pre-wrap; }"
    SubElement(view, "Text", name=TEXT, value="$text")
    _words(view, fields)
    for unit, variable in fields:
        _control(view, unit, variable)
    _aside(view, fields, sorted({(entry.unit, entry.variable) for entry in said if entry.note} | {("case", "")}))
    indent(view)
    return tostring(view, encoding="unicode") + "\n"


def _order(unit: str) -> tuple[str, int]:
    kind, _, number = unit.partition(":")
    return kind, int(number)


def _words(view: Element, fields: Iterable[tuple[str, Variable]]) -> None:
    """The labels for words: of each value that the codebook lists, of the field alone, of each member of an open list."""
    labels = SubElement(view, "Labels", name=WORDS, toName=TEXT)
    for unit, variable in fields:
        name = field_name(unit, variable.name)
        SubElement(labels, "Label", value=f"{unit} {variable.zh}", alias=name)
        for value, shown in _choices(variable):
            SubElement(labels, "Label", value=f"{unit} {variable.zh}：{shown}", alias=f"{name}={value}")
        if variable.kind == "list" and not is_closed(variable):
            for number in range(1, _MANY + 1):
                SubElement(labels, "Label", value=f"{unit} {variable.zh} {number}", alias=f"{name}#{number}")


def _choices(variable: Variable) -> list[tuple[str, str]]:
    """(value, what it is called) of each value that the codebook lists."""
    return [(value.name, value.zh) for value in variable.values] or [(name, _FLAGS[name]) for name in variable.names]


def _control(view: Element, unit: str, variable: Variable) -> None:
    """The control of one field, under its name."""
    SubElement(view, "Header", value=f"{unit} {variable.zh}", size="5")
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


def _aside(view: Element, fields: list[tuple[str, Variable]], noted: list[tuple[str, str]]) -> None:
    """What is said beside values: doubts, lists known to be empty, notes, and who has coded."""
    for name, title in ((UNSURE, "不确定"), (EMPTY, "已知为空")):
        SubElement(view, "Header", value=title, size="5")
        choices = SubElement(view, "Choices", name=name, toName=TEXT, choice="multiple", showInline="true")
        for unit, variable in fields:
            SubElement(choices, "Choice", value=f"{unit} {variable.zh}", alias=field_name(unit, variable.name))
    for unit, name in noted:
        SubElement(view, "Header", value=f"备注 {field_name(unit, name)}", size="5")
        SubElement(view, "TextArea", name=f"{NOTE}__{control(unit, name)}", toName=TEXT, maxSubmissions="1", editable="true")
    SubElement(view, "Header", value="编码员", size="5")
    SubElement(view, "TextArea", name=CODER, toName=TEXT, maxSubmissions="1", editable="true")
