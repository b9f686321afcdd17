//! The one signature that the hub must verify, and the digests that it binds.
//!
//! The `kop` holds the digest of `bericht` and of every whole part object; with its signature nothing in the message can
//! have been changed since the sender signed. Signatures inside (`bericht`, owner's proofs, access statements) are for the
//! recipients, who verify each of them at every opening.

use inbreng_domain::{Digest, Envelope, problem::ProblemCode};
use inbreng_proof::{CanonicalText, VerifyingKey, bericht::verify_kop_text, canonical::Part, sha256};

use crate::Fout;

/// What was verified, as text: this is what is stored and passed on.
#[derive(Debug)]
pub(crate) struct Ondertekend {
    /// RFC 8785 text of `bericht`, its signature included.
    pub(crate) bericht: String,
    /// RFC 8785 text of `kop`.
    pub(crate) kop: String,
    /// Digest of the whole envelope.
    pub(crate) digest: Digest,
}

/// Verifies the `kop` with the sender's key, then everything that it binds: slices of the text as it was received.
pub(crate) fn controleren(tekst: &CanonicalText<'_>, envelop: &Envelope, sleutel: &VerifyingKey) -> Result<Ondertekend, Fout> {
    let data = lid(tekst.root(), "data")?;
    let kop = lid(data, "kop")?;
    verify_kop_text(kop, sleutel)
        .map_err(|error| Fout::new(ProblemCode::HandtekeningOngeldig).at("/data/kop/handtekening").door(error))?;

    let bericht = lid(data, "bericht")?.as_str();
    if sha256(bericht.as_bytes()) != envelop.data.kop.bericht {
        return Err(Fout::new(ProblemCode::DigestOngelijk).at("/data/kop/bericht"));
    }

    let verwijzingen = &envelop.data.kop.delen;
    if verwijzingen.len() != envelop.data.delen.len() {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/data/kop/delen"));
    }
    let teksten = delen(tekst);
    for (i, (verwijzing, deel)) in verwijzingen.iter().zip(&envelop.data.delen).enumerate() {
        if verwijzing.id != deel.labels.id {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("/data/kop/delen/{i}/id")));
        }
        if verwijzingen.iter().take(i).any(|earlier| earlier.id == verwijzing.id) {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("/data/delen/{i}/labels/id")));
        }
        if teksten.get(i).is_none_or(|deel| sha256(deel.as_str().as_bytes()) != verwijzing.digest) {
            return Err(Fout::new(ProblemCode::DigestOngelijk).at(format!("/data/kop/delen/{i}/digest")));
        }
    }
    let digest = sha256(tekst.as_str().as_bytes());
    Ok(Ondertekend { bericht: bericht.to_owned(), kop: kop.as_str().to_owned(), digest })
}

/// The parts, as they stand in the text.
pub(crate) fn delen<'t>(tekst: &'t CanonicalText<'_>) -> Vec<Part<'t>> {
    tekst.root().member("data").and_then(|data| data.member("delen")).into_iter().flat_map(Part::items).collect()
}

/// A member that the type says is there; an array in its place has none.
fn lid<'t>(van: Part<'t>, naam: &str) -> Result<Part<'t>, Fout> {
    van.member(naam).ok_or_else(|| Fout::new(ProblemCode::VeldOngeldig).at("/data"))
}
