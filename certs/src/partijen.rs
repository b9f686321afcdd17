//! Parties of a covenant: what an organisation signs to join and to leave, and what the covenant manager adds.

use inbreng_domain::{
    Code, ConvenantId, Digest, Tijdstip,
    convenant::{Convenanttekst, Toetreding, Uittreding},
    gids::Medeondertekend,
    versie::Beheerfunctie,
    vocabulary::Categorie,
};
use inbreng_proof::{
    gids::{certificaatketen, medeonderteken},
    partijen::{sign_toetreding, sign_uittreding},
};
use serde::Deserialize;

use crate::{Partnerspec, Pki, PkiFout};

/// What a party joins to, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toetredingsopgave {
    /// What it signs.
    pub tekst: Convenanttekst,
    /// The version of the rules that it has read.
    pub afspraken: u32,
    /// From when.
    pub vanaf: Tijdstip,
    /// Until when.
    pub tot: Option<Tijdstip>,
    /// The party's own number for it.
    pub volgnummer: u32,
    /// The function of who signs.
    pub functie: Beheerfunctie,
}

/// The head of a bundle: what its parties sign, and the number of its rules.
#[derive(Debug, Clone, Deserialize)]
pub struct Bundelkop {
    convenant: ConvenantId,
    titel: String,
    versie: u32,
    geldig_vanaf: Tijdstip,
    geldig_tot: Tijdstip,
    #[serde(default)]
    document: Option<Digest>,
    buiten_convenant: Vec<Categorie>,
}

impl Bundelkop {
    /// What its parties sign.
    #[must_use]
    pub fn tekst(&self) -> Convenanttekst {
        Convenanttekst {
            convenant: self.convenant.clone(),
            titel: self.titel.clone(),
            document: self.document,
            geldig_vanaf: self.geldig_vanaf,
            geldig_tot: self.geldig_tot,
            buiten_convenant: self.buiten_convenant.clone(),
        }
        .met_vaste_volgorde()
    }

    /// The number of its rules.
    #[must_use]
    pub const fn versie(&self) -> u32 {
        self.versie
    }
}

impl Toetredingsopgave {
    /// A party's first signature, from the first moment of the covenant.
    #[must_use]
    pub const fn eerste(tekst: Convenanttekst, afspraken: u32) -> Self {
        let vanaf = tekst.geldig_vanaf;
        Self { tekst, afspraken, vanaf, tot: None, volgnummer: 1, functie: Beheerfunctie::Bestuurder }
    }
}

impl Pki {
    /// A partner joins, and the covenant manager countersigns.
    ///
    /// # Errors
    /// [`PkiFout`] when the partner is unknown or its files cannot be read.
    pub fn toetreden(&self, slug: &Code, opgave: Toetredingsopgave) -> Result<Medeondertekend, PkiFout> {
        let Toetredingsopgave { tekst, afspraken, vanaf, tot, volgnummer, functie } = opgave;
        let toetreding = Toetreding {
            tekst,
            partij: self.partnerspec(slug)?.oin,
            afspraken,
            vanaf,
            tot,
            volgnummer,
            functie,
            certificaten: certificaatketen(&self.keten(slug)?),
            tijd: self.nu(),
        };
        let verklaring = sign_toetreding(&self.ondertekensleutel(slug)?, &toetreding)?;
        Ok(medeonderteken(&self.beheerdersleutel()?, verklaring, self.nu())?)
    }

    /// Every partner of which this holds joins, from the first moment of the covenant.
    ///
    /// # Errors
    /// [`PkiFout`] when a file cannot be read.
    pub fn allen_toetreden(
        &self,
        tekst: &Convenanttekst,
        afspraken: u32,
        wie: impl Fn(&Partnerspec) -> bool,
    ) -> Result<Vec<Medeondertekend>, PkiFout> {
        let wie = self.partners().filter(|p| wie(p));
        wie.map(|p| self.toetreden(&p.slug, Toetredingsopgave::eerste(tekst.clone(), afspraken))).collect()
    }

    /// A partner leaves.
    ///
    /// # Errors
    /// [`PkiFout`] when the partner is unknown or its files cannot be read.
    pub fn uittreden(
        &self,
        slug: &Code,
        convenant: &ConvenantId,
        vanaf: Tijdstip,
        volgnummer: u32,
        functie: Beheerfunctie,
    ) -> Result<String, PkiFout> {
        let uittreding = Uittreding {
            convenant: convenant.clone(),
            partij: self.partnerspec(slug)?.oin,
            vanaf,
            volgnummer,
            functie,
            certificaten: certificaatketen(&self.keten(slug)?),
            tijd: self.nu(),
        };
        Ok(sign_uittreding(&self.ondertekensleutel(slug)?, &uittreding)?)
    }

    fn partnerspec(&self, slug: &Code) -> Result<&Partnerspec, PkiFout> {
        self.partners().find(|p| p.slug == *slug).ok_or_else(|| PkiFout::Onbekend(slug.to_string()))
    }
}
