-- What persons asked of us about a case (R33), until they were told: asked again of a hub that was put back from a copy without it.
-- References, no names; the request as it was signed.
CREATE TABLE overzichtvraag (
    verzoek     TEXT NOT NULL PRIMARY KEY,
    casus       TEXT NOT NULL,
    persoon     TEXT NOT NULL,
    gevraagd_op TEXT NOT NULL,
    tijd        INTEGER NOT NULL,
    record      TEXT NOT NULL,
    -- For which restoration the hub has it again, and how often it was offered for the last one.
    herstel     TEXT NOT NULL DEFAULT '',
    pogingen    INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Asked on one day by one person it is one question, as at the hub.
CREATE UNIQUE INDEX overzichtvraag_sleutel ON overzichtvraag (casus, persoon, gevraagd_op);
CREATE INDEX overzichtvraag_tijd ON overzichtvraag (tijd);
