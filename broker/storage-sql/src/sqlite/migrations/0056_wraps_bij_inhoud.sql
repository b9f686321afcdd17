-- The keys that travel along stand with the ciphertext that they open: they come and leave together (R40). Those of who looks
-- at a part at the hub, and of who may get it at a later step, outlive it or are given apart, and stay rows of their own.
-- `[[ontvanger, wrap, toegang], …]`
ALTER TABLE inhoud ADD COLUMN wraps TEXT NOT NULL DEFAULT '[]';
UPDATE inhoud SET wraps = (SELECT json_group_array(json_array(w.ontvanger, w.wrap, w.toegang)) FROM wrap w
    WHERE w.deel = inhoud.deel AND w.wijze = 'meegeleverd');
DELETE FROM wrap WHERE wijze = 'meegeleverd' AND deel IN (SELECT i.deel FROM inhoud i);
