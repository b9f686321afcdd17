//! Directory and key statements: signed with the partner's key, countersigned by the covenant manager.

use inbreng_domain::{
    Code, ConvenantId, Digest, Tijdstip,
    gids::{
        Bevestiging, Gidsvermelding, MAX_KEY_DAYS, Medeondertekend, Sleutelaanleiding, Sleutelverklaring, Sleutelvermelding,
        Vermelding,
    },
};
use inbreng_proof::{
    SigningKey,
    gids::{bevestigen, certificaatketen, medeonderteken, opvolgen, sign_sleutel, sign_vermelding, verklaring_digest},
    jwk::{jwk_of_point, jwk_thumbprint},
};
use openssl::{
    bn::BigNumContext,
    ec::PointConversionForm,
    pkey::{PKey, Private},
};
use time::Duration;

use crate::{
    PkiFout,
    bestanden::{self, Leesbaar, Partnermap},
    pki::Pki,
    register::Partnerregel,
    uitgifte::nieuwe_sleutel,
};

/// How long before now a statement counts, for clocks that run behind.
const VOORSPRONG: Duration = Duration::minutes(5);

impl Pki {
    /// Publishes the next encryption key of a partner: a key, and a numbered statement that names the one before it.
    /// Returns the number; the key stands in `verzegeling-<number>.key`. Older keys stay, for what was sealed for them.
    ///
    /// # Errors
    /// [`PkiFout`] for an unknown partner, or when a file cannot be written.
    pub fn sleutel_vernieuwen(&mut self, slug: &Code) -> Result<u32, PkiFout> {
        let map = self.partnermap(slug)?;
        let mut gids: Gidsvermelding = self.gidsvermelding(slug)?;
        let nummer = self.sleutel_toevoegen(slug, &map, &mut gids)?;
        self.gids_schrijven(&map, &gids)?;
        Ok(nummer)
    }

    /// Makes directory statement and key statement anew after certificates were issued. Key statements of before were
    /// signed with the certificate of before and are no longer shown.
    pub(crate) fn vermelden(&mut self, slug: &Code) -> Result<(), PkiFout> {
        let map = self.partnermap(slug)?;
        let regel = self.register.partner_mut(slug)?;
        regel.vermelding += 1;
        let regel = regel.clone();
        let sleutel = self.ondertekensleutel(slug)?;
        let vermelding =
            vermelding(&regel, &self.keten(slug)?, &self.register.convenanten, self.nu(), self.register.geldig_dagen);
        let verklaring = self.medeondertekend(sign_vermelding(&sleutel, &vermelding)?)?;
        let mut gids = Gidsvermelding { vermelding: verklaring, sleutels: Vec::new(), bevriezingen: Vec::new() };
        self.sleutel_toevoegen(slug, &map, &mut gids)?;
        self.gids_schrijven(&map, &gids)
    }

    /// Countersigns every statement anew, after the covenant manager got another key.
    pub(crate) fn alles_medeondertekenen(&self) -> Result<(), PkiFout> {
        for partner in self.partners() {
            let map = self.partnermap(&partner.slug)?;
            let Gidsvermelding { vermelding, sleutels, bevriezingen } = self.gidsvermelding(&partner.slug)?;
            let vermelding = self.medeondertekend(vermelding.verklaring)?;
            let sleutels = sleutels.into_iter().map(|s| self.opnieuw_bevestigd(s)).collect::<Result<_, _>>()?;
            self.gids_schrijven(&map, &Gidsvermelding { vermelding, sleutels, bevriezingen })?;
        }
        Ok(())
    }

    fn sleutel_toevoegen(&mut self, slug: &Code, map: &Partnermap, gids: &mut Gidsvermelding) -> Result<u32, PkiFout> {
        let ondertekening: SigningKey = self.ondertekensleutel(slug)?;
        let nu = self.nu();
        let regel = self.register.partner_mut(slug)?;
        let geheim = nieuwe_sleutel()?;
        let verklaring = sleutelverklaring(regel, &geheim, nu)?;
        let nummer = verklaring.volgnummer;
        let jws = sign_sleutel(&ondertekening, &verklaring)?;
        regel.sleutel = nummer;
        regel.sleutel_digest = Some(verklaring_digest(&jws));
        bestanden::schrijven(&map.verzegeling_key(nummer), &geheim.private_key_to_pem_pkcs8()?, Leesbaar::Eigenaar)?;
        let vermelding = match gids.sleutels.first() {
            Some(vorige) => {
                let oud = SigningKey::of_encryption_key(&bestanden::lezen(&map.verzegeling_key(nummer - 1))?)?;
                opvolgen(&oud, &vorige.verklaring, jws)?
            }
            // The first one, or the first under another certificate: nothing is shown that could prove it.
            None => {
                let aanleiding = if nummer == 1 { Sleutelaanleiding::Eerste } else { Sleutelaanleiding::Certificaat };
                bevestigen(&self.beheerdersleutel()?, jws, aanleiding, self.nu())?
            }
        };
        gids.sleutels.insert(0, vermelding);
        Ok(nummer)
    }

    /// The word of the covenant manager under its new key, where it had given one.
    fn opnieuw_bevestigd(&self, vermelding: Sleutelvermelding) -> Result<Sleutelvermelding, PkiFout> {
        if vermelding.medeondertekening.is_none() {
            return Ok(vermelding);
        }
        let opnieuw = bevestigen(&self.beheerdersleutel()?, vermelding.verklaring, Sleutelaanleiding::Certificaat, self.nu())?;
        Ok(Sleutelvermelding { opvolging: vermelding.opvolging, ..opnieuw })
    }

    fn medeondertekend(&self, jws: String) -> Result<Medeondertekend, PkiFout> {
        Ok(medeonderteken(&self.beheerdersleutel()?, jws, self.nu())?)
    }

    /// Writes a partner's statements, then those of all partners together, then the register.
    fn gids_schrijven(&self, map: &Partnermap, gids: &Gidsvermelding) -> Result<(), PkiFout> {
        json_schrijven(&map.gids(), gids)?;
        let mut alle = Vec::new();
        for partner in &self.register.partners {
            // A partner that is being added has no statements yet.
            if self.partnermap(&partner.spec.slug)?.gids().exists() {
                alle.push(self.gidsvermelding(&partner.spec.slug)?);
            }
        }
        json_schrijven(&self.dir().join(bestanden::GIDS), &alle)?;
        self.register.schrijven(self.dir())
    }
}

fn json_schrijven<T: serde::Serialize>(pad: &std::path::Path, waarde: &T) -> Result<(), PkiFout> {
    let text = serde_json::to_vec_pretty(waarde).map_err(|e| PkiFout::inhoud(pad, e))?;
    bestanden::schrijven(pad, &text, Leesbaar::Ieder)
}

/// Who is in a development directory knows the rules of its covenants: a real covenant manager countersigns a statement only after
/// its partner has confirmed them (R44).
fn bevestigd(convenanten: &[ConvenantId]) -> Vec<Bevestiging> {
    convenanten.iter().map(|convenant| Bevestiging { convenant: convenant.clone(), versie: 1 }).collect()
}

fn vermelding(regel: &Partnerregel, keten: &[Vec<u8>], convenanten: &[ConvenantId], nu: Tijdstip, dagen: u32) -> Vermelding {
    let spec = &regel.spec;
    Vermelding {
        oin: spec.oin,
        naam: spec.naam.clone(),
        partnertype: spec.partnertype,
        gebied: spec.gebied.clone(),
        functies: spec.functies.clone(),
        noodontvanger: spec.noodontvanger.into(),
        bevestigd: bevestigd(convenanten),
        certificaten: certificaatketen(keten),
        volgnummer: regel.vermelding,
        geldig_vanaf: nu.plus(-VOORSPRONG),
        geldig_tot: nu.plus(Duration::days(i64::from(dagen))),
    }
}

fn sleutelverklaring(regel: &Partnerregel, geheim: &PKey<Private>, nu: Tijdstip) -> Result<Sleutelverklaring, PkiFout> {
    let ec = geheim.ec_key()?;
    let punt = ec.public_key().to_bytes(ec.group(), PointConversionForm::UNCOMPRESSED, &mut *BigNumContext::new()?)?;
    let jwk = jwk_of_point(&punt)?;
    let vanaf = nu.plus(-VOORSPRONG);
    let vorige: Option<Digest> = regel.sleutel_digest;
    Ok(Sleutelverklaring {
        oin: regel.spec.oin,
        kid: jwk_thumbprint(&jwk),
        jwk,
        volgnummer: regel.sleutel + 1,
        vorige,
        geldig_vanaf: vanaf,
        geldig_tot: vanaf.plus(Duration::days(MAX_KEY_DAYS)),
    })
}
