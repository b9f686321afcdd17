//! The caller's trace (W3C Trace Context): kept with the record of a decision, for the caller alone. It is never passed on: what
//! goes to a recipient bears no trace of the sender.

use serde::{Deserialize, Serialize};

tokio::task_local! {
    static SPOOR: Spoor;
}

/// A valid `traceparent` of version 00.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Spoor(String);

impl Spoor {
    /// Parses the header's value; an invalid one counts as none (W3C Trace Context, §3.2.2).
    #[must_use]
    pub fn lezen(text: &str) -> Option<Self> {
        let mut stukken = text.split('-');
        let hex = |stuk: Option<&str>, lengte: usize| {
            stuk.is_some_and(|s| s.len() == lengte && s.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        };
        let nul = |van: usize, tot: usize| text.get(van..tot).is_none_or(|s| s.bytes().all(|b| b == b'0'));
        let goed = stukken.next() == Some("00")
            && hex(stukken.next(), 32)
            && hex(stukken.next(), 16)
            && hex(stukken.next(), 2)
            && stukken.next().is_none()
            && !nul(3, 35)
            && !nul(36, 52);
        goed.then(|| Self(text.to_owned()))
    }

    /// 32 hexadecimal characters.
    #[must_use]
    pub fn trace_id(&self) -> &str {
        self.0.get(3..35).unwrap_or_default()
    }

    /// 16 hexadecimal characters: the caller's span.
    #[must_use]
    pub fn parent_id(&self) -> &str {
        self.0.get(36..52).unwrap_or_default()
    }

    /// Does this as part of the caller's trace, where it gave one: the records of decisions that are made meanwhile say so.
    pub async fn volgen<F: Future>(spoor: Option<Self>, werk: F) -> F::Output {
        match spoor {
            Some(spoor) => SPOOR.scope(spoor, werk).await,
            None => werk.await,
        }
    }

    /// The trace that is being followed.
    pub(crate) fn huidig() -> Option<Self> {
        SPOOR.try_with(Clone::clone).ok()
    }
}

impl TryFrom<String> for Spoor {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::lezen(&text).ok_or("no traceparent")
    }
}

impl From<Spoor> for String {
    fn from(spoor: Spoor) -> Self {
        spoor.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_writes() {
        let goed = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let spoor = Spoor::lezen(goed).unwrap();
        assert_eq!((spoor.trace_id(), spoor.parent_id()), ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"));
        for fout in [
            "",
            "00",
            "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-Testpersoon Appel-00f067aa0ba902b7-01",
        ] {
            assert!(Spoor::lezen(fout).is_none(), "{fout}");
        }
    }
}
