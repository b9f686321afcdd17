-- Encryption keys that are frozen, as it was signed. A row stays for ever: the directory entry beside it is replaced as a whole.
CREATE TABLE bevriezing (
    oin        text COLLATE "C" NOT NULL,
    digest     text COLLATE "C" NOT NULL,
    verklaring text COLLATE "C" NOT NULL,
    PRIMARY KEY (oin, digest)
);
