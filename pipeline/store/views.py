"""Views for analysts, in plain SQL: they open in any SQLite tool, without anjuan."""

VIEWS = """
-- Every quotation with its case: the way from a number in a table back to the sentences.
CREATE VIEW evidence_cases AS
SELECT e.judgment_id, c.source_id, c.case_number, c.court, c.decided_on, c.in_scope, c.attack_type, e.unit, e.variable, l.value, e."by", l.score,
    e.quote, e.section, e.speaker, e.accepted, e.rule, e.start, e."end", e.weight
FROM evidence AS e JOIN labels AS l ON l.id = e.label_id JOIN cases AS c ON c.judgment_id = e.judgment_id;

-- Two voices that both spoke of the same thing and say different values; the members of a list are sorted and joined with commas.
-- Units are compared by their number. Every pair has a voice that is not the rules': from those, the first rows come at once.
CREATE VIEW disagreements AS
WITH pairs AS (
    SELECT DISTINCT a.judgment_id, a.unit, a.variable, CASE WHEN a."by" < b."by" THEN a."by" ELSE b."by" END AS by_a,
        CASE WHEN a."by" < b."by" THEN b."by" ELSE a."by" END AS by_b
    FROM labels AS a CROSS JOIN labels AS b
    WHERE b.judgment_id = a.judgment_id AND b.unit = a.unit AND b.variable = a.variable AND b.value <> a.value
        AND a."by" NOT IN ('rules', 'defence') AND (b."by" > a."by" OR b."by" = 'rules') AND b."by" <> 'defence'
), told AS (
    SELECT p.judgment_id, p.unit, p.variable, p.by_a, (
        SELECT group_concat(value) FROM (
            SELECT value FROM labels AS l
            WHERE l.judgment_id = p.judgment_id AND l.unit = p.unit AND l.variable = p.variable AND l."by" = p.by_a ORDER BY value)
    ) AS value_a, p.by_b, (
        SELECT group_concat(value) FROM (
            SELECT value FROM labels AS l
            WHERE l.judgment_id = p.judgment_id AND l.unit = p.unit AND l.variable = p.variable AND l."by" = p.by_b ORDER BY value)
    ) AS value_b
    FROM pairs AS p
)
SELECT judgment_id, unit, variable, by_a, value_a, by_b, value_b FROM told WHERE value_a <> value_b;

-- Cases that need a person: the model cannot rule out a second type of attack, or cannot say whether the case is in scope, and no person has
-- said. The most uncertain first: those whose two likeliest values are nearest to each other (`margin`).
CREATE VIEW undecided AS
WITH ranked AS (
    SELECT *, row_number() OVER (PARTITION BY judgment_id, variable ORDER BY probability DESC, value) AS place
    FROM predictions WHERE in_set = 1 AND variable IN ('in_scope', 'attack_type')
), several AS (
    SELECT judgment_id, variable, group_concat(value) AS possible_values, max(probability) AS probability,
        round(max(probability) - max(CASE WHEN place = 2 THEN probability END), 4) AS margin,
        group_concat(printf('%s %.2f', CASE WHEN variable <> 'in_scope' THEN value WHEN value = '1' THEN 'in scope' ELSE 'out of scope' END, probability), ' or ')
            AS reason
    FROM (SELECT * FROM ranked ORDER BY judgment_id, variable, place) GROUP BY judgment_id, variable HAVING count(*) > 1
)
SELECT s.judgment_id, c.title, s.variable, s.possible_values, s.probability, s.margin, s.reason, c.source_id, c.case_number, c.court, c.decided_on
FROM several AS s JOIN cases AS c ON c.judgment_id = s.judgment_id
WHERE (s.variable = 'in_scope' OR c.in_scope = 1) AND NOT EXISTS (
    SELECT 1 FROM labels AS l WHERE l.judgment_id = s.judgment_id AND l.unit = 'case' AND l.variable = s.variable
    AND l."by" NOT IN ('model', 'rules', 'defence') AND l."by" NOT LIKE 'model:%' AND l."by" NOT LIKE 'rules:%'
)
ORDER BY s.margin, s.judgment_id, s.variable;

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
SELECT p.judgment_id, c.source_id, c.case_number, p.unit, p.variable, p.value, p.found, coalesce(p.value <> p.found, 1) AS only_defence,
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

-- One row for each case, however many documents tell of it: copies, instances, rulings on enforcement. Before `anjuan link` each judgment
-- is a case of its own. The penalty is that of the last instance that pronounces one; the type of attack is the most trusted voice's.
CREATE VIEW chains AS
WITH penalties AS (
    SELECT judgment_id, group_concat(DISTINCT sentence_kind) AS kinds, nullif(max(sentence_months), 0) AS months
    FROM defendants WHERE sentence_kind NOT IN ('', 'unstated') GROUP BY judgment_id
), members AS (
    SELECT coalesce(c.chain_id, c.judgment_id) AS chain_id, c.judgment_id, c.court, c.trial_level, c.decided_on, c.in_scope, c.attack_type,
        c.attack_type_by, p.kinds, p.months, row_number() OVER (
            PARTITION BY coalesce(c.chain_id, c.judgment_id) ORDER BY c.judgment_id <> c.chain_id, c.decided_on = '', c.decided_on, c.judgment_id
        ) AS age, row_number() OVER (
            PARTITION BY coalesce(c.chain_id, c.judgment_id) ORDER BY l.judgment_id IS NOT NULL, c.decided_on DESC, c.judgment_id DESC
        ) AS youth, row_number() OVER (
            PARTITION BY coalesce(c.chain_id, c.judgment_id) ORDER BY l.judgment_id IS NOT NULL, p.kinds IS NULL, c.decided_on DESC, c.judgment_id DESC
        ) AS penalty, row_number() OVER (
            PARTITION BY coalesce(c.chain_id, c.judgment_id)
            ORDER BY CASE WHEN c.attack_type IS NULL THEN 4 WHEN c.attack_type_by = 'adjudicated' THEN 0 WHEN c.attack_type_by LIKE 'model%' THEN 2
                WHEN c.attack_type_by = 'rules' THEN 3 ELSE 1 END, c.decided_on DESC, c.judgment_id DESC
        ) AS typed
    FROM cases AS c LEFT JOIN penalties AS p ON p.judgment_id = c.judgment_id
        LEFT JOIN (SELECT DISTINCT judgment_id FROM case_links WHERE relation = 'enforcement_of') AS l ON l.judgment_id = c.judgment_id
    WHERE c.duplicate_of IS NULL
), documents AS (
    SELECT coalesce(chain_id, judgment_id) AS chain_id, count(*) AS documents FROM cases GROUP BY 1
)
SELECT m.chain_id, max(d.documents) AS documents, count(*) AS judgments,
    max(CASE WHEN age = 1 THEN judgment_id END) AS first_id, max(CASE WHEN age = 1 THEN court END) AS first_court,
    max(CASE WHEN age = 1 THEN decided_on END) AS first_decided_on,
    max(CASE WHEN youth = 1 THEN judgment_id END) AS last_id, max(CASE WHEN youth = 1 THEN court END) AS last_court,
    max(CASE WHEN youth = 1 THEN trial_level END) AS last_trial_level, max(CASE WHEN youth = 1 THEN decided_on END) AS last_decided_on,
    max(CASE WHEN penalty = 1 AND kinds IS NOT NULL THEN judgment_id END) AS penalty_id, max(CASE WHEN penalty = 1 THEN kinds END) AS sentence_kinds,
    max(CASE WHEN penalty = 1 THEN months END) AS longest_sentence_months,
    max(in_scope) AS in_scope, max(CASE WHEN typed = 1 THEN attack_type END) AS attack_type,
    max(CASE WHEN typed = 1 THEN attack_type_by END) AS attack_type_by
FROM members AS m JOIN documents AS d ON d.chain_id = m.chain_id GROUP BY m.chain_id;

-- Each case once: of copies and of the instances of one case the earliest judgment in scope, or the earliest where none is.
CREATE VIEW cases_once AS
WITH ranked AS (
    SELECT judgment_id, row_number() OVER (
        PARTITION BY coalesce(chain_id, judgment_id)
        ORDER BY coalesce(in_scope, 0) <> 1, duplicate_of IS NOT NULL, decided_on = '', decided_on, judgment_id
    ) AS place FROM cases
)
SELECT c.* FROM cases AS c JOIN ranked AS r ON r.judgment_id = c.judgment_id AND r.place = 1;

-- Earlier instances that a judgment cites and the database does not hold.
CREATE VIEW missing_instances AS
SELECT x.judgment_id, c.chain_id, c.case_number, c.court, x.relation, x.case_number AS cited_number, x.court AS cited_court,
    max(x.decided_on) AS cited_decided_on, x.quote  -- court and quotation are those of the row with the date
FROM cited_cases AS x JOIN cases AS c ON c.judgment_id = x.judgment_id
WHERE x.cited_id IS NULL AND x.relation NOT IN ('', 'mentioned')
GROUP BY x.judgment_id, CASE x.case_number WHEN '' THEN x.court ELSE x.case_number END;

-- What people coded under a version of the codebook that meant something else by the variable, or under one that this database does not know:
-- to be coded again. Variables that the present codebook no longer has are left out.
CREATE VIEW recoding AS
SELECT l.judgment_id, l.unit, l.variable, l.value, l."by", l.codebook_version, p.version AS present_version
FROM codebooks AS b JOIN codebook_variables AS p ON p.version = b.version JOIN labels AS l ON l.variable = p.variable
    LEFT JOIN codebook_variables AS o ON o.version = l.codebook_version AND o.variable = l.variable
WHERE b.present = 1 AND coalesce(o.meaning <> p.meaning, 1)
    AND l."by" NOT IN ('model', 'rules', 'defence') AND l."by" NOT LIKE 'model:%' AND l."by" NOT LIKE 'rules:%';

-- Full-text search in any SQLite tool: WHERE words MATCH '"轻 伤 二 级"', the characters of a word parted by blanks, in double quotation marks;
-- AND, OR, NOT and NEAR("殴 打" "医 生", 20) are those of FTS5. `anjuan search --sql` writes such questions.
CREATE VIEW search AS
SELECT f.rowid AS number, c.*, f.text AS words
FROM judgments_fts AS f JOIN indexed AS i ON i.number = f.rowid LEFT JOIN cases AS c ON c.judgment_id = i.judgment_id;
"""
