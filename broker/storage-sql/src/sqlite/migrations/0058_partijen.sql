-- What parties of covenants stated: that they join, that they leave. Numbered per covenant, without gaps, never changed.
CREATE TABLE partijverklaring (
    convenant         TEXT NOT NULL,
    nummer            INTEGER NOT NULL,
    partij            TEXT NOT NULL,
    volgnummer        INTEGER NOT NULL,
    soort             TEXT NOT NULL,
    tijd              INTEGER NOT NULL,
    verklaring        TEXT NOT NULL,
    medeondertekening TEXT,
    PRIMARY KEY (convenant, nummer)
) STRICT, WITHOUT ROWID;
-- A party's own number counts once.
CREATE UNIQUE INDEX partijverklaring_volgnummer ON partijverklaring (convenant, partij, volgnummer);

CREATE TRIGGER partijverklaring_blijft BEFORE UPDATE ON partijverklaring BEGIN SELECT RAISE(ABORT, 'a signed statement never changes'); END;
CREATE TRIGGER partijverklaring_gaat_niet BEFORE DELETE ON partijverklaring BEGIN SELECT RAISE(ABORT, 'a signed statement never goes'); END;
