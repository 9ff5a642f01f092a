"""Scikit-learn objects kept in skops files: no pickle is ever loaded, and the same objects give the same bytes."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from skops import io as skops_io

from pipeline.schema import AnjuanError

_ID = re.compile(r'("__id__": |")(\d{6,})(\.npy|\.npz|[,}])')


def write_skops(kept: dict[str, Any], path: Path) -> None:
    """Write objects to a file.

    skops names them by their place in memory and the hour; both are replaced by their order, so that equal models are equal files.
    """
    with ZipFile(BytesIO(skops_io.dumps(kept))) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    schema = json.dumps(json.loads(members.pop("schema.json")))
    places: dict[str, str] = {}
    schema = _ID.sub(lambda m: m[1] + places.setdefault(m[2], str(len(places) + 1)) + m[3], schema)
    with ZipFile(path, "w") as archive:
        named = {places[Path(name).stem] + Path(name).suffix: content for name, content in members.items()}
        for name, content in [*sorted(named.items()), ("schema.json", schema.encode())]:
            archive.writestr(ZipInfo(name), content, ZIP_DEFLATED, 9)


def read_skops(path: Path) -> dict[str, Any]:
    """Read what `write_skops` wrote.

    Raises:
        AnjuanError: the file is missing, damaged, a pickle, or holds types that no model of anjuan has.
    """
    try:
        if unknown := skops_io.get_untrusted_types(file=path):
            raise AnjuanError(f"{path} holds objects of unknown types ({', '.join(unknown)}); train the model again with `anjuan train`")
        kept: dict[str, Any] = skops_io.load(path)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise AnjuanError(f"{path} cannot be read ({error}); train the model again with `anjuan train`") from error
    return kept
