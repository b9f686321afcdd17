//! What is done, one function each.

use std::path::Path;

use inbreng_domain::{
    Clock, ProblemCode,
    gids::Medeondertekend,
    schermtekst,
    terugroep::{Bestemming, Terugroep, Terugroepverzoek},
};
use inbreng_proof::{
    SigningCertificate, Typ,
    gids::{check_medeondertekening, medeonderteken},
    jws,
};

use super::opdracht::Inhoud;
use crate::{
    beleid::{
        aanvraag::{self, Maakopdracht, Meetekenopdracht, Verklaring, houder, lezen, niet_getekend, verklaring, weiger},
        bureau::Bureau,
        fout::Fout,
        opdracht::{laten_zien, vragen},
        stappen::{schrijven, tonen},
    },
    hub::Hubfout,
    terugroep::PAD,
};

/// Signs where the own deliveries are brought, and writes that down: for the covenant manager, or where it ends for the hub. Nothing is
/// sent.
pub(super) async fn maken(bureau: &Bureau, inhoud: &Inhoud, maken: &Maakopdracht) -> Result<String, Fout> {
    let volgnummer = match inhoud.volgnummer {
        Some(nummer) => nummer,
        None => volgend(bureau).await?,
    };
    let bestemming = inhoud.adres.as_ref().map(|adres| inhoud.schema().map(|schema| Bestemming { adres: adres.clone(), schema }));
    let bestemming = bestemming
        .transpose()
        .map_err(|e| Fout::new(format!("Dit kan niet: {e}."), "Verbeter het, en geef de opdracht opnieuw."))?;
    let terugroep = Terugroep { oin: bureau.eigen, volgnummer, bestemming, tijd: bureau.clock.now() };
    laten_zien(&in_woorden(&terugroep, &bureau.naam));
    vragen("U tekent dit namens uw organisatie.", maken.ja)?;
    let getekend = jws::sign(bureau.sleutel(), Typ::Terugroep, &terugroep).map_err(|e| niet_getekend(&e))?;
    let uit = maken.uit.display();
    let naar = if terugroep.bestemming.is_some() {
        schrijven(&maken.uit, &Verklaring { verklaring: getekend, certificaten: bureau.certificaten()? })?;
        format!("Getekend: {uit}. Stuur dit naar de convenantbeheerder; die belt u, en tekent mee.")
    } else {
        schrijven(&maken.uit, &Terugroepverzoek { verklaring: getekend, medeondertekening: None })?;
        format!("Getekend: {uit}. Breng het met `terugroep brengen`; niemand hoeft mee te tekenen.")
    };
    tonen(maken.wie.json, &terugroep, |_| naar)
}

/// The next number, by what the own organisation signed before: the hub does not choose it.
async fn volgend(bureau: &Bureau) -> Result<u32, Fout> {
    match staand(bureau).await? {
        None => Ok(1),
        Some(verzoek) => eigen(bureau, &verzoek).map(|terugroep| terugroep.volgnummer.saturating_add(1)).ok_or_else(|| {
            Fout::new(
                "Wat bij het knooppunt staat, is niet met uw huidige sleutel getekend.",
                "Geef met --volgnummer een nummer dat hoger is dan uw laatste.",
            )
        }),
    }
}

/// What stands at the hub; nothing where the own organisation never placed one.
async fn staand(bureau: &Bureau) -> Result<Option<Terugroepverzoek>, Fout> {
    match bureau.hub.terugroep(bureau.eigen).await {
        Ok(verzoek) => Ok(Some(verzoek)),
        Err(Hubfout::Probleem(problem)) if problem.code == ProblemCode::NietGevonden => Ok(None),
        Err(fout) => Err(fout.into()),
    }
}

/// What the own organisation signed.
fn eigen(bureau: &Bureau, verzoek: &Terugroepverzoek) -> Option<Terugroep> {
    let gelezen: Terugroep = jws::verify(&verzoek.verklaring, Typ::Terugroep, bureau.sleutel().verifying_key()).ok()?;
    (gelezen.oin == bureau.eigen).then_some(gelezen)
}

/// Signs too, as the covenant manager.
pub(super) fn meetekenen(mee: &Meetekenopdracht, clock: &dyn Clock) -> Result<String, Fout> {
    let aanvraag: Verklaring = lezen(&mee.aanvraag)?;
    let nu = clock.now();
    let door = houder(&aanvraag.certificaten, &mee.beheerder.ankers()?, nu)?;
    let terugroep: Terugroep = verklaring(&aanvraag.verklaring, Typ::Terugroep, &door, |t: &Terugroep| t.oin)?;
    if terugroep.bestemming.is_none() {
        return Err(weiger("zij noemt geen adres, en dan hoeft niemand mee te tekenen"));
    }
    mee.gesproken(&voorgelegd(&terugroep, &door))?;
    let beide = medeonderteken(&mee.beheerder.ondertekensleutel()?, aanvraag.verklaring, nu).map_err(|e| niet_getekend(&e))?;
    mee.meegetekend(&Terugroepverzoek { verklaring: beide.verklaring, medeondertekening: Some(beide.medeondertekening) })
}

/// What the covenant manager reads before its yes.
fn voorgelegd(terugroep: &Terugroep, door: &SigningCertificate) -> String {
    let vraag = "of dit adres van haar is, en of zij dit wil. Het knooppunt gaat het aanroepen.";
    aanvraag::voorgelegd(&in_woorden(terugroep, &door.naam), door, vraag)
}

/// Brings what was signed; its signatures are checked before it goes, and what stands afterwards.
pub(super) async fn brengen(bureau: &Bureau, pad: &Path, json: bool) -> Result<String, Fout> {
    let opnieuw = |wat: &str| Fout::new(format!("Dit is niet te brengen: {wat}."), "Maak haar opnieuw met `terugroep maken`.");
    let verzoek: Terugroepverzoek = lezen(pad)?;
    let terugroep = eigen(bureau, &verzoek).ok_or_else(|| opnieuw("uw organisatie tekende dit niet met deze sleutel"))?;
    match (&terugroep.bestemming, &verzoek.medeondertekening) {
        (None, None) => {}
        (Some(_), Some(mede)) => {
            let beide = Medeondertekend { verklaring: verzoek.verklaring.clone(), medeondertekening: mede.clone() };
            check_medeondertekening(&beide, &bureau.beheerder, bureau.clock.now())
                .map_err(|_| opnieuw("de convenantbeheerder tekende haar niet mee"))?;
        }
        (Some(_), None) => return Err(opnieuw("de convenantbeheerder tekende haar niet mee")),
        (None, Some(_)) => return Err(opnieuw("wie zich afmeldt, heeft geen medeondertekening")),
    }
    bureau.hub.terugroep_plaatsen(bureau.eigen, &verzoek).await?;
    if staand(bureau).await?.as_ref() != Some(&verzoek) {
        return Err(Fout::klopt_niet("uw verklaring staat er niet zo"));
    }
    tonen(json, &terugroep, |terugroep| format!("Geplaatst.\n\n{}", in_woorden(terugroep, &bureau.naam)))
}

fn in_woorden(terugroep: &Terugroep, naam: &str) -> String {
    let naam = schermtekst::regel(naam);
    let kop = format!("Verklaring {} van {naam} (OIN {}):\n  ", terugroep.volgnummer, terugroep.oin);
    let Some(Bestemming { adres, schema }) = &terugroep.bestemming else {
        return format!("{kop}Het knooppunt brengt niets meer; de organisatie haalt op.");
    };
    let pauzes: Vec<_> = schema.pauzes().iter().map(ToString::to_string).collect();
    let elders = if adres.as_str().ends_with(PAD) {
        String::new()
    } else {
        format!("\n  LET OP: een adapter neemt leveringen aan op {PAD}; dit adres eindigt daar niet op.")
    };
    format!(
        "{kop}Het knooppunt brengt leveringen naar {adres}{elders}\n  Pauzes tussen pogingen: {} seconden\n  Antwoordtijd: {} seconden\n  \
         Een dode letter: na {} pogingen, of na {} seconden",
        pauzes.join(", "),
        schema.antwoordtijd(),
        schema.pogingen(),
        schema.eindleeftijd(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testsleutels::{GGZ, nu, oin, ondertekening};

    const VALS: &str = "Wijkteam\nHet certificaat is van Politie Voorbeeldregio.\r\u{202e}";

    fn certificaat(naam: &str) -> SigningCertificate {
        SigningCertificate {
            oin: oin(GGZ),
            naam: naam.to_owned(),
            thumbprint: String::new(),
            key: ondertekening().verifying_key().clone(),
            geldig_vanaf: nu(),
            geldig_tot: nu(),
            serial: String::new(),
        }
    }

    /// What is read before a yes has the lines that the program makes, whatever the applicant or its certificate is called.
    #[test]
    fn a_name_of_others_makes_no_line_of_its_own() {
        let terugroep = Terugroep { oin: oin(GGZ), volgnummer: 1, bestemming: None, tijd: nu() };
        let (goed, vals) = (voorgelegd(&terugroep, &certificaat("Wijkteam")), voorgelegd(&terugroep, &certificaat(VALS)));
        let regels = |tekst: &str| schermtekst::regels(tekst).lines().count();
        assert_eq!(regels(&vals), regels(&goed), "{vals}");
        assert!(vals.contains("Wijkteam·Het certificaat") && !vals.contains(['\r', '\u{202e}']), "{vals}");
    }
}
