//! What is done, one function each. Joining goes through three hands, as putting a version in force does: the party signs, the covenant
//! manager countersigns on its own machine, and the party brings it. Leaving takes the party alone.

use std::path::Path;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use inbreng_domain::{
    Clock, ConvenantId, Digest, Tijdstip,
    antwoorden::Verklaringverzoek,
    convenant::{Toetreding, Uittreding},
    gids::Medeondertekend,
    versie::{Beheerfunctie, Versiestaat},
};
use inbreng_policy::{Bundel, Deelpartij};
use inbreng_proof::{
    Anchors, digest_of,
    gids::medeonderteken,
    partijen::{sign_toetreding, sign_uittreding, verify_eigen_toetreding, verify_toetreding},
};

use super::{
    inzage::{Inzage, Tekstweergave},
    stand::{self, Stand},
    woorden,
};
use crate::beleid::{
    aanvraag::{Maakopdracht, Meetekenopdracht, lezen, niet_getekend},
    bureau::Bureau,
    controle::met_inhoud,
    fout::Fout,
    geldend::geldend,
    opdracht::{laten_zien, vragen},
    stappen::{schrijven, tonen},
};

/// What was typed about a statement.
#[derive(Debug, Clone, Copy)]
pub(super) struct Opgave<'a> {
    pub convenant: &'a ConvenantId,
    pub functie: Beheerfunctie,
    pub tekst: Option<Digest>,
    pub vanaf: Option<Tijdstip>,
    pub tot: Option<Tijdstip>,
    pub volgnummer: Option<u32>,
}

pub(super) async fn lijst(bureau: &Bureau, convenant: Option<&ConvenantId>, json: bool) -> Result<String, Fout> {
    let namen = bureau.namen().await?;
    let welke = match convenant {
        Some(een) => vec![een.clone()],
        None => stand::convenanten(bureau).await?,
    };
    let mut alle = Vec::with_capacity(welke.len());
    for een in welke {
        alle.push(stand::ophalen(bureau, &een).await?);
    }
    tonen(json, &alle, |alle| woorden::lijst(alle, &namen))
}

/// Signs that the own organisation joins, and writes that down for the covenant manager. Nothing is sent.
pub(super) async fn toetreden(bureau: &Bureau, opgave: &Opgave<'_>, maken: &Maakopdracht) -> Result<String, Fout> {
    let stand = stand::ophalen(bureau, opgave.convenant).await?;
    let tekst = kiezen(&stand, opgave.tekst)?;
    let (bundel, staat) = regels(bureau, opgave.convenant, tekst).await?;
    let nu = bureau.clock.now();
    let toetreding = Toetreding {
        tekst: tekst.tekst.clone(),
        partij: bureau.eigen,
        afspraken: bundel.versie,
        vanaf: opgave.vanaf.unwrap_or(nu),
        tot: opgave.tot,
        volgnummer: opgave.volgnummer.unwrap_or_else(|| stand.volgend()),
        functie: opgave.functie,
        certificaten: bureau.certificaten()?,
        tijd: nu,
    };
    let partij = Deelpartij { oin: bureau.eigen, partnertype: bureau.partnertype };
    if !bundel.staat_open(&partij, nu.max(toetreding.vanaf).max(toetreding.tekst.geldig_vanaf)) {
        return Err(Fout::new(
            "Het convenant staat niet open voor uw organisatie.",
            "Vraag de convenantbeheerder of het open kan voor u.",
        ));
    }
    if toetreding.tot.is_some_and(|tot| tot <= toetreding.vanaf) {
        return Err(Fout::new("Het einde ligt voor het begin.", "Kies een later moment bij --tot."));
    }
    laten_zien(&woorden::toetreding(&toetreding, staat, &stand));
    vragen("U tekent deze tekst, en dat u deze regels hebt gelezen.", maken.ja)?;
    let verklaring = sign_toetreding(bureau.sleutel(), &toetreding).map_err(|e| niet_getekend(&e))?;
    schrijven(&maken.uit, &Verklaringverzoek { verklaring })?;
    let naar = format!("Getekend: {}. Stuur dit naar de convenantbeheerder; die tekent mee.", maken.uit.display());
    tonen(maken.wie.json, &toetreding, |_| naar)
}

/// The text that is meant.
fn kiezen(stand: &Stand, gevraagd: Option<Digest>) -> Result<&Tekstweergave, Fout> {
    let teksten = &stand.inzage.teksten;
    let tekst = match (gevraagd, teksten.as_slice()) {
        (Some(digest), _) => teksten.iter().find(|t| t.digest == digest),
        (None, [een]) => Some(een),
        (None, []) => None,
        (None, meer) => {
            let lijst: Vec<_> = meer.iter().map(|t| format!("{} ({})", t.digest, t.tekst.titel)).collect();
            return Err(Fout::new(
                format!("Er is meer dan een tekst te tekenen: {}.", lijst.join("; ")),
                "Kies er een met --tekst, en geef haar kenmerk.",
            ));
        }
    };
    let tekst = tekst
        .ok_or_else(|| Fout::new("Deze tekst is er niet om te tekenen.", "Bekijk met `beleid status` welke versies er zijn."))?;
    if digest_of(&tekst.tekst).ok() != Some(tekst.digest) || tekst.tekst.convenant != stand.convenant {
        return Err(Fout::klopt_niet("de tekst is niet die van dit convenant of van zijn kenmerk"));
    }
    Ok(tekst)
}

/// The rules that work the text out: those in force, otherwise the newest. They are fetched, and are what is named.
async fn regels(bureau: &Bureau, convenant: &ConvenantId, tekst: &Tekstweergave) -> Result<(Bundel, Versiestaat), Fout> {
    let versies = &tekst.versies;
    let actief = versies.iter().find(|v| v.staat == Versiestaat::Actief);
    let versie = actief.or_else(|| versies.iter().max_by_key(|v| v.nummer));
    let versie = versie.ok_or_else(|| Fout::klopt_niet("de tekst heeft geen regels"))?;
    let (gezien, inhoud) = met_inhoud(bureau, versie.versie).await?;
    let bundel = bureau.laden(&inhoud.bundel)?.bundel().clone();
    if bundel.tekst() != tekst.tekst || bundel.versie != versie.nummer || gezien.regel.convenant != *convenant {
        return Err(Fout::klopt_niet("de regels horen niet bij deze tekst"));
    }
    if versie.staat == Versiestaat::Actief && geldend(bureau, convenant).await?.is_none_or(|g| g.beleid.digest() != versie.versie)
    {
        return Err(Fout::klopt_niet("deze regels zijn niet die welke gelden"));
    }
    Ok((bundel, versie.staat))
}

/// Countersigns, as the covenant manager.
pub(super) fn meetekenen(mee: &Meetekenopdracht, clock: &dyn Clock) -> Result<String, Fout> {
    let Verklaringverzoek { verklaring } = lezen(&mee.aanvraag)?;
    let (anchors, nu) = (mee.beheerder.ankers()?, clock.now());
    let gelezen = verify_eigen_toetreding(&verklaring, &anchors, nu).map_err(|fout| {
        Fout::new(
            format!("Dit is niet mee te tekenen: {}.", stand::in_woorden(&fout)),
            "Teken niet mee. Vraag de organisatie om opnieuw te tekenen, met een certificaat dat geldt.",
        )
    })?;
    laten_zien(&woorden::meetekenen(&gelezen, houder(&gelezen, &anchors, nu).as_deref()));
    vragen("U hebt gezien dat het deze organisatie is, en tekent mee.", mee.ja)?;
    let sleutel = mee.beheerder.ondertekensleutel()?;
    mee.meegetekend(&medeonderteken(&sleutel, verklaring, nu).map_err(|e| niet_getekend(&e))?)
}

/// The name in the certificate that was judged.
fn houder(toetreding: &Toetreding, anchors: &Anchors, nu: Tijdstip) -> Option<String> {
    let keten: Vec<_> = toetreding.certificaten.iter().filter_map(|c| STANDARD.decode(c).ok()).collect();
    anchors.signing_certificate(&keten, nu).ok().map(|c| c.naam)
}

/// Brings what was signed and countersigned, on the stand of now; both signatures are checked before it goes.
pub(super) async fn brengen(bureau: &Bureau, pad: &Path, json: bool) -> Result<String, Fout> {
    let getekend: Medeondertekend = lezen(pad)?;
    let toetreding = verify_toetreding(&getekend, &bureau.ankers()?, &bureau.beheerder, bureau.clock.now()).map_err(|fout| {
        Fout::new(
            format!("Deze toetreding kan niet worden geplaatst: {}.", stand::in_woorden(&fout)),
            "Vraag de convenantbeheerder om opnieuw mee te tekenen, of teken zelf opnieuw.",
        )
    })?;
    if toetreding.partij != bureau.eigen {
        return Err(Fout::new("Dit is de toetreding van een andere organisatie.", "Alleen zij zelf brengt haar."));
    }
    let convenant = &toetreding.tekst.convenant;
    let gezien = stand::ophalen(bureau, convenant).await?.inzage.stand;
    let na: Inzage = bureau.hub.toetreden(convenant, gezien, &getekend).await?;
    let na = stand::rekenen(bureau, convenant, na).await?;
    if !na.eigen.iter().any(|e| e.volgnummer == toetreding.volgnummer) {
        return Err(Fout::klopt_niet("uw verklaring staat niet bij die van het convenant"));
    }
    klaar(bureau, &na, &format!("Toegetreden vanaf {}.", toetreding.vanaf), json).await
}

/// Signs that the own organisation leaves, and brings that.
pub(super) async fn uittreden(bureau: &Bureau, opgave: &Opgave<'_>, ja: bool, json: bool) -> Result<String, Fout> {
    let stand = stand::ophalen(bureau, opgave.convenant).await?;
    if !stand.partijen.iter().any(|p| p.oin == bureau.eigen) {
        return Err(Fout::new("Uw organisatie is geen partij bij dit convenant.", "Bekijk met `partij lijst` wie dat wel is."));
    }
    let nu = bureau.clock.now();
    let uittreding = Uittreding {
        convenant: opgave.convenant.clone(),
        partij: bureau.eigen,
        vanaf: opgave.vanaf.unwrap_or(nu),
        volgnummer: opgave.volgnummer.unwrap_or_else(|| stand.volgend()),
        functie: opgave.functie,
        certificaten: bureau.certificaten()?,
        tijd: nu,
    };
    laten_zien(&woorden::uittreding(&uittreding, &stand));
    vragen("U tekent dat uw organisatie uittreedt. Niemand hoeft dat goed te vinden.", ja)?;
    let verklaring = sign_uittreding(bureau.sleutel(), &uittreding).map_err(|e| niet_getekend(&e))?;
    let na: Inzage = bureau.hub.uittreden(opgave.convenant, stand.inzage.stand, verklaring).await?;
    let na = stand::rekenen(bureau, opgave.convenant, na).await?;
    if !na.eigen.iter().any(|e| e.volgnummer == uittreding.volgnummer) {
        return Err(Fout::klopt_niet("uw verklaring staat niet bij die van het convenant"));
    }
    klaar(bureau, &na, &format!("Uitgetreden vanaf {}.", uittreding.vanaf), json).await
}

async fn klaar(bureau: &Bureau, na: &Stand, wat: &str, json: bool) -> Result<String, Fout> {
    // What was done is done: without the names it is told all the same.
    let namen = bureau.namen().await.unwrap_or_default();
    tonen(json, na, |na| format!("{wat}\n\n{}", woorden::lijst(std::slice::from_ref(na), &namen)))
}
