//! A certificate on a request (PKCS#10): whoever asks made the key, and keeps it.

use inbreng_domain::{Code, Oin};
use openssl::{
    error::ErrorStack,
    nid::Nid,
    pkey::{PKey, Public},
    stack::Stack,
    x509::{
        X509Extension, X509NameRef, X509Req,
        extension::{ExtendedKeyUsage, KeyUsage},
    },
};
use time::Duration;

use crate::{
    CONVENANTBEHEERDER, KNOOPPUNT, Pki, PkiFout,
    pki::code,
    register::{Certificaatregel, Certificaatsoort},
    uitgifte::{DOCUMENT_SIGNING, Houder, ondertekenen},
};

/// A certificate that was issued on a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aanvraagcertificaat {
    /// What it is for, as the request asked.
    pub soort: Certificaatsoort,
    /// Under which name it can be revoked.
    pub houder: Code,
    /// The certificate, with the intermediate behind it (PEM).
    pub pem: Vec<u8>,
}

impl Pki {
    /// Issues a certificate on a request of the organisation with this OIN.
    ///
    /// # Errors
    /// [`PkiFout::Opgave`] for a request that is not signed with its own key, names another OIN, or asks for anything but the TLS or the signing
    /// certificate of a partner; [`PkiFout::Dubbel`] for the OIN of the hub or the covenant manager.
    pub fn aanvraag_ondertekenen(&mut self, pem: &[u8], oin: Oin) -> Result<Aanvraagcertificaat, PkiFout> {
        for bezet in [KNOOPPUNT, CONVENANTBEHEERDER] {
            if self.houder(&code(bezet)?)?.oin == oin {
                return Err(PkiFout::Dubbel(oin.to_string()));
            }
        }
        let aanvraag = X509Req::from_pem(pem).map_err(|_| weiger("dit is geen aanvraag (PKCS#10, PEM)"))?;
        let sleutel = aanvraag.public_key().map_err(|_| weiger("de sleutel is niet te lezen"))?;
        if !aanvraag.verify(&sleutel).unwrap_or(false) {
            return Err(weiger("zij is niet ondertekend met haar eigen sleutel"));
        }
        if !op_p256(&sleutel) {
            return Err(weiger("de sleutel is niet van P-256"));
        }
        let genoemd = een(aanvraag.subject_name(), Nid::SERIALNUMBER);
        if genoemd.as_deref() != Some(oin.as_str().as_ref()) {
            return Err(weiger("in haar serialNumber staat niet dit OIN, en alleen dat"));
        }
        let naam = een(aanvraag.subject_name(), Nid::ORGANIZATIONNAME)
            .filter(|naam| !naam.trim().is_empty())
            .ok_or_else(|| weiger("zij noemt niet één organisatie"))?;
        let soort = soort(&aanvraag)?;
        let houder = match self.partners().find(|p| p.oin == oin) {
            Some(partner) => partner.slug.clone(),
            None => code(&format!("oin-{oin}"))?,
        };
        let (vanaf, tot) = (self.nu(), self.nu().plus(Duration::days(i64::from(self.register.geldig_dagen))));
        let wie = Houder { oin, naam: &naam, server: None };
        let (certificaat, serie) = ondertekenen(&self.tussen, &wie, soort, &sleutel, vanaf, tot)?;
        let mut pem = certificaat.to_pem()?;
        pem.extend(self.tussen.certificaat.to_pem()?);
        self.register.certificaten.push(Certificaatregel {
            serie,
            houder: houder.clone(),
            soort,
            geldig_tot: tot,
            ingetrokken_op: None,
        });
        self.register.schrijven(self.dir())?;
        Ok(Aanvraagcertificaat { soort, houder, pem })
    }
}

fn weiger(waarom: &str) -> PkiFout {
    PkiFout::Opgave(format!("de aanvraag wordt niet ondertekend: {waarom}"))
}

/// The one value of this part of a name; none where there are more.
fn een(naam: &X509NameRef, nid: Nid) -> Option<String> {
    let mut waarden = naam.entries_by_nid(nid);
    let waarde = waarden.next()?.data().to_string().ok()?;
    waarden.next().is_none().then_some(waarde)
}

fn op_p256(sleutel: &PKey<Public>) -> bool {
    sleutel.ec_key().is_ok_and(|ec| ec.group().curve_name() == Some(Nid::X9_62_PRIME256V1))
}

/// For what it is asked: exactly the extensions of one of the two kinds. A request for a name, an authority or a second usage is neither.
fn soort(aanvraag: &X509Req) -> Result<Certificaatsoort, PkiFout> {
    let gevraagd = aanvraag.extensions().map_err(|_| weiger("zij zegt niet waarvoor het certificaat is"))?;
    let gevraagd = als_der(&gevraagd)?;
    for soort in Certificaatsoort::ALLE {
        let mut gebruik = ExtendedKeyUsage::new();
        let gebruik = match soort {
            Certificaatsoort::Tls => gebruik.client_auth(),
            Certificaatsoort::Ondertekening => gebruik.other(DOCUMENT_SIGNING),
        };
        let mut profiel = Stack::new()?;
        profiel.push(KeyUsage::new().critical().digital_signature().build()?)?;
        profiel.push(gebruik.build()?)?;
        if als_der(&profiel)? == gevraagd {
            return Ok(soort);
        }
    }
    Err(weiger("zij vraagt iets anders dan een TLS- of een ondertekeningscertificaat van een organisatie"))
}

fn als_der(extensies: &Stack<X509Extension>) -> Result<Vec<Vec<u8>>, ErrorStack> {
    let mut alle = extensies.iter().map(|e| e.to_der()).collect::<Result<Vec<_>, _>>()?;
    alle.sort_unstable();
    Ok(alle)
}
