-- Consent (41, 42) that we sent ourselves or received with a signature that holds: what a part of ours on the ground of
-- consent must rest on. Codes, dates and references; the record is JSON.
CREATE TABLE toestemming (
    casus               TEXT NOT NULL,
    geregistreerd_door  TEXT NOT NULL,
    persoon             TEXT NOT NULL,
    eigenaar            TEXT NOT NULL,
    volgnummer          INTEGER NOT NULL,
    bericht             TEXT NOT NULL,
    record              TEXT NOT NULL,
    PRIMARY KEY (casus, geregistreerd_door, persoon, eigenaar, volgnummer, bericht)
) STRICT;
