//! What is to be made: the organisations of a region, as a TOML file or as values.

use std::path::Path;

use inbreng_domain::{Code, ConvenantId, GemeenteCode, Oin, vocabulary::Partnertype};
use serde::{Deserialize, Serialize};

use crate::{CONVENANTBEHEERDER, KNOOPPUNT, PkiFout, bestanden};

/// A whole PKI.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PkiSpec {
    /// The hub; absent: one with an invented number.
    #[serde(default)]
    pub knooppunt: Option<Organisatiespec>,
    /// The covenant manager; absent: one with an invented number.
    #[serde(default)]
    pub convenantbeheerder: Option<Organisatiespec>,
    /// Names and addresses under which the hub is reached, beside `localhost` and `127.0.0.1`.
    #[serde(default)]
    pub namen: Vec<String>,
    /// Days that a certificate of an organisation is valid.
    #[serde(default = "geldig_dagen")]
    pub geldig_dagen: u32,
    /// Days that a revocation list is valid.
    #[serde(default = "crl_dagen")]
    pub crl_dagen: u32,
    /// The covenants whose rules every partner has confirmed in its directory statement (R44); who signs one as a party confirms
    /// them by that.
    #[serde(default = "voorbeelden")]
    pub convenanten: Vec<ConvenantId>,
    /// The partners.
    #[serde(default, rename = "partner")]
    pub partners: Vec<Partnerspec>,
}

/// An organisation that is not a partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisatiespec {
    /// Its number.
    pub oin: Oin,
    /// Its name, 64 characters at most (X.520).
    pub naam: String,
}

/// A partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partnerspec {
    /// Its short name: the name of its folder.
    pub slug: Code,
    /// Its name, as people know it; 64 characters at most (X.520).
    pub naam: String,
    /// Its number.
    pub oin: Oin,
    /// What kind of organisation it is.
    pub partnertype: Partnertype,
    /// The municipalities it serves; empty: the whole region.
    #[serde(default)]
    pub gebied: Vec<GemeenteCode>,
    /// The functions (mailboxes) that can be addressed.
    #[serde(default)]
    pub functies: Vec<Code>,
    /// Whether it is registered for emergencies (R35).
    #[serde(default)]
    pub noodontvanger: bool,
    /// Names and addresses under which the hub reaches it to bring deliveries; empty: it fetches.
    #[serde(default)]
    pub namen: Vec<String>,
}

impl Default for PkiSpec {
    fn default() -> Self {
        Self {
            knooppunt: None,
            convenantbeheerder: None,
            namen: Vec::new(),
            geldig_dagen: geldig_dagen(),
            crl_dagen: crl_dagen(),
            convenanten: voorbeelden(),
            partners: Vec::new(),
        }
    }
}

const HUB_OIN: &str = "00000099000000001000";
const BEHEERDER_OIN: &str = "00000099000000002000";

fn organisatie(gegeven: Option<&Organisatiespec>, oin: &str, naam: &str) -> Result<Organisatiespec, PkiFout> {
    match gegeven {
        Some(spec) => Ok(spec.clone()),
        None => {
            let oin = Oin::parse(oin).map_err(|e| PkiFout::Opgave(e.to_string()))?;
            Ok(Organisatiespec { oin, naam: naam.to_owned() })
        }
    }
}

/// The example covenants.
pub(crate) fn voorbeelden() -> Vec<ConvenantId> {
    ["voorbeeldregio", "voorbeeldregio-noord"].iter().filter_map(|naam| ConvenantId::parse(naam).ok()).collect()
}

const fn geldig_dagen() -> u32 {
    365
}

const fn crl_dagen() -> u32 {
    crate::CRL_DAGEN
}

impl PkiSpec {
    /// Reads a TOML file.
    ///
    /// # Errors
    /// [`PkiFout`] when it cannot be read or does not fit.
    pub fn lezen(pad: &Path) -> Result<Self, PkiFout> {
        toml::from_str(&bestanden::lezen(pad)?).map_err(|e| PkiFout::inhoud(pad, e))
    }

    pub(crate) fn knooppunt(&self) -> Result<Organisatiespec, PkiFout> {
        organisatie(self.knooppunt.as_ref(), HUB_OIN, "Inbreng knooppunt (ontwikkeling)")
    }

    pub(crate) fn convenantbeheerder(&self) -> Result<Organisatiespec, PkiFout> {
        organisatie(self.convenantbeheerder.as_ref(), BEHEERDER_OIN, "Convenantbeheerder (ontwikkeling)")
    }

    /// Checks what the types do not: unique names and numbers, names that fit a certificate.
    pub(crate) fn controleren(&self) -> Result<(), PkiFout> {
        if self.geldig_dagen == 0 || self.crl_dagen == 0 {
            return Err(PkiFout::Opgave("geldig_dagen en crl_dagen zijn minstens 1".to_owned()));
        }
        let (knooppunt, beheerder) = (self.knooppunt()?, self.convenantbeheerder()?);
        naam_past(&knooppunt.naam)?;
        naam_past(&beheerder.naam)?;
        let mut oins = vec![knooppunt.oin];
        let mut slugs = Vec::new();
        uniek(&mut oins, beheerder.oin)?;
        for partner in &self.partners {
            partner.controleren()?;
            uniek(&mut oins, partner.oin)?;
            uniek(&mut slugs, partner.slug.clone())?;
        }
        Ok(())
    }
}

impl Partnerspec {
    pub(crate) fn controleren(&self) -> Result<(), PkiFout> {
        let slug = self.slug.as_str();
        if slug == KNOOPPUNT || slug == CONVENANTBEHEERDER {
            return Err(PkiFout::Opgave(format!("de korte naam {slug} is gereserveerd")));
        }
        naam_past(&self.naam)
    }
}

fn naam_past(naam: &str) -> Result<(), PkiFout> {
    let tekens = naam.chars().count();
    if (1..=64).contains(&tekens) && !naam.chars().any(char::is_control) && naam.trim() == naam {
        Ok(())
    } else {
        Err(PkiFout::Opgave("een naam heeft 1 tot 64 tekens, zonder spaties aan het begin of einde".to_owned()))
    }
}

fn uniek<T: PartialEq + std::fmt::Display>(gezien: &mut Vec<T>, een: T) -> Result<(), PkiFout> {
    if gezien.contains(&een) {
        return Err(PkiFout::Dubbel(een.to_string()));
    }
    gezien.push(een);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
        namen = ["hub.voorbeeld.test"]
        [[partner]]
        slug = "politie"
        naam = "Politie Voorbeeldregio"
        oin = "00000099000000003000"
        partnertype = "politie"
        gebied = ["0518"]
        functies = ["piketdesk"]
        noodontvanger = true
        [[partner]]
        slug = "school"
        naam = "Basisschool De Testboom"
        oin = "00000099000000004000"
        partnertype = "school"
    "#;

    fn lees(text: &str) -> PkiSpec {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_file_names_partners_and_the_rest_has_defaults() {
        let spec = lees(TOML);
        spec.controleren().unwrap();
        assert_eq!(spec.partners.len(), 2);
        assert!(spec.partners[0].noodontvanger && !spec.partners[1].noodontvanger);
        assert_eq!(spec.knooppunt().unwrap().oin.to_string(), HUB_OIN);
        assert_eq!(spec.convenantbeheerder().unwrap().oin.to_string(), BEHEERDER_OIN);
        assert_eq!(lees(""), PkiSpec::default());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (from, to) in [
            ("\"school\"\n        naam", "\"politie\"\n        naam"),
            ("00000099000000004000", "00000099000000003000"),
            ("00000099000000004000", HUB_OIN),
            ("slug = \"school\"", "slug = \"knooppunt\""),
            ("Basisschool De Testboom", ""),
            ("Basisschool De Testboom", " Basisschool"),
            ("[[partner]]\n        slug = \"politie\"", "geldig_dagen = 0\n        [[partner]]\n        slug = \"politie\""),
        ] {
            assert!(TOML.contains(from), "{from}");
            assert!(lees(&TOML.replace(from, to)).controleren().is_err(), "{to}");
        }
        let lang = TOML.replace("Basisschool De Testboom", &"x".repeat(65));
        assert!(lees(&lang).controleren().is_err());
        for wrong in ["slug = \"../x\"", "slug = \"X\""] {
            assert!(toml::from_str::<PkiSpec>(&TOML.replace("slug = \"school\"", wrong)).is_err(), "{wrong}");
        }
        assert!(toml::from_str::<PkiSpec>(&TOML.replace("functies", "funkties")).is_err());
    }
}
