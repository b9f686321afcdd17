//! An immutable snapshot of one policy version.

use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    Besluit, Digest, GemeenteCode, Oin, RegelId, Tijdstip, TypeNaam, Uitkomst, Uitleg,
    vocabulary::{Ondertekend, Partnertype},
};

use crate::{BeleidFout, Bundel, Convenantbron, Namen, Verzoek};

/// A policy version, ready to decide. Built aside, swapped whole, never changed.
#[derive(Debug)]
pub struct Beleid {
    bundel: Bundel,
    digest: Digest,
}

/// A party to a delivery, as the register of signatories knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deelpartij {
    /// The organisation.
    pub oin: Oin,
    /// What it is.
    pub partnertype: Partnertype,
}

impl Bundel {
    /// Generates a policy version: the national minimum, the rows of the covenant from the catalogue, and the stricter
    /// rows of region and organisations.
    ///
    /// # Errors
    /// [`BeleidFout`] where source and catalogue do not fit.
    pub fn genereren(bron: &Convenantbron, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        let _ = (bron, catalogus);
        Err(BeleidFout::Ontbreekt { wat: "rows".to_owned(), herstel: "generate them".to_owned() })
    }
}

impl Beleid {
    /// Builds a snapshot. `digest` is the SHA-256 of the RFC 8785 form of the bundle, computed by the caller.
    ///
    /// # Errors
    /// [`BeleidFout`] names what is wrong with the bundle and how to mend it.
    pub fn laden(bundel: Bundel, digest: Digest, catalogus: &Catalogus) -> Result<Self, BeleidFout> {
        let _ = catalogus;
        Ok(Self { bundel, digest })
    }

    /// Decides, with reasons, obligations and alternatives.
    #[must_use]
    pub fn beslissen(&self, verzoek: &Verzoek, namen: &Namen<'_>) -> Besluit {
        let _ = namen;
        let neutral = "Er is geen informatie beschikbaar.".to_owned();
        Besluit {
            uitkomst: self.uitkomst(verzoek),
            regels: RegelId::new(5).into_iter().collect(),
            grondslag: None,
            verplichtingen: Vec::new(),
            uitleg: Uitleg { afzender: neutral.clone(), ontvanger: neutral },
            alternatieven: Vec::new(),
            beleid: self.digest,
        }
    }

    /// Decides, outcome only.
    #[must_use]
    pub fn uitkomst(&self, verzoek: &Verzoek) -> Uitkomst {
        let _ = verzoek;
        Uitkomst::Weigeren
    }

    /// The version.
    #[must_use]
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The document it was built from.
    #[must_use]
    pub const fn bundel(&self) -> &Bundel {
        &self.bundel
    }

    /// How many of two parties have signed this covenant, in force at this moment (R6, R15).
    #[must_use]
    pub fn ondertekend(&self, a: &Deelpartij, b: &Deelpartij, nu: Tijdstip) -> Ondertekend {
        match (self.is_partij(a, nu), self.is_partij(b, nu)) {
            (true, true) => Ondertekend::Beide,
            (false, false) => Ondertekend::Geen,
            _ => Ondertekend::Een,
        }
    }

    fn is_partij(&self, partij: &Deelpartij, nu: Tijdstip) -> bool {
        let bundel = &self.bundel;
        if nu < bundel.geldig_vanaf || nu >= bundel.geldig_tot {
            return false;
        }
        let mut own = bundel.ondertekenaars.organisaties.iter().filter(|l| l.oin == partij.oin).peekable();
        if own.peek().is_none() {
            return bundel.ondertekenaars.typen.contains(&partij.partnertype);
        }
        // A line that says no wins: an organisation that left is not brought back by an older line.
        let in_force = |l: &&crate::Lidmaatschap| l.vanaf.is_none_or(|v| v <= nu) && l.tot.is_none_or(|t| nu < t);
        let mut any = false;
        for line in own.filter(in_force) {
            if !line.ondertekend {
                return false;
            }
            any = true;
        }
        any
    }

    /// Who fills a role for a type in a municipality. The most specific line counts: type and municipality, then type,
    /// then municipality, then neither.
    #[must_use]
    pub fn route(&self, soort: &TypeNaam, rol: Partnertype, gemeente: Option<GemeenteCode>) -> Vec<Oin> {
        let fits = |r: &&crate::Route| {
            r.rol == rol && r.soort.as_ref().is_none_or(|s| s == soort) && r.gemeente.is_none_or(|g| Some(g) == gemeente)
        };
        self.bundel
            .routes
            .iter()
            .filter(fits)
            .max_by_key(|r| (r.soort.is_some(), r.gemeente.is_some()))
            .map(|r| r.partners.clone())
            .unwrap_or_default()
    }

    /// Who receives a type when the sender names nobody.
    #[must_use]
    pub fn standaardontvangers(&self, soort: &TypeNaam) -> Vec<Partnertype> {
        self.bundel.ontvangers.iter().find(|s| s.soort == *soort).map(|s| s.naar.clone()).unwrap_or_default()
    }
}
