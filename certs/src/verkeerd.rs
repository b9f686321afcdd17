//! Wrong things on purpose, for the tests of those who must refuse them.

use std::path::Path;

use inbreng_domain::{Code, Tijdstip};
use openssl::pkey::PKey;
use time::Duration;

use crate::{
    PkiFout,
    bestanden::{self, Leesbaar, Partnermap},
    pki::{Pki, schrijven_als},
    register::Certificaatsoort,
    spec::PkiSpec,
    uitgifte::{Houder, Uitgegeven, naam, nieuwe_sleutel, ondertekenen, ondertekenen_op_naam, uitgeven},
};

impl Pki {
    /// Another PKI with the same names, numbers and partners, and other keys: what a forger would make. Same layout, in
    /// another folder.
    ///
    /// # Errors
    /// As [`Pki::create`].
    pub fn vreemde_pki(&self, dir: &Path) -> Result<Self, PkiFout> {
        let spec = PkiSpec {
            knooppunt: Some(self.register.knooppunt.clone()),
            convenantbeheerder: Some(self.register.convenantbeheerder.clone()),
            namen: self.register.namen.clone(),
            geldig_dagen: self.register.geldig_dagen,
            crl_dagen: self.register.crl_dagen,
            convenanten: self.register.convenanten.clone(),
            partners: self.partners().cloned().collect(),
        };
        Self::create(dir, &spec, self.klok())
    }

    /// Certificates of an organisation that expired yesterday, under the real intermediate, in another folder; they are not
    /// registered.
    ///
    /// # Errors
    /// [`PkiFout::Onbekend`], or a file that cannot be written.
    pub fn verlopen_certificaten(&self, slug: &Code, dir: &Path) -> Result<Partnermap, PkiFout> {
        let (vanaf, tot) = (self.nu().plus(Duration::days(-30)), self.nu().plus(Duration::days(-1)));
        self.los_uitgeven(slug, dir, |houder, soort| uitgeven(&self.tussen, houder, soort, vanaf, tot))
    }

    /// Certificates of an organisation for this key (PEM), on whatever curve it is, under the real intermediate, in another
    /// folder; they are not registered.
    ///
    /// # Errors
    /// As [`Self::verlopen_certificaten`]; [`PkiFout`] for a text that holds no private key.
    pub fn certificaten_voor_sleutel(&self, slug: &Code, dir: &Path, pem: &[u8]) -> Result<Partnermap, PkiFout> {
        self.los_uitgeven(slug, dir, |houder, soort| {
            let sleutel = PKey::private_key_from_pem(pem)?;
            let (certificaat, serie) = ondertekenen(&self.tussen, houder, soort, &sleutel, self.nu(), self.einde())?;
            Ok(Uitgegeven { certificaat, sleutel, serie })
        })
    }

    /// Certificates that name an organisation and not its OIN, under the real intermediate, in another folder; they are not
    /// registered.
    ///
    /// # Errors
    /// As [`Self::verlopen_certificaten`].
    pub fn certificaten_zonder_oin(&self, slug: &Code, dir: &Path) -> Result<Partnermap, PkiFout> {
        self.los_uitgeven(slug, dir, |houder, soort| {
            let sleutel = nieuwe_sleutel()?;
            let (subject, wanneer) = (naam(houder.naam, houder.cn(soort), None)?, (self.nu(), self.einde()));
            let (certificaat, serie) = ondertekenen_op_naam(&self.tussen, houder, &subject, soort, &sleutel, wanneer)?;
            Ok(Uitgegeven { certificaat, sleutel, serie })
        })
    }

    /// Until when a certificate counts that is good in this.
    fn einde(&self) -> Tijdstip {
        self.nu().plus(Duration::days(i64::from(self.register.geldig_dagen)))
    }

    fn los_uitgeven(
        &self,
        slug: &Code,
        dir: &Path,
        uitgeven: impl Fn(&Houder<'_>, Certificaatsoort) -> Result<Uitgegeven, PkiFout>,
    ) -> Result<Partnermap, PkiFout> {
        let map = Partnermap::new(dir);
        bestanden::map_maken(dir)?;
        let houder = self.houder(slug)?;
        bestanden::schrijven(&map.oin(), houder.oin.as_str().as_bytes(), Leesbaar::Ieder)?;
        for soort in Certificaatsoort::ALLE {
            schrijven_als(&uitgeven(&houder, soort)?, &self.tussen, &map, soort)?;
        }
        Ok(map)
    }
}
