-- Messages, decisions, deliveries, cases, directory, log. Forward only: what is released is never edited.
-- Instants are milliseconds since 1970; identifiers stand as on the wire; hashes of the log are 32 bytes.

-- One row: how far the counters are. Read and written in every writing transaction.
CREATE TABLE stand (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    gids     INTEGER NOT NULL,
    bericht  INTEGER NOT NULL,
    deel     INTEGER NOT NULL,
    levering INTEGER NOT NULL,
    zaak     INTEGER NOT NULL,
    blad     INTEGER NOT NULL
) STRICT;
INSERT INTO stand (id, gids, bericht, deel, levering, zaak, blad) VALUES (1, 0, 0, 0, 0, 0, 0);

-- Counts, kept with every write so that nobody counts a big table.
CREATE TABLE telling (
    soort   TEXT NOT NULL,
    sleutel TEXT NOT NULL,
    aantal  INTEGER NOT NULL,
    PRIMARY KEY (soort, sleutel)
) STRICT, WITHOUT ROWID;

CREATE TABLE zaak (
    nr              INTEGER PRIMARY KEY,
    casus           TEXT NOT NULL UNIQUE,
    geopend_door    TEXT NOT NULL,
    geopend_op      INTEGER NOT NULL,
    verantwoordelijk TEXT,
    stand           INTEGER NOT NULL
) STRICT;

CREATE TABLE bericht (
    nr              INTEGER PRIMARY KEY,
    van             TEXT NOT NULL,
    id              TEXT NOT NULL,
    digest          TEXT NOT NULL,
    berichttype     TEXT NOT NULL,
    casus           TEXT,
    antwoord_op     TEXT,
    urgentie        TEXT NOT NULL,
    convenant       TEXT NOT NULL,
    gemeente        TEXT,
    bron            TEXT NOT NULL,
    aangenomen_op   INTEGER NOT NULL,
    bericht         TEXT NOT NULL,
    ontvangstbewijs TEXT NOT NULL,
    kop             TEXT NOT NULL
) STRICT;
-- The idempotency key, and the way from an answer to its question.
CREATE UNIQUE INDEX bericht_sleutel ON bericht (id, van);
CREATE INDEX bericht_antwoord ON bericht (antwoord_op, van) WHERE antwoord_op IS NOT NULL;

CREATE TABLE deelnemer (
    zaak    INTEGER NOT NULL REFERENCES zaak (nr),
    partner TEXT NOT NULL,
    rol     TEXT NOT NULL,
    sinds   INTEGER NOT NULL,
    PRIMARY KEY (zaak, partner)
) STRICT, WITHOUT ROWID;

-- Who was responsible from when, by which message. The newest row is also in `zaak`.
CREATE TABLE verantwoordelijkheid (
    zaak    INTEGER NOT NULL REFERENCES zaak (nr),
    stand   INTEGER NOT NULL,
    partner TEXT NOT NULL,
    bericht TEXT NOT NULL,
    sinds   INTEGER NOT NULL,
    PRIMARY KEY (zaak, stand)
) STRICT, WITHOUT ROWID;

-- The consent register. Every statement stays; the highest number counts (R10, R11).
CREATE TABLE toestemming (
    zaak                INTEGER NOT NULL REFERENCES zaak (nr),
    geregistreerd_door  TEXT NOT NULL,
    persoon             TEXT NOT NULL,
    eigenaar            TEXT NOT NULL,
    volgnummer          INTEGER NOT NULL,
    record              TEXT NOT NULL,
    PRIMARY KEY (zaak, geregistreerd_door, persoon, eigenaar, volgnummer)
) STRICT, WITHOUT ROWID;

CREATE TABLE deel (
    nr              INTEGER PRIMARY KEY,
    id              TEXT NOT NULL UNIQUE,
    bericht         INTEGER NOT NULL REFERENCES bericht (nr),
    eigenaar        TEXT NOT NULL,
    categorie       TEXT NOT NULL,
    doel            TEXT NOT NULL,
    digest          TEXT NOT NULL,
    -- 1: someone may still get it at a later step (held, asked, or a fallback), so its ciphertext stays (R40).
    wacht           INTEGER NOT NULL,
    labels          TEXT NOT NULL,
    eigenaarsbewijs TEXT NOT NULL
) STRICT;
CREATE INDEX deel_bericht ON deel (bericht);

-- Ciphertext, apart, because it leaves (R40).
CREATE TABLE inhoud (
    deel INTEGER PRIMARY KEY REFERENCES deel (nr),
    jwe  TEXT NOT NULL
) STRICT;

CREATE TABLE wrap (
    nr        INTEGER PRIMARY KEY,
    deel      INTEGER NOT NULL REFERENCES deel (nr),
    ontvanger TEXT NOT NULL,
    wijze     TEXT NOT NULL,
    wrap      TEXT NOT NULL,
    toegang   TEXT
) STRICT;
CREATE UNIQUE INDEX wrap_sleutel ON wrap (deel, ontvanger);

-- One row per decision, never sampled (R41). Without message: it went to nobody and was not kept.
CREATE TABLE besluit (
    nr        INTEGER PRIMARY KEY,
    bericht   INTEGER REFERENCES bericht (nr),
    deel      TEXT,
    ontvanger TEXT NOT NULL,
    uitkomst  TEXT NOT NULL,
    regel     INTEGER,
    record    TEXT NOT NULL
) STRICT;
CREATE INDEX besluit_bericht ON besluit (bericht);

CREATE TABLE levering (
    nr             INTEGER PRIMARY KEY,
    id             TEXT NOT NULL UNIQUE,
    bericht        INTEGER NOT NULL REFERENCES bericht (nr),
    ontvanger      TEXT NOT NULL,
    functie        TEXT,
    -- 0 acute, 1 ordinary: the order of delivery.
    baan           INTEGER NOT NULL,
    -- 0 open, 1 received, 2 refused.
    staat          INTEGER NOT NULL,
    -- Bytes of the message and its parts, so that a look into a mailbox knows where to stop.
    omvang         INTEGER NOT NULL,
    afgehandeld_op INTEGER,
    gelezen_op     INTEGER,
    weigering      TEXT,
    besluiten      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX levering_bericht ON levering (bericht, ontvanger);
CREATE INDEX levering_open ON levering (ontvanger, baan, nr) WHERE staat = 0;

CREATE TABLE leveringsdeel (
    levering INTEGER NOT NULL REFERENCES levering (nr),
    volgorde INTEGER NOT NULL,
    deel     INTEGER NOT NULL REFERENCES deel (nr),
    wijze    TEXT NOT NULL,
    PRIMARY KEY (levering, volgorde)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX leveringsdeel_deel ON leveringsdeel (deel, levering);

-- The recipient's signed words: receipt, reading, refusal. Evidence.
CREATE TABLE leveringsverklaring (
    nr         INTEGER PRIMARY KEY,
    levering   INTEGER NOT NULL REFERENCES levering (nr),
    soort      TEXT NOT NULL,
    tijd       INTEGER NOT NULL,
    verklaring TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX leveringsverklaring_sleutel ON leveringsverklaring (levering, soort);

CREATE TABLE inzage (
    nr         INTEGER PRIMARY KEY,
    deel       INTEGER NOT NULL REFERENCES deel (nr),
    ontvanger  TEXT NOT NULL,
    functie    TEXT NOT NULL,
    doel       TEXT NOT NULL,
    tijd       INTEGER NOT NULL,
    nonce      TEXT NOT NULL,
    verklaring TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX inzage_nonce ON inzage (ontvanger, nonce);
CREATE INDEX inzage_deel ON inzage (deel);

CREATE TABLE gids (
    oin    TEXT PRIMARY KEY,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE jti (
    partner  TEXT NOT NULL,
    jti      TEXT NOT NULL,
    verloopt INTEGER NOT NULL,
    PRIMARY KEY (partner, jti)
) STRICT, WITHOUT ROWID;
CREATE INDEX jti_verloopt ON jti (verloopt);

-- The log (RFC 6962): leaves from index 0, without gaps.
CREATE TABLE blad (
    nr     INTEGER PRIMARY KEY,
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    zout   BLOB NOT NULL CHECK (length(zout) = 32),
    soort  TEXT NOT NULL,
    tijd   INTEGER NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX blad_hash ON blad (hash);

-- Every complete node above the leaves: level 1 and up, index within the level. Never changed.
CREATE TABLE knoop (
    niveau INTEGER NOT NULL,
    nr     INTEGER NOT NULL,
    hash   BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (niveau, nr)
) STRICT, WITHOUT ROWID;
