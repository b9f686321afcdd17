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
    verbinding::{Rij, Verbinding, vraag},
};

/// Level and index of a node; level 0 is the leaves.
type Plaats = (u8, u64);
/// Stored nodes.
pub(super) type Knopen = HashMap<Plaats, [u8; 32]>;

/// Fetches these nodes, those that are there.
pub(super) async fn ophalen(verbinding: &mut Verbinding, welke: &[(u8, u64)]) -> StoreResult<Knopen> {
    if welke.is_empty() {
        return Ok(Knopen::new());
    }
    let rijen = vraag(sql::KNOPEN).bind(json!(welke).to_string()).fetch_all(verbinding).await.map_err(vertaald)?;
    rand(&rijen)
}

/// A node, if it is there.
fn knoop(rij: &Rij) -> StoreResult<Option<(Plaats, [u8; 32])>> {
    let niveau = u8::try_from(rij.getal("niveau")?).map_err(|_| StoreError::Corrupt { what: "knoop.niveau" })?;
    let plaats = (niveau, rij.aantal("nr")?);
    Ok(rij.bytes32_of("hash")?.map(|hash| (plaats, hash)))
}

/// Root over the first leaves.
pub(super) async fn wortel(verbinding: &mut Verbinding, omvang: u64) -> StoreResult<Digest> {
    let knopen = ophalen(verbinding, &merkle::nodes_for_root(omvang)).await?;
    merkle::root(&knopen, omvang).map_err(onleesbaar)
}

/// The nodes that the next leaves are added to, of the answer to [`sql::RAND`].
pub(super) fn rand(rijen: &[Rij]) -> StoreResult<Knopen> {
    rijen.iter().filter_map(|rij| knoop(rij).transpose()).collect()
}

/// The nodes above the leaves that these new leaves complete. `rand` is the tree's right edge before them, of `omvang` leaves.
pub(super) fn bijschrijven(rand: &Knopen, omvang: i64, bladen: &[[u8; 32]]) -> StoreResult<Rijen<'static>> {
    let mut rijen = Rijen::voor(&sql::KNOOP);
    let omvang = u64::try_from(omvang).map_err(|_| StoreError::Corrupt { what: "stand.blad" })?;
    for knoop in merkle::append(rand, omvang, bladen).map_err(onleesbaar)?.into_iter().filter(|k| k.level > 0) {
        let nr = i64::try_from(knoop.index).map_err(|_| StoreError::Corrupt { what: "stand.blad" })?;
        rijen.rij([Waarde::Getal(knoop.level.into()), Waarde::Getal(nr), Waarde::Hash(knoop.hash)]);
    }
    Ok(rijen)
}

/// A node that should be there is not.
pub(super) const fn onleesbaar(_: MerkleError) -> StoreError {
    StoreError::Corrupt { what: "log node" }
}
