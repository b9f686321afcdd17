//! Reading the PKI back: folders, keys, anchors, the directory, and the check that all of it fits together.

use inbreng_domain::{Code, gids::Gidsvermelding};
use inbreng_proof::{Anchors, CertificateError, Gids, SigningKey, VerifyingKey, jws};
use openssl::x509::X509;

use crate::{
    CONVENANTBEHEERDER, KNOOPPUNT, PkiFout,
    bestanden::{self, Partnermap},
    pki::{Pki, code},
    register::{Certificaatregel, Certificaatsoort},
    spec::Partnerspec,
};

impl Pki {
    /// The folder of a partner.
    ///
    /// # Errors
    /// [`PkiFout::Onbekend`].
    pub fn partnermap(&self, slug: &Code) -> Result<Partnermap, PkiFout> {
        let slug = &self.register.partner(slug)?.spec.slug;
        Ok(Partnermap::new(self.dir().join("partners").join(&*slug.as_str())))
    }

    /// The folder of the hub.
    #[must_use]
    pub fn knooppuntmap(&self) -> Partnermap {
        Partnermap::new(self.dir().join(KNOOPPUNT))
    }

    /// The folder of the covenant manager.
    #[must_use]
    pub fn beheerdersmap(&self) -> Partnermap {
        Partnermap::new(self.dir().join(CONVENANTBEHEERDER))
    }

    pub(crate) fn organisatiemap(&self, slug: &Code) -> Result<Partnermap, PkiFout> {
        match slug.as_str().as_ref() {
            KNOOPPUNT => Ok(self.knooppuntmap()),
            CONVENANTBEHEERDER => Ok(self.beheerdersmap()),
            _ => self.partnermap(slug),
        }
    }

    /// The partners, in the order in which they were added.
    pub fn partners(&self) -> impl Iterator<Item = &Partnerspec> {
        self.register.partners.iter().map(|p| &p.spec)
    }

    /// Every certificate that was issued to an organisation, oldest first.
    pub fn certificaten(&self) -> &[Certificaatregel] {
        &self.register.certificaten
    }

    /// The number of a partner's newest encryption key.
    ///
    /// # Errors
    /// [`PkiFout::Onbekend`].
    pub fn sleutelnummer(&self, slug: &Code) -> Result<u32, PkiFout> {
        Ok(self.register.partner(slug)?.sleutel)
    }

    /// Root, intermediate and revocation lists, as they stand on disk.
    ///
    /// # Errors
    /// [`PkiFout`] when one cannot be read or does not hold.
    pub fn anchors(&self) -> Result<Anchors, PkiFout> {
        let lees = |naam| bestanden::lezen(&self.dir().join(naam));
        Ok(Anchors::from_pem(&lees(bestanden::ROOT_PEM)?, &lees(bestanden::TUSSEN_PEM)?, &lees(bestanden::CRL)?)?)
    }

    /// The statements of a partner.
    ///
    /// # Errors
    /// [`PkiFout`] when it is unknown or its file cannot be read.
    pub fn gidsvermelding(&self, slug: &Code) -> Result<Gidsvermelding, PkiFout> {
        let pad = self.partnermap(slug)?.gids();
        serde_json::from_str(&bestanden::lezen(&pad)?).map_err(|e| PkiFout::inhoud(pad, e))
    }

    /// The statements of all partners.
    ///
    /// # Errors
    /// [`PkiFout`] when the file cannot be read.
    pub fn gids(&self) -> Result<Vec<Gidsvermelding>, PkiFout> {
        let pad = self.dir().join(bestanden::GIDS);
        serde_json::from_str(&bestanden::lezen(&pad)?).map_err(|e| PkiFout::inhoud(pad, e))
    }

    /// The signing key of a partner, of `knooppunt` or of `convenantbeheerder`.
    ///
    /// # Errors
    /// [`PkiFout`] when it is unknown or its files cannot be read.
    pub fn ondertekensleutel(&self, slug: &Code) -> Result<SigningKey, PkiFout> {
        let map = self.organisatiemap(slug)?;
        let leaf = self.keten(slug)?.into_iter().next().ok_or(CertificateError::Empty)?;
        Ok(SigningKey::from_pem(&bestanden::lezen(&map.ondertekening_key())?, &leaf)?)
    }

    /// The signing key of the covenant manager.
    ///
    /// # Errors
    /// [`PkiFout`] when its files cannot be read.
    pub fn beheerdersleutel(&self) -> Result<SigningKey, PkiFout> {
        self.ondertekensleutel(&code(CONVENANTBEHEERDER)?)
    }

    /// The public key of the covenant manager, as adapters and hub pin it.
    ///
    /// # Errors
    /// [`PkiFout`] when its files cannot be read.
    pub fn beheerder(&self) -> Result<VerifyingKey, PkiFout> {
        Ok(self.beheerdersleutel()?.verifying_key().clone())
    }

    /// Signs a policy bundle as the covenant manager.
    ///
    /// # Errors
    /// [`PkiFout`] when it has no canonical form or the key cannot be read.
    pub fn beleid_ondertekenen<T: serde::Serialize + ?Sized>(&self, bundel: &T) -> Result<String, PkiFout> {
        Ok(jws::sign(&self.beheerdersleutel()?, jws::Typ::Beleid, bundel)?)
    }

    /// The signing certificate of an organisation and what stands behind it, as DER.
    pub(crate) fn keten(&self, slug: &Code) -> Result<Vec<Vec<u8>>, PkiFout> {
        keten(&self.organisatiemap(slug)?)
    }

    /// Checks everything as its readers will: chains, lists, statements, countersignatures. What was revoked is expected to
    /// be refused.
    ///
    /// # Errors
    /// [`PkiFout::Controle`] with the first thing that does not hold.
    pub fn controleren(&self) -> Result<(), PkiFout> {
        let anchors = self.anchors()?;
        for slug in [KNOOPPUNT, CONVENANTBEHEERDER] {
            let slug = code(slug)?;
            if !self.is_ingetrokken(&slug, Certificaatsoort::Ondertekening) {
                anchors.signing_certificate(&self.keten(&slug)?, self.nu())?;
            }
        }
        let (gids, fouten) = Gids::build(&self.gids()?, &anchors, &self.beheerder()?, self.nu());
        let verwacht =
            self.partners().filter(|p| !self.is_ingetrokken(&p.slug, Certificaatsoort::Ondertekening)).collect::<Vec<_>>();
        for partner in &verwacht {
            let Some(gevonden) = gids.partner(partner.oin) else {
                let reden = fouten.iter().find(|f| f.oin == Some(partner.oin));
                let reden = reden.map_or_else(|| "ontbreekt in de gids".to_owned(), |f| f.soort.to_string());
                return Err(PkiFout::Controle(format!("{}: {reden}", partner.slug)));
            };
            if gevonden.sleutel(self.nu()).is_none() {
                return Err(PkiFout::Controle(format!("{}: geen geldige sleutelverklaring", partner.slug)));
            }
        }
        Ok(())
    }

    /// Whether the newest certificate of an organisation of this kind is revoked.
    #[must_use]
    pub fn is_ingetrokken(&self, slug: &Code, soort: Certificaatsoort) -> bool {
        let nieuwste = self.register.certificaten.iter().rev().find(|c| c.houder == *slug && c.soort == soort);
        nieuwste.is_some_and(|c| c.ingetrokken_op.is_some())
    }
}

/// The certificates in a folder's `ondertekening.pem`.
pub(crate) fn keten(map: &Partnermap) -> Result<Vec<Vec<u8>>, PkiFout> {
    let pem = bestanden::lezen(&map.ondertekening_pem())?;
    X509::stack_from_pem(pem.as_bytes())?.iter().map(|c| Ok(c.to_der()?)).collect()
}
