//! The owner's say (42–48, 59): what stops, corrects, asks or decides about parts that went before. Every adapter understands these
//! types, whether its mapping has words for them or not: a recall that its recipient cannot take protects nobody. A mapping may
//! word them; what it does not word goes to the own system, and comes from it, in one form of the adapter's own.

mod inkomend;
mod uitgaand;

use std::sync::Arc;

use inbreng_domain::{BerichtId, DeelId, TypeNaam};
use serde_json::Value;

pub(crate) use inkomend::wat;

use crate::concept::{Concept, Eigenbericht, Eigennummers, Ontvangen, Vertaalfout, Vertaling};

/// The first segment of the paths of this form, at both sides.
pub const PAD: &str = "/eigenaar/";

/// 42.
pub const TOESTEMMING_INGETROKKEN: &str = "toestemming-ingetrokken";
/// 43.
pub const DOSSIER_VERZOEK: &str = "dossier-verzoek";
/// 44.
pub const DOORVERSTREKKING_VERZOEK: &str = "doorverstrekking-verzoek";
/// 45.
pub const EIGENAAR_BESLUIT: &str = "eigenaar-besluit";
/// 46.
pub const RECTIFICATIE: &str = "rectificatie";
/// 47.
pub const INTREKKING: &str = "intrekking";
/// 48.
pub const EMBARGO: &str = "embargo";
/// 59.
pub const MISPLAATSING: &str = "misplaatsing";

/// Every type by which an owner has its say.
pub const SOORTEN: [&str; 8] = [
    TOESTEMMING_INGETROKKEN,
    DOSSIER_VERZOEK,
    DOORVERSTREKKING_VERZOEK,
    EIGENAAR_BESLUIT,
    RECTIFICATIE,
    INTREKKING,
    EMBARGO,
    MISPLAATSING,
];

/// Whether this type is one of them.
#[must_use]
pub fn is_woord(soort: &TypeNaam) -> bool {
    SOORTEN.contains(&&*soort.as_str())
}

/// Whether this type stops what went before it: that is never handed over any more once the word is here.
#[must_use]
pub fn stopt(soort: &TypeNaam) -> bool {
    matches!(&*soort.as_str(), TOESTEMMING_INGETROKKEN | RECTIFICATIE | INTREKKING | MISPLAATSING)
}

/// The message that a statement is about, where it names one.
#[must_use]
pub fn over(verklaring: &Value) -> Option<BerichtId> {
    verklaring.get("bericht").and_then(Value::as_str).and_then(|id| BerichtId::parse(id).ok())
}

/// The parts that a statement names: of a correction the one that it takes the place of. None: the whole message.
#[must_use]
pub fn delen(verklaring: &Value) -> Vec<DeelId> {
    let genoemd = verklaring.get("delen").and_then(Value::as_array).into_iter().flatten();
    genoemd.chain(verklaring.get("deel")).filter_map(|d| d.as_str().and_then(|id| DeelId::parse(id).ok())).collect()
}

/// A translation that has words for the owner's say, whatever it is put around.
#[derive(Debug)]
pub struct Eigenaarswoord(Arc<dyn Vertaling>);

impl Eigenaarswoord {
    /// Around this translation, which goes first.
    #[must_use]
    pub fn om(vertaling: Arc<dyn Vertaling>) -> Self {
        Self(vertaling)
    }
}

impl Vertaling for Eigenaarswoord {
    fn uitgaand(&self, pad: &str, lichaam: &Value) -> Result<Concept, Vertaalfout> {
        match pad.strip_prefix(PAD) {
            Some(soort) => uitgaand::concept(soort, lichaam),
            None => self.0.uitgaand(pad, lichaam),
        }
    }

    /// A mapping that knows the type but cannot say this message is no reason to lose it either.
    fn inkomend(&self, ontvangen: &Ontvangen) -> Result<Eigenbericht, Vertaalfout> {
        match self.0.inkomend(ontvangen) {
            Err(_) if is_woord(&ontvangen.soort) => Ok(inkomend::eigenbericht(ontvangen)),
            uitslag => uitslag,
        }
    }

    /// In the form of the adapter's own the answer names the own number as `kenmerk`.
    fn eigennummers(&self, ontvangen: &Ontvangen, antwoord: &Value) -> Eigennummers {
        if is_woord(&ontvangen.soort) && self.0.inkomend(ontvangen).is_err() {
            let kenmerk = antwoord.get("kenmerk").and_then(Value::as_str).filter(|k| !k.is_empty()).map(str::to_owned);
            return Eigennummers { kenmerk, ..Eigennummers::default() };
        }
        self.0.eigennummers(ontvangen, antwoord)
    }

    fn paden(&self) -> Vec<String> {
        let mut paden = self.0.paden();
        paden.extend(SOORTEN.iter().map(|soort| format!("{PAD}{soort}")));
        paden
    }
}
