-- A process of an earlier version that runs on signs no heads either (ADR 19): its heads would not say from which leaf on hashes cover
-- kinds, and whoever holds a later head would take them for a forked log. By another name than before, so that it cannot read the tree.
ALTER TABLE knoop RENAME COLUMN niveau TO laag;
