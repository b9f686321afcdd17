//! What was shared about a person, for that person, through a partner that answers for the case (R33): who gave what to whom, when
//! and for what; never content. What R20 to R26 forbid to tell is left out, and nothing shows whether anything is.

mod bladzijde;
mod boek;
mod vertellen;

use std::borrow::Cow;

use inbreng_domain::{
    CasusRef, Code, Digest, Oin, Tijdstip,
    overzicht::{Overzicht, Overzichtverzoek},
    problem::ProblemCode,
    vocabulary::{Deelname, Partnertype},
};
use inbreng_policy::Vastlegging;
use inbreng_proof::{Partner, Typ, sha256};
use inbreng_storage::{Feitenstand, Inzagegrens, NieuwOverzicht};
use serde::Serialize;
use time::Duration;

use bladzijde::Bladzijde;
use boek::Boek;
use vertellen::Vertelvraag;

use crate::{
    Fout, Hub,
    decide::{
        case::{self, Zaak},
        vastgelegd, view,
    },
    herstel,
    leaf::{self, Soort},
    words,
};

/// A request counts this long, before and after.
const VERS: Duration = Duration::minutes(5);
/// How often is drawn up again when facts move meanwhile.
const POGINGEN: usize = 5;
/// What an overview is and is not. The same words whatever there is, so that nothing shows what is left out (R21).
const ZIN: &str = "Dit overzicht noemt welke organisaties informatie over deze persoon deelden, met wie, wanneer en waarvoor. De inhoud \
                   staat er niet in. Wie die wil zien, verbeteren of laten verwijderen, of bezwaar heeft, gaat naar de organisatie \
                   die haar inbracht. Wat volgens de wet of de afspraken nu niet verteld mag worden, staat er niet in.";

/// The record of an overview, or of a refused one: no case and no person.
#[derive(Debug, Serialize)]
struct Overzichtrecord<'a> {
    ontvanger: Oin,
    functie: &'a Code,
    verklaring: Digest,
    /// The digests of the records of what was decided on the deliveries. In the leaf of the request, so that the log grows by one leaf
    /// however many there are: how much it grows, everyone sees.
    verteld: Vec<Digest>,
    #[serde(flatten)]
    vastlegging: Vastlegging<'a>,
}

/// The record of one that was refused before the policy had a say.
#[derive(Debug, Serialize)]
struct Weigerrecord<'a> {
    ontvanger: Oin,
    functie: &'a Code,
    verklaring: Digest,
    fout: Code,
}

/// Draws it up, or says why not.
pub(crate) async fn opstellen(hub: &Hub, van: Oin, jws: &str) -> Result<Overzicht, Fout> {
    for _ in 0..POGINGEN {
        if let Some(overzicht) = poging(hub, van, jws).await? {
            return Ok(overzicht);
        }
        let nu = hub.clock.now();
        hub.gids.herladen(hub.store(), nu).await?;
        hub.beleid.herladen(hub.store(), nu).await?;
    }
    Err(Fout::new(ProblemCode::OpslagNietBeschikbaar))
}

/// Decides, looks, and writes that it was asked; nothing where what it rests on has moved meanwhile.
async fn poging(hub: &Hub, van: Oin, jws: &str) -> Result<Option<Overzicht>, Fout> {
    let nu = hub.clock.now();
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let vrager = gids.aangeslotene(van, nu)?;
    let verzoek: Overzichtverzoek = words::ondertekend(jws, Typ::Overzicht, &vrager.certificaat.key)?;
    controleren(hub, &verzoek, van, nu)?;
    // An embargo of after the copy is not known to be, until its setter has said so again.
    herstel::uitgeven(hub).await?;

    // A case that is not there and one in which the asker has no place are refused alike, and logged alike (R16).
    let Some(zaak) = case::met_plek(hub.store(), verzoek.casus, van, nu).await? else {
        return Err(geweigerd(hub, &verzoek, jws, ProblemCode::NietGevonden, nu).await?);
    };
    if !antwoordt(&zaak, vrager) {
        return Err(geweigerd(hub, &verzoek, jws, ProblemCode::RolOntbreekt, nu).await?);
    }
    let geldend = hub.beleid.geldend(hub.store(), &verzoek.convenant, nu, "/verklaring").await?;
    let vraag = Vertelvraag { zaak: &zaak, casus: verzoek.casus, persoon: verzoek.persoon, gids: &gids.gids, nu };
    let zelf = vraag.vragen(&geldend.beleid, &verzoek.convenant, vrager, false)?;
    let vastlegging = Vastlegging {
        besluit: Cow::Borrowed(&zelf.besluit),
        namen: Cow::Borrowed(&zelf.namen),
        overzicht: None,
        verzoek: Cow::Borrowed(&zelf.verzoek),
    };
    // Kept apart in this case, or watched by a family: then nothing goes to the person on paper (R22, R23, R25). It still hears within
    // the month that it does not, and where it may turn to (GDPR art. 12(4)).
    let mag = zelf.besluit.uitkomst.levert();
    let verklaring = sha256(jws.as_bytes());
    let (mut bladzijde, mut boek) = (Bladzijde::default(), Boek::default());
    let (besluiten, verteld) = if mag {
        let zaken = zaken(hub, &verzoek, &zaak, vrager, nu).await?;
        let vragen: Vec<Vertelvraag<'_>> = std::iter::once(vraag)
            .chain(zaken.iter().map(|(casus, zaak)| Vertelvraag { zaak, casus: *casus, ..vraag }))
            .collect();
        bladzijde = bladzijde::lezen(hub, &vragen, verzoek.na, &mut boek).await?;
        let besluiten = boek.records(verklaring, van)?;
        let verteld = besluiten.iter().map(|b| sha256(b.record.as_bytes())).collect();
        (besluiten, verteld)
    } else {
        (vec![vastgelegd(None, van, &vastlegging)?], Vec::new())
    };
    let record =
        Overzichtrecord { ontvanger: van, functie: &verzoek.functie, verklaring, verteld, vastlegging: vastlegging.clone() };
    let blad = leaf::maken(Soort::Overzicht, &record, nu, hub.random.as_ref())?;
    let uiterlijk = verzoek.uiterlijk();
    let nieuw = NieuwOverzicht {
        verzoek: verzoek.verzoek,
        organisatie: van,
        persoon: verzoek.persoon,
        gevraagd_op: verzoek.gevraagd_op,
        uiterlijk,
        verklaring: jws.to_owned(),
        besluiten,
        blad,
        op: Inzagegrens {
            casus: verzoek.casus,
            feiten: Feitenstand { casus: zaak.stand, gids: gids.stand },
            beleid: geldend.grens,
        },
    };
    if !hub.store.overzicht_vastleggen(nieuw).await? {
        return Ok(None);
    }
    if !mag {
        return Err(Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![view::voor_afzender(van, None, &zelf.besluit)]));
    }
    Ok(Some(Overzicht {
        verzoek: verzoek.verzoek,
        opgesteld_op: nu,
        uiterlijk,
        beleid: zelf.besluit.beleid,
        zin: ZIN.to_owned(),
        verplichtingen: zelf.besluit.verplichtingen,
        regels: bladzijde.regels,
        verder: bladzijde.verder,
    }))
}

/// By this partner, of now, about something that was asked already. What the copy that the hub was put back from cannot have, is brought
/// again as it was asked: the duty to answer would be lost otherwise.
fn controleren(hub: &Hub, verzoek: &Overzichtverzoek, van: Oin, nu: Tijdstip) -> Result<(), Fout> {
    if verzoek.organisatie != van {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    // A day begins earlier in the Netherlands than in the hub's reckoning.
    let morgen = nu.offset().date().next_day();
    let vers = nu.since(verzoek.tijd).abs() <= VERS;
    let opnieuw = hub
        .herstel
        .punt()
        .is_some_and(|punt| verzoek.tijd >= punt.tot.plus(-herstel::MARGE) && verzoek.tijd <= punt.op.plus(VERS));
    let gevraagd = morgen.is_none_or(|morgen| verzoek.gevraagd_op.date() <= morgen);
    if (vers || opnieuw) && gevraagd { Ok(()) } else { Err(Fout::new(ProblemCode::VeldOngeldig).at("/verklaring")) }
}

/// Logs that it was asked, and gives the refusal.
async fn geweigerd(hub: &Hub, verzoek: &Overzichtverzoek, jws: &str, code: ProblemCode, nu: Tijdstip) -> Result<Fout, Fout> {
    let record = Weigerrecord {
        ontvanger: verzoek.organisatie,
        functie: &verzoek.functie,
        verklaring: sha256(jws.as_bytes()),
        fout: Code::parse(code.as_str()).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?,
    };
    let blad = leaf::maken(Soort::Overzicht, &record, nu, hub.random.as_ref())?;
    hub.store.bladen_toevoegen(vec![blad]).await?;
    Ok(Fout::new(code))
}

/// Who answers a person for a case: who directs it or is responsible for it, Veilig Thuis, and the procesregisseur. All others that
/// take part answer for what they brought in themselves, and need not know what passed between others (R17).
fn antwoordt(zaak: &Zaak, vrager: &Partner) -> bool {
    let van = vrager.vermelding.oin;
    let van_ambt = matches!(vrager.vermelding.partnertype, Partnertype::VeiligThuis | Partnertype::Zvh);
    let van_zaak = zaak.is_regisseur(van) || zaak.verantwoordelijk() == Some(van);
    zaak.deelname(van) == Deelname::Ja && (van_ambt || van_zaak)
}

/// The other cases that count as one with this one (58), in which the person has a reference and the asker answers too. Of one in which
/// it does not, nothing shows: it is as if nothing of it could be told.
async fn zaken(
    hub: &Hub,
    verzoek: &Overzichtverzoek,
    zaak: &Zaak,
    vrager: &Partner,
    nu: Tijdstip,
) -> Result<Vec<(CasusRef, Zaak)>, Fout> {
    // Alone in the list where nobody said who the person is in another case.
    if zaak.feiten().van_een(verzoek.persoon).len() == 1 {
        return Ok(Vec::new());
    }
    let mut zaken = Vec::new();
    for casus in hub.store.gekoppelde_zaken(verzoek.casus).await? {
        let ander = case::met_plek(hub.store(), casus, vrager.vermelding.oin, nu).await?;
        zaken.extend(ander.filter(|ander| antwoordt(ander, vrager)).map(|ander| (casus, ander)));
    }
    Ok(zaken)
}
