//! Reading a view-only part: signed, fresh, once, decided and logged now; only then the key.

use std::sync::Arc;

use inbreng_catalogue::Deelname as Deelnamesoort;
use inbreng_domain::{
    Code, DeelId, Digest, Labels, Oin, Tijdstip, Uitkomst,
    antwoorden::Inzageantwoord,
    part::Toegangsverklaring,
    problem::ProblemCode,
    receipts::Inzageverzoek,
    vocabulary::{Deelname, Doel, Partnertype, Toegangswijze},
    zaak::Zichtbaarheid,
};
use inbreng_policy::{Feiten, Vastlegging, Verzoek, feiten::Toegangsdoel};
use inbreng_proof::{Partner, Typ, encoding, jws::unverified_payload, sha256};
use inbreng_storage::{Feitenstand, Inzage, Inzagedeel, Inzagegrens, Inzageuitslag};
use serde::Serialize;
use time::Duration;

use crate::{
    Fout, Hub,
    decide::{
        Beslissing, Situatie, Voor, case,
        doorgifte::{Doorgifte, Kader},
        feiten,
        routing::Ontvanger,
        view,
    },
    directory::Gidsstand,
    herstel,
    leaf::{self, Soort},
    toelichting, words,
};

/// A request counts this long, before and after.
const VERS: Duration = Duration::minutes(5);

/// The record of a reading, or of a refused one.
#[derive(Debug, Serialize)]
struct Inzagerecord<'a> {
    deel: DeelId,
    ontvanger: Oin,
    functie: &'a Code,
    doel: Doel,
    verklaring: Digest,
    #[serde(flatten)]
    vastlegging: Vastlegging<'a>,
}

/// The record of a reading that was refused before the policy had a say.
#[derive(Debug, Serialize)]
struct Weigerrecord<'a> {
    deel: DeelId,
    ontvanger: Oin,
    functie: &'a Code,
    doel: Doel,
    verklaring: Digest,
    fout: Code,
}

/// How often is decided again when facts move meanwhile.
const POGINGEN: usize = 5;

/// Hands out the key, or says why not.
pub(crate) async fn inzien(hub: &Hub, van: Oin, deel: DeelId, jws: &str) -> Result<Inzageantwoord, Fout> {
    for _ in 0..POGINGEN {
        if let Some(antwoord) = poging(hub, van, deel, jws).await? {
            return Ok(antwoord);
        }
        let nu = hub.clock.now();
        hub.gids.herladen(hub.store(), nu).await?;
        hub.beleid.herladen(hub.store(), nu).await?;
    }
    Err(Fout::new(ProblemCode::OpslagNietBeschikbaar))
}

/// Decides and hands out the key; nothing where what it was decided on has moved meanwhile.
async fn poging(hub: &Hub, van: Oin, deel: DeelId, jws: &str) -> Result<Option<Inzageantwoord>, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let lezer = gids.aangeslotene(van, nu)?;
    let verzoek: Inzageverzoek = words::ondertekend(jws, Typ::Inzage, &lezer.certificaat.key)?;
    controleren(&verzoek, van, deel, nu)?;
    // What was recalled after the copy is not known to be, until its owner has said so again.
    herstel::uitgeven(hub).await?;

    let oordeel = match oordelen(hub, &gids, lezer, deel, verzoek.doel, nu).await {
        // What is held is logged before it is answered as not there. So is what is not there: one commit each, and the same time.
        Err(fout) if fout.code() == ProblemCode::NietGevonden => {
            niet_gelezen(hub, &verzoek, jws, fout.code(), nu).await?;
            return Err(fout);
        }
        oordeel => oordeel?,
    };
    if oordeel.voor_ander_doel() {
        return Err(ander_doel(hub, &verzoek, jws, nu).await?);
    }
    let Oordeel { inzagedeel, beslissing, weten, grens, .. } = oordeel;

    let record = Inzagerecord {
        deel,
        ontvanger: van,
        functie: &verzoek.functie,
        doel: verzoek.doel,
        verklaring: sha256(jws.as_bytes()),
        vastlegging: beslissing.vastlegging(),
    };
    let blad = leaf::maken(Soort::Inzage, &record, nu, hub.random.as_ref())?;
    if !beslissing.besluit.uitkomst.levert() {
        if !hub.store.besluiten_vastleggen(vec![beslissing.opslag()?], vec![blad], grens.beleid).await? {
            return Ok(None);
        }
        if beslissing.besluit.uitkomst == Uitkomst::Aanhouden {
            return Err(aangehouden(van, deel, weten));
        }
        return Err(Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![beslissing.voor_lezer()]));
    }
    if inzagedeel.sleutel.wrap.is_empty() {
        // Destroyed, or lost: nobody has it any more.
        niet_gelezen(hub, &verzoek, jws, ProblemCode::NietGevonden, nu).await?;
        return Err(Fout::new(ProblemCode::NietGevonden));
    }
    if verklaring(&inzagedeel).is_ok_and(|v| lezer.telt_niet(&v.sleutel)) {
        // Whoever has that key reads along: the owner's adapter wraps it again for the next.
        niet_gelezen(hub, &verzoek, jws, ProblemCode::SleutelBevroren, nu).await?;
        return Err(Fout::new(ProblemCode::SleutelBevroren));
    }
    let inzage = Inzage { deel, ontvanger: van, functie: verzoek.functie, doel: verzoek.doel, tijd: nu };
    match hub.store.inzage(inzage, verzoek.nonce, jws.to_owned(), blad, grens).await? {
        Inzageuitslag::Vastgelegd => {
            let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
            let bewaard = toelichting::uiteen(&inzagedeel.sleutel.wrap)?;
            let wrap = serde_json::from_str(&bewaard.wrap).map_err(intern)?;
            let toelichting = bewaard.toelichting.map(|t| serde_json::from_str(&t)).transpose().map_err(intern)?;
            Ok(Some(Inzageantwoord { wrap, toegang: inzagedeel.sleutel.toegang, toelichting }))
        }
        Inzageuitslag::Herhaald => Err(Fout::new(ProblemCode::InzageHerhaald)),
        Inzageuitslag::Verouderd => Ok(None),
    }
}

/// A decision on reading, with the part that it is about.
#[derive(Debug)]
pub(crate) struct Oordeel {
    inzagedeel: Inzagedeel,
    pub(crate) beslissing: Beslissing,
    /// Whether the owner gave access for the purpose that is asked for.
    doel_past: bool,
    /// Whether this reader may know that an embargo lies on the part (R21).
    weten: bool,
    /// Until when what is decided may be recorded.
    pub(crate) grens: Inzagegrens,
}

impl Oordeel {
    /// Whether the policy would allow a reading that the owner gave no access for: what was sealed for one purpose is read for
    /// no other (GDPR art. 5(1)(b)). What the policy itself refuses or holds, is answered as that.
    pub(crate) fn voor_ander_doel(&self) -> bool {
        self.beslissing.besluit.uitkomst.levert() && !self.doel_past
    }
}

/// Refuses a reading for another purpose than the owner's access statement gives; that it was asked, is logged.
async fn ander_doel(hub: &Hub, verzoek: &Inzageverzoek, jws: &str, nu: Tijdstip) -> Result<Fout, Fout> {
    let code = ProblemCode::NietToegestaan;
    niet_gelezen(hub, verzoek, jws, code, nu).await?;
    Ok(Fout::new(code).at("/verklaring").met_besluiten(vec![view::ander_doel(verzoek.ontvanger, verzoek.deel)]))
}

/// Logs a reading that was asked and refused before the policy had a say.
async fn niet_gelezen(hub: &Hub, verzoek: &Inzageverzoek, jws: &str, code: ProblemCode, nu: Tijdstip) -> Result<(), Fout> {
    let record = Weigerrecord {
        deel: verzoek.deel,
        ontvanger: verzoek.ontvanger,
        functie: &verzoek.functie,
        doel: verzoek.doel,
        verklaring: sha256(jws.as_bytes()),
        fout: Code::parse(code.as_str()).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?,
    };
    let blad = leaf::maken(Soort::Inzage, &record, nu, hub.random.as_ref())?;
    Ok(hub.store.bladen_toevoegen(vec![blad]).await?)
}

/// The decision on reading a part, and the part. Hands out nothing.
///
/// # Errors
/// `niet-gevonden` for a part that is not there for this reader to view, whatever the reason.
pub(crate) async fn oordelen(
    hub: &Hub,
    gids: &Gidsstand,
    lezer: &Arc<Partner>,
    deel: DeelId,
    doel: Doel,
    nu: Tijdstip,
) -> Result<Oordeel, Fout> {
    let onbekend = || Fout::new(ProblemCode::NietGevonden);
    let inzagedeel = hub.store.inzagedeel_voor(lezer.vermelding.oin, deel, Some(doel)).await?.ok_or_else(onbekend)?;
    if inzagedeel.wijze != Toegangswijze::Inzage {
        return Err(onbekend());
    }
    let ontvanger = Ontvanger { partner: Arc::clone(lezer), functie: None, geadresseerde: None };
    let verklaring = verklaring(&inzagedeel)?;
    let (beslissing, weten, grens) = beslissen(hub, gids, &inzagedeel, &ontvanger, (doel, &verklaring), nu).await?;
    Ok(Oordeel { inzagedeel, beslissing, doel_past: verklaring.doel == doel, weten, grens })
}

/// The request is about this part, by this reader, of now, with a nonce of its own.
fn controleren(verzoek: &Inzageverzoek, van: Oin, deel: DeelId, nu: Tijdstip) -> Result<(), Fout> {
    if verzoek.deel != deel || verzoek.ontvanger != van {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    let vers = nu.since(verzoek.tijd).abs() <= VERS;
    if vers && encoding::decode_array::<16>(&verzoek.nonce).is_ok() {
        Ok(())
    } else {
        Err(Fout::new(ProblemCode::VeldOngeldig).at("/verklaring"))
    }
}

/// The decision on reading, with the policy, the directory and the consent of now.
async fn beslissen(
    hub: &Hub,
    gids: &Gidsstand,
    deel: &Inzagedeel,
    ontvanger: &Ontvanger,
    (doel, toegang): (Doel, &Toegangsverklaring),
    nu: Tijdstip,
) -> Result<(Beslissing, bool, Inzagegrens), Fout> {
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let labels: Labels = serde_json::from_str(&deel.labels).map_err(intern)?;
    // What is asked now is judged now, consent included: a yes for one purpose is none for another (R10).
    let gevraagd = Labels { doel, ..labels.clone() };
    // The owner, the type or the covenant may have gone since: then nobody can decide, and nothing is read.
    let weg = || Fout::new(ProblemCode::BeleidVerouderd);
    let soort = hub.catalogus.soort(&labels.berichttype).ok_or_else(weg)?;
    let eigenaar = gids.gids.partner(deel.van).ok_or_else(weg)?;
    let geldend = hub.beleid.geldend(hub.store(), &labels.convenant, nu, "/verklaring").await.map_err(|_| weg())?;
    let zaak = match (labels.casus, soort.deelname_van(labels.variant.as_ref())) {
        (Some(casus), wijze @ (Deelnamesoort::Opent | Deelnamesoort::Vereist)) => {
            let zaak = case::bestaand(hub.store(), casus, wijze, deel.van, nu).await?;
            // An opening message lets in who takes no part yet; who has left, reads it no more (R17).
            if wijze == Deelnamesoort::Opent && zaak.deelname(ontvanger.oin()) == Deelname::Nee {
                return Err(Fout::new(ProblemCode::NietGevonden));
            }
            zaak
        }
        (casus, _) => case::zonder_zaak(hub.store(), casus, deel.van, labels.bericht, nu).await?,
    };
    let grens = Inzagegrens {
        casus: case::feiten_van(labels.casus, deel.van, labels.bericht),
        feiten: Feitenstand { casus: zaak.stand, gids: gids.stand },
        beleid: geldend.grens,
    };
    let situatie = Situatie {
        soort,
        variant: labels.variant.as_ref(),
        convenant: &labels.convenant,
        van: eigenaar,
        zaak: &zaak,
        beleid: &geldend.beleid,
        partijen: &geldend.partijen.partijen,
        gids: &gids.gids,
        betreft: None,
        nu,
    };
    let voor = Voor { oin: ontvanger.oin(), wijze: Toegangswijze::Inzage, genoemd: toegang.genoemd.is_ja() };
    let weten = mag_weten(&situatie, ontvanger, &gevraagd);
    // What its owner gave in answer to a request is read for what was asked, and as it was decided then.
    if toegang.verzoek.is_some() && doel == toegang.doel {
        let doorgifte = Doorgifte::van_eigenaar(&zaak, &labels, toegang)?;
        let kader = Kader {
            catalogus: &hub.catalogus,
            gids: &gids.gids,
            beleid: &geldend.beleid,
            partijen: &geldend.partijen.partijen,
            zaak: &zaak,
            nu,
        };
        return Ok((doorgifte.beslissen(&labels, &kader, ontvanger, voor)?, weten, grens));
    }
    // For a purpose that its owner gave no access for, nothing is handed out whatever was explained; its reader hears of that alone.
    let voor_doel = Toegangsdoel { doel, toegelicht: doel != toegang.doel || toegang.toelichting.is_some() };
    let bekend = Feiten { doel: Some(voor_doel), ..feiten(&situatie, ontvanger, voor, Some(&gevraagd)) };
    let verzoek = Verzoek::van_deel(&labels, soort, &bekend);
    Ok((Beslissing::nemen(&situatie, ontvanger, Some(labels.id), Toegangswijze::Inzage, verzoek), weten, grens))
}

/// Whether this reader may know that an embargo lies on the part (R21).
fn mag_weten(situatie: &Situatie<'_>, ontvanger: &Ontvanger, labels: &Labels) -> bool {
    let zaak = situatie.zaak;
    match zaak.feiten().zichtbaarheid(situatie.van.vermelding.oin, Some(labels)) {
        None => false,
        Some(Zichtbaarheid::Gesloten) => ontvanger.partner.vermelding.partnertype == Partnertype::Om,
        Some(Zichtbaarheid::Regie) => {
            matches!(ontvanger.partner.vermelding.partnertype, Partnertype::Om | Partnertype::Zvh)
                || zaak.feiten().casusregisseur() == Some(ontvanger.oin())
        }
        Some(Zichtbaarheid::Open) => zaak.deelname(ontvanger.oin()) != Deelname::Nee,
    }
}

/// What is held looks like what is not there; who may know of it hears one sentence (R21).
fn aangehouden(van: Oin, deel: DeelId, weten: bool) -> Fout {
    if weten {
        Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![view::later(van, deel)])
    } else {
        Fout::new(ProblemCode::NietGevonden)
    }
}

/// What the owner allowed this reader: whether it is named (R24), and for what.
fn verklaring(deel: &Inzagedeel) -> Result<Toegangsverklaring, Fout> {
    unverified_payload(&deel.sleutel.toegang).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))
}
