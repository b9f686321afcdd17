//! Wrong things on purpose, for the tests of those who must refuse them.

use std::path::Path;

use inbreng_domain::Code;
use time::Duration;

use crate::{
    PkiFout,
    bestanden::{self, Leesbaar, Partnermap},
    pki::{Pki, schrijven_als},
    register::Certificaatsoort,
    spec::PkiSpec,
    uitgifte::uitgeven,
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
        let map = Partnermap::new(dir);
        bestanden::map_maken(dir)?;
        let houder = self.houder(slug)?;
        bestanden::schrijven(&map.oin(), houder.oin.as_str().as_bytes(), Leesbaar::Ieder)?;
        let (vanaf, tot) = (self.nu().plus(Duration::days(-30)), self.nu().plus(Duration::days(-1)));
        for soort in Certificaatsoort::ALLE {
            schrijven_als(&uitgeven(&self.tussen, &houder, soort, vanaf, tot)?, &self.tussen, &map, soort)?;
        }
        Ok(map)
    }
}
