//! What an owner's word (42, 45, 46, 47, 59) does here, once it is verified: in the same transaction that remembers it, so that no
//! crash lets through what it stops.

use std::collections::{BTreeMap, BTreeSet};

use inbreng_domain::{
    Bericht, BerichtId, DeelId, Envelope, Labels, Oin, Problem, ProblemCode, Toestemming, Toestemmingsverklaring, TypeNaam,
    antwoorden::Aannameantwoord,
    levering::Levering,
    receipts::{Bewijsbesluit, Ontvangerstand},
    vocabulary::{Eigenaarsbesluit, JaNee},
};
use inbreng_policy::toestemming;
use serde::Deserialize;
use serde_json::Value;

use super::{
    Omgeving, Werkfout,
    eigenbesluit::draagt_zonder_toestemming,
    toestemmingen::{self, Bron},
    voorbereiden::Voorbereiding,
};
use crate::{
    concept::Ontvangen,
    eigenaar::{self, EIGENAAR_BESLUIT, INTREKKING, MISPLAATSING, RECTIFICATIE, TOESTEMMING_INGETROKKEN},
    store::{Bewijs, Bewijsstand, Ingetrokken, Opslagfout, Post, Stopwoord, Transactie},
};

/// The duty of who must stop.
const STAKEN: &str = "gebruik-staken";

#[derive(Deserialize)]
struct Verbetering {
    deel: DeelId,
}

#[derive(Deserialize)]
struct Delen {
    #[serde(default)]
    delen: Vec<DeelId>,
}

#[derive(Deserialize)]
struct Besluit {
    besluit: Eigenaarsbesluit,
}

/// Of a word that stops something: the message, or the case, that it is about, as it says before it is verified. What it names
/// waits for that.
pub(super) fn over(levering: &Levering, zaak: &str) -> Option<String> {
    let soort = levering.bericht.berichttype.naam();
    let verklaring = &levering.bericht.data.bericht.verklaring;
    if !eigenaar::stopt(soort) || eigenaar::is_zienswijze(verklaring) {
        return None;
    }
    if soort.as_str() == TOESTEMMING_INGETROKKEN {
        return Some(zaak.to_owned());
    }
    Some(eigenaar::over(verklaring).map(|id| id.to_string()).unwrap_or_default())
}

/// The message that a person's own view stands beside: it stops nothing, and says nothing to whoever has not that message.
pub(super) fn naast(levering: &Levering) -> Option<BerichtId> {
    let verklaring = &levering.bericht.data.bericht.verklaring;
    let is = levering.bericht.berichttype.naam().as_str() == RECTIFICATIE && eigenaar::is_zienswijze(verklaring);
    eigenaar::over(verklaring).filter(|_| is)
}

/// Does what a verified word says, as far as it is about what its sender owns.
pub(super) async fn toepassen(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    ontvangen: &Ontvangen,
    ruw: &str,
) -> Result<(), Werkfout> {
    let woord = Stopwoord { id: ontvangen.bericht, soort: &ontvangen.soort, van: ontvangen.van.oin, nu: omgeving.clock.now() };
    let verklaring = &ontvangen.verklaring;
    let over: Option<BerichtId> = eigenaar::over(verklaring);
    match (&*ontvangen.soort.as_str(), over) {
        (RECTIFICATIE, Some(over)) => {
            let Verbetering { deel } = Verbetering::deserialize(verklaring).map_err(Werkfout::intern)?;
            if !eigenaar::is_zienswijze(verklaring) {
                tx.stoppen(&woord, over, &[deel]).await?;
            }
        }
        (INTREKKING | MISPLAATSING, Some(over)) => {
            let Delen { delen } = Delen::deserialize(verklaring).map_err(Werkfout::intern)?;
            tx.stoppen(&woord, over, &delen).await?;
        }
        (EIGENAAR_BESLUIT, _) => {
            let Besluit { besluit } = Besluit::deserialize(verklaring).map_err(Werkfout::intern)?;
            if let Some(melding) = ontvangen.antwoord_op.as_ref().filter(|_| besluit == Eigenaarsbesluit::Ja) {
                tx.vrijgeven(melding.id, ontvangen.van.oin).await?;
            }
        }
        (TOESTEMMING_INGETROKKEN, _) => {
            if let Some(intrekking) = toestemmingen::uit(Bron::ontvangen(ontvangen)).filter(|_| moet_staken(ruw)) {
                ingetrokken(omgeving, tx, &woord, &intrekking).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// Whom a word of ours is for, as we know it ourselves: who got what it is about, or whose that is; of a withdrawal of consent whom it
/// names. The hub addresses these where we address nobody, and is believed on no other.
pub(super) async fn kring(omgeving: &Omgeving, v: &Voorbereiding) -> Result<Vec<Oin>, Opslagfout> {
    let (soort, verklaring) = (v.verzoek.berichttype.naam(), &v.verzoek.verklaring);
    if !eigenaar::is_woord(soort) {
        return Ok(Vec::new());
    }
    if soort.as_str() == TOESTEMMING_INGETROKKEN {
        let Ok(Toestemmingsverklaring { eigenaar, mut ontvangers, .. }) = Toestemmingsverklaring::deserialize(verklaring) else {
            return Ok(Vec::new());
        };
        ontvangers.push(eigenaar);
        return Ok(ontvangers);
    }
    let Some(over) = eigenaar::over(verklaring) else { return Ok(Vec::new()) };
    match omgeving.opslag.bericht(&over.to_string()).await? {
        Some(ons) if ons.van == omgeving.organisatie.oin => {
            // What is about some parts is for who has one of those.
            let delen = eigenaar::delen(verklaring);
            let mut kring = BTreeSet::new();
            for deel in &delen {
                kring.extend(omgeving.opslag.houders(over, Some(*deel)).await?);
            }
            if delen.is_empty() {
                kring.extend(omgeving.opslag.houders(over, None).await?);
            }
            Ok(kring.into_iter().collect())
        }
        Some(ander) => Ok(vec![ander.van]),
        None => Ok(Vec::new()),
    }
}

/// What a human is told, in the transaction that remembers why.
pub(super) struct Melding {
    soort: &'static str,
    sleutel: String,
    uitleg: String,
}

/// Now that the hub takes our recall, our correction or the withdrawal of consent: who signed for what it is about and is not told it.
/// Nobody there stops, and only a human can tell them.
pub(super) async fn niet_bereikt(
    omgeving: &Omgeving,
    bericht: &Bericht,
    antwoord: &Aannameantwoord,
) -> Result<Vec<Melding>, Werkfout> {
    let soort = bericht.berichttype.naam();
    if soort.as_str() == TOESTEMMING_INGETROKKEN {
        return vertrokken_met_toestemming(omgeving, bericht).await;
    }
    if !matches!(&*soort.as_str(), INTREKKING | RECTIFICATIE) || eigenaar::is_zienswijze(&bericht.verklaring) {
        return Ok(Vec::new());
    }
    let Some(over) = eigenaar::over(&bericht.verklaring) else { return Ok(Vec::new()) };
    let kenmerk = omgeving.opslag.bericht(&over.to_string()).await?.map_or_else(|| over.to_string(), |b| b.kenmerk);
    let bewijzen = omgeving.opslag.bewijzen(over).await?;
    let delen = eigenaar::delen(&bericht.verklaring);
    let gemist = gemist(&bewijzen, &delen, &antwoord.besluiten);
    let mut meldingen = Vec::new();
    for oin in gemist {
        let naam = omgeving.naam_ooit(oin).await?;
        let uitleg = format!(
            "{naam} kreeg uw bericht {kenmerk} en hoort niet van het knooppunt dat u het intrekt of verbetert. Bel {naam}: zij \
             mogen het niet meer gebruiken."
        );
        meldingen.push(Melding { soort: "houder-niet-bereikt", sleutel: format!("{}/{oin}", bericht.id), uitleg });
    }
    Ok(meldingen)
}

/// Who signed for parts of ours that consent carries, is named by who withdrew it, and is not connected any more. Of who is, the hub knows
/// whether another yes still stands, and it tells them.
async fn vertrokken_met_toestemming(omgeving: &Omgeving, bericht: &Bericht) -> Result<Vec<Melding>, Werkfout> {
    let Some(woord) = toestemmingen::uit(Bron::eigen(bericht)).filter(|w| w.eigenaar == omgeving.organisatie.oin) else {
        return Ok(Vec::new());
    };
    let weg: BTreeSet<Oin> =
        woord.ontvangers.iter().copied().filter(|oin| omgeving.boek.gids().partner(*oin).is_none()).collect();
    if weg.is_empty() {
        return Ok(Vec::new());
    }
    let mut wie: BTreeMap<Oin, Vec<String>> = BTreeMap::new();
    for (kenmerk, envelop) in omgeving.opslag.verzonden_in(woord.casus).await? {
        let envelop: Envelope = serde_json::from_str(&envelop).map_err(Werkfout::intern)?;
        let labels = || envelop.data.delen.iter().map(|d| &d.labels);
        let bewijzen = omgeving.opslag.bewijzen(envelop.id).await?;
        for oin in &weg {
            let delen: Vec<DeelId> = labels().filter(|l| rust_op(&woord, l, *oin)).map(|l| l.id).collect();
            if !delen.is_empty() && gemist(&bewijzen, &delen, &[]).any(|kreeg| kreeg == *oin) {
                wie.entry(*oin).or_default().push(kenmerk.clone());
            }
        }
    }
    let mut meldingen = Vec::new();
    for (oin, kenmerken) in wie {
        let (naam, kenmerken) = (omgeving.naam_ooit(oin).await?, kenmerken.join(", "));
        let uitleg = format!(
            "{naam} kreeg op toestemming uw bericht {kenmerken} en is niet meer aangesloten: het knooppunt vertelt hun niet dat die \
             toestemming is ingetrokken. Bel {naam}: wat alleen daarop rust, mogen zij niet meer gebruiken."
        );
        meldingen.push(Melding { soort: "houder-niet-bereikt", sleutel: format!("{}/{oin}", bericht.id), uitleg });
    }
    Ok(meldingen)
}

/// Whether this consent is a ground of a part of ours for this recipient. What a professional decided to send in an emergency rests on
/// that decision (R35); of who is not connected the policy can say no more.
fn rust_op(woord: &Toestemming, labels: &Labels, ontvanger: Oin) -> bool {
    labels.noodbesluit == JaNee::Nee && toestemming::trekt_in(woord, &[], labels, (ontvanger, labels.doel))
}

/// Of a correction for which the hub finds nobody: a part is sealed for somebody, and nobody who has the old one is connected any more.
/// To take it back goes without.
pub(super) fn niemand_meer(v: &Voorbereiding, problem: &mut Problem) {
    let correctie = v.verzoek.berichttype.naam().as_str() == RECTIFICATIE && v.verzoek.geadresseerden.is_empty();
    if correctie && problem.code == ProblemCode::OntvangerOnbekend {
        "Niemand die dit deel kreeg, is nog aangesloten, dus er is niemand om de verbetering voor te verzegelen. Trek het deel in \
         (intrekking): dat geldt meteen, en u hoort wie u moet bellen."
            .clone_into(&mut problem.detail);
    }
}

/// Who signed for one of these parts (none named: for any), and hears nothing of it now or later.
fn gemist<'a>(
    bewijzen: &'a [Bewijs],
    delen: &'a [DeelId],
    besluiten: &'a [Bewijsbesluit],
) -> impl Iterator<Item = Oin> + use<'a> {
    use Ontvangerstand::{InBehandeling, Toegestaan, ToegestaanMetPlicht};
    let hoort = |oin: Oin| {
        besluiten.iter().any(|b| b.ontvanger == oin && matches!(b.stand, Toegestaan | ToegestaanMetPlicht | InBehandeling))
    };
    // Also where another part of it is still on its way, or is withheld.
    let kreeg = move |b: &&Bewijs| match delen {
        [] => b.stand == Bewijsstand::Klopt || !b.getekend.is_empty(),
        delen => delen.iter().any(|deel| b.getekend.contains(deel)),
    };
    bewijzen.iter().filter(kreeg).map(|b| b.ontvanger).filter(move |oin| !hoort(*oin))
}

/// Tells a human, in the transaction that remembers why.
pub(super) async fn melden(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    meldingen: impl IntoIterator<Item = Melding>,
) -> Result<(), Werkfout> {
    for Melding { soort, sleutel, uitleg } in meldingen {
        omgeving.alarm_in(tx, soort, sleutel, &uitleg).await?;
    }
    Ok(())
}

/// Whether something that went before must not be used any more, the hub says in its decision: it knows every consent of the case. Of
/// which part that is, we decide ourselves.
fn moet_staken(ruw: &str) -> bool {
    let levering: Option<Levering> = serde_json::from_str(ruw).ok();
    levering.is_some_and(|l| l.besluiten.iter().flat_map(|b| &b.verplichtingen).any(|v| v.soort.as_str() == STAKEN))
}

async fn ingetrokken(
    omgeving: &Omgeving,
    tx: &mut Transactie,
    woord: &Stopwoord<'_>,
    intrekking: &Toestemming,
) -> Result<(), Werkfout> {
    let draagt = |levering: &Levering, labels: &Labels| draagt_zonder_toestemming(omgeving, levering, labels);
    let ingetrokken = Ingetrokken { woord: intrekking, wij: omgeving.organisatie.oin, draagt: &draagt };
    Ok(tx.toestemming_weg(&Stopwoord { van: intrekking.eigenaar, ..*woord }, &ingetrokken).await?)
}

/// Where something was reported as misdelivered or mislabelled (59), by us or to us, an officer must know: it may be a data breach.
pub(super) async fn misplaatst(
    omgeving: &Omgeving,
    soort: &TypeNaam,
    melding: BerichtId,
    verklaring: &Value,
) -> Result<Option<Melding>, Werkfout> {
    if soort.as_str() != MISPLAATSING {
        return Ok(None);
    }
    let over = eigenaar::over(verklaring).unwrap_or(melding).to_string();
    let kenmerk = omgeving.opslag.bericht(&over).await?.map_or(over, |b| b.kenmerk);
    let uitleg = format!(
        "Het bericht met kenmerk {kenmerk} is gemeld als verkeerd bezorgd of verkeerd gelabeld. Vertel het uw privacyfunctionaris: dit kan \
         een datalek zijn, en dan lopen de 72 uur."
    );
    Ok(Some(Melding { soort: MISPLAATSING, sleutel: melding.to_string(), uitleg }))
}

/// The own system does not take a word of an owner: a human must act on it, and is told about which message it is.
pub(super) async fn alarmeren(omgeving: &Omgeving, post: &Post, fout: &Werkfout) -> Result<(), Werkfout> {
    let levering: Option<Levering> = post.ruw.as_deref().and_then(|ruw| serde_json::from_str(ruw).ok());
    let verklaring = levering.map(|l| l.bericht.data.bericht.verklaring).unwrap_or_default();
    let bekend = match eigenaar::over(&verklaring) {
        Some(id) => omgeving.opslag.bericht(&id.to_string()).await?.map(|b| b.kenmerk),
        None => None,
    };
    let waarover = bekend.map_or_else(String::new, |kenmerk| format!(" Het gaat over het bericht met kenmerk {kenmerk}."));
    let van = omgeving.naam(post.van);
    let uitleg = format!(
        "{} Dit bericht ({}) van {van} neemt uw systeem niet aan ({fout}).{waarover} Lees het in de postbus van de adapter en bevestig \
         het daar; de adapter blijft het aanbieden.",
        eigenaar::wat(&post.soort, &verklaring),
        post.soort
    );
    omgeving.alarm("eigenaarswoord-niet-verwerkt", post.levering, &uitleg).await
}

#[cfg(test)]
mod tests {
    use inbreng_domain::Digest;
    use inbreng_proof::SystemRandomness;

    use super::*;
    use crate::testsleutels::{GGZ, VEILIG_THUIS, WIJKTEAM, nu, oin};

    #[test]
    fn who_is_refused_the_word_is_not_told_it() {
        let [een, twee] = [(); 2].map(|()| DeelId::mint(nu(), &SystemRandomness));
        let bericht = BerichtId::mint(nu(), &SystemRandomness);
        let bewijs = |wie, deel, stand| Bewijs {
            bericht,
            ontvanger: oin(wie),
            digest: Digest::from_bytes([7; 32]),
            moet: vec![deel],
            mag: vec![deel],
            stand,
            pogingen: 1,
            getekend: if stand == Bewijsstand::Open { Vec::new() } else { vec![deel] },
            sinds: None,
        };
        let bewijzen = [
            bewijs(VEILIG_THUIS, een, Bewijsstand::Klopt),
            bewijs(GGZ, twee, Bewijsstand::Klopt),
            bewijs(WIJKTEAM, een, Bewijsstand::Open),
        ];
        let besluit = |wie, stand| Bewijsbesluit {
            ontvanger: oin(wie),
            deel: None,
            stand,
            regels: Vec::new(),
            zin: String::new(),
            verplichtingen: Vec::new(),
            alternatieven: Vec::new(),
        };
        let gemist_bij = |delen: &[DeelId], besluiten: &[Bewijsbesluit]| gemist(&bewijzen, delen, besluiten).collect::<Vec<_>>();
        assert_eq!(gemist_bij(&[], &[]), [oin(VEILIG_THUIS), oin(GGZ)], "nobody is told; one of them signed for nothing");
        assert_eq!(gemist_bij(&[een], &[]), [oin(VEILIG_THUIS)], "it is about the part of one");
        for (stand, hoort) in [
            (Ontvangerstand::Toegestaan, true),
            (Ontvangerstand::ToegestaanMetPlicht, true),
            (Ontvangerstand::InBehandeling, true),
            (Ontvangerstand::Terugval, false),
            (Ontvangerstand::Geweigerd, false),
        ] {
            let gemist = gemist_bij(&[een], &[besluit(VEILIG_THUIS, stand)]);
            assert_eq!(gemist.is_empty(), hoort, "{stand}");
        }
    }
}
