//! Freezing an encryption key: by the signature of its organisation or of the covenant manager, at once and for ever (ADR 20).

use inbreng_domain::{
    Digest, Oin,
    gids::{Bevriesreden, Bevriezing, Gidsvermelding, Sleutelverklaring},
    problem::ProblemCode,
};
use inbreng_proof::{
    gids::{bevriest_meer, verklaring_digest},
    jws::unverified_payload,
};
use serde::Serialize;

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
    statements::huidige,
};

/// The record of a freeze: whose key, which one, why, by whom, and the digest of what was signed.
#[derive(Debug, Serialize)]
struct Bevriesrecord {
    oin: Oin,
    kid: String,
    reden: Bevriesreden,
    door: &'static str,
    verklaring: Digest,
}

/// Freezes a key. The same again changes nothing, in whatever words: whoever signs could otherwise have everyone keep any number of them.
pub(crate) async fn bevriezen(hub: &Hub, van: Oin, oin: Oin, jws: String) -> Result<(), Fout> {
    let bevriezing = hub.gids.bevriezing(&jws, hub.clock.now())?;
    if bevriezing.oin != oin {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring/oin"));
    }
    // What the covenant manager signed may come by anyone; what an organisation signed comes from itself.
    if !bevriezing.certificaten.is_empty() && van != oin {
        return Err(Fout::new(ProblemCode::BronNietEigen));
    }
    let _een_tegelijk = hub.gids.bevriezen.lock().await;
    let huidig = huidige(hub, oin).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    if huidig.bevriezingen.contains(&jws) {
        return Ok(());
    }
    staat_er(&huidig, &bevriezing)?;
    if !is_nieuw(&huidig, &bevriezing) {
        return Ok(());
    }
    schrijven(hub, bevriezing, jws).await
}

/// A freeze that comes with the installation: it was signed, whatever has become of what it names.
pub(crate) async fn uit_installatie(hub: &Hub, oin: Oin, jws: &str) -> Result<(), Fout> {
    let bevriezing = hub.gids.bevriezing(jws, hub.clock.now())?;
    if bevriezing.oin != oin {
        return Err(Fout::new(ProblemCode::NietGelijk));
    }
    let _een_tegelijk = hub.gids.bevriezen.lock().await;
    if huidige(hub, oin).await?.is_some_and(|g| !is_nieuw(&g, &bevriezing)) {
        return Ok(());
    }
    schrijven(hub, bevriezing, jws.to_owned()).await
}

/// Whether it takes away more than what was frozen before.
fn is_nieuw(huidig: &Gidsvermelding, bevriezing: &Bevriezing) -> bool {
    let eerder: Vec<Bevriezing> = huidig.bevriezingen.iter().filter_map(|jws| unverified_payload(jws).ok()).collect();
    bevriest_meer(&huidig.sleutels, &eerder, bevriezing)
}

/// The key and the statement that it names are shown: a slip of the pen would freeze nothing, or what is not meant.
fn staat_er(huidig: &Gidsvermelding, bevriezing: &Bevriezing) -> Result<(), Fout> {
    let mut kid = false;
    let mut laatste = false;
    for vermelding in &huidig.sleutels {
        kid |= unverified_payload::<Sleutelverklaring>(&vermelding.verklaring).is_ok_and(|s| s.kid == bevriezing.kid);
        laatste |= verklaring_digest(&vermelding.verklaring) == bevriezing.laatste;
    }
    match (kid, laatste) {
        (true, true) => Ok(()),
        (false, _) => Err(Fout::new(ProblemCode::NietGevonden).at("/verklaring/kid")),
        (true, false) => Err(Fout::new(ProblemCode::NietGevonden).at("/verklaring/laatste")),
    }
}

async fn schrijven(hub: &Hub, bevriezing: Bevriezing, jws: String) -> Result<(), Fout> {
    let nu = hub.clock.now();
    let Bevriezing { oin, kid, reden, certificaten, .. } = bevriezing;
    let door = if certificaten.is_empty() { "convenantbeheerder" } else { "organisatie" };
    let verklaring = verklaring_digest(&jws);
    tracing::warn!(%oin, kid, %reden, door, "encryption key frozen");
    let blad = leaf::maken(Soort::Bevriezing, &Bevriesrecord { oin, kid, reden, door, verklaring }, nu, hub.random.as_ref())?;
    hub.store.sleutel_bevriezen(oin, verklaring, jws, blad).await?;
    hub.gids.herladen(hub.store(), nu).await?;
    Ok(())
}
