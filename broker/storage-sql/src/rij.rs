//! Reading a row: every column parses into its type, or the store is corrupt.

use std::str::FromStr;

use inbreng_domain::{Digest, Tijdstip};
use inbreng_storage::{StoreError, StoreResult};
use serde::de::DeserializeOwned;
use sqlx::Row;

use super::verbinding::Rij;

/// Typed reading of the columns of a row.
pub(super) trait Lezen {
    fn tekst(&self, kolom: &'static str) -> StoreResult<String>;
    fn tekst_ref(&self, kolom: &'static str) -> StoreResult<&str>;
    fn tekst_of(&self, kolom: &'static str) -> StoreResult<Option<String>>;
    fn getal(&self, kolom: &'static str) -> StoreResult<i64>;
    fn getal_of(&self, kolom: &'static str) -> StoreResult<Option<i64>>;
    fn bytes32(&self, kolom: &'static str) -> StoreResult<[u8; 32]>;
    fn bytes32_of(&self, kolom: &'static str) -> StoreResult<Option<[u8; 32]>>;
    fn blob(&self, kolom: &'static str) -> StoreResult<&[u8]>;

    /// A count or number that is never negative.
    fn aantal(&self, kolom: &'static str) -> StoreResult<u64> {
        u64::try_from(self.getal(kolom)?).map_err(|_| StoreError::Corrupt { what: kolom })
    }

    fn ontleed<T: FromStr>(&self, kolom: &'static str) -> StoreResult<T> {
        self.tekst_ref(kolom)?.parse().map_err(|_| StoreError::Corrupt { what: kolom })
    }

    fn ontleed_of<T: FromStr>(&self, kolom: &'static str) -> StoreResult<Option<T>> {
        self.tekst_of(kolom)?.map(|t| t.parse().map_err(|_| StoreError::Corrupt { what: kolom })).transpose()
    }

    fn json<T: DeserializeOwned>(&self, kolom: &'static str) -> StoreResult<T> {
        serde_json::from_str(self.tekst_ref(kolom)?).map_err(|_| StoreError::Corrupt { what: kolom })
    }

    fn tijd(&self, kolom: &'static str) -> StoreResult<Tijdstip> {
        self.getal(kolom).map(Tijdstip::from_unix_millis)
    }

    fn tijd_of(&self, kolom: &'static str) -> StoreResult<Option<Tijdstip>> {
        Ok(self.getal_of(kolom)?.map(Tijdstip::from_unix_millis))
    }

    fn hash(&self, kolom: &'static str) -> StoreResult<Digest> {
        self.bytes32(kolom).map(Digest::from_bytes)
    }
}

/// Reads a column of either database's row.
macro_rules! kolom {
    ($rij:expr, $kolom:expr) => {
        match $rij {
            Rij::Sqlite(rij) => rij.try_get($kolom),
            Rij::Postgres(rij) => rij.try_get($kolom),
        }
        .map_err(|_| StoreError::Corrupt { what: $kolom })
    };
}

impl Lezen for Rij {
    fn tekst(&self, kolom: &'static str) -> StoreResult<String> {
        kolom!(self, kolom)
    }

    fn tekst_ref(&self, kolom: &'static str) -> StoreResult<&str> {
        kolom!(self, kolom)
    }

    fn tekst_of(&self, kolom: &'static str) -> StoreResult<Option<String>> {
        kolom!(self, kolom)
    }

    fn getal(&self, kolom: &'static str) -> StoreResult<i64> {
        kolom!(self, kolom)
    }

    fn getal_of(&self, kolom: &'static str) -> StoreResult<Option<i64>> {
        kolom!(self, kolom)
    }

    fn bytes32(&self, kolom: &'static str) -> StoreResult<[u8; 32]> {
        self.blob(kolom)?.try_into().map_err(|_| StoreError::Corrupt { what: kolom })
    }

    fn bytes32_of(&self, kolom: &'static str) -> StoreResult<Option<[u8; 32]>> {
        let bytes: Option<&[u8]> = kolom!(self, kolom)?;
        bytes.map(|b| b.try_into().map_err(|_| StoreError::Corrupt { what: kolom })).transpose()
    }

    fn blob(&self, kolom: &'static str) -> StoreResult<&[u8]> {
        kolom!(self, kolom)
    }
}
