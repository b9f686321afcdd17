//! OpenID AuthZEN 1.0: "mag dit?" in the words of a policy enforcement point. Decides nothing itself: a question becomes a
//! check, or a reading of a part, and its answer is theirs. Fails closed: what cannot be decided is a no.

mod antwoord;
mod vertaling;
mod vraag;

use inbreng_domain::{
    Code, DeelId, Oin, Tijdstip, Uitkomst,
    authzen::{Antwoord, Evaluatie, Evaluaties, Semantiek},
    problem::ProblemCode,
    vocabulary::Doel,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    Fout, Hub, Spoor,
    check::{self, Toets, Toetsrecord, Toetsregel},
    leaf::{self, Soort},
    reading::{self, Oordeel},
};
use vertaling::Gevraagd;
use vraag::{Reeks, Velden, Vraag};

/// The record of one call: every question of it that was answered, in order.
#[derive(Debug, Serialize)]
struct Evaluatierecord {
    van: Oin,
    /// Absent for a single question.
    #[serde(skip_serializing_if = "Option::is_none")]
    semantiek: Option<Semantiek>,
    evaluaties: Vec<Vraagrecord>,
}

/// The record of one question.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Vraagrecord {
    Toets(Toetsrecord),
    Inzien {
        deel: DeelId,
        doel: Doel,
        /// Empty for a part that is not there for the reader.
        besluiten: Vec<Toetsregel>,
    },
    /// Could not be decided: what was asked is not kept, why not is.
    Fout {
        fout: Code,
    },
}

/// Answers one question.
pub(crate) async fn evaluatie(hub: &Hub, van: Oin, body: &[u8]) -> Result<Evaluatie, Fout> {
    een(hub, van, &object(hub, body)?).await
}

/// Answers a batch, or one question where the request holds no batch.
pub(crate) async fn evaluaties(hub: &Hub, van: Oin, body: &[u8]) -> Result<Antwoord, Fout> {
    let velden = object(hub, body)?;
    let Some(Reeks { semantiek, vragen }) = Reeks::lezen(&velden)? else {
        return een(hub, van, &velden).await.map(Antwoord::Een);
    };
    let nu = hub.clock.now();
    let (mut evaluations, mut evaluaties) = (Vec::new(), Vec::new());
    for vraag in vragen {
        let (evaluatie, record) = beantwoorden(hub, van, vraag, nu).await?;
        let klaar = match semantiek {
            Semantiek::Alles => false,
            Semantiek::TotEersteNee => !evaluatie.decision,
            Semantiek::TotEersteJa => evaluatie.decision,
        };
        evaluations.push(evaluatie);
        evaluaties.push(record);
        if klaar {
            break;
        }
    }
    let spoor = velden.get("context").and_then(Value::as_object).and_then(vraag::spoor);
    let record = Evaluatierecord { van, semantiek: Some(semantiek), evaluaties };
    volgen(spoor, vastleggen(hub, &record, nu)).await?;
    Ok(Antwoord::Meer(Evaluaties { evaluations }))
}

fn object(hub: &Hub, body: &[u8]) -> Result<Velden, Fout> {
    vraag::object(body, hub.grenzen().header_bytes, hub.grenzen().nesting)
}

async fn een(hub: &Hub, van: Oin, velden: &Velden) -> Result<Evaluatie, Fout> {
    let nu = hub.clock.now();
    let vraag = Vraag::lezen(velden)?;
    let spoor = vraag::spoor(&vraag.context);
    let (evaluatie, record) = beantwoorden(hub, van, Ok(vraag), nu).await?;
    let record = Evaluatierecord { van, semantiek: None, evaluaties: vec![record] };
    volgen(spoor, vastleggen(hub, &record, nu)).await?;
    Ok(evaluatie)
}

/// The trace that the question itself names comes before that of the transport (NL GOV profile, "W3C Trace Context").
async fn volgen<T>(spoor: Option<Spoor>, werk: impl Future<Output = T>) -> T {
    match spoor {
        Some(spoor) => Spoor::volgen(Some(spoor), werk).await,
        None => werk.await,
    }
}

/// Nothing is answered that is not in the log.
async fn vastleggen(hub: &Hub, record: &Evaluatierecord, nu: Tijdstip) -> Result<(), Fout> {
    let blad = leaf::maken(Soort::Toets, record, nu, hub.random.as_ref())?;
    Ok(hub.store.bladen_toevoegen(vec![blad]).await?)
}

/// One question: its answer and its record. What only this question suffers from is its answer.
async fn beantwoorden(hub: &Hub, van: Oin, vraag: Result<Vraag, Fout>, nu: Tijdstip) -> Result<(Evaluatie, Vraagrecord), Fout> {
    let gevraagd = vraag.and_then(|vraag| vertaling::vertalen(&vraag, van, nu, hub.random.as_ref()));
    let uitkomst = match gevraagd {
        Ok(Gevraagd::Toets(verzoek)) => match check::nemen(hub, van, &verzoek, nu).await {
            Ok(Toets { record, antwoord: Ok(antwoord) }) => Ok((antwoord::van_toets(antwoord), Vraagrecord::Toets(record))),
            Ok(Toets { record, antwoord: Err(fout) }) => {
                Ok((antwoord::van_weigering(&fout, record.beleid()), Vraagrecord::Toets(record)))
            }
            Err(fout) => Err(vertaling::teruggewezen(fout)),
        },
        Ok(Gevraagd::Inzien { deel, doel }) => inzien(hub, van, deel, doel, nu).await,
        Err(fout) => Err(fout),
    };
    match uitkomst {
        Err(fout) if fout.code().status() < 500 => {
            let record = Vraagrecord::Fout {
                fout: Code::parse(fout.code().as_str()).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?,
            };
            Ok((antwoord::van_fout(&fout), record))
        }
        anders => anders,
    }
}

/// Whether the caller may view a part that lies with it, as if it asked for the key now.
async fn inzien(hub: &Hub, van: Oin, deel: DeelId, doel: Doel, nu: Tijdstip) -> Result<(Evaluatie, Vraagrecord), Fout> {
    let gids = hub.gids.stand(hub.store(), nu).await?;
    let lezer = gids.aangeslotene(van, nu)?;
    let (evaluatie, besluiten) = match reading::oordelen(hub, &gids, lezer, deel, doel, nu).await {
        // What is held looks like what is not there (R21).
        Ok(Oordeel { beslissing, .. }) if beslissing.besluit.uitkomst == Uitkomst::Aanhouden => {
            (antwoord::geen_informatie(), vec![Toetsregel::van(&beslissing)])
        }
        Ok(oordeel) if oordeel.voor_ander_doel() => return Err(Fout::new(ProblemCode::NietToegestaan)),
        Ok(Oordeel { beslissing, .. }) => (antwoord::van_inzage(van, &beslissing.besluit), vec![Toetsregel::van(&beslissing)]),
        Err(fout) if fout.code() == ProblemCode::NietGevonden => (antwoord::geen_informatie(), Vec::new()),
        Err(fout) => return Err(fout),
    };
    Ok((evaluatie, Vraagrecord::Inzien { deel, doel, besluiten }))
}
