-- Duties that travel with a message and are followed until they are met. Those without a term stand in the delivery itself.
CREATE TABLE plicht (
    nr           INTEGER PRIMARY KEY,
    bericht      INTEGER NOT NULL REFERENCES bericht (nr),
    soort        TEXT NOT NULL,
    regel        INTEGER NOT NULL,
    schuldenaar  TEXT NOT NULL,
    ontvanger    TEXT,
    over         TEXT,
    uiterlijk    INTEGER NOT NULL,
    voldaan_op   INTEGER,
    voldaan_door TEXT
) STRICT;
CREATE INDEX plicht_open ON plicht (schuldenaar, uiterlijk) WHERE voldaan_op IS NULL;
CREATE INDEX plicht_bericht ON plicht (bericht);
