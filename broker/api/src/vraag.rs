//! The query of a request, and the pairs of a form: text from outside into types that cannot be wrong.

use std::{collections::BTreeMap, str::FromStr};

use actix_web::{HttpRequest, web};
use inbreng_domain::ProblemCode;

use crate::Antwoordfout;

/// The query of a request: these parameters, each at most once, and no other.
#[derive(Debug)]
pub struct Query(BTreeMap<&'static str, String>);

impl Query {
    /// Reads the query of a request.
    ///
    /// # Errors
    /// As [`Self::van`].
    pub fn lezen(req: &HttpRequest, bekend: &[&'static str]) -> Result<Self, Antwoordfout> {
        Self::van(req.query_string(), bekend)
    }

    /// Reads a query as it stands in an address, behind the `?`.
    ///
    /// # Errors
    /// `veld-ongeldig` for an unknown or repeated parameter.
    pub fn van(tekst: &str, bekend: &[&'static str]) -> Result<Self, Antwoordfout> {
        let pairs = paren(tekst).ok_or(ProblemCode::VeldOngeldig)?;
        let mut found = BTreeMap::new();
        for (naam, waarde) in pairs {
            let naam = bekend.iter().copied().find(|b| *b == naam).ok_or(ProblemCode::VeldOngeldig)?;
            if found.insert(naam, waarde).is_some() {
                return Err(Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}")));
            }
        }
        Ok(Self(found))
    }

    /// A parameter, if it is there.
    ///
    /// # Errors
    /// `veld-ongeldig`, pointing at the parameter.
    pub fn waarde<T: FromStr>(&self, naam: &'static str) -> Result<Option<T>, Antwoordfout> {
        let ongeldig = |_| Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}"));
        self.0.get(naam).map(|w| w.parse().map_err(ongeldig)).transpose()
    }

    /// A parameter that must be there.
    ///
    /// # Errors
    /// `veld-ongeldig`, pointing at the parameter.
    pub fn verplicht<T: FromStr>(&self, naam: &'static str) -> Result<T, Antwoordfout> {
        self.waarde(naam)?.ok_or_else(|| Antwoordfout::van(ProblemCode::VeldOngeldig).at(format!("/{naam}")))
    }
}

/// Name and value of each pair of a query or form, in order; `None` where it is none.
#[must_use]
pub fn paren(text: &str) -> Option<Vec<(String, String)>> {
    web::Query::<Vec<(String, String)>>::from_query(text).ok().map(web::Query::into_inner)
}

/// A whole number in decimal digits and nothing else: no sign, no leading zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Getal(pub u64);

impl FromStr for Getal {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        let plain = !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit()) && (s == "0" || !s.starts_with('0'));
        // Within what JSON numbers can carry exactly.
        let number = if plain { s.parse().ok().filter(|n| *n < 1 << 53) } else { None };
        number.map(Self).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_query_is_closed() {
        let read = |uri: &str| Query::lezen(&TestRequest::with_uri(uri).to_http_request(), &["wacht"]);
        assert_eq!(read("/p?wacht=5").unwrap().waarde::<Getal>("wacht").unwrap(), Some(Getal(5)));
        assert_eq!(read("/p").unwrap().waarde::<Getal>("wacht").unwrap(), None);
        assert!(read("/p?wacht=5&wacht=6").is_err());
        assert!(read("/p?anders=1").is_err());
        assert!(read("/p").unwrap().verplicht::<Getal>("wacht").is_err());
        for wrong in ["-1", "+1", "01", "1.0", "", "9007199254740992", "x"] {
            assert!(wrong.parse::<Getal>().is_err(), "{wrong}");
        }
    }
}
