//! What the writer is asked, and what it answers.

use inbreng_domain::{BerichtId, Code, Digest, LeveringId, Oin, Tijdstip, vocabulary::Urgentie};
use inbreng_storage::{
    Aanname, Aannameuitslag, Aanvulling, Aanvullingsuitslag, Beleidsgrens, Genomen, Herziening, Herzieningsuitslag, Inzage,
    Inzagegrens, Inzageuitslag, Leveringsbericht, Leveringsuitslag, NieuwBesluit, NieuwBlad, NieuwOverzicht, Partijschrift,
    Partijuitslag, Plichtuitslag, Snoeisel, StoreResult, Terugroepuitslag, Versieschrift, Versieuitslag,
};
use tokio::sync::oneshot;

use super::{bewaren::Bewaarwerk, bezorgen::Bezorgwerk};

/// One write, and where its answer goes once it is durable. Whoever asked may be gone by then; the write stands.
#[derive(Debug)]
pub(super) struct Opdracht {
    pub(super) werk: Werk,
    pub(super) antwoord: oneshot::Sender<StoreResult<Uitslag>>,
}

/// A write.
#[derive(Debug)]
pub(super) enum Werk {
    /// With the places of the keys under which its wraps are sealed.
    Aannemen(Box<Aanname>, Vec<i64>),
    Besluiten {
        besluiten: Vec<NieuwBesluit>,
        bladen: Vec<NieuwBlad>,
        beleid: Beleidsgrens,
        baan: Urgentie,
    },
    Levering(Box<Leveringswoord>),
    Toets(Box<Toetswoord>),
    Aanvullen(Box<Aanvulling>, i64),
    Herzien(Box<Herziening>),
    Inzage {
        inzage: Box<Inzage>,
        nonce: String,
        verklaring: String,
        blad: Box<NieuwBlad>,
        op: Inzagegrens,
    },
    Overzicht(Box<NieuwOverzicht>),
    Versie(Box<Versieschrift>),
    Partij(Box<Partijschrift>),
    Bezorgen(Box<Bezorgwerk>),
    Bewaren(Bewaarwerk),
    /// Deliveries whose term is over, each with its leaf (R40).
    Verlopen {
        nu: Tijdstip,
        wat: Vec<(LeveringId, NieuwBlad)>,
    },
    Gids {
        oin: Oin,
        record: String,
        blad: Box<NieuwBlad>,
    },
    /// A key of this organisation is frozen.
    Bevriezing {
        oin: Oin,
        digest: Digest,
        verklaring: String,
        blad: Box<NieuwBlad>,
    },
    Bladen(Vec<NieuwBlad>, Urgentie),
    Jti {
        partner: Oin,
        jti: String,
        verloopt: Tijdstip,
        nu: Tijdstip,
    },
    /// Finish what waits, then stop.
    Sluiten,
}

/// A recipient's signed word about a delivery.
#[derive(Debug)]
pub(super) struct Leveringswoord {
    pub(super) ontvanger: Oin,
    pub(super) id: LeveringId,
    pub(super) wat: Leveringsbericht,
    pub(super) verklaring: String,
    pub(super) blad: NieuwBlad,
}

/// What a review found.
#[derive(Debug)]
pub(super) struct Toetswoord {
    pub(super) van: Oin,
    pub(super) bericht: BerichtId,
    pub(super) uitkomst: Code,
    pub(super) verklaring: String,
    pub(super) blad: NieuwBlad,
}

/// The answer to a [`Werk`] of the same name.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Uitslag {
    Aanname(Aannameuitslag),
    Levering(Leveringsuitslag),
    Toets(Plichtuitslag),
    Aanvulling(Aanvullingsuitslag),
    Herzien(Herzieningsuitslag),
    Inzage(Inzageuitslag),
    /// Whether it was written.
    Overzicht(bool),
    Jti(bool),
    Versie(Versieuitslag),
    Partij(Partijuitslag),
    Terugroep(Terugroepuitslag),
    Genomen(Vec<Genomen>),
    Afgerond(bool),
    Herbezorgd(Option<Oin>),
    Aantal(u64),
    Gesnoeid(Snoeisel),
    /// Whether the decisions were recorded.
    Besluiten(bool),
    Klaar,
}

impl Werk {
    /// Whether it waits for nothing that is not acute: an acute message, why one was refused, the check before it, taking acute
    /// deliveries to bring them, and a token, without which nothing acute is sent. How many tokens one may ask is bounded apart, as for
    /// acute messages.
    pub(super) fn is_acuut(&self) -> bool {
        let baan = match self {
            Self::Aannemen(aanname, _) => aanname.bericht.urgentie,
            Self::Besluiten { baan, .. } | Self::Bladen(_, baan) => *baan,
            Self::Bezorgen(werk) => werk.baan(),
            Self::Jti { .. } => Urgentie::Acuut,
            _ => Urgentie::Normaal,
        };
        baan == Urgentie::Acuut
    }

    /// About how many bytes it writes, so that a batch does not grow without bound.
    pub(super) fn omvang(&self) -> usize {
        match self {
            Self::Aannemen(a, _) => {
                let delen: usize = a.delen.iter().map(|d| d.inhoud.len() + d.labels.len() + d.eigenaarsbewijs.len()).sum();
                let wraps: usize = a.wraps.iter().map(|w| w.wrap.len() + w.toegang.as_ref().map_or(0, String::len)).sum();
                let besluiten: usize = a.besluiten.iter().map(|b| b.record.len()).sum();
                a.bericht.bericht.len() + a.bericht.kop.len() + a.bericht.ontvangstbewijs.len() + delen + wraps + besluiten
            }
            Self::Besluiten { besluiten, .. } => besluiten.iter().map(|b| b.record.len()).sum(),
            Self::Levering(woord) => woord.verklaring.len(),
            Self::Toets(woord) => woord.verklaring.len(),
            Self::Overzicht(overzicht) => overzicht.verklaring.len(),
            Self::Aanvullen(a, _) => a.wrap.wrap.len() + a.inhoud.as_ref().map_or(0, String::len),
            Self::Herzien(h) => h.besluiten.iter().map(|b| b.record.len()).sum(),
            Self::Versie(schrift) => {
                let inhoud = schrift.nieuw.as_ref().map_or(0, |n| n.bundel.len() + n.tabellen.len());
                let verklaring = schrift.stap.verklaring.as_ref().map_or(0, String::len);
                inhoud + verklaring + schrift.stap.uitslag.as_ref().map_or(0, String::len)
            }
            Self::Partij(schrift) => schrift.verklaring.verklaring.len(),
            Self::Bezorgen(werk) => werk.omvang(),
            Self::Verlopen { wat, .. } => wat.iter().map(|(_, b)| b.record.len()).sum(),
            Self::Bladen(bladen, _) => bladen.iter().map(|b| b.record.len()).sum(),
            Self::Bewaren(_) | Self::Inzage { .. } | Self::Gids { .. } | Self::Jti { .. } | Self::Sluiten => 0,
            Self::Bevriezing { verklaring, .. } => verklaring.len(),
        }
    }
}
