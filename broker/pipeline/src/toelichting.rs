//! Where an explanation for another purpose lies (R28): in one text with the wrap that it came with, so that the same erasure key seals
//! both and both are gone at the same moment. The hub cannot open it, and has no other use for it.

use std::borrow::Cow;

use inbreng_domain::{jwe::Inhoud, problem::ProblemCode};
use inbreng_proof::{CanonicalText, canonical_string};

use crate::Fout;

/// Deeper than the deepest of a wrap and an explanation.
const NESTING: usize = 8;

/// What lies in one text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bewaard<'a> {
    /// The wrap, JSON.
    pub(crate) wrap: Cow<'a, str>,
    /// The explanation, JSON.
    pub(crate) toelichting: Option<String>,
}

/// The text to keep: the wrap as it came (an object), or an array of it and the explanation.
///
/// # Errors
/// `verzegeling-ongeldig` for an explanation without a form.
pub(crate) fn samen(wrap: String, toelichting: Option<&Inhoud>) -> Result<String, Fout> {
    let Some(toelichting) = toelichting else { return Ok(wrap) };
    let toelichting = canonical_string(toelichting).map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).door(error))?;
    Ok(format!("[{wrap},{toelichting}]"))
}

/// What was kept.
///
/// # Errors
/// `interne-fout` for a text that [`samen`] did not make.
pub(crate) fn uiteen(bewaard: &str) -> Result<Bewaard<'_>, Fout> {
    if !bewaard.starts_with('[') {
        return Ok(Bewaard { wrap: Cow::Borrowed(bewaard), toelichting: None });
    }
    let anders = || Fout::new(ProblemCode::InterneFout).door("wrap.wrap");
    let tekst = CanonicalText::read(bewaard.as_bytes(), NESTING).ok_or_else(anders)?;
    let stukken: Vec<_> = tekst.root().items().collect();
    let [wrap, toelichting] = stukken.as_slice() else { return Err(anders()) };
    Ok(Bewaard { wrap: Cow::Owned(wrap.as_str().to_owned()), toelichting: Some(toelichting.as_str().to_owned()) })
}

#[cfg(test)]
mod tests {
    use inbreng_domain::jwe::Inhoud;

    use super::*;

    #[test]
    fn what_is_kept_together_comes_apart_again() {
        let toelichting = Inhoud {
            protected: "p".to_owned(),
            aad: "a".to_owned(),
            iv: "i".to_owned(),
            ciphertext: "c".to_owned(),
            tag: "t".to_owned(),
            recipients: Vec::new(),
        };
        let wrap = r#"{"encrypted_key":"e","header":{"kid":"k"}}"#.to_owned();
        let alleen = samen(wrap.clone(), None).unwrap();
        assert_eq!(uiteen(&alleen).unwrap(), Bewaard { wrap: Cow::Borrowed(&wrap), toelichting: None });
        let beide = samen(wrap.clone(), Some(&toelichting)).unwrap();
        let apart = uiteen(&beide).unwrap();
        assert_eq!((&*apart.wrap, apart.toelichting.as_deref()), (&*wrap, canonical_string(&toelichting).ok().as_deref()));
        assert!(uiteen("[1]").is_err() && uiteen("[").is_err());
    }
}
