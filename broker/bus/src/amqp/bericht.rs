//! What stands in a message at the broker: identifiers, nothing of a person or a case. And what is believed of whatever comes from one:
//! whose work to look for in the store, and no more.

use inbreng_domain::{LeveringId, Oin};
use lapin::BasicProperties;
use serde::{Deserialize, Serialize};

use super::uitbak::Stuk;
use crate::Werk;

/// What a sign of work says. The lane is not in it: who brings looks for itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Teken {
    ontvanger: Oin,
    levering: LeveringId,
}

/// What came out of a shard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gelezen {
    /// A recipient has work.
    Werk(Oin),
    /// The turn.
    Beurt,
}

const WERK: &str = "werk";
const BEURT: &str = "beurt";
const HIER: &str = "hier";
const WEK: &str = "wek";
const OMROEP: &str = "omroep";
/// No message of ours is larger, in bytes: a broker that sends more is not read.
pub const MEESTE: usize = 64 * 1024;

/// Kept on disk by every node of the queue.
const BLIJVEND: u8 = 2;

/// Body and properties of what goes into a shard. A sign bears the name of its delivery, also when it is offered again.
pub(super) fn schrijven(stuk: &Stuk) -> (Vec<u8>, BasicProperties) {
    let eigenschappen = BasicProperties::default().with_delivery_mode(BLIJVEND).with_app_id("inbreng".into());
    match stuk {
        Stuk::Beurt(_) => (Vec::new(), eigenschappen.with_type(BEURT.into())),
        Stuk::Werk(Werk { ontvanger, levering, .. }) => {
            let teken = Teken { ontvanger: *ontvanger, levering: *levering };
            let eigenschappen = eigenschappen
                .with_type(WERK.into())
                .with_message_id(levering.to_string().into())
                .with_content_type("application/json".into());
            (serde_json::to_vec(&teken).unwrap_or_default(), eigenschappen)
        }
    }
}

/// What came out of a shard, by its kind and its body; `None` where it is nothing of ours.
#[must_use]
pub fn lezen(soort: Option<&str>, inhoud: &[u8]) -> Option<Gelezen> {
    match soort? {
        BEURT => Some(Gelezen::Beurt),
        WERK if inhoud.len() <= MEESTE => serde_json::from_slice(inhoud).ok().map(|teken: Teken| Gelezen::Werk(teken.ontvanger)),
        _ => None,
    }
}

/// What one process tells all others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Roep {
    /// That it is there.
    Hier,
    /// Whose mailboxes have something.
    Wek(Vec<Oin>),
    /// Something of a moment, for who listens.
    Omroep(Vec<u8>),
}

/// Body and properties of what a process tells the others, in its own name.
pub(super) fn roepen(van: &str, roep: Roep) -> (Vec<u8>, BasicProperties) {
    let (soort, inhoud) = match roep {
        Roep::Hier => (HIER, Vec::new()),
        Roep::Wek(ontvangers) => (WEK, serde_json::to_vec(&ontvangers).unwrap_or_default()),
        Roep::Omroep(inhoud) => (OMROEP, inhoud),
    };
    (inhoud, BasicProperties::default().with_type(soort.into()).with_message_id(van.into()))
}

/// What another process told, by the name that it goes by, its kind and its body; `None` of what this one told itself, and of what it
/// does not know.
#[must_use]
pub fn horen(zelf: &str, van: Option<&str>, soort: Option<&str>, inhoud: Vec<u8>) -> Option<(String, Roep)> {
    let van = van.filter(|van| *van != zelf)?;
    let roep = match soort? {
        HIER => Roep::Hier,
        _ if inhoud.len() > MEESTE => return None,
        WEK => Roep::Wek(serde_json::from_slice(&inhoud).ok()?),
        OMROEP => Roep::Omroep(inhoud),
        _ => return None,
    };
    Some((van.to_owned(), roep))
}
