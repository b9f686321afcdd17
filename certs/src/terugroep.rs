//! Callbacks: where a partner has its deliveries brought, signed by it and countersigned by the covenant manager.

use inbreng_domain::{
    Code,
    terugroep::{Bestemming, Terugroep, Terugroepverzoek},
};
use inbreng_proof::{Typ, gids::medeonderteken, jws};

use crate::{Pki, PkiFout};

impl Pki {
    /// The statement of a partner on its callback, ready to be placed; without a destination it is one that ends it.
    ///
    /// # Errors
    /// [`PkiFout`] for an unknown partner, or when a key cannot be read.
    pub fn terugroep(&self, slug: &Code, volgnummer: u32, bestemming: Option<Bestemming>) -> Result<Terugroepverzoek, PkiFout> {
        let partner = self.partners().find(|p| p.slug == *slug).ok_or_else(|| PkiFout::Onbekend(slug.to_string()))?;
        let met_adres = bestemming.is_some();
        let terugroep = Terugroep { oin: partner.oin, volgnummer, bestemming, tijd: self.nu() };
        let verklaring = jws::sign(&self.ondertekensleutel(slug)?, Typ::Terugroep, &terugroep)?;
        if !met_adres {
            return Ok(Terugroepverzoek { verklaring, medeondertekening: None });
        }
        let beide = medeonderteken(&self.beheerdersleutel()?, verklaring, self.nu())?;
        Ok(Terugroepverzoek { verklaring: beide.verklaring, medeondertekening: Some(beide.medeondertekening) })
    }
}
