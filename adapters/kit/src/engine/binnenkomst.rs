//! What a hub gives as a delivery, fetched or brought, before any of it is verified: bytes from outside, read once.

use inbreng_domain::{BerichtId, Digest, LeveringId, levering::Levering};
use inbreng_proof::{canonical_string, digest_of, parse_strict};
use serde_json::Value;

use super::woord;

/// Nesting of a delivery: a message may have 32 levels, and stands a few deeper.
const NESTING: usize = 40;

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub enum Binnenkomst {
    /// A delivery.
    Levering(Box<Gekomen>),
    /// Something else, and what it says of itself where it says that: so much is needed to refuse it.
    Onleesbaar {
        /// The delivery.
        levering: Option<LeveringId>,
        /// The message in it.
        bericht: Option<BerichtId>,
        /// Which bytes we were given as that message.
        digest: Option<Digest>,
    },
}

/// A delivery as it came.
#[derive(Debug, Clone, PartialEq)]
pub struct Gekomen {
    /// The delivery.
    pub levering: Levering,
    /// Digest of its `bericht`, as it came.
    pub digest: Digest,
    /// Its RFC 8785 form.
    pub ruw: String,
    /// The case as it says, or the message where none is concerned: what must stay in order.
    pub zaak: String,
    /// Of a word that stops something: the message, or the case, that it is about.
    pub over: Option<String>,
    /// Of a person's own view: the message that it stands beside.
    pub na: Option<BerichtId>,
}

impl Binnenkomst {
    /// Reads what was brought as one delivery. `None`: it is no JSON, and nothing can be said about it.
    #[must_use]
    pub fn gebracht(lichaam: &[u8]) -> Option<Self> {
        parse_strict(lichaam, NESTING).ok().map(|waarde| Self::lezen(&waarde))
    }

    /// Reads one of the values of a mailbox.
    #[must_use]
    pub fn lezen(waarde: &Value) -> Self {
        Gekomen::lezen(waarde).map_or_else(|| Self::onleesbaar(waarde), |gekomen| Self::Levering(Box::new(gekomen)))
    }

    fn onleesbaar(waarde: &Value) -> Self {
        let tekst = |pad: &str| waarde.pointer(pad).and_then(Value::as_str);
        Self::Onleesbaar {
            levering: tekst("/id").and_then(|id| id.parse().ok()),
            bericht: tekst("/bericht/id").and_then(|id| id.parse().ok()),
            digest: waarde.pointer("/bericht/data/bericht").and_then(|b| digest_of(b).ok()),
        }
    }
}

impl Gekomen {
    fn lezen(waarde: &Value) -> Option<Self> {
        let levering: Levering = serde_json::from_value(waarde.clone()).ok()?;
        let digest = digest_of(waarde.pointer("/bericht/data/bericht")?).ok()?;
        let ruw = canonical_string(waarde).ok()?;
        let envelop = &levering.bericht;
        let zaak = envelop.subject.map_or_else(|| envelop.id.to_string(), |c| c.to_string());
        let (over, na) = (woord::over(&levering, &zaak), woord::naast(&levering));
        Some(Self { levering, digest, ruw, zaak, over, na })
    }
}
