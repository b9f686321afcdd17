//! Parties of a covenant: what an organisation signs to join and to leave, and what the covenant manager adds.

use crate::{Partnerspec, Pki, PkiFout};
use inbreng_domain::{
    Code, ConvenantId, Tijdstip,
    convenant::{Convenanttekst, Toetreding, Uittreding},
    gids::Medeondertekend,
    versie::Beheerfunctie,
};
use inbreng_proof::{
    gids::{certificaatketen, medeonderteken},
    partijen::{sign_toetreding, sign_uittreding},
};

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
