"""Views for analysts, in plain SQL: they open in any SQLite tool, without anjuan."""

VIEWS = """
-- Every quotation with its case: the way from a number in a table back to the sentences.
CREATE VIEW evidence_cases AS
SELECT e.judgment_id, c.source_id, c.case_number, c.court, c.decided_on, c.in_scope, c.attack_type, e.unit, e.variable, l.value, e."by", l.score,
    e.quote, e.section, e.speaker, e.accepted, e.rule, e.start, e."end"
FROM evidence AS e JOIN labels AS l ON l.id = e.label_id JOIN cases AS c ON c.judgment_id = e.judgment_id;

-- Two voices that both spoke of the same thing and say different values; the members of a list are sorted and joined with commas.
-- Units are compared by their number.
CREATE VIEW disagreements AS
WITH contested AS (
    SELECT judgment_id, unit, variable FROM labels WHERE "by" <> 'defence' GROUP BY judgment_id, unit, variable HAVING min("by") <> max("by")
), statements AS (
    SELECT judgment_id, unit, variable, "by", group_concat(value) AS value
    FROM (SELECT * FROM contested JOIN labels USING (judgment_id, unit, variable) WHERE "by" <> 'defence' ORDER BY judgment_id, unit, variable, "by", value)
    GROUP BY judgment_id, unit, variable, "by"
)
SELECT a.judgment_id, a.unit, a.variable, a."by" AS by_a, a.value AS value_a, b."by" AS by_b, b.value AS value_b
FROM statements AS a JOIN statements AS b
    ON b.judgment_id = a.judgment_id AND b.unit = a.unit AND b.variable = a.variable AND b."by" > a."by" AND b.value <> a.value;

-- What the defence pleads, quotation by quotation, beside what was found: `answer` is the court's, where it gives one, `only_defence` tells that
-- nobody else says so. The value found is the most trusted one (the order of pipeline.store.trust).
CREATE VIEW claims AS
WITH pleas AS (
    SELECT e.*, l.value, (
        SELECT f.value FROM labels AS f
        WHERE f.judgment_id = e.judgment_id AND f.unit = e.unit AND f.variable = e.variable AND f."by" <> 'defence'
        ORDER BY CASE WHEN f."by" = 'adjudicated' THEN 0 WHEN f."by" LIKE 'model%' THEN 2 WHEN f."by" = 'rules' THEN 3 ELSE 1 END, f.id LIMIT 1
    ) AS found
    FROM evidence AS e JOIN labels AS l ON l.id = e.label_id WHERE e."by" = 'defence'
)
SELECT p.judgment_id, c.source_id, c.case_number, p.unit, p.variable, p.value, p.found, p.value IS NOT p.found AS only_defence,
    CASE p.accepted WHEN 1 THEN 'accepted' WHEN 0 THEN 'rejected' ELSE 'unanswered' END AS answer, p.quote, p.section, p.rule, p.start, p."end"
FROM pleas AS p JOIN cases AS c ON c.judgment_id = p.judgment_id;

-- Pleas that the court expressly rejects (不予采纳).
CREATE VIEW rejected_claims AS SELECT * FROM claims WHERE answer = 'rejected';

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
