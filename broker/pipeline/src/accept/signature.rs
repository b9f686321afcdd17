//! The one signature that the hub must verify, and the digests that it binds.
//!
//! The `kop` holds the digest of `bericht` and of every whole part object; with its signature nothing in the message can
//! have been changed since the sender signed. Signatures inside (`bericht`, owner's proofs, access statements) are for the
//! recipients, who verify each of them at every opening.

use inbreng_domain::{Digest, Envelope, problem::ProblemCode};
use inbreng_proof::{VerifyingKey, bericht::verify_kop, canonical_string, digest_of, sha256};
use serde_json::Value;

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

/// Verifies the `kop` with the sender's key, then everything that it binds.
pub(crate) fn controleren(value: &Value, envelop: &Envelope, sleutel: &VerifyingKey) -> Result<Ondertekend, Fout> {
    let leeg = Value::Null;
    let member = |name: &str| value.pointer(name).unwrap_or(&leeg);

    let kop = member("/data/kop");
    verify_kop(kop, sleutel)
        .map_err(|error| Fout::new(ProblemCode::HandtekeningOngeldig).at("/data/kop/handtekening").door(error))?;

    let bericht = canonical_string(member("/data/bericht")).map_err(intern)?;
    if sha256(bericht.as_bytes()) != envelop.data.kop.bericht {
        return Err(Fout::new(ProblemCode::DigestOngelijk).at("/data/kop/bericht"));
    }

    let verwijzingen = &envelop.data.kop.delen;
    if verwijzingen.len() != envelop.data.delen.len() {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/data/kop/delen"));
    }
    for (i, (verwijzing, deel)) in verwijzingen.iter().zip(&envelop.data.delen).enumerate() {
        if verwijzing.id != deel.labels.id {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("/data/kop/delen/{i}/id")));
        }
        if verwijzingen.iter().take(i).any(|earlier| earlier.id == verwijzing.id) {
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("/data/delen/{i}/labels/id")));
        }
        if digest_of(member(&format!("/data/delen/{i}"))).map_err(intern)? != verwijzing.digest {
            return Err(Fout::new(ProblemCode::DigestOngelijk).at(format!("/data/kop/delen/{i}/digest")));
        }
    }
    Ok(Ondertekend { bericht, kop: canonical_string(kop).map_err(intern)?, digest: digest_of(value).map_err(intern)? })
}

fn intern(error: impl std::error::Error + Send + Sync + 'static) -> Fout {
    Fout::new(ProblemCode::InterneFout).door(error)
}
