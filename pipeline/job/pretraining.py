"""Makes an encoder of our own out of judgments: `python -m pipeline.job.pretraining static|transformer --texts FILE... --out DIR`.

Reads the texts, takes their facts and the names in them, and gives both to `pipeline.classify.pretraining`; then checks what the encoder
may have learnt by heart, prints it, and exits with 1 when it has. No judgment's text is written anywhere.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline import engine
from pipeline.classify.pretraining import Told
from pipeline.classify.pretraining.settings import TINY, PretrainingSettings
from pipeline.classify.pretraining.vocabulary import FEWEST_DOCUMENTS
from pipeline.collect import read
from pipeline.extract import read_case
from pipeline.extract.accused.people import defendant_labels
from pipeline.extract.harm.occurrences import Occurrences
from pipeline.extract.harm.person_names import person_names
from pipeline.extract.harm.victims import victim_labels
from pipeline.schema import AnjuanError, Judgment, Section

_NAMED = frozenset({"name", "alias"})
_SHORTEST, _LONGEST = 8, 160  # characters of a sentence that a teacher is asked for


def told(judgment: Judgment) -> Told:
    """The sentences of a judgment's facts, and every name of a person that the rules find in it."""
    case = read_case(judgment)
    document = case.document
    stretches = document.findings or tuple(document.stretches(Section.PROSECUTION))
    cut = (
        document.view[max(a, start) : min(b, end)].strip()
        for start, end in stretches
        for a, b in document.sentences
        if a < end and b > start
    )
    parties = {label.value for label in (*defendant_labels(case), *victim_labels(case)) if label.variable in _NAMED}
    others = person_names(document.view, Occurrences(document.view), sorted(parties - {""}))
    return Told(tuple(sentence for sentence in cut if sentence), tuple(sorted((parties | others) - {""})))


def read_told(paths: Sequence[Path], jobs: int) -> list[Told]:
    """The facts of every judgment in the paths, each text once.

    Raises:
        AnjuanError: the paths hold no judgment.
    """
    judgments: Iterable[Judgment] = {item.judgment_id: item for item in read(list(paths)) if isinstance(item, Judgment)}.values()
    found = [text for batch in engine.run(told, judgments, jobs) for _, text in batch if isinstance(text, Told) and text.sentences]
    if not found:
        raise AnjuanError(
            f"{', '.join(map(str, paths))}: no judgment with facts in it; name files or folders that `anjuan collect` can read"
        )
    return found


def distil_static(options: argparse.Namespace) -> bool:
    """Distil static vectors and check their vocabulary; whether the check passed."""
    from pipeline.classify.encoders import load_encoder
    from pipeline.classify.pretraining.distilling import distil
    from pipeline.classify.pretraining.memorisation import check_vocabulary
    from pipeline.classify.pretraining.vocabulary import count_words

    teacher, texts = load_encoder(options.encoder), read_told(options.texts, options.jobs)
    sentences = sorted({said for text in texts for said in text.without_names() if _SHORTEST <= len(said) <= _LONGEST})
    random.Random(options.seed).shuffle(sentences)
    vocabulary = count_words(texts, options.fewest_documents)
    encoder = distil(teacher, vocabulary, sentences[: options.sentences], options.dimension)
    check = check_vocabulary(encoder, texts, options.fewest_documents)
    if check.passed:
        encoder.save(options.out)
    print("\n".join(check.lines))
    return check.passed


def pretrain_transformer(options: argparse.Namespace) -> bool:
    """Pre-train the small BERT and ask it for the names in the texts; whether it knows none."""
    from pipeline.classify.kinds.transformer.folder import need_libraries

    need_libraries()
    from pipeline.classify.pretraining.exposure import exposure
    from pipeline.classify.pretraining.masked_model import pretrain

    settings = replace(TINY if options.tiny else PretrainingSettings(), fewest_documents=options.fewest_documents, seed=options.seed)
    settings = replace(settings, steps=options.steps or settings.steps)
    texts = read_told(options.texts, options.jobs)
    trained = pretrain(texts, options.out, settings, lambda step, loss: print(f"step {step}: loss {loss:.3f}", flush=True))
    found = exposure(trained.network, trained.tokenizer, texts)
    print("\n".join(found.lines))
    return found.passed


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do what it asks; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        return 0 if options.work(options) else 1
    except AnjuanError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pipeline.job.pretraining", description=__doc__.splitlines()[0] if __doc__ else "")
    commands = parser.add_subparsers(required=True)
    static = commands.add_parser("static", help="distil a sentence encoder into one vector for each word")
    static.add_argument("--encoder", default="use", help="the encoder to learn from")
    static.add_argument("--sentences", type=int, default=12000, help="how many sentences to learn from; 0: words alone")
    static.add_argument("--dimension", type=int, default=256, help="numbers of a vector")
    static.set_defaults(work=distil_static)
    transformer = commands.add_parser("transformer", help="train a small BERT to guess hidden words")
    transformer.add_argument("--steps", type=int, help="steps of the training")
    transformer.add_argument("--tiny", action="store_true", help="a network too small to be of use, to try the script")
    transformer.set_defaults(work=pretrain_transformer)
    for command in (static, transformer):
        command.add_argument("--texts", type=Path, nargs="+", required=True, help="files and folders with judgments")
        command.add_argument("--out", type=Path, required=True, help="the folder to write")
        command.add_argument("--fewest-documents", type=int, default=FEWEST_DOCUMENTS, help="leave out what stands in fewer texts")
        command.add_argument("--seed", type=int, default=PretrainingSettings().seed, help="what is drawn by chance is drawn from this")
        command.add_argument("--jobs", type=int, default=1, help="processes that read the texts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
