//! What is done, one function each.

use std::path::Path;

use inbreng_domain::{
    Clock, ProblemCode,
    antwoorden::Vermeldingverzoek,
    gids::{Gidsvermelding, MAX_NAAM, Medeondertekend, Sleutelaanleiding, Sleutelverklaring, Vermelding, naam_past},
    schermtekst,
    vocabulary::JaNee,
};
use inbreng_proof::{
    Partner, SigningCertificate, Typ,
    gids::{bevestigen, medeonderteken, sign_sleutel, sign_vermelding, verify_gidsvermelding},
    jwk::jwk_thumbprint,
    jws,
};
use serde::{Deserialize, Serialize};
use time::Duration;

use super::opdracht::Inhoud;
use crate::{
    beleid::{
        aanvraag::{self, Maakopdracht, Meetekenopdracht, houder, lezen, niet_getekend, verklaring, weiger},
        bureau::Bureau,
        fout::Fout,
        opdracht::{laten_zien, vragen},
        stappen::{schrijven, tonen},
    },
    engine::eerste_verklaring,
    hub::Hubfout,
    sealing::Zegelsleutel,
};

/// For clocks that run behind.
const VOORSPRONG: Duration = Duration::minutes(5);

/// What goes to the covenant manager: the entry, and the first key statement where there is one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Aanvraag {
    vermelding: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sleutel: Option<String>,
}

/// Signs the own entry, and writes that down for the covenant manager. Nothing is sent.
pub(super) async fn maken(bureau: &Bureau, inhoud: &Inhoud, maken: &Maakopdracht) -> Result<String, Fout> {
    if !naam_past(&bureau.naam) {
        return Err(Fout::new(
            "De naam van uw organisatie kan niet in een vermelding staan.",
            format!("Zet bij organisatie.naam één regel van hoogstens {MAX_NAAM} tekens, zonder tekens die niemand ziet."),
        ));
    }
    let (huidig, nu) = (eigen(bureau).await?, bureau.clock.now());
    let volgende = huidig.as_ref().map_or(0, |p| p.vermelding.volgnummer).saturating_add(1);
    let vermelding = Vermelding {
        oin: bureau.eigen,
        naam: bureau.naam.clone(),
        partnertype: bureau.partnertype,
        gebied: inhoud.gemeenten.clone(),
        functies: inhoud.functies.clone(),
        noodontvanger: inhoud.noodontvanger.into(),
        bevestigd: inhoud.bevestigd.clone(),
        certificaten: bureau.certificaten()?,
        volgnummer: inhoud.volgnummer.unwrap_or(volgende),
        geldig_vanaf: nu.plus(-VOORSPRONG),
        geldig_tot: nu.plus(Duration::days(i64::from(inhoud.dagen))),
    };
    let sleutel = match &huidig {
        None if !inhoud.zonder_sleutel => Some(eerste_sleutel(bureau)?),
        _ => None,
    };
    laten_zien(&in_woorden(&vermelding, sleutel.as_ref().map(|s| s.kid.as_str())));
    vragen("U tekent deze vermelding namens uw organisatie.", maken.ja)?;
    let getekend = Aanvraag {
        vermelding: sign_vermelding(bureau.sleutel(), &vermelding).map_err(|e| niet_getekend(&e))?,
        sleutel: sleutel.map(|s| sign_sleutel(bureau.sleutel(), &s)).transpose().map_err(|e| niet_getekend(&e))?,
    };
    schrijven(&maken.uit, &getekend)?;
    let naar = format!("Getekend: {}. Stuur dit naar de convenantbeheerder; die belt u, en tekent mee.", maken.uit.display());
    tonen(maken.wie.json, &vermelding, |_| naar)
}

/// The own entry as the hub shows it, verified here; nothing of who is in nothing yet.
async fn eigen(bureau: &Bureau) -> Result<Option<Partner>, Fout> {
    let partners = match bureau.hub.partners().await {
        Err(Hubfout::Probleem(problem)) if problem.code == ProblemCode::PartnerOnbekend => return Ok(None),
        partners => partners?.partners,
    };
    let Some(gids) = partners.into_iter().find(|p| p.oin == bureau.eigen).map(|p| p.gids) else { return Ok(None) };
    let (partner, _) = verify_gidsvermelding(&gids, &bureau.ankers()?, &bureau.beheerder, bureau.clock.now())
        .map_err(|fout| Fout::klopt_niet(&format!("uw gidsvermelding ({})", fout.soort)))?;
    if partner.vermelding.oin == bureau.eigen {
        Ok(Some(partner))
    } else {
        Err(Fout::klopt_niet("uw gidsvermelding is van een andere organisatie"))
    }
}

/// The first statement, of the key that the adapter opens with.
fn eerste_sleutel(bureau: &Bureau) -> Result<Sleutelverklaring, Fout> {
    let geen = || Fout::new("Er is geen verzegelingssleutel.", "Noem haar bij sleutels.verzegeling in de configuratie.");
    let pad = bureau.verzegeling.first().ok_or_else(geen)?;
    let pem = std::fs::read(pad).map(zeroize::Zeroizing::new).map_err(|e| Fout::bestand(pad, e))?;
    let sleutel = Zegelsleutel::from_pem(&pem).map_err(|e| Fout::bestand(pad, e))?;
    Ok(eerste_verklaring(bureau.eigen, &sleutel, bureau.clock.now()))
}

/// Signs too, as the covenant manager, and confirms the first key.
pub(super) fn meetekenen(mee: &Meetekenopdracht, clock: &dyn Clock) -> Result<String, Fout> {
    let beheerder = &mee.beheerder;
    let aanvraag: Aanvraag = lezen(&mee.aanvraag)?;
    let (anchors, nu) = (beheerder.ankers()?, clock.now());
    let genoemd: Vermelding =
        jws::unverified_payload(&aanvraag.vermelding).map_err(|_| weiger("de vermelding is niet te lezen"))?;
    let door = houder(&genoemd.certificaten, &anchors, nu)?;
    let vermelding: Vermelding = verklaring(&aanvraag.vermelding, Typ::Vermelding, &door, |v: &Vermelding| v.oin)?;
    if nu >= vermelding.geldig_tot {
        return Err(weiger("zij is verlopen"));
    }
    if !naam_past(&vermelding.naam) {
        return Err(weiger("de naam erin is leeg of te lang, of heeft regels of tekens die niet te zien zijn"));
    }
    let sleutel = aanvraag.sleutel.as_deref().map(|s| verklaring(s, Typ::Sleutel, &door, |s: &Sleutelverklaring| s.oin));
    let sleutel = sleutel.transpose()?;
    if sleutel.as_ref().is_some_and(|s| s.kid != jwk_thumbprint(&s.jwk) || s.volgnummer != 1 || s.vorige.is_some()) {
        return Err(weiger("de sleutel is niet een eerste, of haar kenmerk is niet dat van de sleutel"));
    }
    mee.gesproken(&voorgelegd(&vermelding, sleutel.as_ref().map(|s| s.kid.as_str()), &door))?;
    let eigen = beheerder.ondertekensleutel()?;
    let Medeondertekend { verklaring, medeondertekening } =
        medeonderteken(&eigen, aanvraag.vermelding, nu).map_err(|e| niet_getekend(&e))?;
    let sleutels = aanvraag.sleutel.map(|s| bevestigen(&eigen, s, Sleutelaanleiding::Eerste, nu)).transpose();
    let sleutels = sleutels.map_err(|e| niet_getekend(&e))?.map(|een| vec![een]);
    mee.meegetekend(&Vermeldingverzoek { verklaring, medeondertekening, sleutels })
}

/// What the covenant manager reads before its yes.
fn voorgelegd(vermelding: &Vermelding, kid: Option<&str>, door: &SigningCertificate) -> String {
    let voorlezen = if kid.is_some() { ", en laat het kenmerk voorlezen" } else { "" };
    aanvraag::voorgelegd(&in_woorden(vermelding, kid), door, &format!("of zij dit is en dit wil{voorlezen}."))
}

/// Brings what both signed; both signatures are checked before it goes.
pub(super) async fn brengen(bureau: &Bureau, pad: &Path, json: bool) -> Result<String, Fout> {
    let verzoek: Vermeldingverzoek = lezen(pad)?;
    let nieuw = Gidsvermelding {
        vermelding: Medeondertekend {
            verklaring: verzoek.verklaring.clone(),
            medeondertekening: verzoek.medeondertekening.clone(),
        },
        sleutels: verzoek.sleutels.clone().unwrap_or_default(),
        bevriezingen: Vec::new(),
    };
    let geteld = verify_gidsvermelding(&nieuw, &bureau.ankers()?, &bureau.beheerder, bureau.clock.now());
    let partner = match geteld {
        Ok((partner, None)) => partner,
        Ok((_, Some(fout))) | Err(fout) => {
            return Err(Fout::new(
                format!("Dit is niet te brengen ({}).", fout.soort),
                "Maak haar opnieuw met `vermelding maken`, en laat haar opnieuw meetekenen.",
            ));
        }
    };
    if partner.vermelding.oin != bureau.eigen {
        return Err(Fout::new("Dit is de vermelding van een andere organisatie.", "Alleen zij zelf brengt haar."));
    }
    bureau.hub.vermelding_plaatsen(bureau.eigen, &verzoek).await?;
    let na = eigen(bureau).await?;
    if na.is_none_or(|na| na.vermelding != partner.vermelding) {
        return Err(Fout::klopt_niet("uw vermelding staat niet zo in de gids"));
    }
    let kid = partner.sleutels.first().map(|s| s.kid.as_str());
    tonen(json, &partner.vermelding, |vermelding| format!("Geplaatst.\n\n{}", in_woorden(vermelding, kid)))
}

fn in_woorden(v: &Vermelding, kid: Option<&str>) -> String {
    fn rij<T: ToString>(alle: &[T], geen: &str) -> String {
        if alle.is_empty() { geen.to_owned() } else { alle.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ") }
    }
    let bevestigd: Vec<_> = v.bevestigd.iter().map(|b| format!("{} versie {}", b.convenant, b.versie)).collect();
    let nood = if v.noodontvanger == JaNee::Ja { "ja" } else { "nee" };
    let sleutel = kid.map_or_else(String::new, |kid| format!("\n  Kenmerk van de eerste sleutel (kid): {kid}"));
    format!(
        "Vermelding {} van {} (OIN {}):\n  Soort organisatie: {}\n  Gemeenten: {}\n  Functies: {}\n  Ontvanger bij nood: {nood}\n  \
         Las de afspraken van: {}\n  Geldt: {} tot {}{sleutel}",
        v.volgnummer,
        schermtekst::regel(&v.naam),
        v.oin,
        v.partnertype,
        rij(&v.gebied, "de hele regio"),
        rij(&v.functies, "geen"),
        rij(&bevestigd, "geen convenant"),
        v.geldig_vanaf,
        v.geldig_tot,
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

    fn vermelding(naam: &str) -> Vermelding {
        Vermelding {
            oin: oin(GGZ),
            naam: naam.to_owned(),
            partnertype: inbreng_domain::vocabulary::Partnertype::Ggz,
            gebied: Vec::new(),
            functies: Vec::new(),
            noodontvanger: JaNee::Nee,
            bevestigd: Vec::new(),
            certificaten: Vec::new(),
            volgnummer: 1,
            geldig_vanaf: nu(),
            geldig_tot: nu(),
        }
    }

    /// What is read before a yes has the lines that the program makes, whatever the applicant or its certificate is called.
    #[test]
    fn a_name_of_others_makes_no_line_of_its_own() {
        let tekst = |naam| voorgelegd(&vermelding(naam), Some("kid"), &certificaat(naam));
        let (goed, vals) = (tekst("Wijkteam"), tekst(VALS));
        let regels = |tekst: &str| schermtekst::regels(tekst).lines().count();
        assert_eq!(regels(&vals), regels(&goed), "{vals}");
        assert!(vals.contains("Wijkteam·Het certificaat") && !vals.contains(['\r', '\u{202e}']), "{vals}");
    }
}
