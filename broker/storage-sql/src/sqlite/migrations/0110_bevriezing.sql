-- Encryption keys that are frozen, as it was signed. A row stays for ever: the directory entry beside it is replaced as a whole.
CREATE TABLE bevriezing (
    oin        TEXT NOT NULL,
    digest     TEXT NOT NULL,
    verklaring TEXT NOT NULL,
    PRIMARY KEY (oin, digest)
) STRICT, WITHOUT ROWID;
