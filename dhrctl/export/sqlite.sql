-- The tables of `dhrctl export sqlite`. Columns are named as the fields of records are, and dates stand as they
-- were given ("2021-04"); a list is a table of its own, in the order of `place`.

CREATE TABLE about (key TEXT PRIMARY KEY, said TEXT);

CREATE TABLE agencies (
  id TEXT PRIMARY KEY, name TEXT, short_name TEXT, kind TEXT, ended TEXT, path TEXT
);
CREATE TABLE agency_aliases (
  agency TEXT NOT NULL REFERENCES agencies (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (agency, place)
);
CREATE TABLE agency_successors (
  agency TEXT NOT NULL REFERENCES agencies (id), place INTEGER NOT NULL,
  successor TEXT NOT NULL REFERENCES agencies (id), since TEXT, note TEXT,
  PRIMARY KEY (agency, place)
);
CREATE TABLE agency_members (
  agency TEXT NOT NULL REFERENCES agencies (id), place INTEGER NOT NULL,
  member TEXT NOT NULL REFERENCES agencies (id),
  PRIMARY KEY (agency, place)
);
CREATE TABLE agency_notes (
  agency TEXT NOT NULL REFERENCES agencies (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (agency, place)
);

CREATE TABLE reviews (
  id TEXT PRIMARY KEY, title TEXT, kind TEXT, reference TEXT,
  partnership TEXT REFERENCES agencies (id), plan_date TEXT, adopted TEXT, published TEXT,
  update_cycle_months INTEGER, source_document TEXT, source_note TEXT, path TEXT
);
CREATE TABLE review_sections (
  review TEXT NOT NULL REFERENCES reviews (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (review, place)
);
CREATE TABLE review_pseudonyms (
  review TEXT NOT NULL REFERENCES reviews (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (review, place)
);
CREATE TABLE review_commitments (
  review TEXT NOT NULL REFERENCES reviews (id), place INTEGER NOT NULL, text TEXT,
  lead_agency TEXT REFERENCES agencies (id), target_date TEXT, status TEXT,
  PRIMARY KEY (review, place)
);
CREATE TABLE review_notes (
  review TEXT NOT NULL REFERENCES reviews (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (review, place)
);

-- `texts` holds every text of a recommendation and its updates, for the search.
CREATE TABLE recommendations (
  id TEXT PRIMARY KEY, review TEXT NOT NULL REFERENCES reviews (id), number TEXT, section TEXT,
  recommendation TEXT, scope TEXT, level TEXT, status TEXT, assurance TEXT,
  start_date TEXT, target_date TEXT, completion_date TEXT, review_date TEXT,
  source_row TEXT, source_lines TEXT, path TEXT NOT NULL, texts TEXT
);
CREATE TABLE recommendation_lead_agencies (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  agency TEXT NOT NULL REFERENCES agencies (id),
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_supporting_agencies (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  agency TEXT NOT NULL REFERENCES agencies (id),
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_responsible (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  role TEXT, name TEXT, agency TEXT REFERENCES agencies (id),
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_actions (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, text TEXT,
  lead_agency TEXT REFERENCES agencies (id), target_date TEXT, status TEXT, completion_date TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_milestones (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, text TEXT, date TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_outcomes (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_measures (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, text TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_evidence (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  kind TEXT, title TEXT, date TEXT, held_by TEXT, url TEXT,
  PRIMARY KEY (recommendation, place)
);
-- `other` may be a recommendation of another register, so it refers to nothing.
CREATE TABLE recommendation_related (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, other TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_superseded_by (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, other TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_as_stated (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  heading TEXT, cell TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE recommendation_waivers (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  rule TEXT, reason TEXT, until TEXT,
  PRIMARY KEY (recommendation, place)
);

CREATE TABLE updates (
  path TEXT PRIMARY KEY, recommendation TEXT NOT NULL REFERENCES recommendations (id), date TEXT,
  agency TEXT NOT NULL REFERENCES agencies (id), reported_by TEXT, text TEXT, status TEXT, target_date TEXT,
  completion_date TEXT, assurance TEXT, reason TEXT, publishable INTEGER
);
CREATE TABLE update_lead_agencies (
  path TEXT NOT NULL REFERENCES updates (path), place INTEGER NOT NULL,
  agency TEXT NOT NULL REFERENCES agencies (id),
  PRIMARY KEY (path, place)
);
CREATE TABLE update_evidence (
  path TEXT NOT NULL REFERENCES updates (path), place INTEGER NOT NULL,
  kind TEXT, title TEXT, date TEXT, held_by TEXT, url TEXT,
  PRIMARY KEY (path, place)
);

CREATE TABLE abbreviations (place INTEGER PRIMARY KEY, short TEXT, meaning TEXT);

-- What each recommendation amounted to on the day that `about` names.
CREATE TABLE judgements (
  recommendation TEXT PRIMARY KEY REFERENCES recommendations (id), timeliness TEXT, rag TEXT,
  due TEXT, days_overdue INTEGER, last_update TEXT
);
CREATE TABLE flags (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL, flag TEXT,
  PRIMARY KEY (recommendation, place)
);
CREATE TABLE current_leads (
  recommendation TEXT NOT NULL REFERENCES recommendations (id), place INTEGER NOT NULL,
  agency TEXT NOT NULL REFERENCES agencies (id),
  PRIMARY KEY (recommendation, place)
);

CREATE VIRTUAL TABLE recommendations_fts USING fts5 (
  recommendation, section, texts, content="recommendations", tokenize='porter unicode61'
);
