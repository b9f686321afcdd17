-- Facts of a case from messages: embargo, flag, place on the list; joined cases; and what is decided again when they move.

-- Cases that count as one for flags, embargoes and refusals bear one `groep`; alone it is the case's own number.
ALTER TABLE zaak ADD COLUMN groep INTEGER NOT NULL DEFAULT 0;
UPDATE zaak SET groep = nr;
CREATE INDEX zaak_groep ON zaak (groep);
-- Counts the facts that can take away or give back what was decided before; a part of `stand`.
ALTER TABLE zaak ADD COLUMN herzien INTEGER NOT NULL DEFAULT 0;
ALTER TABLE zaak ADD COLUMN gesloten_op INTEGER;

-- The period of a place, as instants on the wire: they are only ever read back.
ALTER TABLE deelnemer ADD COLUMN vanaf TEXT;
ALTER TABLE deelnemer ADD COLUMN tot TEXT;

-- The overdracht that was accepted: each moves responsibility once.
ALTER TABLE verantwoordelijkheid ADD COLUMN overdracht TEXT;

-- Every statement stays; of one setter about one subject the highest number counts. `nr` is the order of acceptance.
CREATE TABLE feit (
    nr         INTEGER PRIMARY KEY,
    zaak       INTEGER NOT NULL REFERENCES zaak (nr),
    soort      TEXT NOT NULL,
    onderwerp  TEXT NOT NULL,
    door       TEXT NOT NULL,
    volgnummer INTEGER NOT NULL,
    bericht    TEXT NOT NULL,
    record     TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX feit_sleutel ON feit (zaak, soort, onderwerp, door, volgnummer);

-- `staat`: 3 held, 4 lapsed before delivery. `herzien`: the sum over the case's group on which it was decided.
ALTER TABLE levering ADD COLUMN herzien INTEGER NOT NULL DEFAULT 0;
CREATE INDEX levering_aangehouden ON levering (ontvanger, nr) WHERE staat = 3;
-- What was held may follow in a delivery of its own.
DROP INDEX levering_bericht;
CREATE INDEX levering_bericht ON levering (bericht, ontvanger);

-- What someone does not get now and may get later. `deel` is null for the statement itself.
CREATE TABLE aangehouden (
    nr        INTEGER PRIMARY KEY,
    bericht   INTEGER NOT NULL REFERENCES bericht (nr),
    deel      INTEGER REFERENCES deel (nr),
    ontvanger TEXT NOT NULL,
    functie   TEXT,
    wijze     TEXT NOT NULL,
    herzien   INTEGER NOT NULL,
    gids      INTEGER NOT NULL
) STRICT;
CREATE INDEX aangehouden_ontvanger ON aangehouden (ontvanger, bericht);
CREATE INDEX aangehouden_deel ON aangehouden (deel) WHERE deel IS NOT NULL;
