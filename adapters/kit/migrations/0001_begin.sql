-- The adapter's own store. No plaintext of a part ever stands here: what waits to be sent is encrypted under the own
-- encryption key (`voorbereiding`), what was received is kept sealed as it came (`ruw`) and opened again when needed.

-- Cases: our key and the wire's reference. `opening` only where we minted the case; `geopend` once the hub accepted its
-- first message. Several references may share a key: the own system may file two cases as one.
CREATE TABLE casus (
    volgorde INTEGER PRIMARY KEY AUTOINCREMENT,
    ref      TEXT NOT NULL UNIQUE,
    eigen    TEXT NOT NULL,
    opening  TEXT,
    geopend  INTEGER NOT NULL
) STRICT;
CREATE INDEX casus_eigen ON casus (eigen);

CREATE TABLE persoon (
    volgorde INTEGER PRIMARY KEY AUTOINCREMENT,
    casus    TEXT NOT NULL,
    ref      TEXT NOT NULL,
    eigen    TEXT NOT NULL,
    UNIQUE (casus, ref)
) STRICT;
CREATE INDEX persoon_eigen ON persoon (casus, eigen);

-- Messages sent and received, by our kenmerk and by the wire's id.
CREATE TABLE bericht (
    id      TEXT NOT NULL PRIMARY KEY,
    kenmerk TEXT NOT NULL,
    casus   TEXT,
    van     TEXT NOT NULL,
    soort   TEXT NOT NULL
) STRICT;
CREATE INDEX bericht_kenmerk ON bericht (kenmerk);

CREATE TABLE deel (
    bericht TEXT NOT NULL,
    nummer  INTEGER NOT NULL,
    id      TEXT NOT NULL UNIQUE,
    PRIMARY KEY (bericht, nummer)
) STRICT;

CREATE TABLE reeks (
    naam    TEXT NOT NULL PRIMARY KEY,
    laatste INTEGER NOT NULL
) STRICT;

-- What was taken from the own system. aangenomen → getoetst → verzegeld → verzonden → bevestigd, or geweigerd.
CREATE TABLE uitgaand (
    volgorde        INTEGER PRIMARY KEY AUTOINCREMENT,
    kenmerk         TEXT NOT NULL UNIQUE,
    vingerafdruk    TEXT NOT NULL,
    bericht         TEXT NOT NULL UNIQUE,
    zaak            TEXT NOT NULL,
    baan            TEXT NOT NULL,
    soort           TEXT NOT NULL,
    stand           TEXT NOT NULL,
    voorbereiding   TEXT,
    envelop         TEXT,
    onthouden       TEXT NOT NULL DEFAULT '[]',
    antwoord        TEXT,
    waarschuwingen  TEXT NOT NULL,
    pogingen        INTEGER NOT NULL DEFAULT 0,
    volgende_poging INTEGER NOT NULL DEFAULT 0,
    aangenomen_op   INTEGER NOT NULL,
    afgehandeld_op  INTEGER
) STRICT;
CREATE INDEX uitgaand_open ON uitgaand (zaak, volgorde) WHERE stand NOT IN ('bevestigd', 'geweigerd');

-- What was taken from the hub. opgehaald → geopend → afgeleverd → gemeld, or geweigerd → weigering-gemeld.
CREATE TABLE inkomend (
    volgorde        INTEGER PRIMARY KEY AUTOINCREMENT,
    levering        TEXT NOT NULL UNIQUE,
    bericht         TEXT NOT NULL,
    zaak            TEXT NOT NULL,
    baan            TEXT NOT NULL,
    soort           TEXT NOT NULL,
    van             TEXT NOT NULL,
    stand           TEXT NOT NULL,
    digest          TEXT NOT NULL,
    ruw             TEXT,
    code            TEXT,
    pogingen        INTEGER NOT NULL DEFAULT 0,
    volgende_poging INTEGER NOT NULL DEFAULT 0,
    opgehaald_op    INTEGER NOT NULL,
    afgehandeld_op  INTEGER
) STRICT;
CREATE INDEX inkomend_open ON inkomend (zaak, volgorde) WHERE stand NOT IN ('gemeld', 'weigering-gemeld');

CREATE TABLE inzagedeel (
    deel     TEXT NOT NULL PRIMARY KEY,
    levering TEXT NOT NULL
) STRICT;

-- The highest directory and key statement seen of each partner. A lower one is never believed again.
CREATE TABLE pin (
    oin                TEXT NOT NULL PRIMARY KEY,
    vermelding_nummer  INTEGER NOT NULL,
    vermelding_digest  TEXT NOT NULL,
    sleutel_nummer     INTEGER NOT NULL,
    sleutel_digest     TEXT NOT NULL,
    gids               TEXT NOT NULL
) STRICT;

-- One row: what must outlive a restart though it can be fetched again (policy bundle, newest log head).
CREATE TABLE vast (
    naam   TEXT NOT NULL PRIMARY KEY,
    waarde TEXT NOT NULL
) STRICT;

CREATE TABLE alarm (
    volgorde INTEGER PRIMARY KEY AUTOINCREMENT,
    tijd     INTEGER NOT NULL,
    soort    TEXT NOT NULL,
    uitleg   TEXT NOT NULL
) STRICT;
