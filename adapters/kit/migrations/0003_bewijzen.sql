-- What the recipients of our messages must sign for, and with what they sign: the hub is not believed on what arrived.

-- Of each message and recipient: the digest of `bericht`, the parts that must arrive and those that may (JSON arrays).
-- open → klopt, onthouden, wijkt-af or geweigerd.
CREATE TABLE bewijs (
    bericht         TEXT NOT NULL,
    ontvanger       TEXT NOT NULL,
    digest          TEXT NOT NULL,
    moet            TEXT NOT NULL,
    mag             TEXT NOT NULL,
    stand           TEXT NOT NULL DEFAULT 'open',
    pogingen        INTEGER NOT NULL DEFAULT 0,
    volgende_poging INTEGER NOT NULL,
    PRIMARY KEY (bericht, ontvanger)
) STRICT;
CREATE INDEX bewijs_open ON bewijs (volgende_poging) WHERE stand = 'open';

-- Every signing certificate (base64 of DER) that the directory ever showed of a partner, verified: a receipt of before its
-- renewal still counts.
CREATE TABLE ondertekenaar (
    oin        TEXT NOT NULL,
    kid        TEXT NOT NULL,
    certificaat TEXT NOT NULL,
    PRIMARY KEY (oin, kid)
) STRICT;
