"""The fine-tuned transformer: a tiny real BERT and tokenizer made here learn on the CPU; no network, no pickle, the same bytes again."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import socket
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.classify import CaseFeatures
from pipeline.classify.kinds import create, kind_of_model
from pipeline.classify.kinds.transformer.model import TransformerModel
from pipeline.classify.kinds.transformer.settings import TransformerSettings
from pipeline.classify.kinds.transformer.windows import windows
from pipeline.schema import AnjuanError, Label, Section, Span, Speaker

NEEDS_TORCH = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "transformers", "safetensors")),
    reason="torch, transformers or safetensors is not installed: pip install 'anjuan[nn]'",
)
HATRED, REACTIVE = "其因不满手术结果怀恨在心，持刀报复医生。", "其嫌候诊时间长，与护士发生口角后推搡护士。"
FILLER = (
    "当日下午天气晴朗。",
    "该院门诊大厅人员较多。",
    "某甲在家中吃过午饭。",
    "某乙随后驾车前往。",
    "走廊内有多名群众。",
    "保安在旁边劝说。",
)
CHARACTERS = sorted(set("".join((HATRED, REACTIVE, *FILLER))))
SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@pytest.fixture(scope="session")
def _one_thread() -> Iterator[None]:
    """Threads wait for one another longer than a tiny network computes."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def tokenizer() -> Any:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordPiece({t: i for i, t in enumerate((*SPECIAL, *CHARACTERS))}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.post_processor = processors.TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]"}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=66, **names)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory, _one_thread: None) -> Path:
    """A directory as it is downloaded from a hub: BERT of 2 layers, 32 wide, over characters, with windows of at most 64 tokens."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("models") / "tiny-bert"
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(SPECIAL) + len(CHARACTERS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=66,
    )
    BertModel(config).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


def tiny(base: Path, **constants: Any) -> TransformerSettings:
    usual = {"epochs": 8, "learning_rate": 3e-3, "head_rate": 1e-2, "max_length": 64, "embeddings": True}
    return TransformerSettings(str(base), **(usual | constants))


def case(number: int, telling: str, fillers: int = 2, last: bool = False, labels: tuple[Label, ...] = ()) -> CaseFeatures:
    drawn = random.Random(number)
    told = [drawn.choice(FILLER) for _ in range(fillers)]
    told.insert(len(told) if last else drawn.randint(0, len(told)), telling)
    spans = [Span(i, i + 1, Section.FACTS, Speaker.COURT, "r") for i in range(len(told))]
    return CaseFeatures(f"{number:016x}", labels, {}, "".join(told), tuple(zip(told, spans, strict=True)))


def toy(count: int, **how: Any) -> tuple[list[CaseFeatures], list[str]]:
    values = ["hatred" if i % 2 else "reactive" for i in range(count)]
    return [case(i, HATRED if value == "hatred" else REACTIVE, **how) for i, value in enumerate(values)], values


@pytest.fixture(scope="session")
def trained(base: Path) -> TransformerModel:
    model = TransformerModel("attack_type", tiny(base))
    return model.fit(*toy(40))


def answers(model: Any, cases: list[CaseFeatures]) -> list[str]:
    return [model.classes[i] for i in model.predict_proba(cases).argmax(axis=1)]


@NEEDS_TORCH
def test_it_learns_what_the_text_tells(trained: TransformerModel) -> None:
    unseen = [case(100 + i, HATRED if i % 2 else REACTIVE, fillers=3) for i in range(12)]
    assert answers(trained, unseen) == ["hatred" if i % 2 else "reactive" for i in range(12)]
    assert trained.predict_proba(unseen).sum(axis=1) == pytest.approx(1)


@NEEDS_TORCH
def test_the_telling_sentence_at_the_end_of_a_long_text_is_read(base: Path) -> None:
    cases, values = toy(30, fillers=70, last=True)
    assert min(len(case.text) for case in cases) > 600  # a cut at 512 tokens, let alone at this BERT's 64, would leave nothing that tells
    model = TransformerModel("attack_type", tiny(base, epochs=14, batch_size=4, patience=14)).fit(cases, values)
    unseen, coded = toy(8, fillers=75, last=True)
    assert answers(model, unseen) == coded
    assert model.explain(unseen[1], "hatred").sentences[0][0] == 75


@NEEDS_TORCH
def test_the_sentence_that_tells_is_named(trained: TransformerModel) -> None:
    asked = case(7, HATRED, fillers=4)
    place, weight = trained.explain(asked, "hatred").sentences[0]
    assert asked.sentences[place][0] == HATRED
    assert weight > 0
    assert place not in [i for i, _ in trained.explain(asked, "reactive").sentences[:1]]


@NEEDS_TORCH
def test_extracted_variables_are_learnt_beside_the_text_and_named(base: Path) -> None:
    causes = ["treatment_outcome" if i % 2 else "payment" for i in range(40)]
    cases = [case(i, FILLER[0], labels=(Label("case", "cause", cause),)) for i, cause in enumerate(causes)]
    values = ["hatred" if i % 2 else "reactive" for i in range(40)]
    model = TransformerModel("attack_type", tiny(base, epochs=6, learning_rate=1e-5, head_rate=0.05)).fit(cases, values)
    assert answers(model, cases) == values
    assert "cause=treatment_outcome" in [name for name, _ in model.explain(cases[1], "hatred").variables]
    without = TransformerModel("attack_type", tiny(base, epochs=2, values=False)).fit(cases, values)
    assert without.explain(cases[1], "hatred").variables == ()


@NEEDS_TORCH
@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("".join(CHARACTERS) + "×", max_size=90), max_size=12), st.integers(3, 64))
def test_windows_hold_every_token_once_in_order_and_none_is_too_long(sentences: list[str], length: int) -> None:
    made = tokenizer()
    found = windows(made, sentences, length, most=10_000)
    assert found
    assert all(len(ids) <= length and (ids[0], ids[-1]) == (2, 3) for ids in found)
    told = [token for sentence in sentences for token in made(sentence, add_special_tokens=False)["input_ids"]]
    assert [token for ids in found for token in ids[1:-1]] == told


@NEEDS_TORCH
def test_windows_end_where_sentences_end_and_more_than_allowed_are_spread() -> None:
    made, sentences = tokenizer(), [FILLER[i % len(FILLER)] for i in range(40)]
    ends = set(made("。", add_special_tokens=False)["input_ids"])
    found = windows(made, sentences, 30, most=10_000)
    assert all(ids[-2] in ends for ids in found)
    few = windows(made, sentences, 30, most=4)
    assert len(few) == 4
    assert (few[0], few[-1]) == (found[0], found[-1])
    assert windows(made, sentences, 30, most=1) == found[:1]
    with pytest.raises(AnjuanError, match="max_length"):
        windows(made, sentences, 2, most=4)


@NEEDS_TORCH
def test_the_same_data_and_seed_give_the_same_bytes_and_another_seed_others(base: Path, tmp_path: Path) -> None:
    import torch

    written = []
    for number, seed in enumerate((1, 1, 2)):
        torch.rand(number)  # the caller's random state must not matter
        TransformerModel("attack_type", tiny(base, epochs=2, seed=seed)).fit(*toy(24)).save(tmp_path / str(number))
        written.append({p.name: p.read_bytes() for p in (tmp_path / str(number)).iterdir()})
    assert written[0] == written[1]
    assert written[0]["model.safetensors"] != written[2]["model.safetensors"]
    state = torch.get_rng_state()
    TransformerModel("attack_type", tiny(base, epochs=1)).fit(*toy(24))
    assert torch.equal(state, torch.get_rng_state())
    assert not torch.are_deterministic_algorithms_enabled()


@NEEDS_TORCH
def test_a_kept_model_answers_as_before_and_holds_no_path_and_no_pickle(trained: TransformerModel, base: Path, tmp_path: Path) -> None:
    trained.save(tmp_path)
    again = kind_of_model("transformer").load(tmp_path)
    cases, _ = toy(6, fillers=5)
    assert again.predict_proba(cases) == pytest.approx(trained.predict_proba(cases), abs=1e-6)
    assert (again.variable, again.classes, again.settings) == (trained.variable, trained.classes, trained.settings)
    assert again.settings.base == "tiny-bert"
    assert {"config.json", "model.safetensors", "tokenizer.json", "transformer.json"} <= {path.name for path in tmp_path.iterdir()}
    for path in tmp_path.iterdir():
        assert str(base.parent).encode() not in path.read_bytes()
        assert path.suffix in {".json", ".safetensors"}


@NEEDS_TORCH
@pytest.mark.parametrize("name", ["optimizer.pt", "pytorch_model.bin", "model.pkl", "training_args.bin"])
def test_a_folder_with_a_pickle_is_not_loaded(trained: TransformerModel, name: str, tmp_path: Path) -> None:
    trained.save(tmp_path)
    (tmp_path / name).write_bytes(pickle.dumps({}))
    with pytest.raises(AnjuanError, match=name):
        TransformerModel.load(tmp_path)


@NEEDS_TORCH
@pytest.mark.parametrize(
    ("name", "damaged", "complaint"),
    [
        ("model.safetensors", b"\x08\x00", "cannot be read"),
        ("model.safetensors", None, "lacks model.safetensors"),
        ("config.json", b"{", "cannot be read"),
        ("config.json", b'{"model_type": "bert", "vocab_size": 9}', "cannot be read"),
        ("tokenizer.json", b"{}", "cannot be read"),
        ("tokenizer.json", None, "lacks the tokenizer"),
        ("transformer.json", b'{"variable": "attack_type"}', "transformer.json cannot be read"),
        ("transformer.json", None, "transformer.json cannot be read"),
    ],
)
def test_a_damaged_folder_is_refused_in_one_line(
    trained: TransformerModel, name: str, damaged: bytes | None, complaint: str, tmp_path: Path
) -> None:
    trained.save(tmp_path)
    (tmp_path / name).unlink()
    if damaged is not None:
        (tmp_path / name).write_bytes(damaged)
    with pytest.raises(AnjuanError, match=complaint) as error:
        TransformerModel.load(tmp_path)
    assert "\n" not in str(error.value)


@NEEDS_TORCH
def test_a_base_that_holds_a_pickle_or_lacks_a_part_is_refused(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    with pytest.raises(AnjuanError, match="not a directory"):
        TransformerModel("attack_type", tiny(folder)).fit(*toy(20))
    shutil.copytree(base, folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(AnjuanError, match=r"pytorch_model.bin\), which is never loaded; convert"):
        TransformerModel("attack_type", tiny(folder)).fit(*toy(20))
    (folder / "pytorch_model.bin").unlink()
    (folder / "config.json").unlink()
    with pytest.raises(AnjuanError, match=r"lacks config\.json, model\.safetensors"):
        TransformerModel("attack_type", tiny(folder)).fit(*toy(20))


@NEEDS_TORCH
def test_a_base_whose_weights_are_another_models_is_refused(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    shutil.copytree(base, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}), "utf-8")
    with pytest.raises(AnjuanError, match="the weights lack"):
        TransformerModel("attack_type", tiny(folder)).fit(*toy(20))


@NEEDS_TORCH
def test_code_that_a_base_brings_along_is_not_run(base: Path, tmp_path: Path) -> None:
    folder = tmp_path / "base"
    shutil.copytree(base, folder)
    config = json.loads((folder / "config.json").read_text("utf-8"))
    foreign = {"model_type": "foreign", "auto_map": {"AutoConfig": "foreign.Config", "AutoModel": "foreign.Model"}}
    (folder / "config.json").write_text(json.dumps(config | foreign), "utf-8")
    (folder / "foreign.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", "utf-8")
    with pytest.raises(AnjuanError, match="cannot be read"):
        TransformerModel("attack_type", tiny(folder)).fit(*toy(20))
    assert not (tmp_path / "ran").exists()


@NEEDS_TORCH
def test_nothing_is_asked_of_a_network(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(socket.socket, "connect", lambda _, address: asked.append(address))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *address, **_: asked.append(address))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    TransformerModel("attack_type", tiny(base, epochs=1)).fit(*toy(20)).save(tmp_path)
    TransformerModel.load(tmp_path)
    assert asked == []
    assert "HF_HUB_OFFLINE" not in os.environ


@NEEDS_TORCH
def test_training_stops_early_and_keeps_the_best_weights(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.classify.kinds.transformer import learning

    losses = iter([0.9, 0.5, 0.6, 0.7, 0.8, 0.9])
    monkeypatch.setattr(learning.Steps, "held_out_loss", lambda _: next(losses))
    stopped = TransformerModel("attack_type", tiny(base, epochs=6, patience=2)).fit(*toy(40))
    assert stopped.epochs == 2
    assert next(losses) == 0.8  # the fourth epoch was the last


@NEEDS_TORCH
def test_word_vectors_and_lower_layers_can_stay_as_they_were_pretrained(base: Path, tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    TransformerModel("attack_type", tiny(base, epochs=1, layers=1, embeddings=False)).fit(*toy(20)).save(tmp_path)
    before, after = load_file(base / "model.safetensors"), load_file(tmp_path / "model.safetensors")
    same = {name for name, weights in before.items() if (weights == after[f"encoder.{name}"]).all()}
    upper = "encoder.layer.1."
    assert same == {name for name in before if not name.startswith(upper)}


@NEEDS_TORCH
def test_groups_are_held_out_whole_and_few_cases_are_all_learnt_from() -> None:
    from pipeline.classify.kinds.transformer.learning import hold_out

    columns, groups = [i // 2 % 2 for i in range(120)], [f"g{i // 2}" for i in range(120)]
    held = hold_out(columns, groups, 1)
    assert 8 <= len(held) <= 16
    assert {groups[i] for i in held}.isdisjoint(groups[i] for i in range(120) if i not in held)
    assert {columns[i] for i in held} == {0, 1}
    assert hold_out(columns[:18], groups[:18], 1) == []


@NEEDS_TORCH
def test_rare_classes_weigh_as_much_as_common_ones_and_bf16_learns_too(base: Path) -> None:
    cases, values = toy(40)
    rare = [i for i, value in enumerate(values) if value == "reactive" or i < 10]
    model = TransformerModel("attack_type", tiny(base, precision="bf16", patience=8)).fit(
        [cases[i] for i in rare], [values[i] for i in rare]
    )
    assert answers(model, cases) == values
    with pytest.raises(AnjuanError, match="precision 'half'"):
        TransformerModel("attack_type", tiny(base, precision="half")).fit(cases, values)


def test_without_a_model_directory_the_way_out_is_named() -> None:
    with pytest.raises(AnjuanError, match="--base"):
        create("transformer", "attack_type")
    with pytest.raises(AnjuanError, match="--base"):
        TransformerModel.choices("cause")
    assert {settings.base for settings in TransformerSettings.choices("some/model")} == {"some/model"}


def test_without_torch_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    for attempt in (
        lambda: create("transformer", "cause", TransformerSettings("base")).fit([], []),
        lambda: TransformerModel.load(tmp_path),
    ):
        with pytest.raises(AnjuanError, match=r"needs torch.*pip install 'anjuan\[nn\]'"):
            attempt()
