-- The way from a case to its messages: who received something that rests on a consent is found when it is withdrawn (R11).
CREATE INDEX bericht_casus ON bericht (casus) WHERE casus IS NOT NULL;
