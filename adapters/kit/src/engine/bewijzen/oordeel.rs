//! What the deliveries to one recipient, its receipts and the hub's own words together say about what we sent it. It may get a message
//! in several deliveries: what waited goes later, and so does what its owner gives further.

use std::collections::BTreeSet;

use inbreng_domain::{
    DeelId, Oin, Tijdstip,
    antwoorden::{Leveringstand, Ontvangerstatus, Statusantwoord},
    receipts::{Ontvangerstand, Ontvangst, Weigeringscode},
};
use inbreng_proof::{Typ, VerifyingKey, jws};
use time::Duration;

use crate::store::Bewijs;

/// After which what was kept ready for a later step is asked after no more.
const TERUGVAL_VOORBIJ: Duration = Duration::days(1);

/// What was found of one recipient.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Gevonden {
    NogNiet,
    /// The hub could not bring it: a dead letter, until someone has it brought again or its recipient fetches it.
    NietBezorgd,
    /// Nobody fetched it within its term, and its content has left the hub (R40).
    Verlopen,
    Klopt,
    /// Less than was sealed, as the hub says openly.
    Onthouden,
    /// By its recipient, with a code; or by a decision that was taken again.
    Geweigerd(Option<Weigeringscode>),
    WijktAf(&'static str),
}

impl Gevonden {
    /// Which of two deliveries decides: what a human must act on, before what is still to come, before what is settled.
    const fn ernst(&self) -> u8 {
        match self {
            Self::WijktAf(_) => 5,
            Self::Geweigerd(Some(_)) => 4,
            Self::NietBezorgd => 3,
            Self::Verlopen => 2,
            Self::NogNiet => 1,
            Self::Geweigerd(None) | Self::Onthouden | Self::Klopt => 0,
        }
    }
}

/// A hub that no longer shows a recipient it took on has something to explain. Of whom all was held there is nothing to show until
/// it goes, or is refused after all.
pub(super) fn niet_getoond(bewijs: &Bewijs, status: &Statusantwoord, getekend: &[Oin], nu: Tijdstip) -> Gevonden {
    let mut over = status.besluiten.iter().filter(|b| b.ontvanger == bewijs.ontvanger).map(|b| b.stand).peekable();
    if over.peek().is_some() && over.clone().all(|stand| stand == Ontvangerstand::Geweigerd) {
        Gevonden::Geweigerd(None)
    } else if bewijs.moet.is_empty() && over.clone().any(|stand| stand == Ontvangerstand::InBehandeling) {
        Gevonden::NogNiet
    } else if bewijs.moet.is_empty() && over.any(|stand| stand == Ontvangerstand::Terugval) {
        // Kept ready for when nobody reads it: read by one who signed for it, or long after its step, it goes there no more.
        let gelezen = |o: &Ontvangerstatus| {
            matches!(o.stand, Leveringstand::Gelezen | Leveringstand::Beantwoord) && getekend.contains(&o.ontvanger)
        };
        let voorbij = nu.since(status.aangenomen_op) > TERUGVAL_VOORBIJ;
        if voorbij || status.ontvangers.iter().any(gelezen) { Gevonden::Onthouden } else { Gevonden::NogNiet }
    } else {
        Gevonden::WijktAf("het knooppunt toont deze ontvanger niet")
    }
}

/// The parts that the hub says it holds or refuses: decided again since they were sent (a recall, an embargo, a consent that
/// was withdrawn). It may withhold; it may not do so unseen.
pub(super) fn onthouden(status: &Statusantwoord, ontvanger: Oin) -> Vec<DeelId> {
    let niet = |stand| matches!(stand, Ontvangerstand::Geweigerd | Ontvangerstand::InBehandeling | Ontvangerstand::Terugval);
    status.besluiten.iter().filter(|b| b.ontvanger == ontvanger && niet(b.stand)).filter_map(|b| b.deel).collect()
}

/// Of all that went to one recipient (`getoond`), whose keys these are: what was found, and for which parts it signed.
pub(super) fn oordelen(
    bewijs: &Bewijs,
    getoond: &[&Ontvangerstatus],
    onthouden: &[DeelId],
    sleutels: &[VerifyingKey],
) -> (Gevonden, Vec<DeelId>) {
    let mut getekend = BTreeSet::new();
    let (mut zwaarste, mut bewezen) = (None::<Gevonden>, false);
    for een in getoond {
        match van_een(bewijs, een, sleutels) {
            Ok(delen) => {
                bewezen = true;
                getekend.extend(delen);
            }
            Err(gevonden) if zwaarste.as_ref().is_none_or(|z| gevonden.ernst() > z.ernst()) => zwaarste = Some(gevonden),
            Err(_) => {}
        }
    }
    let getekend: Vec<DeelId> = getekend.into_iter().collect();
    let gevonden = match zwaarste {
        Some(Gevonden::Geweigerd(None)) if bewezen => heel(bewijs, &getekend, onthouden, true),
        Some(gevonden) => gevonden,
        None => heel(bewijs, &getekend, onthouden, false),
    };
    (gevonden, getekend)
}

/// The parts that one delivery was signed for, or what is known without a signature that holds.
fn van_een(bewijs: &Bewijs, getoond: &Ontvangerstatus, sleutels: &[VerifyingKey]) -> Result<Vec<DeelId>, Gevonden> {
    let Some(tekst) = &getoond.ontvangst else {
        return Err(match getoond.stand {
            // Said openly, whether by the recipient or by a decision that was taken again.
            Leveringstand::Geweigerd => Gevonden::Geweigerd(getoond.weigering),
            Leveringstand::Vervallen => Gevonden::Geweigerd(None),
            Leveringstand::Ontvangen => Gevonden::WijktAf("het knooppunt zegt ontvangen, zonder handtekening van de ontvanger"),
            Leveringstand::DodeLetter => Gevonden::NietBezorgd,
            Leveringstand::Verlopen => Gevonden::Verlopen,
            // Read or answered says nothing about the receipt, which may still be on its way.
            Leveringstand::Onderweg | Leveringstand::InBehandeling | Leveringstand::Gelezen | Leveringstand::Beantwoord => {
                Gevonden::NogNiet
            }
        });
    };
    let gelezen = sleutels.iter().find_map(|sleutel| jws::verify::<Ontvangst>(tekst, Typ::Ontvangst, sleutel).ok());
    past(bewijs, &gelezen.ok_or(Gevonden::WijktAf("de handtekening is niet van de ontvanger"))?)
}

/// Whether a receipt is for what we sent: nothing that we did not seal for it, each once.
fn past(bewijs: &Bewijs, ontvangst: &Ontvangst) -> Result<Vec<DeelId>, Gevonden> {
    let Ontvangst { bericht, digest, delen, ontvanger, .. } = ontvangst;
    let eenmaal: BTreeSet<_> = delen.iter().collect();
    if *bericht != bewijs.bericht || *ontvanger != bewijs.ontvanger {
        Err(Gevonden::WijktAf("de ontvanger tekende voor een ander bericht"))
    } else if *digest != bewijs.digest {
        Err(Gevonden::WijktAf("de ontvanger kreeg een andere tekst"))
    } else if eenmaal.len() != delen.len() || delen.iter().any(|id| !bewijs.mag.contains(id)) {
        Err(Gevonden::WijktAf("er kwamen delen aan die er niet in zaten"))
    } else {
        Ok(delen.clone())
    }
}

/// Whether all that must arrive did, by all of its receipts together. `vervallen`: one of its deliveries lapsed, openly.
fn heel(bewijs: &Bewijs, getekend: &[DeelId], onthouden: &[DeelId], vervallen: bool) -> Gevonden {
    let mut mist = bewijs.moet.iter().filter(|id| !getekend.contains(id)).peekable();
    let niets = getekend.is_empty() && bewijs.moet.is_empty() && !bewijs.mag.is_empty();
    if mist.peek().is_none() && !niets {
        Gevonden::Klopt
    } else if vervallen || !niets && mist.all(|id| onthouden.contains(id)) {
        Gevonden::Onthouden
    } else {
        Gevonden::WijktAf("er kwamen delen niet aan")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use inbreng_domain::{BerichtId, Digest, LeveringId};
    use inbreng_proof::{SigningKey, SystemRandomness};

    use super::*;
    use crate::{
        store::Bewijsstand,
        testsleutels::{GGZ, VEILIG_THUIS, nu, oin, ondertekening},
    };

    static SLEUTEL: LazyLock<SigningKey> = LazyLock::new(ondertekening);

    fn id() -> DeelId {
        DeelId::mint(nu(), &SystemRandomness)
    }

    fn bewijs(moet: &[DeelId], mag: &[DeelId]) -> Bewijs {
        Bewijs {
            bericht: BerichtId::mint(nu(), &SystemRandomness),
            ontvanger: oin(VEILIG_THUIS),
            digest: Digest::from_bytes([1; 32]),
            moet: moet.to_vec(),
            mag: mag.to_vec(),
            stand: Bewijsstand::Open,
            pogingen: 0,
            getekend: Vec::new(),
            sinds: None,
        }
    }

    fn ontvangst(bewijs: &Bewijs, delen: &[DeelId]) -> Ontvangst {
        Ontvangst {
            levering: LeveringId::mint(nu(), &SystemRandomness),
            bericht: bewijs.bericht,
            digest: bewijs.digest,
            delen: delen.to_vec(),
            ontvanger: bewijs.ontvanger,
            tijd: nu(),
        }
    }

    /// How a delivery shows: with a receipt for these parts, or without any.
    fn getoond(bewijs: &Bewijs, stand: Leveringstand, delen: Option<&[DeelId]>) -> Ontvangerstatus {
        let tekst = delen.map(|delen| jws::sign(&SLEUTEL, Typ::Ontvangst, &ontvangst(bewijs, delen)).unwrap());
        Ontvangerstatus {
            ontvanger: bewijs.ontvanger,
            stand,
            ontvangen_op: None,
            ontvangst: tekst,
            gelezen_op: None,
            beantwoord_op: None,
            antwoord: None,
            geweigerd_op: None,
            weigering: (stand == Leveringstand::Geweigerd).then_some(Weigeringscode::NietVerwerkt),
            inzagen: Vec::new(),
            bezorging: None,
        }
    }

    fn samen(bewijs: &Bewijs, getoond: &[Ontvangerstatus], onthouden: &[DeelId]) -> (Gevonden, Vec<DeelId>) {
        let sleutels = [SLEUTEL.verifying_key().clone()];
        oordelen(bewijs, &getoond.iter().collect::<Vec<_>>(), onthouden, &sleutels)
    }

    #[test]
    fn a_receipt_is_for_what_was_sent_or_an_alarm() {
        let (een, twee, gehouden, vreemd) = (id(), id(), id(), id());
        let verwacht = bewijs(&[een, twee], &[een, twee, gehouden]);
        let ontvangen = |b: &Bewijs, delen: &[DeelId], onthouden: &[DeelId]| {
            samen(b, &[getoond(b, Leveringstand::Ontvangen, Some(delen))], onthouden).0
        };
        assert_eq!(ontvangen(&verwacht, &[een, twee], &[]), Gevonden::Klopt);
        assert_eq!(ontvangen(&verwacht, &[een, gehouden, twee], &[]), Gevonden::Klopt);
        // All of it was held at first: which part goes, a later decision says; that none of it came is not what was sent.
        let los = Bewijs { moet: Vec::new(), ..verwacht.clone() };
        assert_eq!(ontvangen(&los, &[gehouden], &[]), Gevonden::Klopt);
        assert!(matches!(ontvangen(&los, &[], &[]), Gevonden::WijktAf(_)));
        // Withheld openly is withheld; a second part that is gone with it is not.
        assert_eq!(ontvangen(&verwacht, &[een], &[twee]), Gevonden::Onthouden);
        assert!(matches!(ontvangen(&verwacht, &[een], &[een]), Gevonden::WijktAf(_)));
        for (wat, delen) in [
            ("a part left out", vec![een]),
            ("all left out", vec![]),
            ("one more", vec![een, twee, vreemd]),
            ("twice", vec![een, twee, twee]),
        ] {
            assert!(matches!(ontvangen(&verwacht, &delen, &[]), Gevonden::WijktAf(_)), "{wat}");
        }
        let goed = ontvangst(&verwacht, &[een, twee]);
        for (wat, ontvangst) in [
            ("another text", Ontvangst { digest: Digest::from_bytes([2; 32]), ..goed.clone() }),
            ("another message", Ontvangst { bericht: BerichtId::mint(nu(), &SystemRandomness), ..goed.clone() }),
            ("another recipient", Ontvangst { ontvanger: oin(GGZ), ..goed.clone() }),
        ] {
            assert!(matches!(past(&verwacht, &ontvangst), Err(Gevonden::WijktAf(_))), "{wat}");
        }
        let leeg = getoond(&verwacht, Leveringstand::Ontvangen, None);
        assert!(matches!(samen(&verwacht, &[leeg], &[]).0, Gevonden::WijktAf(_)), "received, and nobody signed");
    }

    /// What waited or was given further comes in a delivery of its own: only all of them together are what was sent.
    #[test]
    fn receipts_of_several_deliveries_are_taken_together() {
        use Leveringstand::{DodeLetter, Geweigerd, Onderweg, Ontvangen, Vervallen};
        let (eerst, later) = (id(), id());
        let b = bewijs(&[eerst, later], &[eerst, later]);
        let tweede = |stand, delen: Option<&[DeelId]>| {
            let een = getoond(&b, Ontvangen, Some(&[eerst]));
            let twee = getoond(&b, stand, delen);
            // In whatever order they show.
            let heen = samen(&b, &[een.clone(), twee.clone()], &[]);
            assert_eq!(heen, samen(&b, &[twee, een], &[]));
            heen
        };
        let mut beide = vec![eerst, later];
        beide.sort_unstable();
        assert_eq!(tweede(Ontvangen, Some(&[later])), (Gevonden::Klopt, beide));
        assert_eq!(tweede(Onderweg, None), (Gevonden::NogNiet, vec![eerst]), "the one does not prove the other");
        assert_eq!(tweede(DodeLetter, None).0, Gevonden::NietBezorgd);
        assert_eq!(tweede(Geweigerd, None).0, Gevonden::Geweigerd(Some(Weigeringscode::NietVerwerkt)));
        assert_eq!(tweede(Vervallen, None).0, Gevonden::Onthouden, "taken back before it was fetched");
        assert!(matches!(samen(&b, &[getoond(&b, Ontvangen, Some(&[eerst]))], &[]).0, Gevonden::WijktAf(_)), "not even shown");
        assert_eq!(samen(&b, &[getoond(&b, Vervallen, None)], &[]), (Gevonden::Geweigerd(None), vec![]));
    }
}
