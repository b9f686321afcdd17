//! What a store in a file holds, for whoever watches that it does not become full.

use inbreng_storage::{StoreError, StoreResult};

use super::{SqlStore, fout::vertaald, verbinding::Lezers};

/// Bytes of a store in a file, without the write-ahead log beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Omvang {
    /// Of all its pages: what the file is, or becomes when its log goes to it. `opslag.grootste_mib` bounds this.
    pub bytes: u64,
    /// Of the pages that hold something. The others are used again before the file grows.
    pub gebruikt: u64,
}

/// sqlite.org/pragma.html#pragfunc
const OMVANG: &str =
    "SELECT page_size, page_count, freelist_count FROM pragma_page_size, pragma_page_count, pragma_freelist_count";

impl SqlStore {
    /// How large it is; `None` for a database on a server, which others watch.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn omvang(&self) -> StoreResult<Option<Omvang>> {
        let Lezers::Sqlite(lezers) = &self.lezers else { return Ok(None) };
        let (pagina, alle, vrij): (i64, i64, i64) = sqlx::query_as(OMVANG).fetch_one(lezers).await.map_err(vertaald)?;
        let bytes = |paginas: i64| {
            let bytes = paginas.checked_mul(pagina).and_then(|bytes| u64::try_from(bytes).ok());
            bytes.ok_or(StoreError::Corrupt { what: "page count" })
        };
        Ok(Some(Omvang { bytes: bytes(alle)?, gebruikt: bytes(alle - vrij)? }))
    }
}
