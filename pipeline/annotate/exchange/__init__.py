"""Codings in the forms of other programs: Label Studio, doccano, plain JSON lines and CSV, the committed form, the flat codings to train on."""

from pipeline.annotate.exchange.forms import FORMS, Form, named, recognised
from pipeline.annotate.exchange.labelstudio_config import interface
from pipeline.annotate.exchange.nouns import ADJUDICATED, CodedJudgment, Reading, Texts, is_voice, text_hash

__all__ = ["ADJUDICATED", "FORMS", "CodedJudgment", "Form", "Reading", "Texts", "interface", "is_voice", "named", "recognised", "text_hash"]
