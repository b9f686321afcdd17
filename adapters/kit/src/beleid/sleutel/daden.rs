//! What is done, one function each. A key that the one before it cannot prove goes through three hands: the organisation makes it, the
//! covenant manager confirms it out of band on its own machine, and the organisation brings it. Freezing takes one.

use std::path::Path;

use inbreng_domain::{
    Clock, Oin, Tijdstip,
    gids::{Bevriesreden, Bevriezing, Sleutelaanleiding, Sleutelverklaring, Sleutelvermelding},
    schermtekst,
};
use inbreng_proof::{
    Anchors, Partner, SigningCertificate, Typ,
    gids::{bevestigen as bevestigd, sign_bevriezing, sign_sleutel, verify_gidsvermelding, verklaring_digest},
    jwk::jwk_thumbprint,
    jws,
};
use serde::Serialize;

use crate::{
    beleid::{
        aanvraag::{Meetekenopdracht, Verklaring, houder, lezen, niet_getekend, verklaring, weiger},
        bureau::{Bureau, sleutel},
        fout::Fout,
        opdracht::{laten_zien, vragen},
        stappen::{schrijven, tonen},
    },
    engine::{bewaarde_sleutel, volgende_verklaring},
};

/// What is typed about a freeze.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bevriesopgave<'a> {
    pub kid: &'a str,
    pub reden: Bevriesreden,
    pub laatste: Option<u32>,
    pub oin: Option<Oin>,
    /// Certificate and key of the covenant manager.
    pub beheerder: Option<(&'a Path, &'a Path)>,
}

/// One key, as it is shown.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Sleutelregel {
    volgnummer: u32,
    kid: String,
    geldig_vanaf: Tijdstip,
    geldig_tot: Tijdstip,
    /// `in-gebruik`, `wacht`, `voorbij`, `bevroren` or `telt-niet`.
    stand: &'static str,
}

pub(super) async fn lijst(bureau: &Bureau, oin: Option<Oin>, json: bool) -> Result<String, Fout> {
    let partner = ophalen(bureau, oin.unwrap_or(bureau.eigen)).await?;
    tonen(json, &regels(&partner, bureau.clock.now()), |regels| in_woorden(&partner.vermelding.naam, regels))
}

fn regels(partner: &Partner, nu: Tijdstip) -> Vec<Sleutelregel> {
    let geldend = partner.sleutel(nu).map(|s| s.volgnummer);
    let regel = |s: &Sleutelverklaring| Sleutelregel {
        volgnummer: s.volgnummer,
        kid: s.kid.clone(),
        geldig_vanaf: s.geldig_vanaf,
        geldig_tot: s.geldig_tot,
        stand: if partner.is_bevroren(&s.kid) {
            "bevroren"
        } else if partner.vervallen.contains(&s.volgnummer) {
            "telt-niet"
        } else if geldend == Some(s.volgnummer) {
            "in-gebruik"
        } else if nu < s.geldig_vanaf {
            "wacht"
        } else {
            "voorbij"
        },
    };
    partner.sleutels.iter().map(regel).collect()
}

fn in_woorden(naam: &str, regels: &[Sleutelregel]) -> String {
    let mut tekst = format!("Sleutels van {}, nieuwste eerst:", schermtekst::regel(naam));
    for r in regels {
        let woorden = match r.stand {
            "bevroren" => "bevroren: er wordt niet meer voor verzegeld",
            "telt-niet" => "telt niet: zij rust op een sleutel die was bevroren",
            "in-gebruik" => "in gebruik: hiervoor verzegelen anderen",
            "wacht" => "gaat nog in",
            _ => "vervangen of voorbij",
        };
        tekst.push_str(&format!("\n  {:>3}  {}  {} tot {}\n       {woorden}", r.volgnummer, r.kid, r.geldig_vanaf, r.geldig_tot));
    }
    if regels.is_empty() {
        tekst.push_str("\n  geen");
    }
    tekst
}

/// The entry of an organisation as the hub shows it, verified here.
async fn ophalen(bureau: &Bureau, oin: Oin) -> Result<Partner, Fout> {
    let partners = bureau.hub.partners().await?.partners;
    let gids = partners.into_iter().find(|p| p.oin == oin).map(|p| p.gids).ok_or_else(|| {
        Fout::new(format!("Organisatie {oin} staat niet in de gids."), "Kijk of het OIN klopt, of vraag de convenantbeheerder.")
    })?;
    let (partner, fout) = verify_gidsvermelding(&gids, &bureau.ankers()?, &bureau.beheerder, bureau.clock.now())
        .map_err(|fout| Fout::klopt_niet(&format!("de gidsvermelding van {oin} ({})", fout.soort)))?;
    match fout {
        Some(fout) => Err(Fout::klopt_niet(&format!("de sleutels van {oin} ({})", fout.soort))),
        None if partner.vermelding.oin == oin => Ok(partner),
        None => Err(Fout::klopt_niet("de gidsvermelding is van een andere organisatie")),
    }
}

/// Freezes a key, as its organisation or as the covenant manager.
pub(super) async fn bevriezen(bureau: &Bureau, opgave: &Bevriesopgave<'_>, ja: bool, json: bool) -> Result<String, Fout> {
    let oin = opgave.oin.unwrap_or(bureau.eigen);
    let partner = ophalen(bureau, oin).await?;
    let sleutelverklaring = partner.sleutel_met_kid(opgave.kid).ok_or_else(|| {
        Fout::new(
            "Deze sleutel staat niet in de gids.",
            "Bekijk met `sleutel lijst` welke sleutels er zijn, en neem het kenmerk (kid) daaruit over.",
        )
    })?;
    let nummer = opgave.laatste.unwrap_or(sleutelverklaring.volgnummer);
    let laatste = partner.gids.sleutels.iter().find(|v| nummer_van(v) == Some(nummer)).ok_or_else(|| {
        Fout::new(
            format!("Sleutelverklaring {nummer} staat niet in de gids."),
            "Geef met --laatste een nummer uit `sleutel lijst`.",
        )
    })?;
    if nummer < sleutelverklaring.volgnummer {
        return Err(Fout::new(
            "Met deze --laatste zou de sleutelverklaring van de sleutel zelf niet meer tellen.",
            format!("Geef met --laatste {} of een hoger nummer.", sleutelverklaring.volgnummer),
        ));
    }
    let naam = &partner.vermelding.naam;
    laten_zien(&format!(
        "Bevriezen: sleutel {} van {} ({}).\nReden: {}.\nDe sleutelverklaringen tot en met {nummer} blijven staan; een latere die \
         op deze sleutel rust, telt niet.",
        sleutelverklaring.volgnummer,
        schermtekst::regel(naam),
        opgave.kid,
        opgave.reden
    ));
    vragen("Dit geldt meteen, voor iedereen, en is niet terug te draaien.", ja)?;
    let mut bevriezing = Bevriezing {
        oin,
        kid: opgave.kid.to_owned(),
        laatste: verklaring_digest(&laatste.verklaring),
        reden: opgave.reden,
        certificaten: Vec::new(),
        tijd: bureau.clock.now(),
    };
    let jws = match opgave.beheerder {
        Some((certificaat, pad)) => sign_bevriezing(&sleutel(certificaat, pad)?.0, &bevriezing),
        None => {
            bevriezing.certificaten = bureau.certificaten()?;
            sign_bevriezing(bureau.sleutel(), &bevriezing)
        }
    };
    bureau.hub.sleutel_bevriezen(oin, jws.map_err(|e| niet_getekend(&e))?).await?;
    let na = ophalen(bureau, oin).await?;
    if !na.is_bevroren(opgave.kid) {
        return Err(Fout::klopt_niet("de bevriezing staat niet in de gids"));
    }
    tonen(json, &regels(&na, bureau.clock.now()), |regels| format!("Bevroren.\n\n{}", in_woorden(naam, regels)))
}

fn nummer_van(vermelding: &Sleutelvermelding) -> Option<u32> {
    jws::unverified_payload::<Sleutelverklaring>(&vermelding.verklaring).ok().map(|s| s.volgnummer)
}

/// Makes a key that the one before it cannot prove, and its statement.
pub(super) async fn nieuw(bureau: &Bureau, map: Option<&Path>, uit: &Path) -> Result<String, Fout> {
    let map = map.or(bureau.wisselmap.as_deref()).ok_or_else(|| {
        Fout::new(
            "Het is niet bekend waar de sleutel moet komen.",
            "Geef een map met --map, of zet sleutels.wisselmap in de configuratie.",
        )
    })?;
    let eigen = ophalen(bureau, bureau.eigen).await?;
    let nummer = eigen.sleutels.first().map_or(0, |s| s.volgnummer).saturating_add(1);
    let gemaakt = bewaarde_sleutel(map, nummer).map_err(|e| Fout::bestand(map, e))?;
    let (verklaring, _) = volgende_verklaring(bureau.eigen, &eigen, &gemaakt, bureau.clock.now())
        .ok_or_else(|| Fout::klopt_niet("de laatste sleutelverklaring is niet te lezen"))?;
    let verklaring = sign_sleutel(bureau.sleutel(), &verklaring).map_err(|e| niet_getekend(&e))?;
    schrijven(uit, &Verklaring { verklaring, certificaten: bureau.certificaten()? })?;
    Ok(format!(
        "Sleutel {nummer} staat in {}. Haar kenmerk (kid): {}.\nStuur {} naar de convenantbeheerder, en lees het kenmerk voor als die u belt.",
        map.display(),
        gemaakt.kid(),
        uit.display()
    ))
}

/// Confirms a key, as the covenant manager.
pub(super) fn bevestigen(mee: &Meetekenopdracht, aanleiding: Sleutelaanleiding, clock: &dyn Clock) -> Result<String, Fout> {
    let Meetekenopdracht { aanvraag, beheerder, uit, ja } = mee;
    let aanvraag: Verklaring = lezen(aanvraag)?;
    let (anchors, nu) = (beheerder.ankers()?, clock.now());
    let (certificaat, verklaring) = gelezen(&aanvraag, &anchors, nu)?;
    laten_zien(&voorgelegd(&verklaring, aanleiding, &certificaat));
    vragen("U hebt de organisatie gesproken, en het kenmerk is hetzelfde.", *ja)?;
    let sleutel = beheerder.ondertekensleutel()?;
    schrijven(uit, &bevestigd(&sleutel, aanvraag.verklaring, aanleiding, nu).map_err(|e| niet_getekend(&e))?)?;
    Ok(format!("Bevestigd: {}. Stuur dit terug naar de organisatie.", uit.display()))
}

/// What the covenant manager reads before its yes.
fn voorgelegd(verklaring: &Sleutelverklaring, aanleiding: Sleutelaanleiding, certificaat: &SigningCertificate) -> String {
    format!(
        "Bevestigen: sleutel {} van {} (OIN {}), {} tot {}.\nAanleiding: {aanleiding}.\nKenmerk (kid): {}\n\nBel de organisatie op een nummer dat \
         u al had, en laat het kenmerk voorlezen.",
        verklaring.volgnummer,
        schermtekst::regel(&certificaat.naam),
        verklaring.oin,
        verklaring.geldig_vanaf,
        verklaring.geldig_tot,
        verklaring.kid
    )
}

/// The statement, signed under a certificate that holds now, by the organisation that it names.
fn gelezen(aanvraag: &Verklaring, anchors: &Anchors, nu: Tijdstip) -> Result<(SigningCertificate, Sleutelverklaring), Fout> {
    let certificaat = houder(&aanvraag.certificaten, anchors, nu)?;
    let verklaring: Sleutelverklaring =
        verklaring(&aanvraag.verklaring, Typ::Sleutel, &certificaat, |s: &Sleutelverklaring| s.oin)?;
    if verklaring.kid != jwk_thumbprint(&verklaring.jwk) {
        return Err(weiger("het kenmerk (kid) is niet dat van de sleutel"));
    }
    Ok((certificaat, verklaring))
}

/// Brings a key that was confirmed, in front of those that stand.
pub(super) async fn brengen(bureau: &Bureau, pad: &Path, json: bool) -> Result<String, Fout> {
    let bevestigd: Sleutelvermelding = lezen(pad)?;
    let eigen = ophalen(bureau, bureau.eigen).await?;
    let mut gids = eigen.gids.clone();
    gids.sleutels.insert(0, bevestigd);
    let (partner, fout) = verify_gidsvermelding(&gids, &bureau.ankers()?, &bureau.beheerder, bureau.clock.now())
        .map_err(|fout| Fout::klopt_niet(&format!("de eigen gidsvermelding ({})", fout.soort)))?;
    if let Some(fout) = fout {
        return Err(Fout::new(
            format!("Deze sleutel kan niet worden geplaatst ({}).", fout.soort),
            "Maak haar opnieuw met `sleutel nieuw`, en laat haar opnieuw bevestigen: sinds zij is gemaakt, is er iets veranderd.",
        ));
    }
    bureau.hub.sleutels_plaatsen(bureau.eigen, gids.sleutels).await?;
    let naam = &partner.vermelding.naam;
    tonen(json, &regels(&partner, bureau.clock.now()), |regels| format!("Geplaatst.\n\n{}", in_woorden(naam, regels)))
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
        let sleutel = crate::sealing::Zegelsleutel::generate().unwrap();
        let verklaring = crate::engine::eerste_verklaring(oin(GGZ), &sleutel, nu());
        let gevraagd = |naam: &str| voorgelegd(&verklaring, Sleutelaanleiding::Eerste, &certificaat(naam));
        let tekst = |naam: &str| format!("{}\n{}", gevraagd(naam), in_woorden(naam, &[]));
        let (goed, vals) = (tekst("Wijkteam"), tekst(VALS));
        let regels = |tekst: &str| schermtekst::regels(tekst).lines().count();
        assert_eq!(regels(&vals), regels(&goed), "{vals}");
        assert!(vals.contains("Wijkteam·Het certificaat") && !vals.contains(['\r', '\u{202e}']), "{vals}");
    }
}
