-- How long a delivery has waited is asked for by its age alone. The condition says what it said, in a form that no other statement has: as
-- long as the statistics of the table were those of a quiet time, what asks for the next of a line took this index, and read all
-- that waited for its recipient instead of one row.
DROP INDEX bezorging_leeftijd;
CREATE INDEX bezorging_leeftijd ON bezorging (ontvanger, sinds) WHERE (stand + 0) < 2;
