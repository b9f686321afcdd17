//! The keys that stand with the ciphertext that they open: one text per part, each wrap in it sealed.

use std::borrow::Cow;

use inbreng_domain::{DeelId, Oin, vocabulary::Toegangswijze};
use inbreng_storage::{NieuweWrap, StoreError, StoreResult, Wrap};

use super::kast::Wissleutel;

/// `[ontvanger, wrap, toegang]`
type Regel<'a> = (Oin, Cow<'a, str>, Option<Cow<'a, str>>);

/// Whether a wrap stands with the ciphertext.
pub(super) const fn bij_inhoud(wrap: &NieuweWrap) -> bool {
    matches!(wrap.wijze, Toegangswijze::Meegeleverd)
}

/// The text of these wraps.
pub(super) fn tekst<'a>(wraps: impl Iterator<Item = &'a NieuweWrap>) -> StoreResult<String> {
    let regels: Vec<Regel<'_>> =
        wraps.map(|w| (w.ontvanger, Cow::Borrowed(w.wrap.as_str()), w.toegang.as_deref().map(Cow::Borrowed))).collect();
    schrijven(&regels)
}

/// The same text, its wraps sealed.
pub(super) fn verzegelen(tekst: &str, deel: DeelId, sleutel: &Wissleutel) -> StoreResult<String> {
    let mut regels = lezen(tekst)?;
    for (ontvanger, wrap, _) in &mut regels {
        *wrap = Cow::Owned(sleutel.verzegelen(deel, *ontvanger, wrap)?);
    }
    schrijven(&regels)
}

/// The wrap of a recipient, sealed, where it has one with an access statement.
pub(super) fn van(tekst: &str, ontvanger: Oin) -> StoreResult<Option<Wrap>> {
    let gevonden = lezen(tekst)?.into_iter().find(|(wie, ..)| *wie == ontvanger);
    Ok(gevonden.and_then(|(_, wrap, toegang)| Some(Wrap { wrap: wrap.into_owned(), toegang: toegang?.into_owned() })))
}

fn lezen(tekst: &str) -> StoreResult<Vec<Regel<'_>>> {
    serde_json::from_str(tekst).map_err(|_| StoreError::Corrupt { what: "inhoud.wraps" })
}

fn schrijven(regels: &[Regel<'_>]) -> StoreResult<String> {
    serde_json::to_string(regels).map_err(|_| StoreError::Conflict { what: "wraps without a form" })
}
