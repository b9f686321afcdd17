//! "Mag dit?": the same resolution and the same decisions on labels alone. Stores no message; is logged as a check.

use inbreng_catalogue::{Definitie, TERUGVAL};
use inbreng_domain::{
    Berichttype, CasusRef, DeelId, Digest, Geadresseerde, Oin, Tijdstip,
    problem::ProblemCode,
    toets::{Toetsantwoord, Toetsbesluit, Toetsdeel, Toetsontvanger, Toetsterugval, Toetsverzoek},
    vocabulary::Toegangswijze,
};
use inbreng_policy::Vastlegging;
use serde::Serialize;

use crate::{
    Fout, Hub,
    accept::{
        agree::{self, Kenmerken},
        effects, limits,
    },
    decide::{
        Beslissing, Besluiten, Deelvraag, Situatie, Voor, answer,
        case::{self, Kennis, Zaakvraag},
        reference,
        routing::{self, Ontvanger, Routevraag},
        view,
    },
    leaf::{self, Soort},
    read,
};

/// The record of a check: enough to make the same decisions again.
#[derive(Debug, Serialize)]
pub(crate) struct Toetsrecord {
    van: Oin,
    #[serde(rename = "type")]
    berichttype: Berichttype,
    casus: Option<CasusRef>,
    beleid: Digest,
    besluiten: Vec<Toetsregel>,
    /// What was decided of who gets it where nobody reads it: nobody asked for those, and no answer rests on them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    terugval: Vec<Toetsregel>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Toetsregel {
    deel: Option<DeelId>,
    ontvanger: Oin,
    #[serde(flatten)]
    vastlegging: Vastlegging<'static>,
}

/// What came of a check, and its record, which must be in the log before anything is answered.
pub(crate) struct Toets {
    pub(crate) record: Toetsrecord,
    pub(crate) antwoord: Result<Toetsantwoord, Fout>,
}

/// Decides what would be decided.
pub(crate) async fn toetsen(hub: &Hub, van_oin: Oin, body: &[u8]) -> Result<Toetsantwoord, Fout> {
    let (_, vraag): (_, Toetsverzoek) = read::body(body, hub.grenzen().header_bytes, hub.grenzen().nesting)?;
    let nu = hub.clock.now();
    let Toets { record, antwoord } = nemen(hub, van_oin, &vraag, nu).await?;
    let blad = leaf::maken(Soort::Toets, &record, nu, hub.random.as_ref())?;
    // In the lane in which it was counted: whoever asks about acute danger waits for nobody else's writes, before the message either.
    hub.store.bladen_in_baan(vec![blad], vraag.urgentie).await?;
    antwoord
}

/// Decides, and logs nothing yet.
///
/// # Errors
/// When nothing could be decided: there is nothing to record then.
pub(crate) async fn nemen(hub: &Hub, van_oin: Oin, vraag: &Toetsverzoek, nu: Tijdstip) -> Result<Toets, Fout> {
    let soort = hub.catalogus.soort(&vraag.berichttype).ok_or_else(|| Fout::new(ProblemCode::TypeOnbekend).at("/type"))?;
    inhoudelijk(hub, van_oin, vraag, soort)?;

    let gids = hub.gids.stand(hub.store(), nu).await?;
    let van = gids.aangeslotene(van_oin, nu)?;
    let geldend = hub.beleid.geldend(hub.store(), &vraag.convenant, nu, "/convenant").await?;
    let beleid = geldend.beleid.digest();

    let genoemd = reference::delen(&vraag.verklaring).unwrap_or_default();
    let zaakvraag = Zaakvraag {
        soort,
        variant: vraag.variant.as_ref(),
        van: van_oin,
        casus: vraag.casus,
        opening: vraag.opening,
        bevraagd: vraag.antwoord_op.filter(|_| hub.catalogus.antwoordt_van_buiten(soort)),
        ingebracht: case::ingebracht(soort, &vraag.verklaring),
        genoemd: &genoemd,
        afgewezen: case::afgewezen(soort, vraag.antwoord_op, &vraag.verklaring),
        afgedaan: case::afgedaan(soort, vraag.antwoord_op),
        nu,
    };
    let zaak = match case::vinden(hub.store(), &zaakvraag, Kennis::Gelezen).await {
        Err(fout) if fout.code() == ProblemCode::NietToegestaan => {
            return Ok(Toets { record: record(van_oin, vraag, beleid, std::iter::empty()), antwoord: Err(fout) });
        }
        gevonden => gevonden?,
    };
    let beantwoord = answer::vinden(hub.store(), soort, van, vraag.antwoord_op, vraag.casus, "/antwoordOp").await?;
    let verwijzing = reference::vinden(hub.store(), soort, van_oin, vraag.casus, &vraag.verklaring, "/verklaring").await?;
    if let Some(verwijzing) = &verwijzing {
        verwijzing.past_bij(vraag.delen.iter().map(|d| &d.labels), "/delen")?;
    }
    let route = Routevraag {
        van: van_oin,
        hub: hub.oin,
        soort,
        gemeente: vraag.gemeente,
        geadresseerden: &vraag.geadresseerden,
        beantwoord: beantwoord.as_ref(),
        verwijzing: verwijzing.as_ref(),
        gids: &gids.gids,
        beleid: &geldend.beleid,
        pad: "/geadresseerden",
    };
    let ontvangers = routing::oplossen(&route)?;
    let gekozen = ontvangers.iter().filter(|o| o.is_gekozen()).map(Ontvanger::oin).collect();
    limits::ontvangers(&gekozen, &hub.grenzen())?;
    let later = soort.terugval_minuten(vraag.urgentie).is_some();
    let delen = vraag
        .delen
        .iter()
        .enumerate()
        .map(|(i, deel)| Ok(Deelvraag { labels: &deel.labels, voor: voor(deel, &ontvangers, i, later)? }))
        .collect::<Result<Vec<_>, Fout>>()?;

    let situatie = Situatie {
        soort,
        variant: vraag.variant.as_ref(),
        convenant: &vraag.convenant,
        van,
        zaak: &zaak,
        beleid: &geldend.beleid,
        partijen: &geldend.partijen.partijen,
        gids: &gids.gids,
        betreft: effects::betreft(soort, &vraag.verklaring),
        nu,
    };
    let besluiten = Besluiten::nemen(&situatie, &ontvangers, &delen)?;
    let later = terugval(&situatie, vraag, &route, &ontvangers)?;
    let mut record = record(van_oin, vraag, beleid, besluiten.alle().iter());
    record.terugval = later.iter().flat_map(|l| &l.beslissingen).map(Toetsregel::van).collect();
    let antwoord = Toetsantwoord {
        beleid,
        ontvangers: ontvangers.iter().map(toetsontvanger).collect(),
        besluiten: besluiten.into_alle().into_iter().map(toetsbesluit).collect(),
        terugval: later.map(|l| Toetsterugval {
            na_minuten: l.na_minuten,
            ontvangers: l.ontvangers.iter().map(toetsontvanger).collect(),
            besluiten: l.beslissingen.into_iter().map(toetsbesluit).collect(),
        }),
    };
    Ok(Toets { record, antwoord: Ok(antwoord) })
}

fn toetsontvanger(o: &Ontvanger) -> Toetsontvanger {
    Toetsontvanger { geadresseerde: o.geadresseerde.clone(), oin: o.oin(), gids: o.partner.gids.clone() }
}

fn toetsbesluit(b: Beslissing) -> Toetsbesluit {
    Toetsbesluit { deel: b.deel, ontvanger: b.ontvanger, besluit: view::voor_toets(b.besluit) }
}

/// For whom it would be sealed beforehand.
struct Later {
    na_minuten: u32,
    ontvangers: Vec<Ontvanger>,
    beslissingen: Vec<Beslissing>,
}

/// Whom the acute ladder names: of every part that travels with its key and is for all, or for that role as well.
fn terugval(
    situatie: &Situatie<'_>,
    vraag: &Toetsverzoek,
    route: &Routevraag<'_>,
    gewoon: &[Ontvanger],
) -> Result<Option<Later>, Fout> {
    let Some(na_minuten) = situatie.soort.terugval_minuten(vraag.urgentie) else { return Ok(None) };
    let ontvangers = routing::terugval(route, TERUGVAL, gewoon);
    let voor = || {
        let een = |o: &Ontvanger| Voor { oin: o.oin(), wijze: Toegangswijze::Meegeleverd, genoemd: false };
        ontvangers.iter().map(een).collect::<Vec<_>>()
    };
    let gaat = |deel: &&Toetsdeel| deel.valt_terug_op(TERUGVAL);
    let vragen: Vec<_> = vraag.delen.iter().filter(gaat).map(|deel| Deelvraag { labels: &deel.labels, voor: voor() }).collect();
    if ontvangers.is_empty() || vragen.is_empty() {
        return Ok(None);
    }
    let beslissingen = Besluiten::nemen(situatie, &ontvangers, &vragen)?.into_alle();
    Ok(Some(Later { na_minuten, ontvangers, beslissingen }))
}

fn record<'a>(van: Oin, vraag: &Toetsverzoek, beleid: Digest, beslissingen: impl Iterator<Item = &'a Beslissing>) -> Toetsrecord {
    Toetsrecord {
        van,
        berichttype: vraag.berichttype.clone(),
        casus: vraag.casus,
        beleid,
        besluiten: beslissingen.map(Toetsregel::van).collect(),
        terugval: Vec::new(),
    }
}

impl Toetsrecord {
    /// The policy version that was asked.
    pub(crate) const fn beleid(&self) -> Digest {
        self.beleid
    }
}

impl Toetsregel {
    pub(crate) fn van(beslissing: &Beslissing) -> Self {
        Self { deel: beslissing.deel, ontvanger: beslissing.ontvanger, vastlegging: beslissing.vastlegging().into_owned() }
    }
}

/// What can be judged without any state.
fn inhoudelijk(hub: &Hub, van: Oin, vraag: &Toetsverzoek, soort: &Definitie) -> Result<(), Fout> {
    limits::delen(vraag.delen.len(), &hub.grenzen())?;
    limits::personen(vraag.delen.iter().map(|d| &d.labels), &hub.grenzen())?;
    limits::variant(vraag.variant.as_ref(), soort, "/variant")?;
    limits::aantal_van_soort(vraag.delen.len(), soort, "/delen")?;
    let kenmerken = Kenmerken {
        bericht: None,
        berichttype: &vraag.berichttype,
        variant: vraag.variant.as_ref(),
        antwoord_op: vraag.antwoord_op,
        urgentie: vraag.urgentie,
        convenant: &vraag.convenant,
        casus: vraag.casus,
        van,
    };
    for (i, deel) in vraag.delen.iter().enumerate() {
        agree::labels(&deel.labels, &kenmerken, &format!("/delen/{i}/labels"))?;
    }
    hub.catalogus.toets_verklaring(&soort.naam, &vraag.verklaring).map_err(|error| {
        let pad = format!("/verklaring{}", error.pad);
        Fout::new(ProblemCode::VerklaringOngeldig).at(pad).door(error)
    })
}

/// For whom a part is meant: everyone who is addressed, or those that the sender picks of them. It may pick who gets it `later` too.
fn voor(deel: &Toetsdeel, ontvangers: &[Ontvanger], index: usize, later: bool) -> Result<Vec<Voor>, Fout> {
    let een = |o: &Ontvanger| Voor { oin: o.oin(), wijze: deel.wijze, genoemd: deel.genoemd };
    if deel.ontvangers.is_empty() {
        return Ok(ontvangers.iter().map(een).collect());
    }
    let mut voor: Vec<Voor> = Vec::new();
    for (j, keuze) in deel.ontvangers.iter().enumerate() {
        let gekozen = |o: &&Ontvanger| match keuze {
            Geadresseerde::Partner(p) => o.oin() == p.oin,
            Geadresseerde::Rol(r) => o.partner.vermelding.partnertype == r.rol,
        };
        let mut gevonden = ontvangers.iter().filter(gekozen).map(een).peekable();
        if gevonden.peek().is_none() {
            if later && keuze.is_rol(TERUGVAL) {
                continue;
            }
            return Err(Fout::new(ProblemCode::NietGelijk).at(format!("/delen/{index}/ontvangers/{j}")));
        }
        for een in gevonden {
            if !voor.iter().any(|v| v.oin == een.oin) {
                voor.push(een);
            }
        }
    }
    Ok(voor)
}
