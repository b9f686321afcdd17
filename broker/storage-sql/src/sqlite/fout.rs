//! From the driver's errors to the few that a caller can act on. No value of a row stands in any of them.

use inbreng_storage::StoreError;

/// SQLite's primary result codes (sqlite.org/rescode.html).
const SQLITE_CORRUPT: i32 = 11;
const SQLITE_FULL: i32 = 13;
const SQLITE_CONSTRAINT: i32 = 19;
const SQLITE_NOTADB: i32 = 26;

fn primary(fout: &sqlx::Error) -> Option<i32> {
    // The code is extended: the primary one is its lowest byte.
    fout.as_database_error()?.code()?.parse::<i32>().ok().map(|code| code & 0xff)
}

/// Whether the database itself refused a row: the fault of one item, not of the store.
pub(super) fn is_tegenspraak(fout: &sqlx::Error) -> bool {
    primary(fout) == Some(SQLITE_CONSTRAINT)
}

/// The error as the caller gets it.
pub(super) fn vertaald(fout: sqlx::Error) -> StoreError {
    match primary(&fout) {
        Some(SQLITE_FULL) => StoreError::Full,
        Some(SQLITE_CORRUPT | SQLITE_NOTADB) => StoreError::Corrupt { what: "database file" },
        Some(SQLITE_CONSTRAINT) => StoreError::Conflict { what: "a row that may stand once, or belongs to none" },
        _ => match fout {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
                StoreError::Corrupt { what: "column" }
            }
            fout => StoreError::Unavailable(Box::new(fout)),
        },
    }
}
