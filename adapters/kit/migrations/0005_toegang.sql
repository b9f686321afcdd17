-- Requests to pass our parts on (44), as they were received: what our answer is about.
CREATE TABLE doorgeefverzoek (
    bericht TEXT NOT NULL PRIMARY KEY,
    vrager  TEXT NOT NULL,
    record  TEXT NOT NULL
) STRICT;

-- Further recipients of parts of ours, after our own yes: open → gegeven, or geweigerd. Each once per request.
CREATE TABLE toegang (
    volgorde        INTEGER PRIMARY KEY AUTOINCREMENT,
    deel            TEXT NOT NULL,
    ontvanger       TEXT NOT NULL,
    verzoek         TEXT NOT NULL,
    stand           TEXT NOT NULL DEFAULT 'open',
    pogingen        INTEGER NOT NULL DEFAULT 0,
    volgende_poging INTEGER NOT NULL,
    UNIQUE (deel, ontvanger, verzoek)
) STRICT;
CREATE INDEX toegang_open ON toegang (volgende_poging) WHERE stand = 'open';
