-- Under which policy something is held: when that is in force no more, it is decided again.
ALTER TABLE aangehouden ADD COLUMN beleid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE aangehouden ADD COLUMN tot INTEGER;
CREATE INDEX aangehouden_beleid ON aangehouden (beleid, ontvanger);
CREATE INDEX aangehouden_tot ON aangehouden (tot, ontvanger) WHERE tot IS NOT NULL;
-- Of a delivery it counts while the delivery is held.
ALTER TABLE levering ADD COLUMN beleid INTEGER NOT NULL DEFAULT 0;
ALTER TABLE levering ADD COLUMN tot INTEGER;
CREATE INDEX levering_beleid ON levering (beleid, ontvanger) WHERE staat = 3;
CREATE INDEX levering_tot ON levering (tot, ontvanger) WHERE staat = 3;
