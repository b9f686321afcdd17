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

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix A: a full disk is 507 at the hub, and none of its neighbours in class 53 is.
    #[test]
    fn only_a_full_disk_is_one() {
        let alle = [
            ("53100", Oorzaak::Vol),
            // Out of memory, too many connections, a limit that was configured: it comes back.
            ("53200", Oorzaak::Anders),
            ("53300", Oorzaak::Anders),
            ("53400", Oorzaak::Anders),
            ("22021", Oorzaak::Tegenspraak),
            ("23505", Oorzaak::Tegenspraak),
            ("XX000", Oorzaak::Anders),
            ("XX001", Oorzaak::Kapot),
            ("XX002", Oorzaak::Kapot),
            ("57P01", Oorzaak::Anders),
        ];
        for (code, verwacht) in alle {
            assert_eq!(oorzaak(code), verwacht, "{code}");
        }
    }
}
