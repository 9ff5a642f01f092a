"""Published studies as files, to be set beside a database: those that ship, and the reader's own."""

from pipeline.analyse.studies.form import StudyFile, parse_study_file
from pipeline.analyse.studies.measures import Figure, Measure
from pipeline.analyse.studies.shipped import open_study, shipped_studies, template_text

__all__ = ["Figure", "Measure", "StudyFile", "open_study", "parse_study_file", "shipped_studies", "template_text"]
