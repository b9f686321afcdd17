//! The hub's receipt for a message: it counts when the hub signed it over exactly what was sent, with the decisions that it tells, and
//! when it opens the leaf that the message has in the log.

use inbreng_domain::{BerichtId, Oin, antwoorden::Aannameantwoord, receipts::Ontvangstbewijs};
use inbreng_proof::{Typ, VerifyingKey, jws, ontvangstbewijs::opent_blad};

/// What a receipt must be over: the number of the message, its sender, and its envelope in RFC 8785 form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waarover<'a> {
    pub(super) bericht: BerichtId,
    pub(super) van: Oin,
    pub(super) envelop: &'a str,
}

/// Whether the hub's answer holds; else why not.
pub(super) fn controleren(over: Waarover<'_>, antwoord: &Aannameantwoord, knooppunt: &VerifyingKey) -> Result<(), &'static str> {
    let bewijs: Ontvangstbewijs =
        jws::verify(&antwoord.ontvangstbewijs, Typ::Ontvangstbewijs, knooppunt).map_err(|_| "receipt signature")?;
    // The envelope is kept in its RFC 8785 form, so its bytes are what the receipt is over.
    let digest = inbreng_proof::sha256(over.envelop.as_bytes());
    if bewijs.bericht != over.bericht || bewijs.van != over.van || bewijs.digest != digest {
        return Err("receipt is for another message");
    }
    if !matches!(opent_blad(&bewijs), Ok(true)) {
        return Err("receipt opens no leaf of its own");
    }
    if bewijs.besluiten == antwoord.besluiten { Ok(()) } else { Err("decisions differ from the receipt") }
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{
        DeelId, Digest,
        receipts::{Bewijsbesluit, Bladopening, Ontvangerstand},
    };
    use inbreng_proof::{ontvangstbewijs::bladhash, sha256};

    use super::*;
    use crate::testsleutels::{GGZ, VEILIG_THUIS, nu, oin, ondertekening, random};

    const ENVELOP: &str = r#"{"een":"bericht"}"#;

    fn bewijs() -> Ontvangstbewijs {
        let besluit = Bewijsbesluit {
            ontvanger: oin(VEILIG_THUIS),
            deel: Some(DeelId::mint(nu(), &random())),
            stand: Ontvangerstand::Toegestaan,
            regels: Vec::new(),
            zin: "Dit mag.".to_owned(),
            verplichtingen: Vec::new(),
            alternatieven: Vec::new(),
        };
        met_blad(Ontvangstbewijs {
            bericht: BerichtId::mint(nu(), &random()),
            van: oin(GGZ),
            digest: sha256(ENVELOP.as_bytes()),
            aangenomen_op: nu(),
            beleid: Digest::from_bytes([1; 32]),
            besluiten: vec![besluit],
            blad: Bladopening { zout: "A".repeat(43), hash: Digest::from_bytes([2; 32]) },
        })
    }

    /// With the leaf that it then has.
    fn met_blad(mut bewijs: Ontvangstbewijs) -> Ontvangstbewijs {
        bewijs.blad.hash = bladhash(&bewijs, &[0; 32]).unwrap();
        bewijs
    }

    fn antwoord(ontvangstbewijs: String) -> Aannameantwoord {
        Aannameantwoord { ontvangstbewijs, besluiten: bewijs().besluiten, waarschuwingen: Vec::new() }
    }

    #[test]
    fn a_receipt_that_was_changed_is_none() {
        let (hub, ander) = (ondertekening(), ondertekening());
        let over = Waarover { bericht: bewijs().bericht, van: oin(GGZ), envelop: ENVELOP };
        let geldt = |jws: String| controleren(over, &antwoord(jws), hub.verifying_key());
        let goed = jws::sign(&hub, Typ::Ontvangstbewijs, &bewijs()).unwrap();
        assert_eq!(geldt(goed.clone()), Ok(()));
        for (plaats, teken) in goed.char_indices() {
            let mut anders = goed.clone();
            anders.replace_range(plaats..=plaats, if teken == 'A' { "B" } else { "A" });
            assert_eq!(geldt(anders), Err("receipt signature"), "at {plaats}");
        }
        assert!(geldt(jws::sign(&ander, Typ::Ontvangstbewijs, &bewijs()).unwrap()).is_err(), "of another key");
        for typ in Typ::ALL.iter().filter(|t| **t != Typ::Ontvangstbewijs) {
            assert!(geldt(jws::sign(&hub, *typ, &bewijs()).unwrap()).is_err(), "as {typ}");
        }
        // Signed by the hub, and for something else.
        let ander_bericht = BerichtId::mint(nu(), &inbreng_domain::randomness::SeededRandomness::new(8));
        for elders in [
            Ontvangstbewijs { bericht: ander_bericht, ..bewijs() },
            Ontvangstbewijs { van: oin(VEILIG_THUIS), ..bewijs() },
            Ontvangstbewijs { digest: sha256(b"anders"), ..bewijs() },
            Ontvangstbewijs { besluiten: Vec::new(), ..bewijs() },
        ] {
            let elders = met_blad(elders);
            assert!(geldt(jws::sign(&hub, Typ::Ontvangstbewijs, &elders).unwrap()).is_err(), "{elders:?}");
        }
        // Over this message, with the leaf of something else.
        let mut los = bewijs();
        los.blad.hash = sha256(b"ander blad");
        let los = geldt(jws::sign(&hub, Typ::Ontvangstbewijs, &los).unwrap());
        assert_eq!(los, Err("receipt opens no leaf of its own"));
        let mut strenger = antwoord(goed);
        strenger.besluiten[0].stand = Ontvangerstand::Geweigerd;
        assert_eq!(controleren(over, &strenger, hub.verifying_key()), Err("decisions differ from the receipt"));
    }
}
