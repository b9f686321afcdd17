-- What persons concerned asked of the partner that answers for their case (R33): evidence, and a duty until they were told.
CREATE TABLE overzicht (
    nr           INTEGER PRIMARY KEY,
    zaak         INTEGER NOT NULL REFERENCES zaak (nr),
    verzoek      TEXT NOT NULL,
    organisatie  TEXT NOT NULL,
    persoon      TEXT NOT NULL,
    gevraagd_op  TEXT NOT NULL,
    uiterlijk    INTEGER NOT NULL,
    verklaring   TEXT NOT NULL,
    voldaan_op   INTEGER,
    voldaan_door TEXT
) STRICT;
-- Asked of one partner on one day, it is one request however often it is drawn up.
CREATE UNIQUE INDEX overzicht_sleutel ON overzicht (zaak, organisatie, persoon, gevraagd_op);
CREATE INDEX overzicht_open ON overzicht (organisatie, uiterlijk) WHERE voldaan_op IS NULL;
