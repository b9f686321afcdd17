//! After our own yes (45) to a request to pass a part of ours on (44): the part's key, wrapped for each further recipient, with our
//! access statement. We decide first, as for any sealing; who asked passes nothing on (R4, R28).

use std::borrow::Cow;

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    Bericht, Deel, DeelId, Envelope, Labels, Oin, Problem, ProblemCode, Randomness, TypeNaam, Uitkomst,
    antwoorden::Toegangsverzoek,
    part::Toelichting,
    vocabulary::{Deelname, Doel, Eigenaarsbesluit, JaNee, Partnertype},
};
use inbreng_policy::{Deelpartij, Feiten, Toestemmingsbron, Verzoek, feiten::Toegangsdoel};
use inbreng_proof::Partner;
use serde::{Deserialize, Serialize};

use super::{Omgeving, Werkfout, bewijzen, herstel, ondertekenaar, verzenden::later};
use crate::{
    concept::Ontvangen,
    hub::Hubfout,
    sealing::{self, Voor},
    store::{Bewijs, Bewijsstand, Toegangstaak, Transactie},
};

/// The request to pass on or to use otherwise (44), and the owner's answer (45).
const VERZOEK: &str = "doorverstrekking-verzoek";
const BESLUIT: &str = "eigenaar-besluit";
/// What our people hear who said yes and did not explain it.
const NIET_TOEGELICHT: &str = "leg uit waarom het voor dat doel nodig is, en zeg opnieuw ja met die toelichting";
/// Further wraps in one round.
const PER_KEER: u32 = 16;

/// What was asked: the statement of a request.
#[derive(Debug, Serialize, Deserialize)]
struct Gevraagd {
    delen: Vec<DeelId>,
    ontvangers: Vec<Oin>,
    doel: Doel,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    soort: Option<TypeNaam>,
}

/// What we said: the statement of our answer.
#[derive(Debug, Deserialize)]
struct Besluit {
    besluit: Eigenaarsbesluit,
    delen: Option<Vec<DeelId>>,
    ontvangers: Option<Vec<Oin>>,
}

/// Keeps a request that was received, so that our answer to it can be carried out.
pub(super) async fn leren(tx: &mut Transactie, ontvangen: &Ontvangen) -> Result<(), Werkfout> {
    if ontvangen.soort.as_str() != VERZOEK {
        return Ok(());
    }
    let Ok(gevraagd) = Gevraagd::deserialize(&ontvangen.verklaring) else { return Ok(()) };
    let record = serde_json::to_string(&gevraagd).map_err(Werkfout::intern)?;
    Ok(tx.doorgeefverzoek_leren(ontvangen.bericht, ontvangen.van.oin, &record).await?)
}

/// After the hub took our answer: what is to be given, and why it is needed for another purpose, kept sealed under our own key. A no
/// takes back what was still to be given.
pub(super) async fn opdragen(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    bericht: &Bericht,
    toelichting: Option<&Toelichting>,
) -> Result<(), Werkfout> {
    let Some(verzoek) = bericht.antwoord_op.filter(|_| bericht.berichttype.naam().as_str() == BESLUIT) else {
        return Ok(());
    };
    let Some((_, gevraagd)) = gelezen(tx.doorgeefverzoek(verzoek).await?)? else { return Ok(()) };
    let Ok(besluit) = Besluit::deserialize(&bericht.verklaring) else { return Ok(()) };
    let bewaard = toelichting.map(|t| bewaren(omgeving, t)).transpose()?;
    Ok(tx.toegang_opdragen(verzoek, &paren(gevraagd, besluit), bewaard.as_deref(), omgeving.clock.now()).await?)
}

fn bewaren(omgeving: &Omgeving, toelichting: &Toelichting) -> Result<String, Werkfout> {
    let tekst = zeroize::Zeroizing::new(inbreng_proof::canonical(toelichting).map_err(Werkfout::intern)?);
    sealing::bewaren(&tekst, omgeving.eigen_sleutel()?.jwk(), &*omgeving.random).map_err(Werkfout::intern)
}

fn terughalen(omgeving: &Omgeving, bewaard: &str) -> Result<Toelichting, Werkfout> {
    let tekst = sealing::terughalen(bewaard, omgeving.bos.load().zegels()).map_err(Werkfout::intern)?;
    serde_json::from_slice(tekst.as_bytes()).map_err(|_| Werkfout::intern("kept explanation cannot be read"))
}

/// Each part with each recipient. Who asked is one where it asked for itself.
fn paren(gevraagd: Gevraagd, besluit: Besluit) -> Vec<(DeelId, Oin)> {
    if besluit.besluit != Eigenaarsbesluit::Ja {
        return Vec::new();
    }
    let delen = besluit.delen.unwrap_or_else(|| gevraagd.delen.clone());
    let ontvangers = besluit.ontvangers.unwrap_or(gevraagd.ontvangers);
    let binnen = delen.iter().filter(|d| gevraagd.delen.contains(d));
    binnen.flat_map(|d| ontvangers.iter().map(|o| (*d, *o))).collect()
}

fn gelezen(bewaard: Option<(Oin, String)>) -> Result<Option<(Oin, Gevraagd)>, Werkfout> {
    let Some((vrager, record)) = bewaard else { return Ok(None) };
    Ok(Some((vrager, serde_json::from_str(&record).map_err(Werkfout::intern)?)))
}

/// Gives what is to be given. How many were tried.
pub(super) async fn ronde(omgeving: &Omgeving) -> Result<usize, Werkfout> {
    let nu = omgeving.clock.now();
    let beurt = omgeving.opslag.toegang_aan_de_beurt(nu, PER_KEER).await?;
    for taak in &beurt {
        match geven(omgeving, taak).await {
            Ok(Gegeven::Ja(verwacht)) => {
                let eerst = nu.plus(bewijzen::EERST);
                omgeving.opslag.toegang_gegeven(taak.volgorde, &verwacht, eerst).await?;
            }
            Ok(Gegeven::Al) => omgeving.opslag.toegang_vervalt(taak.volgorde).await?,
            // What it rests on may have to come again from who asked.
            Ok(Gegeven::Nee(_)) if taak.opnieuw && taak.pogingen < herstel::POGINGEN => {
                omgeving.opslag.toegang_later(taak.volgorde, later(omgeving, taak.pogingen, nu, None)).await?;
            }
            Ok(Gegeven::Nee(waarom)) => {
                omgeving.opslag.toegang_geweigerd(taak.volgorde).await?;
                let uitleg = format!("Een eigen deel kon na uw ja niet naar {}: {waarom}.", taak.ontvanger);
                omgeving.alarm("toegang-niet-gegeven", taak.deel, &uitleg).await?;
            }
            Err(fout) => {
                tracing::warn!(deel = %taak.deel, reden = %fout, pogingen = taak.pogingen, "toegang wacht");
                let wanneer = later(omgeving, taak.pogingen, omgeving.clock.now(), fout.pas_na());
                omgeving.opslag.toegang_later(taak.volgorde, wanneer).await?;
            }
        }
    }
    Ok(beurt.len())
}

/// What came of one attempt that needs no further one.
#[derive(Debug, PartialEq, Eq)]
enum Gegeven {
    /// And what its recipient must sign for.
    Ja(Bewijs),
    /// Who asked has it for that: it came with the message.
    Al,
    Nee(Cow<'static, str>),
}

/// What we say ourselves.
const fn nee(waarom: &'static str) -> Gegeven {
    Gegeven::Nee(Cow::Borrowed(waarom))
}

async fn geven(omgeving: &Omgeving, taak: &Toegangstaak) -> Result<Gegeven, Werkfout> {
    let Some(envelop) = omgeving.opslag.verzonden_met_deel(taak.deel).await? else {
        return Ok(nee("het deel is hier niet bekend als eigen deel"));
    };
    let Some((vrager, gevraagd)) = gelezen(omgeving.opslag.doorgeefverzoek(taak.verzoek).await?)? else {
        return Ok(nee("het verzoek is hier niet bekend"));
    };
    let envelop: Envelope = serde_json::from_str(&envelop).map_err(Werkfout::intern)?;
    let Some(deel) = envelop.data.delen.iter().find(|d| d.labels.id == taak.deel) else {
        return Ok(nee("het deel staat niet in het verzonden bericht"));
    };
    let gids = omgeving.boek.gids();
    let (Some(wie), Some(door)) = (gids.partner(taak.ontvanger), gids.partner(vrager)) else {
        return Err(Werkfout::intern("recipient or asker is not in the verified directory now"));
    };
    // Who asked for itself gets it from us for the other purpose, in the type in which it came; another gets it as who asked would pass it on.
    let zelf = vrager == taak.ontvanger;
    if zelf && gevraagd.doel == deel.labels.doel {
        return Ok(Gegeven::Al);
    }
    let eigen = deel.labels.berichttype.naam();
    let naam = gevraagd.soort.as_ref().filter(|_| !zelf).unwrap_or(eigen);
    let Some(soort) = omgeving.catalogus.definitie(naam) else { return Ok(nee("het soort bericht bestaat niet")) };
    let uitleg = match &taak.toelichting {
        // For what it was sealed for, why stands in the part; to a school nothing is said beside it (R27).
        Some(bewaard) if gevraagd.doel != deel.labels.doel && wie.vermelding.partnertype != Partnertype::School => {
            Some(terughalen(omgeving, bewaard)?)
        }
        _ => None,
    };
    let door = if zelf { eigen_partij(omgeving) } else { partij(door) };
    let uitkomst = |toegelicht| mag(omgeving, deel, soort, (&gevraagd, toegelicht), &door, wie);
    let weigert = || uitkomst(uitleg.is_some()) == Some(Uitkomst::Weigeren);
    if weigert() {
        // Someone may have joined since we last looked; a no is for good.
        omgeving.boek.verversen(&omgeving.hub, &omgeving.opslag, omgeving.clock.now()).await.map_err(Werkfout::intern)?;
        if weigert() {
            return Ok(nee("het mag niet van het convenant"));
        }
    }
    // What was explained for the first purpose is not explained for this one (R28): a human is asked, and nothing is sealed.
    if uitleg.is_none() && uitkomst(true).is_some_and(Uitkomst::levert) && !uitkomst(false).is_some_and(Uitkomst::levert) {
        return Ok(nee(NIET_TOEGELICHT));
    }
    let sleutel = wie.sleutel(omgeving.clock.now()).ok_or_else(|| Werkfout::intern("recipient has no valid key now"))?;
    let voor = Voor {
        oin: taak.ontvanger,
        sleutel: sleutel.jwk.clone(),
        wijze: soort.standaardwijze(deel.labels.urgentie),
        doel: gevraagd.doel,
        gebruik: Vec::new(),
        genoemd: JaNee::Nee,
        bewaren_tot: None,
        verzoek: Some(taak.verzoek),
    };
    if let Some(waarom) = aanbieden(omgeving, deel, &voor, uitleg.as_ref()).await? {
        return Ok(Gegeven::Nee(Cow::Owned(waarom)));
    }
    Ok(Gegeven::Ja(Bewijs {
        bericht: envelop.id,
        ontvanger: taak.ontvanger,
        digest: envelop.data.kop.bericht,
        moet: vec![taak.deel],
        mag: vec![taak.deel],
        stand: Bewijsstand::Open,
        pogingen: 0,
        getekend: Vec::new(),
        sinds: Some(omgeving.clock.now()),
    }))
}

/// Offers the wrap; the part itself only where its content has left the hub. Gives why it is not to be, if so.
pub(super) async fn aanbieden(
    omgeving: &Omgeving,
    deel: &Deel,
    voor: &Voor,
    uitleg: Option<&Toelichting>,
) -> Result<Option<String>, Werkfout> {
    let mut verzoek = verpakken(omgeving, deel, voor, uitleg).await?;
    let id = deel.labels.id;
    let mut antwoord = omgeving.hub.toegang_geven(id, &verzoek).await;
    if matches!(&antwoord, Err(Hubfout::Probleem(p)) if p.code == ProblemCode::InhoudWeg) {
        verzoek.deel = Some(deel.clone());
        antwoord = omgeving.hub.toegang_geven(id, &verzoek).await;
    }
    uitslag(antwoord)
}

/// Offers a wrap for what its recipient has still to get, in the place of the one that lies there. Whatever else than that: it has it, it was
/// taken back, or its step has passed; then there is nothing to do.
pub(super) async fn inruilen(omgeving: &Omgeving, deel: &Deel, voor: &Voor) -> Result<Option<String>, Werkfout> {
    let verzoek = verpakken(omgeving, deel, voor, None).await?;
    match omgeving.hub.toegang_geven(deel.labels.id, &verzoek).await {
        Err(Hubfout::Probleem(p)) if matches!(p.code, ProblemCode::InhoudWeg | ProblemCode::VeldOngeldig) => Ok(None),
        antwoord => uitslag(antwoord),
    }
}

fn uitslag(antwoord: Result<(), Hubfout>) -> Result<Option<String>, Werkfout> {
    match antwoord {
        Ok(()) => Ok(None),
        Err(Hubfout::Probleem(p)) if p.code == ProblemCode::NietToegestaan => Ok(Some(niet_toegestaan(&p))),
        Err(fout) => Err(fout.into()),
    }
}

/// The wrap with our access statement.
async fn verpakken(
    omgeving: &Omgeving,
    deel: &Deel,
    voor: &Voor,
    uitleg: Option<&Toelichting>,
) -> Result<Toegangsverzoek, Werkfout> {
    let (gids, bos) = (omgeving.boek.gids(), omgeving.bos.load());
    let eigen =
        gids.partner(omgeving.organisatie.oin).ok_or_else(|| Werkfout::intern("we are not in the verified directory now"))?;
    let eigenaar = ondertekenaar::sleutel(omgeving, eigen, &deel.eigenaarsbewijs).await?;
    let eigenaar = eigenaar.ok_or_else(|| Werkfout::intern("part is signed under a certificate that is not known here"))?;
    let tekenaar = omgeving.tekenaar()?;
    let uitleg = uitleg.map(|uitleg| (uitleg, &*omgeving.random as &dyn Randomness));
    let gemaakt =
        sealing::herwrappen(deel, voor, bos.zegels(), &eigenaar, &tekenaar.sleutel, uitleg).map_err(Werkfout::intern)?;
    Ok(Toegangsverzoek { wrap: gemaakt.wrap, toegang: gemaakt.toegang, deel: None })
}

/// Why the hub does not let it go, in the sentence of its decision: it knows the case, and who takes part in it.
fn niet_toegestaan(problem: &Problem) -> String {
    let zin = problem.besluiten.first().map_or("", |besluit| besluit.zin.as_str());
    if zin.is_empty() {
        "het knooppunt staat het niet toe".to_owned()
    } else {
        format!("het knooppunt staat het niet toe ({zin})")
    }
}

fn partij(wie: &Partner) -> Deelpartij {
    Deelpartij { oin: wie.vermelding.oin, partnertype: wie.vermelding.partnertype }
}

fn eigen_partij(omgeving: &Omgeving) -> Deelpartij {
    Deelpartij { oin: omgeving.organisatie.oin, partnertype: omgeving.organisatie.partnertype }
}

/// Our own decision, with what we can know: the hub's can only withhold more. Nothing where we have no policy for it; then the
/// hub decides alone.
fn mag(
    omgeving: &Omgeving,
    deel: &Deel,
    soort: &Definitie,
    (gevraagd, toegelicht): (&Gevraagd, bool),
    van: &Deelpartij,
    wie: &Partner,
) -> Option<Uitkomst> {
    let beleid = omgeving.boek.beleid_van(&deel.labels.convenant)?;
    let (naar, nu) = (partij(wie), omgeving.clock.now());
    let feiten = Feiten {
        van: van.partnertype,
        van_oin: van.oin,
        naar: naar.partnertype.into(),
        naar_oin: naar.oin,
        van_deelnemer: Deelname::Ja,
        naar_deelnemer: Deelname::Ja,
        regisseur: true,
        toestemmingen: Toestemmingsbron::OordeelKnooppunt,
        toestemming_maanden: beleid.bundel().instellingen.toestemming_maanden,
        ondertekend: beleid.ondertekend(&omgeving.boek.partijen(&deel.labels.convenant), van, &naar, nu),
        embargo: false,
        scheiding: &[],
        eigenaarsbesluit: Eigenaarsbesluit::Ja,
        bevestigd: true,
        stilgelegd: None,
        genoemd: false,
        wijze: soort.standaardwijze(deel.labels.urgentie),
        doel: Some(Toegangsdoel { doel: gevraagd.doel, toegelicht }),
        nu,
    };
    // In another type than that in which it came, its variant says nothing.
    let variant = deel.labels.variant.clone().filter(|_| soort.naam == *deel.labels.berichttype.naam());
    let labels = Labels { variant, ..deel.labels.clone() };
    Some(beleid.uitkomst(&Verzoek::van_deel(&labels, soort, &feiten)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_yes_gives_what_was_asked_or_less() {
        let id = |n: u8| format!("0190f3a1-7b1f-7c40-9a10-1f2e3d4c5b{n:02x}");
        let oin = |n: u8| Oin::parse(&format!("000000010032143450{n:02}")).unwrap();
        let gevraagd = || {
            let vraag = json!({"bericht": id(9), "delen": [id(1), id(2)], "ontvangers": [oin(1), oin(2)], "doel": "strafzaak"});
            Gevraagd::deserialize(&vraag).unwrap()
        };
        let paren = |besluit: serde_json::Value| paren(gevraagd(), Besluit::deserialize(&besluit).unwrap());
        let deel = |n| DeelId::parse(&id(n)).unwrap();
        let alle = [(deel(1), oin(1)), (deel(1), oin(2)), (deel(2), oin(1)), (deel(2), oin(2))];
        assert_eq!(paren(json!({"besluit": "ja", "volgnummer": 1})), alle);
        assert_eq!(paren(json!({"besluit": "ja", "delen": [id(2), id(3)], "volgnummer": 1})), alle[2..]);
        assert_eq!(paren(json!({"besluit": "ja", "ontvangers": [oin(1)], "volgnummer": 1})), [alle[0], alle[2]]);
        assert!(paren(json!({"besluit": "nee", "volgnummer": 2})).is_empty());
    }
}
