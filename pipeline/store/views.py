"""Views for analysts, in plain SQL: they open in any SQLite tool, without anjuan."""

VIEWS = """
-- Every quotation with its case: the way from a number in a table back to the sentences.
CREATE VIEW evidence_cases AS
SELECT e.judgment_id, c.source_id, c.case_number, c.court, c.decided_on, c.in_scope, c.attack_type, e.unit, e.variable, l.value, e."by", l.score,
    e.quote, e.section, e.speaker, e.rule, e.start, e."end"
FROM evidence AS e JOIN labels AS l ON l.id = e.label_id JOIN cases AS c ON c.judgment_id = e.judgment_id;

-- Two voices that both spoke of the same thing and say different values; the members of a list are sorted and joined with commas.
-- Units are compared by their number.
CREATE VIEW disagreements AS
WITH contested AS (
    SELECT judgment_id, unit, variable FROM labels GROUP BY judgment_id, unit, variable HAVING min("by") <> max("by")
), statements AS (
    SELECT judgment_id, unit, variable, "by", group_concat(value) AS value
    FROM (SELECT * FROM contested JOIN labels USING (judgment_id, unit, variable) ORDER BY judgment_id, unit, variable, "by", value)
    GROUP BY judgment_id, unit, variable, "by"
)
SELECT a.judgment_id, a.unit, a.variable, a."by" AS by_a, a.value AS value_a, b."by" AS by_b, b.value AS value_b
FROM statements AS a JOIN statements AS b
    ON b.judgment_id = a.judgment_id AND b.unit = a.unit AND b.variable = a.variable AND b."by" > a."by" AND b.value <> a.value;

-- What only the defence claimed: labels all of whose quotations are the defence's.
CREATE VIEW claims AS
SELECT e.judgment_id, e.unit, e.variable, l.value, e."by", e.quote, e.section, e.rule, e.start, e."end"
FROM evidence AS e JOIN labels AS l ON l.id = e.label_id
WHERE e.speaker = 'defence' AND NOT EXISTS (SELECT 1 FROM evidence AS other WHERE other.label_id = e.label_id AND other.speaker <> 'defence');

-- One row for each file that was read.
CREATE VIEW imported_files AS
SELECT path, coalesce(sum(records) FILTER (WHERE outcome = 'stored'), 0) AS stored,
    coalesce(sum(records) FILTER (WHERE outcome = 'duplicate'), 0) AS duplicates,
    coalesce(sum(records) FILTER (WHERE outcome = 'rejected'), 0) AS rejected
FROM import_log GROUP BY path;

-- Why records were refused, the most frequent reason first.
CREATE VIEW rejections AS
SELECT reason, sum(records) AS records, count(DISTINCT path) AS files, min(path) AS example_path, min(detail) AS example_detail
FROM import_log WHERE outcome = 'rejected' GROUP BY reason ORDER BY records DESC, reason;
"""
