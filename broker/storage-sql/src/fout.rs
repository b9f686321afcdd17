//! From the driver's errors to the few that a caller can act on. No value of a row stands in any of them.

use inbreng_storage::StoreError;
use sqlx::{postgres::PgDatabaseError, sqlite::SqliteError};

use super::{postgres, sqlite};

/// What the database itself means by an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oorzaak {
    /// It refused a row: the fault of one item, not of the store.
    Tegenspraak,
    /// There is no room.
    Vol,
    /// What stands there cannot be read.
    Kapot,
    /// Anything else.
    Anders,
}

fn oorzaak(fout: &sqlx::Error) -> Oorzaak {
    let Some(fout) = fout.as_database_error() else { return Oorzaak::Anders };
    if fout.try_downcast_ref::<SqliteError>().is_some() {
        return fout.code().map_or(Oorzaak::Anders, |code| sqlite::fout::oorzaak(&code));
    }
    fout.try_downcast_ref::<PgDatabaseError>().map_or(Oorzaak::Anders, |fout| postgres::fout::oorzaak(fout.code()))
}

/// Whether the database itself refused a row: the fault of one item, not of the store.
pub(super) fn is_tegenspraak(fout: &sqlx::Error) -> bool {
    oorzaak(fout) == Oorzaak::Tegenspraak
}

/// The error as the caller gets it.
pub(super) fn vertaald(fout: sqlx::Error) -> StoreError {
    match oorzaak(&fout) {
        Oorzaak::Vol => StoreError::Full,
        Oorzaak::Kapot => StoreError::Corrupt { what: "database file" },
        Oorzaak::Tegenspraak => StoreError::Conflict { what: "a row that may stand once, or belongs to none" },
        Oorzaak::Anders => match fout {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::ColumnNotFound(_) | sqlx::Error::Decode(_) => {
                StoreError::Corrupt { what: "column" }
            }
            fout => StoreError::Unavailable(Box::new(fout)),
        },
    }
}
