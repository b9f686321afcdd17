-- What is kept ready for who gets an acute message that nobody reads: from when it may go.
ALTER TABLE aangehouden ADD COLUMN vanaf BIGINT;
CREATE INDEX aangehouden_vanaf ON aangehouden (vanaf, ontvanger) WHERE vanaf IS NOT NULL;
