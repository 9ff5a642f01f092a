"""Manifests: what every number of a run or report was counted from, and the proof that it can be counted again."""

from pipeline.analyse.proof.manifest import Manifest, content_of, manifest_beside, read_manifest, write_manifest
from pipeline.analyse.proof.reproducing import Check, check

__all__ = ["Check", "Manifest", "check", "content_of", "manifest_beside", "read_manifest", "write_manifest"]
