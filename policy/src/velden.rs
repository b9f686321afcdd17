//! The fields of a request as a list: for who fills one in from outside, and for who explains one.

use inbreng_domain::vocabulary::{
    Categorie, Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Scheiding,
    Stilgelegd, Toestemmingsstand,
};

use crate::Verzoek;

/// A field of a [`Verzoek`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Veld {
    /// Its name.
    pub naam: &'static str,
    /// Its words; empty where it has no closed vocabulary.
    pub woorden: &'static [&'static str],
    /// Whether it takes a list.
    pub lijst: bool,
    /// Whether it must be named.
    pub verplicht: bool,
    /// What it is when it is left out: the most restrictive word.
    pub strengste: Option<&'static str>,
}

macro_rules! woorden {
    ($vocabulary:ty) => {{
        const ALLE: &[$vocabulary] = <$vocabulary>::ALL;
        const WOORDEN: [&str; ALLE.len()] = {
            let mut words = [""; ALLE.len()];
            let mut n = 0;
            while n < ALLE.len() {
                #[expect(clippy::indexing_slicing, reason = "both have this length, at compile time")]
                {
                    words[n] = ALLE[n].as_str();
                }
                n += 1;
            }
            words
        };
        &WOORDEN
    }};
}

/// A field that must be named.
const fn moet(naam: &'static str, woorden: &'static [&'static str]) -> Veld {
    Veld { naam, woorden, lijst: false, verplicht: true, strengste: None }
}

/// A fact, with the word it has when it is left out.
const fn feit(naam: &'static str, woorden: &'static [&'static str], strengste: &'static str) -> Veld {
    Veld { naam, woorden, lijst: false, verplicht: false, strengste: Some(strengste) }
}

/// A field that may be left out and then says nothing.
const fn vrij(naam: &'static str) -> Veld {
    Veld { naam, woorden: &[], lijst: false, verplicht: false, strengste: None }
}

const VELDEN: [Veld; 27] = [
    moet("convenant", &[]),
    moet("van", woorden!(Ontvangersoort)),
    moet("naar", woorden!(Ontvangersoort)),
    vrij("van_oin"),
    vrij("naar_oin"),
    moet("soort", &[]),
    vrij("variant"),
    moet("categorie", woorden!(Categorie)),
    moet("doel", woorden!(Doel)),
    moet("handeling", woorden!(Handeling)),
    Veld { lijst: true, ..feit("grondslag", woorden!(Grondslag), "geen") },
    feit("toestemming", woorden!(Toestemmingsstand), "niet-gevraagd"),
    feit("ondertekend", woorden!(Ondertekend), "geen"),
    feit("van_deelnemer", woorden!(Deelname), "nee"),
    feit("naar_deelnemer", woorden!(Deelname), "nee"),
    feit("regisseur", woorden!(JaNee), "nee"),
    feit("noodbesluit", woorden!(JaNee), "nee"),
    feit("noodzaak", woorden!(Noodzaak), "niet-toegelicht"),
    feit("embargo", woorden!(JaNee), "ja"),
    Veld { lijst: true, ..feit("scheiding", woorden!(Scheiding), "onbekend") },
    feit("eigenaarsbesluit", woorden!(Eigenaarsbesluit), "geen"),
    feit("genoemd", woorden!(JaNee), "nee"),
    feit("afgeschermd", woorden!(JaNee), "ja"),
    feit("briefing", woorden!(JaNee), "nee"),
    feit("bevestigd", woorden!(JaNee), "nee"),
    Veld { woorden: woorden!(Stilgelegd), ..vrij("stilgelegd") },
    vrij("nu"),
];

impl Verzoek {
    /// Its fields, in their order.
    pub const VELDEN: &'static [Veld] = &VELDEN;
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{ConvenantId, TypeNaam};

    use super::*;

    /// The list and the request are the same: every field, every word, every most restrictive value.
    #[test]
    fn the_list_is_that_of_the_request() {
        let verzoek = Verzoek::strengste(
            ConvenantId::parse("voorbeeldregio").unwrap(),
            TypeNaam::parse("zorgmelding").unwrap(),
            (Ontvangersoort::Ggz, Ontvangersoort::VeiligThuis),
            Categorie::Medisch,
            Doel::Beoordelen,
            Handeling::Ontvangen,
        );
        let json = serde_json::to_value(&verzoek).unwrap();
        let object = json.as_object().unwrap();
        let known: Vec<_> = Verzoek::VELDEN.iter().map(|v| v.naam).collect();
        assert!(object.keys().all(|k| known.contains(&k.as_str())), "{object:?}");
        for veld in Verzoek::VELDEN {
            let value = object.get(veld.naam);
            assert_eq!(value.is_some(), veld.verplicht || veld.strengste.is_some(), "{}", veld.naam);
            if let (Some(strengste), Some(value)) = (veld.strengste, value) {
                let word = if veld.lijst { &value[0] } else { value };
                assert_eq!(word, strengste, "{}", veld.naam);
            }
            // Without a field that must be named there is no request; without another it takes its most restrictive value.
            let mut without = object.clone();
            without.remove(veld.naam);
            let read = serde_json::from_value::<Verzoek>(without.into());
            assert_eq!(read.is_err(), veld.verplicht, "{}", veld.naam);
            if let Ok(read) = read {
                assert_eq!(read, verzoek, "{}", veld.naam);
            }
            for word in veld.woorden {
                let mut with = object.clone();
                let value = if veld.lijst { serde_json::json!([word]) } else { serde_json::json!(word) };
                with.insert(veld.naam.to_owned(), value);
                assert!(serde_json::from_value::<Verzoek>(with.into()).is_ok(), "{} {word}", veld.naam);
            }
        }
    }
}
