-- What a review afterwards found, and the statement that says so (R9, R35).
ALTER TABLE plicht ADD COLUMN uitkomst TEXT;
ALTER TABLE plicht ADD COLUMN verklaring TEXT;
