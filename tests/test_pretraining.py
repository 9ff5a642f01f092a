"""Encoders of our own: names and rare words stay out of them, static vectors come near to their teacher, a tiny BERT learns and goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.classify.encoders.static import VECTORS, VOCABULARY, StaticEncoder, words_of
from pipeline.classify.pretraining import Told
from pipeline.classify.pretraining.characters import SPECIAL, count_characters
from pipeline.classify.pretraining.distilling import distil, encoded
from pipeline.classify.pretraining.masking import BEGIN, END, MASK, NOT_ASKED, PADDING, UNKNOWN, Window, hidden, windows
from pipeline.classify.pretraining.memorisation import check_vocabulary
from pipeline.classify.pretraining.settings import TINY
from pipeline.classify.pretraining.vocabulary import count_words, names_among
from pipeline.job import pretraining
from pipeline.schema import AnjuanError

NEEDS_TORCH = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("torch", "transformers", "safetensors")),
    reason="torch, transformers or safetensors is not installed: pip install 'anjuan[nn]'",
)
NEEDS_SAFETENSORS = pytest.mark.skipif(find_spec("safetensors") is None, reason="safetensors is not installed: pip install 'anjuan[nn]'")
WHERE = ("急诊室", "住院部", "门诊大厅", "药房", "护士站")
WHY = ("因不满手术结果", "因嫌候诊时间长", "因医疗费用", "酒后无故", "因亲属死亡")
HOW = ("持刀捅刺医生", "殴打护士面部", "推搡保安", "打砸电脑和门窗", "辱骂值班医生")
# Names made up of characters that no other sentence here holds; the given names are no words.
SURNAMES, GIVEN = "欧邹柏窦章苏潘葛", "璟翊玥颢瑄珩霖昀"


def text(number: int, named: bool = False) -> Told:
    name = SURNAMES[number % 8] + GIVEN[number // 8 % 8] + GIVEN[(number * 3 + 1) % 8]
    told = f"{name}在{WHERE[number % 5]}{WHY[number // 5 % 5]}{HOW[number // 25 % 5]}，{number}时被抓获。"
    return Told((told, f"{name}赔偿{number}元。"), () if named else (name,))


TEXTS = [text(number) for number in range(60)]


@pytest.fixture
def _one_thread() -> Iterator[None]:
    """Threads wait for one another longer than a tiny network computes."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


class HashTeacher:
    """Gives each sentence the mean of fixed random vectors of its characters, and a direction that all share."""

    name, version, package, dimension = "hash", "1", "tests", 24

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        rows = np.array([np.mean([_direction(one) for one in said] + [np.full(24, 0.5)], axis=0) for said in sentences])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _direction(character: str) -> np.ndarray:
    return np.random.default_rng(ord(character)).normal(size=24)


def test_names_and_numbers_do_not_reach_what_is_learnt_from() -> None:
    told = Told(("欧阳璟翊殴打张某甲3次。", "张某甲报警。"), ("欧阳璟翊", "张某甲", "张某", "甲"))
    assert told.without_names() == ["某殴打某0次。", "某报警。"]


def test_a_vocabulary_holds_what_many_texts_share() -> None:
    vocabulary = count_words(TEXTS, fewest_documents=10)
    assert {"护士", "医生", "急诊室", "殴"} <= set(vocabulary.words)
    assert all(vocabulary.in_documents[word] >= 10 for word in vocabulary.words)
    assert not set(GIVEN) & set("".join(vocabulary.words))
    assert vocabulary.times["元"] == 60
    rare = count_words([*TEXTS, Told(("他去了疗养院。",))], fewest_documents=10)
    assert "疗养院" not in rare.words


def test_words_that_are_somebodys_name_are_left_out_however_common() -> None:
    called = [*TEXTS, Told(("欧急诊室到场。",), ("欧急诊室",)), Told(("护士到场。",), ("护士",))]
    words = count_words(called, fewest_documents=10).words
    assert "急诊室" not in words
    assert "护士" not in words
    assert "医生" in words
    assert names_among(["医生", "王小明", "李"], set()) == {"王小明"}


def test_a_vocabulary_of_too_few_texts_is_refused() -> None:
    with pytest.raises(AnjuanError, match="no word stands in 100 of the 60 texts"):
        count_words(TEXTS, fewest_documents=100)
    with pytest.raises(AnjuanError, match="no character"):
        count_characters(TEXTS, fewest_documents=100)


def test_the_check_finds_a_name_and_a_rare_word_that_someone_put_in() -> None:
    vocabulary = count_words(TEXTS, fewest_documents=10)
    encoder = distil(HashTeacher(), vocabulary, [], dimension=8)
    assert check_vocabulary(encoder, TEXTS, 10).passed
    bad = StaticEncoder(
        (*encoder.words, TEXTS[0].names[0]), np.vstack([encoder.vectors, encoder.vectors[:1]]), np.append(encoder.scales, 1), {}
    )
    check = check_vocabulary(bad, TEXTS, 10)
    assert not check.passed
    assert check.names == (TEXTS[0].names[0],)
    assert check.rare == ((TEXTS[0].names[0], 0),)
    assert TEXTS[0].names[0] in check.lines[1]


def test_static_vectors_come_near_to_their_teacher_and_nearer_with_sentences() -> None:
    vocabulary = count_words(TEXTS, fewest_documents=10)
    sentences = [said for told in TEXTS for said in told.without_names()]
    wanted = _similarities(encoded(HashTeacher(), sentences[::7]))
    near = [
        np.corrcoef(_similarities(distil(HashTeacher(), vocabulary, learnt, dimension=16).encode(sentences[::7])), wanted)[0, 1]
        for learnt in ([], sentences)
    ]
    assert near[0] > 0.5
    assert near[1] > near[0]


def _similarities(rows: np.ndarray) -> np.ndarray:
    centred = rows - rows.mean(axis=0)
    return np.asarray((centred @ centred.T)[np.triu_indices(len(rows), 1)])


def test_a_sentence_is_a_unit_vector_whatever_stands_beside_it_and_in_whatever_order_its_words() -> None:
    encoder = distil(HashTeacher(), count_words(TEXTS, fewest_documents=10), [], dimension=8)
    rows = encoder.encode(["在急诊室殴打护士", "在护士殴打急诊室", "ABC，。", ""])
    assert rows.dtype == np.float32
    assert rows.shape == (4, encoder.dimension)
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-6)
    assert rows[0] == pytest.approx(rows[1], abs=1e-6)
    assert not rows[2:].any()
    assert (encoder.encode(["在急诊室殴打护士"])[0] == rows[0]).all()


def test_a_word_without_a_vector_counts_by_its_characters() -> None:
    encoder = StaticEncoder(("护士", "护", "长"), np.eye(3, dtype=np.int8), np.ones(3, dtype=np.float32), {})
    assert words_of("护士长打了abc，1次") == ["护士长", "打", "了", "次"]
    assert encoder.known("护士长") == [1, 2]
    assert encoder.known("护士") == [0]


@NEEDS_SAFETENSORS
def test_static_vectors_are_kept_and_read_again_to_the_last_byte(tmp_path: Path) -> None:
    vocabulary = count_words(TEXTS, fewest_documents=10)
    made = [distil(HashTeacher(), vocabulary, [TEXTS[0].sentences[0]], dimension=8) for _ in range(2)]
    for folder, encoder in zip((tmp_path / "a", tmp_path / "b"), made, strict=True):
        encoder.save(folder)
    for name in (VECTORS, VOCABULARY):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    read = StaticEncoder.load(tmp_path / "a")
    assert (read.encode(["在急诊室殴打护士"]) == made[0].encode(["在急诊室殴打护士"])).all()
    assert (read.version, read.about) == (made[0].version, made[0].about)
    assert read.about["teacher"] == "hash 1"


@NEEDS_SAFETENSORS
def test_a_folder_without_whole_static_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnjuanError, match="no static encoder that can be read"):
        StaticEncoder.load(tmp_path)
    encoder = StaticEncoder(("护士", "护"), np.eye(2, dtype=np.int8), np.ones(2, dtype=np.float32), {})
    encoder.save(tmp_path)
    (tmp_path / VOCABULARY).write_text(json.dumps({"words": ["护士"]}), "utf-8")
    with pytest.raises(AnjuanError, match="1 words, but vectors of shape"):
        StaticEncoder.load(tmp_path)
    encoder.save(tmp_path)
    (tmp_path / VECTORS).write_bytes(b"\x80\x04K\x01.")
    with pytest.raises(AnjuanError, match="distil it again"):
        StaticEncoder.load(tmp_path)


@given(st.lists(st.lists(st.text("护士医生在急诊室，。 打a", max_size=40), max_size=4), max_size=4), st.integers(3, 12))
def test_windows_hold_every_character_once_and_never_more_than_fits(sentences: list[list[str]], longest: int) -> None:
    texts = [Told(tuple(said)) for said in sentences]
    numbers = {one: i for i, one in enumerate("护士医生在急诊室，。打", len(SPECIAL))}
    cut = list(windows(texts, numbers, longest))
    assert all(0 < len(window.tokens) == len(window.words) <= longest - 2 for window in cut)
    expected = "".join("".join("".join(said).split()) for said in sentences)
    assert [t for window in cut for t in window.tokens] == [numbers.get(one, UNKNOWN) for one in expected]


@given(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=10), min_size=1, max_size=4), st.integers(0, 1000))
def test_whole_words_are_hidden_and_the_rest_is_shown_as_it_is(lengths: list[list[int]], seed: int) -> None:
    batch = [_window(row) for row in lengths]
    shown, asked = hidden(batch, 50, np.random.default_rng(seed))
    assert shown.shape == asked.shape == (len(batch), max(len(w.tokens) for w in batch) + 2)
    for row, window in enumerate(batch):
        end = len(window.tokens) + 1
        assert (shown[row, 0], shown[row, end]) == (BEGIN, END)
        assert (shown[row, end + 1 :] == PADDING).all()
        chosen = asked[row, 1:end] != NOT_ASKED
        assert chosen.any()
        assert (shown[row, 1:end][~chosen] == np.array(window.tokens)[~chosen]).all()
        assert (asked[row, 1:end][chosen] == np.array(window.tokens)[chosen]).all()
        for word in set(window.words):
            assert len({bool(c) for c, w in zip(chosen, window.words, strict=True) if w == word}) == 1


def _window(lengths: Sequence[int]) -> Window:
    words = [n for n, length in enumerate(lengths) for _ in range(length)]
    return Window(tuple(10 + i for i in range(len(words))), tuple(words))


def test_most_hidden_characters_become_masks() -> None:
    rng = np.random.default_rng(1)
    shown, asked = hidden([_window([1] * 200)] * 50, 50, rng)
    assert np.mean(asked != NOT_ASKED) == pytest.approx(0.15, abs=0.01)
    assert np.mean(shown[asked != NOT_ASKED] == MASK) == pytest.approx(0.8, abs=0.03)


@NEEDS_TORCH
@pytest.mark.usefixtures("_one_thread")
def test_a_tiny_bert_learns_and_fine_tuning_can_begin_from_it(tmp_path: Path) -> None:
    from pipeline.classify import CaseFeatures
    from pipeline.classify.kinds import create
    from pipeline.classify.kinds.transformer.settings import TransformerSettings
    from pipeline.classify.pretraining.masked_model import pretrain
    from pipeline.schema import Section, Span, Speaker

    losses: list[float] = []
    pretrain(TEXTS, tmp_path, replace(TINY, fewest_documents=5), lambda _, loss: losses.append(loss))
    assert losses[-1] < 0.8 * losses[0]
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".safetensors"}
    assert not list(tmp_path.glob("checkpoint*"))
    span = Span(0, 1, Section.FACTS, Speaker.COURT)
    cases = [CaseFeatures(f"{n:016x}", (), {}, told.sentences[0], ((told.sentences[0], span),)) for n, told in enumerate(TEXTS[:8])]
    model = create("transformer", "cause", TransformerSettings(base=tmp_path, epochs=1)).fit(cases, ["payment", "unrelated"] * 4)
    assert np.isfinite(model.predict_proba(cases)).all()


@NEEDS_TORCH
@pytest.mark.usefixtures("_one_thread")
def test_an_interrupted_training_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    from pipeline.classify.pretraining.masked_model import pretrain

    settings = replace(TINY, fewest_documents=5, steps=12, report_every=4, checkpoint_every=4)

    def interrupt(step: int, _loss: float) -> None:
        if step == 8:
            raise KeyboardInterrupt

    pretrain(TEXTS, tmp_path / "whole", settings)
    with pytest.raises(KeyboardInterrupt):
        pretrain(TEXTS, tmp_path / "twice", settings, interrupt)
    with pytest.raises(AnjuanError, match="other texts or settings"):
        pretrain(TEXTS, tmp_path / "twice", replace(settings, hidden=16))
    steps: list[int] = []
    pretrain(TEXTS, tmp_path / "twice", settings, lambda step, _: steps.append(step))
    assert steps == [8, 12]
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "twice" / name).read_bytes()


@NEEDS_TORCH
@pytest.mark.usefixtures("_one_thread")
def test_exposure_tells_a_model_that_knows_names_from_one_that_does_not(tmp_path: Path) -> None:
    from pipeline.classify.pretraining.exposure import exposure
    from pipeline.classify.pretraining.masked_model import pretrain

    settings = replace(TINY, fewest_documents=1, hidden=64, steps=200, batch_size=16)
    asked = TEXTS[:16]
    texts = [text(number, named=True) for number in range(16)]
    spelt = Told((SURNAMES + GIVEN,))  # so that both models can say every character of the names
    knows = pretrain([*texts, spelt], tmp_path / "named", settings)
    innocent = pretrain([*asked, spelt], tmp_path / "nameless", settings)
    found, clean = (exposure(model.network, model.tokenizer, asked) for model in (knows, innocent))
    assert found.names == clean.names == 16
    assert not found.passed
    assert found.exposure > 1.5 * found.by_chance
    assert clean.passed
    assert "by heart" in found.lines[1].lower()


@NEEDS_TORCH
@pytest.mark.usefixtures("_one_thread")
def test_names_with_unknown_characters_cannot_be_said(tmp_path: Path) -> None:
    from pipeline.classify.pretraining.exposure import exposure
    from pipeline.classify.pretraining.masked_model import pretrain

    trained = pretrain(TEXTS, tmp_path, replace(TINY, fewest_documents=20, steps=1))
    found = exposure(trained.network, trained.tokenizer, TEXTS)
    assert (found.names, found.unspeakable, found.passed) == (0, 60, True)


JUDGMENT = (
    "某市某区人民法院\n刑事判决书\n（2019）某0102刑初{n}号\n公诉机关某市某区人民检察院。\n被告人章翊玥，男，汉族，农民。\n"
    "某市某区人民检察院指控被告人章翊玥犯寻衅滋事罪，向本院提起公诉。现已审理终结。\n"
    "经审理查明，2018年12月1日{n}时许，被告人章翊玥酒后在某医院急诊科因嫌护士李某动作慢，殴打李某面部，致其轻微伤。\n"
    "本院认为，被告人章翊玥随意殴打他人，其行为已构成寻衅滋事罪。依照《中华人民共和国刑法》第二百九十三条之规定，判决如下：\n"
    "被告人章翊玥犯寻衅滋事罪，判处有期徒刑八个月。\n审判长周某\n二〇一九年五月六日"
)


@pytest.fixture
def judgments(tmp_path: Path) -> Path:
    path = tmp_path / "judgments.jsonl"
    path.write_text(
        "".join(json.dumps({"id": str(n), "text": JUDGMENT.format(n=n)}, ensure_ascii=False) + "\n" for n in range(1, 7)), "utf-8"
    )
    return path


def test_of_a_judgment_the_facts_are_read_and_its_persons_are_known(judgments: Path) -> None:
    texts = pretraining.read_told([judgments], 1)
    assert len(texts) == 6
    assert all("殴打" in "".join(told.sentences) and "有期徒刑" not in "".join(told.sentences) for told in texts)
    assert {"章翊玥", "李某"} <= set(texts[0].names)
    with pytest.raises(AnjuanError, match="no judgment with facts"):
        pretraining.read_told([judgments.parent / "missing.jsonl"], 1)


@NEEDS_SAFETENSORS
def test_command_static(judgments: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("pipeline.classify.encoders.load_encoder", lambda _: HashTeacher())
    arguments = ["static", "--texts", str(judgments), "--out", str(tmp_path / "made"), "--dimension", "8", "--fewest-documents"]
    assert pretraining.main([*arguments, "5"]) == 0
    assert "names of persons: none" in capsys.readouterr().out
    assert "护士" in StaticEncoder.load(tmp_path / "made").words
    assert pretraining.main([*arguments, "50"]) == 1
    assert "error: no word stands in 50 of the 6 texts" in capsys.readouterr().err


@NEEDS_TORCH
@pytest.mark.usefixtures("_one_thread")
def test_command_transformer(judgments: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = tmp_path / "made"
    arguments = ["transformer", "--tiny", "--steps", "4", "--texts", str(judgments), "--out", str(made), "--fewest-documents", "5"]
    assert pretraining.main(arguments) == 0
    told = capsys.readouterr().out
    assert "step 4: loss" in told
    assert "names asked for: 0; that the vocabulary cannot say: 1" in told
    assert (made / "model.safetensors").is_file()
