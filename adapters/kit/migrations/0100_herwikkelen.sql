-- Keys of view-only parts of ours that lie at the hub under a key of their recipient that was frozen: to be wrapped again for its new one.
CREATE TABLE herwikkeling (
    volgorde        INTEGER PRIMARY KEY AUTOINCREMENT,
    deel            TEXT NOT NULL,
    ontvanger       TEXT NOT NULL,
    bevroren        TEXT NOT NULL,
    pogingen        INTEGER NOT NULL DEFAULT 0,
    volgende_poging INTEGER NOT NULL,
    UNIQUE (deel, ontvanger, bevroren)
) STRICT;
