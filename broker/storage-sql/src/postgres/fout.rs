//! PostgreSQL's error codes (appendix A of its manual): the first two characters are a class.

use crate::fout::Oorzaak;

const DISK_FULL: &str = "53100";
/// Data that the server cannot hold, such as a null character in a text.
const DATA: &str = "22";
const CONSTRAINT: &str = "23";
/// Damaged pages and indexes.
const DAMAGE: &str = "XX0";

/// What this code says.
pub(crate) fn oorzaak(code: &str) -> Oorzaak {
    match code {
        DISK_FULL => Oorzaak::Vol,
        code if code.starts_with(CONSTRAINT) || code.starts_with(DATA) => Oorzaak::Tegenspraak,
        // XX000 is any internal error; XX001 and XX002 are what is damaged.
        code if code.starts_with(DAMAGE) && code != "XX000" => Oorzaak::Kapot,
        _ => Oorzaak::Anders,
    }
}
