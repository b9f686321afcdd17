//! The nodes of the log's Merkle tree: fetched in one statement, whatever the size of the tree.

use std::collections::HashMap;

use inbreng_domain::Digest;
use inbreng_proof::merkle::{self, MerkleError};
use inbreng_storage::{StoreError, StoreResult};
use serde_json::json;

use super::{
    fout::vertaald,
    rij::Lezen,
    rijen::{Rijen, Waarde},
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, vraag},
};

/// Stored nodes by level and index; level 0 is the leaves.
type Knopen = HashMap<(u8, u64), [u8; 32]>;

/// Fetches these nodes, those that are there.
pub(super) async fn ophalen(verbinding: &mut Verbinding, welke: &[(u8, u64)]) -> StoreResult<Knopen> {
    if welke.is_empty() {
        return Ok(Knopen::new());
    }
    let rijen = vraag(sql::KNOPEN).bind(json!(welke).to_string()).fetch_all(verbinding).await.map_err(vertaald)?;
    let mut knopen = Knopen::with_capacity(rijen.len());
    for rij in rijen {
        let niveau = u8::try_from(rij.getal("niveau")?).map_err(|_| StoreError::Corrupt { what: "knoop.niveau" })?;
        if let Some(hash) = rij.bytes32_of("hash")? {
            knopen.insert((niveau, rij.aantal("nr")?), hash);
        }
    }
    Ok(knopen)
}

/// Root over the first leaves.
pub(super) async fn wortel(verbinding: &mut Verbinding, omvang: u64) -> StoreResult<Digest> {
    let knopen = ophalen(verbinding, &merkle::nodes_for_root(omvang)).await?;
    merkle::root(&knopen, omvang).map_err(onleesbaar)
}

/// Adds the nodes above the leaves that these new leaves complete.
pub(super) async fn bijschrijven(tx: &mut Verbinding, omvang: i64, bladen: &[[u8; 32]]) -> Result<(), Stapelfout> {
    if bladen.is_empty() {
        return Ok(());
    }
    let omvang = u64::try_from(omvang).map_err(|_| StoreError::Corrupt { what: "stand.blad" })?;
    let knopen = ophalen(tx, &merkle::nodes_for_append(omvang)).await?;
    let mut rijen = Rijen::voor(&sql::KNOOP);
    for knoop in merkle::append(&knopen, omvang, bladen).map_err(onleesbaar)?.into_iter().filter(|k| k.level > 0) {
        let nr = i64::try_from(knoop.index).map_err(|_| StoreError::Corrupt { what: "stand.blad" })?;
        rijen.rij([Waarde::Getal(knoop.level.into()), Waarde::Getal(nr), Waarde::Hash(knoop.hash)]);
    }
    Ok(rijen.schrijven(tx).await?)
}

/// A node that should be there is not.
pub(super) const fn onleesbaar(_: MerkleError) -> StoreError {
    StoreError::Corrupt { what: "log node" }
}
