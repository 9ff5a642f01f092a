"""The job: joins the stages, which never call one another, over the database in which they meet."""

from pipeline.job.importing import ImportCounts, import_paths
from pipeline.job.linking import link_judgments
from pipeline.job.progress import Progress, Silent
from pipeline.job.stages import StageCounts, classify, extract, screen, screen_and_classify

__all__ = [
    "ImportCounts",
    "Progress",
    "Silent",
    "StageCounts",
    "classify",
    "extract",
    "import_paths",
    "link_judgments",
    "screen",
    "screen_and_classify",
]
