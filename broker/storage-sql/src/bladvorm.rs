//! Where the hash of a leaf begins to cover its kind (ADR 19): from the first leaf of a new store; in one that has leaves of before,
//! from a leaf that says how many those are, and of which kinds and moments. That leaf follows from the leaves before it alone: a copy
//! that goes over by itself gets the same one.

use inbreng_domain::Digest;
use inbreng_proof::{
    blad::{OVERGANG, Overgang, Soortenreeks, blad_hash},
    canonical_string,
};
use inbreng_storage::StoreError;

use super::{
    knopen, naslag,
    rij::Lezen,
    rijen::{Rijen, Waarde},
    sql,
    stapel::Stapelfout,
    verbinding::{Verbinding, vraag},
};

/// Leaves that are read at once.
const BLADZIJDE: i64 = 4096;

/// Goes over to leaves whose hash covers their kind, once.
pub(super) async fn overgaan(verbinding: &mut Verbinding) -> Result<(), Stapelfout> {
    if is_over(verbinding).await? {
        return Ok(());
    }
    vraag(sql::BEGIN).execute(verbinding).await?;
    let gedaan = binnen(verbinding).await;
    if gedaan.is_err() {
        // What went wrong is told; the next opening begins anew.
        drop(vraag(sql::ROLLBACK).execute(verbinding).await);
    }
    gedaan
}

async fn is_over(verbinding: &mut Verbinding) -> Result<bool, Stapelfout> {
    Ok(vraag(sql::SOORT_VANAF).fetch_one(verbinding).await?.getal_of("soort_vanaf")?.is_some())
}

async fn binnen(tx: &mut Verbinding) -> Result<(), Stapelfout> {
    // As a batch does: whoever reads the state here is the only one who writes.
    let blad = vraag(sql::STAND).fetch_one(&mut *tx).await?.getal("blad")?;
    if is_over(tx).await? {
        return Ok(vraag(sql::ROLLBACK).execute(tx).await.map(drop)?);
    }
    let erbij = if blad == 0 { 0 } else { beginnen(tx, blad).await? };
    vraag(sql::SOORT_VANAF_ZETTEN).bind(blad).bind(blad + erbij).execute(&mut *tx).await?;
    Ok(vraag(sql::COMMIT).execute(tx).await.map(drop)?)
}

/// Writes the leaf with which the second form begins. Gives how many it wrote.
async fn beginnen(tx: &mut Verbinding, blad: i64) -> Result<i64, Stapelfout> {
    let soorten = soorten(tx, blad).await?;
    let vanaf = u64::try_from(blad).map_err(|_| StoreError::Corrupt { what: "stand.blad" })?;
    let record = canonical_string(&Overgang { soorten, vanaf }).map_err(|_| StoreError::Corrupt { what: "bladvorm" })?;
    // Nothing in it is anybody's: it needs no salt. Nor a moment of its own: what was asked since the newest leaf still is.
    let (zout, tijd) = ([0; 32], vraag(sql::JONGSTE_BLAD).fetch_one(&mut *tx).await?.tijd("tijd")?);
    let hash = blad_hash(OVERGANG, tijd, &zout, record.as_bytes());
    let mut rijen = Rijen::voor(&sql::BLAD);
    rijen.rij([
        Waarde::Getal(blad),
        Waarde::Hash(*hash.as_bytes()),
        Waarde::Bytes(&zout),
        Waarde::Tekst(OVERGANG),
        Waarde::Getal(tijd.unix_millis()),
        Waarde::Tekst(&record),
    ]);
    let rand = knopen::rand(&vraag(sql::RAND).fetch_all(&mut *tx).await?)?;
    rijen.schrijven(tx).await?;
    knopen::bijschrijven(&rand, blad, &[*hash.as_bytes()])?.schrijven(tx).await?;
    tracing::info!(gebeurtenis = "bladvorm", bladen = vanaf, "from this leaf on the hash of a leaf covers its kind");
    Ok(1)
}

/// Over all leaves that are there.
async fn soorten(tx: &mut Verbinding, tot: i64) -> Result<Digest, Stapelfout> {
    let mut reeks = Soortenreeks::nieuw();
    let mut gelezen = 0;
    while gelezen < tot {
        let rijen = vraag(sql::BLADEN).bind(gelezen).bind(BLADZIJDE.min(tot - gelezen)).fetch_all(&mut *tx).await?;
        if rijen.is_empty() {
            return Err(StoreError::Corrupt { what: "blad" }.into());
        }
        for rij in &rijen {
            let blad = naslag::blad(rij)?;
            reeks.bij(&blad.soort.as_str(), blad.tijd);
            gelezen += 1;
        }
    }
    Ok(reeks.digest())
}
