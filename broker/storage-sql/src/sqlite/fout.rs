//! SQLite's primary result codes (sqlite.org/rescode.html).

use crate::fout::Oorzaak;

const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
const SQLITE_CONSTRAINT: i32 = 19;
const SQLITE_NOTADB: i32 = 26;

/// What this code says.
pub(crate) fn oorzaak(code: &str) -> Oorzaak {
    // The code is extended: the primary one is its lowest byte.
    match code.parse::<i32>().map(|code| code & 0xff) {
        Ok(SQLITE_FULL) => Oorzaak::Vol,
        Ok(SQLITE_CORRUPT | SQLITE_NOTADB) => Oorzaak::Kapot,
        Ok(SQLITE_CONSTRAINT) => Oorzaak::Tegenspraak,
        _ => Oorzaak::Anders,
    }
}
