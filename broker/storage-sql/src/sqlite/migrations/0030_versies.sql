-- Policy versions: what was handed in, every step since, and what is in force from when.

-- Counts up with every change of the plan; compared in every transaction that records a decision.
ALTER TABLE stand ADD COLUMN beleid INTEGER NOT NULL DEFAULT 0;

-- The content of a version, never changed. `digest` is that of the bundle.
CREATE TABLE versie (
    nr              INTEGER PRIMARY KEY,
    digest          TEXT NOT NULL UNIQUE,
    convenant       TEXT NOT NULL,
    nummer          INTEGER NOT NULL,
    tabellen_digest TEXT NOT NULL,
    auteur          TEXT,
    bundel          TEXT NOT NULL,
    tabellen        TEXT NOT NULL
) STRICT;
CREATE INDEX versie_convenant ON versie (convenant, nr);

-- The history: numbered per version, without gaps, never changed.
CREATE TABLE versiestap (
    versie     INTEGER NOT NULL REFERENCES versie (nr),
    nummer     INTEGER NOT NULL,
    soort      TEXT NOT NULL,
    staat      TEXT NOT NULL,
    tijd       INTEGER NOT NULL,
    door       TEXT,
    functie    TEXT,
    verklaring TEXT,
    uitslag    TEXT,
    PRIMARY KEY (versie, nummer)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER versie_blijft BEFORE UPDATE ON versie BEGIN SELECT RAISE(ABORT, 'a version never changes'); END;
CREATE TRIGGER versie_gaat_niet BEFORE DELETE ON versie BEGIN SELECT RAISE(ABORT, 'a version never goes'); END;
CREATE TRIGGER versiestap_blijft BEFORE UPDATE ON versiestap BEGIN SELECT RAISE(ABORT, 'a step never changes'); END;
CREATE TRIGGER versiestap_gaat_niet BEFORE DELETE ON versiestap BEGIN SELECT RAISE(ABORT, 'a step never goes'); END;

-- From when which version is in force. Of the lines whose instant has come, the highest number counts.
CREATE TABLE beleidsplan (
    convenant   TEXT NOT NULL,
    volgnummer  INTEGER NOT NULL,
    versie      TEXT NOT NULL REFERENCES versie (digest),
    ingang      INTEGER NOT NULL,
    ingetrokken INTEGER NOT NULL,
    activering  TEXT,
    bundel      TEXT NOT NULL,
    PRIMARY KEY (convenant, volgnummer)
) STRICT, WITHOUT ROWID;
