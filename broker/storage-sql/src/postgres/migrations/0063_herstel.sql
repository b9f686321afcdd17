-- What a restoration left in the log, found without looking through it: a few leaves, at most.
CREATE INDEX blad_herstel ON blad (soort) WHERE soort IN ('herstel', 'nazending', 'heropening');
