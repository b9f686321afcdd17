-- What a delivery stands beside (the person's own view beside a part): that goes to the own system before it.
ALTER TABLE inkomend ADD COLUMN na TEXT;
