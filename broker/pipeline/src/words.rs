//! A recipient's signed word about a delivery: received, read, refused.

use inbreng_domain::{
    BerichtId, Digest, LeveringId, Oin,
    problem::ProblemCode,
    receipts::{Gelezen, Ontvangst, Weigering},
};
use inbreng_proof::{Typ, VerifyingKey, jws, sha256};
use inbreng_storage::{Leveringsbericht, Leveringskop, Leveringsuitslag};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Fout, Hub,
    leaf::{self, Soort},
};

/// A word that can be signed about a delivery.
pub(crate) trait Woord: DeserializeOwned {
    const TYP: Typ;
    const SOORT: Soort;
    fn levering(&self) -> LeveringId;
    fn ontvanger(&self) -> Oin;
    /// The message, where the word names it.
    fn bericht(&self) -> Option<BerichtId>;
    /// Whether it says what was delivered.
    fn klopt(&self, kop: &Leveringskop) -> bool {
        self.bericht().is_none_or(|id| id == kop.bericht_id)
    }
    fn wat(&self) -> Leveringsbericht;
}

impl Woord for Ontvangst {
    const TYP: Typ = Typ::Ontvangst;
    const SOORT: Soort = Soort::Ontvangst;
    fn levering(&self) -> LeveringId {
        self.levering
    }
    fn ontvanger(&self) -> Oin {
        self.ontvanger
    }
    fn bericht(&self) -> Option<BerichtId> {
        Some(self.bericht)
    }
    /// A receipt is evidence for the sender: one over another text or over other parts is none.
    fn klopt(&self, kop: &Leveringskop) -> bool {
        self.bericht == kop.bericht_id && self.digest == sha256(kop.bericht.as_bytes()) && self.delen == kop.delen
    }
    fn wat(&self) -> Leveringsbericht {
        Leveringsbericht::Ontvangen
    }
}

impl Woord for Gelezen {
    const TYP: Typ = Typ::Gelezen;
    const SOORT: Soort = Soort::Gelezen;
    fn levering(&self) -> LeveringId {
        self.levering
    }
    fn ontvanger(&self) -> Oin {
        self.ontvanger
    }
    fn bericht(&self) -> Option<BerichtId> {
        None
    }
    fn wat(&self) -> Leveringsbericht {
        Leveringsbericht::Gelezen
    }
}

impl Woord for Weigering {
    const TYP: Typ = Typ::Weigering;
    const SOORT: Soort = Soort::Weigering;
    fn levering(&self) -> LeveringId {
        self.levering
    }
    fn ontvanger(&self) -> Oin {
        self.ontvanger
    }
    fn bericht(&self) -> Option<BerichtId> {
        Some(self.bericht)
    }
    fn wat(&self) -> Leveringsbericht {
        Leveringsbericht::Geweigerd(self.code)
    }
}

/// The record of a word: whose, about which delivery of which message, and the digest of what was signed.
#[derive(Debug, Serialize)]
struct Woordrecord {
    levering: LeveringId,
    bericht: BerichtId,
    ontvanger: Oin,
    verklaring: Digest,
}

/// Verifies a word and writes it with its leaf. The same word again changes nothing.
pub(crate) async fn vastleggen<W: Woord>(hub: &Hub, van: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let woord: W = ondertekend(jws, W::TYP, &gids.aangeslotene(van, nu)?.certificaat.key)?;
    let ongelijk = || Fout::new(ProblemCode::NietGelijk).at("/verklaring");
    if woord.ontvanger() != van || woord.levering() != levering {
        return Err(ongelijk());
    }
    let onbekend = || Fout::new(ProblemCode::NietGevonden);
    let kop = hub.store.levering(van, levering).await?.ok_or_else(onbekend)?;
    if !woord.klopt(&kop) {
        return Err(ongelijk());
    }
    let record = Woordrecord { levering, bericht: kop.bericht_id, ontvanger: van, verklaring: sha256(jws.as_bytes()) };
    let blad = leaf::maken(W::SOORT, &record, nu, hub.random.as_ref())?;
    match hub.store.leveringsbericht(van, levering, woord.wat(), jws.to_owned(), blad).await? {
        Leveringsuitslag::Vastgelegd | Leveringsuitslag::AlVastgelegd => Ok(()),
        Leveringsuitslag::Afgesloten => Err(Fout::new(ProblemCode::LeveringAfgesloten)),
        Leveringsuitslag::Onbekend => Err(onbekend()),
    }
}

/// A statement that its signer, who is connected, signed for this use.
pub(crate) fn ondertekend<T: DeserializeOwned>(jws: &str, typ: Typ, sleutel: &VerifyingKey) -> Result<T, Fout> {
    jws::verify(jws, typ, sleutel).map_err(|error| Fout::new(ProblemCode::HandtekeningOngeldig).at("/verklaring").door(error))
}
