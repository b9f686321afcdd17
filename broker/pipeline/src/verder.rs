//! A further recipient for a part that was sent before: the owner's wrap with its access statement, decided and delivered by the
//! owner (R1, R4, R28).

use std::sync::Arc;

use inbreng_bus::Werk;
use inbreng_catalogue::Deelname as Deelnamesoort;
use inbreng_domain::{
    DeelId, Digest, Labels, LeveringId, Oin,
    antwoorden::Toegangsverzoek,
    part::Toegangsverklaring,
    problem::ProblemCode,
    vocabulary::{Doel, Partnertype, Toegangswijze},
};
use inbreng_proof::{
    CanonicalText, Partner, Typ,
    deel::{Gedekt, check_gedekt},
    jwe::check_wrap_shape,
    jws::unverified_payload,
    sha256,
    toelichting::{ToelichtingError, check_toelichting},
};
use inbreng_storage::{Aanvulling, Aanvullingsuitslag, Feitenstand, NieuweLevering, NieuweWrap, Toegangsdeel, Vervangt};
use serde::Serialize;

use crate::{
    Fout, Hub, accept,
    accept::receipt,
    bewaren,
    decide::{
        Voor, case,
        doorgifte::{Doorgifte, Kader},
        routing::Ontvanger,
        view,
    },
    leaf::{self, Soort},
    read, toelichting, words,
};

/// How often it is decided again when its facts have moved meanwhile.
const POGINGEN: usize = 5;

/// The record of a further wrap: of which part, for whom, and the digest of the owner's word.
#[derive(Debug, Serialize)]
struct Toegangsrecord {
    deel: DeelId,
    ontvanger: Oin,
    verklaring: Digest,
}

/// What the owner brought, checked against the part.
struct Gebracht {
    labels: Labels,
    deel: Toegangsdeel,
    verklaring: Toegangsverklaring,
    jws: String,
    /// With the explanation for another purpose, where there is one: see [`toelichting`].
    wrap: String,
    /// Where it was brought again.
    inhoud: Option<String>,
    /// Where it takes the place of a wrap under a key that was frozen since.
    vervangt: Option<Vervangt>,
}

/// Takes a further wrap, or says why not. The same again changes nothing.
///
/// # Errors
/// `niet-gevonden` for a part that is not this owner's, whatever the reason; `inhoud-weg` where the part itself must come along.
pub(crate) async fn toegang_geven(hub: &Hub, van: Oin, id: DeelId, body: &[u8]) -> Result<(), Fout> {
    let (tekst, verzoek): (CanonicalText<'_>, Toegangsverzoek) =
        read::body(body, hub.grenzen().message_bytes, hub.grenzen().nesting)?;
    let deel = hub.store.toegangsdeel(van, id).await?.ok_or_else(|| Fout::new(ProblemCode::NietGevonden))?;
    let gebracht = controleren(hub, van, &tekst, verzoek, deel).await?;
    for _ in 0..POGINGEN {
        match poging(hub, van, &gebracht).await? {
            Aanvullingsuitslag::Vastgelegd | Aanvullingsuitslag::AlGegeven => return Ok(()),
            Aanvullingsuitslag::InhoudWeg => return Err(Fout::new(ProblemCode::InhoudWeg)),
            Aanvullingsuitslag::Verouderd => {
                let nu = hub.clock.now();
                hub.gids.herladen(hub.store(), nu).await?;
                hub.beleid.herladen(hub.store(), nu).await?;
            }
        }
    }
    Err(Fout::new(ProblemCode::OpslagNietBeschikbaar))
}

/// The owner signed the statement, it covers this wrap of this part for this recipient's present key, and the part that came
/// along is the one that was sent.
async fn controleren(
    hub: &Hub,
    van: Oin,
    tekst: &CanonicalText<'_>,
    verzoek: Toegangsverzoek,
    deel: Toegangsdeel,
) -> Result<Gebracht, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let eigenaar = gids.aangeslotene(van, nu)?;
    let labels: Labels = serde_json::from_str(&deel.labels).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
    let Toegangsverzoek { wrap, toegang, .. } = verzoek;
    let verklaring: Toegangsverklaring = words::ondertekend(&toegang.verklaring, Typ::Toegang, &eigenaar.certificaat.key)
        .map_err(|fout| fout.at("/toegang/verklaring"))?;
    let anders = |pad: &str| Fout::new(ProblemCode::NietGelijk).at(pad);
    if verklaring.ontvanger != toegang.oin || toegang.oin == van || toegang.oin == hub.oin {
        return Err(anders("/toegang/oin"));
    }
    let inhoud = match tekst.root().member("deel") {
        None => None,
        Some(heel) if sha256(heel.as_str().as_bytes()) == deel.digest => {
            heel.member("inhoud").and_then(|i| i.without("recipients"))
        }
        Some(_) => return Err(Fout::new(ProblemCode::DigestOngelijk).at("/deel")),
    };
    let bekend = inhoud.as_ref().or(deel.inhoud.as_ref()).ok_or_else(|| Fout::new(ProblemCode::InhoudWeg))?;
    let ongeldig = || Fout::new(ProblemCode::VerzegelingOngeldig).at("/wrap");
    check_wrap_shape(&wrap).map_err(|error| ongeldig().door(error))?;
    let wraptekst =
        tekst.root().member("wrap").filter(|w| w.member("header").is_some()).ok_or_else(ongeldig)?.as_str().to_owned();
    let onbekend = || Fout::new(ProblemCode::OntvangerOnbekend).at("/toegang/oin");
    let ontvanger = gids.gids.partner(toegang.oin).ok_or_else(onbekend)?;
    let kid = accept::zegelsleutel(ontvanger, nu).map_err(|fout| fout.at("/wrap"))?.kid.as_str();
    if kid != wrap.header.kid {
        return Err(Fout::new(ProblemCode::SleutelOnbekend).at("/wrap"));
    }
    let over = Gedekt {
        deel: labels.id,
        ontvanger: toegang.oin,
        kid,
        wrap: sha256(wraptekst.as_bytes()),
        inhoud: sha256(bekend.as_bytes()),
        // Whether that purpose was asked, and may be, is decided below.
        doel: verklaring.doel,
    };
    check_gedekt(&verklaring, &over)
        .map_err(|error| Fout::new(ProblemCode::VerzegelingOngeldig).at("/toegang/verklaring").door(error))?;
    check_toelichting(toegang.toelichting.as_ref(), &verklaring, labels.doel).map_err(|error| {
        let code = if error == ToelichtingError::TeGroot { ProblemCode::TeGroot } else { ProblemCode::VerzegelingOngeldig };
        Fout::new(code).at("/toegang/toelichting").door(error)
    })?;
    // A school gets a name and one fixed sentence; nobody says more beside it (R27).
    let naar_school = gids.gids.partner(toegang.oin).is_some_and(|p| p.vermelding.partnertype == Partnertype::School);
    if naar_school && toegang.toelichting.is_some() {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/toegang/toelichting"));
    }
    let vervangt = ligt_bevroren(hub, ontvanger, &labels, &verklaring).await?;
    // Nobody is made a fallback afterwards.
    if verklaring.wijze == Toegangswijze::Terugval && vervangt.is_none() {
        return Err(Fout::new(ProblemCode::VeldOngeldig).at("/toegang/verklaring/wijze"));
    }
    let wrap = toelichting::samen(wraptekst, toegang.toelichting.as_ref())?;
    Ok(Gebracht { labels, deel, verklaring, jws: toegang.verklaring, wrap, inhoud, vervangt })
}

/// For what it is given, where that is another purpose than the part came for.
fn ander_doel(labels: &Labels, verklaring: &Toegangsverklaring) -> Option<Doel> {
    (verklaring.doel != labels.doel).then_some(verklaring.doel)
}

/// Whether what lies for this recipient, given in the same way and for the same purpose, lies under a key of its own that counts no more, frozen since or
/// resting on one that is:
/// of a view-only part, or of what it has still to get. What was taken back stays so.
async fn ligt_bevroren(
    hub: &Hub,
    ontvanger: &Partner,
    labels: &Labels,
    nieuw: &Toegangsverklaring,
) -> Result<Option<Vervangt>, Fout> {
    let oin = ontvanger.vermelding.oin;
    let Some(ligt) = hub.store.liggende_toegang(oin, labels.id, ander_doel(labels, nieuw)).await? else { return Ok(None) };
    let Ok(eerder) = unverified_payload::<Toegangsverklaring>(&ligt.toegang) else { return Ok(None) };
    if eerder.wijze != nieuw.wijze || eerder.doel != nieuw.doel || !ontvanger.telt_niet(&eerder.sleutel) {
        return Ok(None);
    }
    let ligt_er = match nieuw.wijze {
        Toegangswijze::Inzage => {
            let inzagedeel = hub.store.inzagedeel_voor(oin, labels.id, Some(nieuw.doel)).await?;
            inzagedeel.is_some_and(|d| !d.sleutel.wrap.is_empty())
        }
        Toegangswijze::Meegeleverd | Toegangswijze::Terugval => ligt.komt_nog,
    };
    Ok(ligt_er.then_some(ligt.plek))
}

/// Decides and writes, once.
async fn poging(hub: &Hub, van: Oin, gebracht: &Gebracht) -> Result<Aanvullingsuitslag, Fout> {
    let Gebracht { labels, deel, verklaring, .. } = gebracht;
    let nu = hub.clock.now();
    let random = hub.random.as_ref();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let weg = || Fout::new(ProblemCode::BeleidVerouderd);
    let soort = hub.catalogus.soort(&labels.berichttype).ok_or_else(weg)?;
    let geldend = hub.beleid.geldend(hub.store(), &labels.convenant, nu, "").await.map_err(|_| weg())?;
    let zaak = match (labels.casus, soort.deelname_van(labels.variant.as_ref())) {
        (Some(casus), wijze @ (Deelnamesoort::Opent | Deelnamesoort::Vereist)) => {
            case::bestaand(hub.store(), casus, wijze, van, nu).await?
        }
        (casus, _) => case::zonder_zaak(hub.store(), casus, van, labels.bericht, nu).await?,
    };
    let onbekend = || Fout::new(ProblemCode::OntvangerOnbekend).at("/toegang/oin");
    let partner = gids.gids.partner(verklaring.ontvanger).ok_or_else(onbekend)?;
    let ontvanger = Ontvanger { partner: Arc::clone(partner), functie: None, geadresseerde: None };
    let doorgifte = Doorgifte::van_eigenaar(&zaak, labels, verklaring)?;
    let kader = Kader {
        catalogus: &hub.catalogus,
        gids: &gids.gids,
        beleid: &geldend.beleid,
        partijen: &geldend.partijen.partijen,
        zaak: &zaak,
        nu,
    };
    let voor = Voor { oin: ontvanger.oin(), wijze: verklaring.wijze, genoemd: verklaring.genoemd.is_ja() };
    let beslissing = doorgifte.beslissen(labels, &kader, &ontvanger, voor)?;
    let beslissingen = std::slice::from_ref(&beslissing);
    if !beslissing.besluit.uitkomst.levert() {
        let (besluiten, bladen) = receipt::besluiten(van, Some(deel.bericht), beslissingen, nu, random)?;
        if !hub.store.besluiten_vastleggen(besluiten, bladen, geldend.grens).await? {
            return Ok(Aanvullingsuitslag::Verouderd);
        }
        return Err(Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![beslissing.voor_afzender()]));
    }
    let intern = |error: serde_json::Error| Fout::new(ProblemCode::InterneFout).door(error);
    let (besluiten, mut bladen) = receipt::besluiten(van, Some(deel.bericht), beslissingen, nu, random)?;
    let record = Toegangsrecord { deel: labels.id, ontvanger: ontvanger.oin(), verklaring: sha256(gebracht.jws.as_bytes()) };
    bladen.push(leaf::maken(Soort::Toegang, &record, nu, random)?);
    let verteld = [view::voor_ontvanger(beslissing.deel, &beslissing.besluit)];
    let levering = NieuweLevering {
        id: LeveringId::mint(nu, random),
        ontvanger: ontvanger.oin(),
        functie: None,
        baan: labels.urgentie,
        besluiten: serde_json::to_string(&verteld).map_err(intern)?,
        bewaren_tot: bewaren::bewaren_tot(hub, soort, std::iter::once(verklaring), nu),
        delen: vec![(labels.id, verklaring.wijze)],
    };
    let werk = Werk { ontvanger: levering.ontvanger, levering: levering.id, baan: levering.baan };
    let mut plichten = Vec::new();
    for plicht in &beslissing.besluit.verplichtingen {
        let personen = labels.betrokkenen.iter().map(|b| b.persoon.to_string()).collect();
        accept::plichten::erbij(&mut plichten, van, ontvanger.oin(), plicht, personen);
    }
    let aanvulling = Aanvulling {
        van,
        bericht_id: deel.bericht,
        casus: Some(case::feiten_van(labels.casus, van, labels.bericht)),
        wrap: NieuweWrap {
            deel: labels.id,
            ontvanger: ontvanger.oin(),
            wrap: gebracht.wrap.clone(),
            toegang: Some(gebracht.jws.clone()),
            wijze: verklaring.wijze,
        },
        inhoud: gebracht.inhoud.clone(),
        doel: ander_doel(labels, verklaring),
        vervangt: gebracht.vervangt,
        levering,
        besluiten,
        plichten,
        bladen,
        feiten: Feitenstand { casus: zaak.stand, gids: gids.stand },
        beleid: geldend.grens,
    };
    let uitslag = hub.store.aanvullen(aanvulling).await?;
    if uitslag == Aanvullingsuitslag::Vastgelegd {
        accept::aanbieden(hub, &[werk]).await;
    }
    Ok(uitslag)
}
