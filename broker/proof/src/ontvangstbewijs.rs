//! What a hub's receipt says of the log: which leaf the message has in it, and that this leaf is over what the receipt says.

use inbreng_domain::{BerichtId, Digest, Oin, Tijdstip, receipts::Ontvangstbewijs};
use serde::Serialize;

use crate::{CanonicalError, blad, canonical, digest_of, encoding};

/// The kind of the leaf of a message.
pub const SOORT: &str = "bericht";

/// The record behind a message's leaf. Whoever holds the receipt can make it: the same fields, with the digest of
/// `besluiten` in the place of the list, and without `blad`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Berichtrecord {
    /// The message.
    pub bericht: BerichtId,
    /// Its sender.
    pub van: Oin,
    /// Of the envelope.
    pub digest: Digest,
    /// The moment of the leaf too.
    pub aangenomen_op: Tijdstip,
    /// Of the policy version.
    pub beleid: Digest,
    /// Of the list of decisions.
    pub besluiten: Digest,
}

/// Whether a receipt opens the leaf that it names: in the form that covers its kind, or, of before, in the one that does not (ADR 19).
/// That the leaf is in the log is for a proof of its inclusion.
///
/// # Errors
/// [`CanonicalError`] of a receipt that has no canonical form.
pub fn opent_blad(bewijs: &Ontvangstbewijs) -> Result<bool, CanonicalError> {
    let Ok(zout) = encoding::decode_array(&bewijs.blad.zout) else { return Ok(false) };
    let van_voor = blad::hash_zonder_soort(&zout, &record(bewijs)?);
    Ok([bladhash(bewijs, &zout)?, van_voor].contains(&bewijs.blad.hash))
}

/// The hash of the leaf that a receipt is to open, under this salt.
///
/// # Errors
/// [`CanonicalError`] of a receipt that has no canonical form.
pub fn bladhash(bewijs: &Ontvangstbewijs, zout: &[u8; 32]) -> Result<Digest, CanonicalError> {
    Ok(blad::blad_hash(SOORT, bewijs.aangenomen_op, zout, &record(bewijs)?))
}

fn record(bewijs: &Ontvangstbewijs) -> Result<Vec<u8>, CanonicalError> {
    let Ontvangstbewijs { bericht, van, digest, aangenomen_op, beleid, .. } = *bewijs;
    canonical(&Berichtrecord { bericht, van, digest, aangenomen_op, beleid, besluiten: digest_of(&bewijs.besluiten)? })
}

#[cfg(test)]
mod tests {
    use inbreng_domain::receipts::Bladopening;

    use super::*;
    use crate::sha256;

    fn bewijs(hash: impl Fn(&[u8; 32], &[u8]) -> Digest) -> Ontvangstbewijs {
        let (zout, digest) = ([7; 32], sha256(b"envelop"));
        let aangenomen_op = Tijdstip::from_unix_millis(1_795_000_000_000);
        let van = Oin::parse("00000099000000003000").unwrap();
        let bericht = BerichtId::parse("0192f3a1-7c4e-7d3a-9b1c-2f4e5d6c7b8a").unwrap();
        let besluiten = Vec::new();
        let record =
            Berichtrecord { bericht, van, digest, aangenomen_op, beleid: digest, besluiten: digest_of(&besluiten).unwrap() };
        let hash = hash(&zout, &canonical(&record).unwrap());
        let blad = Bladopening { zout: encoding::encode(&zout), hash };
        Ontvangstbewijs { bericht, van, digest, aangenomen_op, beleid: digest, besluiten, blad }
    }

    #[test]
    fn a_receipt_opens_its_own_leaf_in_either_form_and_no_other() {
        let tijd = bewijs(blad::hash_zonder_soort).aangenomen_op;
        let nieuw = bewijs(|zout, record| blad::blad_hash(SOORT, tijd, zout, record));
        for goed in [nieuw.clone(), bewijs(blad::hash_zonder_soort)] {
            assert!(opent_blad(&goed).unwrap());
            for fout in [
                Ontvangstbewijs { beleid: sha256(b"ander"), ..goed.clone() },
                Ontvangstbewijs { aangenomen_op: Tijdstip::from_unix_millis(1), ..goed.clone() },
                Ontvangstbewijs { blad: Bladopening { zout: encoding::encode(&[8; 32]), ..goed.blad.clone() }, ..goed.clone() },
                Ontvangstbewijs { blad: Bladopening { zout: "kort".to_owned(), ..goed.blad.clone() }, ..goed.clone() },
                Ontvangstbewijs { blad: Bladopening { hash: sha256(b"ander"), ..goed.blad.clone() }, ..goed.clone() },
            ] {
                assert!(!opent_blad(&fout).unwrap(), "{fout:?}");
            }
        }
        for anders in ["besluit", "versie", ""] {
            assert!(
                !opent_blad(&bewijs(|zout, record| blad::blad_hash(anders, tijd, zout, record))).unwrap(),
                "of kind {anders}"
            );
        }
        let later = Tijdstip::from_unix_millis(tijd.unix_millis() + 1);
        assert!(!opent_blad(&bewijs(|zout, record| blad::blad_hash(SOORT, later, zout, record))).unwrap(), "of another moment");
    }
}
