-- What was prepared and is not shared (R36): the message as the own system gave it, encrypted under the own key, until a
-- professional opens it or throws it away. It never leaves this machine.
CREATE TABLE klaargezet (
    kenmerk  TEXT NOT NULL PRIMARY KEY,
    soort    TEXT NOT NULL,
    bericht  TEXT NOT NULL,
    sinds    INTEGER NOT NULL
) STRICT;
