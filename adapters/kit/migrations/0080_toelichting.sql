-- Why what is given by our yes is needed for another purpose (R28), sealed under our own key; absent where nothing was explained. It
-- stays with what was given: to a hub that was put back it goes again.
ALTER TABLE toegang ADD COLUMN toelichting TEXT;
