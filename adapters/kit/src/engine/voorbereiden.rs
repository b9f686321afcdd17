//! From a concept to something that can be checked and sealed: references in the place of own keys, labels, schemas.
//!
//! All of it happens in the transaction that takes the message, so that what was minted once stays minted, and what does
//! not fit is refused before it is taken.

use inbreng_catalogue::{Deelname, Definitie};
use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, ConvenantId, DeelId, Labels, Oin, Problem, ProblemCode, Tijdstip, TypeNaam,
    limits::{Limits, SIZE_CLASSES, TOELICHTING_TEKENS},
    part::{Betrokkene, Toelichting},
    toets::{Toetsdeel, Toetsverzoek},
    vocabulary::{Gebruik, Urgentie},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Omgeving,
    plaatshouders::{self, Omstandigheid, Plaatsfout},
    plichten, verantwoording, vrijetekst,
};
use crate::{
    concept::{Casuskeuze, Concept},
    eigenaar, sealing,
    store::{Berichtnummer, Opslagfout, Transactie, Zaak},
    vastezin,
};

/// A message that is ready to be checked.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Voorbereiding {
    pub bericht: BerichtId,
    pub tijd: Tijdstip,
    /// As it is asked, but for the `opening`, which depends on the moment.
    pub verzoek: Toetsverzoek,
    pub delen: Vec<Voorbereiddeel>,
    /// The sender of the message that is answered.
    pub beantwoord: Option<Oin>,
    /// Why what is given by this yes is needed for another purpose (R28).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toelichting: Option<Toelichting>,
}

/// What the labels do not say of a part.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Voorbereiddeel {
    pub inhoud: Value,
    pub gebruik: Vec<Gebruik>,
    pub bewaren_tot: Option<Tijdstip>,
}

impl std::fmt::Debug for Voorbereiding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Voorbereiding").field("bericht", &self.bericht).finish_non_exhaustive()
    }
}

/// The result, with what the user should be warned of.
#[derive(Debug)]
pub(super) struct Voorbereid {
    pub voorbereiding: Voorbereiding,
    pub waarschuwingen: Vec<String>,
    /// Of these the ones that the sender must have seen before anything is sealed; none for what is acute.
    pub te_bevestigen: Vec<String>,
    pub zaak: Option<Zaak>,
}

/// Why a concept cannot become a message.
#[derive(Debug, thiserror::Error)]
pub enum Voorbereidfout {
    /// The sender can mend it.
    #[error("the message does not fit: {}", .0.code)]
    Probleem(Box<Problem>),
    /// The store.
    #[error(transparent)]
    Opslag(#[from] Opslagfout),
}

impl From<Problem> for Voorbereidfout {
    fn from(problem: Problem) -> Self {
        Self::Probleem(Box::new(problem))
    }
}

fn probleem(code: ProblemCode, pad: &str, detail: &str) -> Voorbereidfout {
    let mut problem = Problem::new(code).at(pad);
    detail.clone_into(&mut problem.detail);
    problem.into()
}

/// Prepares a concept.
pub(super) async fn voorbereiden(
    omgeving: &Omgeving,
    concept: Concept,
    convenant: ConvenantId,
    tx: &mut Transactie,
) -> Result<Voorbereid, Voorbereidfout> {
    let nu = omgeving.clock.now();
    let random = &*omgeving.random;
    let soort = omgeving.catalogus.definitie(&concept.soort).ok_or_else(|| Problem::new(ProblemCode::TypeOnbekend))?;
    let beantwoord = beantwoord(&concept, tx).await?;
    let zaak = zaak(omgeving, &concept, soort, beantwoord.as_ref(), tx).await?;
    let casus = zaak.as_ref().map(|z| z.verwijzing);

    let Concept { mut verklaring, mut delen, toelichting, .. } = concept;
    let mut waarden: Vec<&mut Value> = vec![&mut verklaring];
    waarden.extend(delen.iter_mut().map(|d| &mut d.inhoud));
    let omstandigheid = Omstandigheid { casus, beantwoord: beantwoord.as_ref(), eigen: omgeving.organisatie.oin, nu, random };
    plaatshouders::invullen(&mut waarden, omstandigheid, tx).await.map_err(plaatsfout)?;

    omgeving.catalogus.toets_verklaring(&soort.naam, &verklaring).map_err(|fout| {
        probleem(ProblemCode::VerklaringOngeldig, &format!("/verklaring{}", fout.pad), ProblemCode::VerklaringOngeldig.detail())
    })?;

    let bericht = BerichtId::mint(nu, random);
    let mut waarschuwingen = plichten::meldcode(&soort.naam, concept.variant.as_ref(), &verklaring);
    let toelichting = toelichting.map(|tekst| toegelicht(&concept.soort, &verklaring, tekst)).transpose()?;
    let mut te_bevestigen: Vec<String> = toelichting.iter().flat_map(|t| vrijetekst::in_toelichting(&t.tekst)).collect();
    let (mut toetsdelen, mut voorbereid) = (Vec::with_capacity(delen.len()), Vec::with_capacity(delen.len()));
    for (i, deel) in delen.into_iter().enumerate() {
        inhoud_toetsen(omgeving, soort, i, deel.categorie, &deel.inhoud)?;
        let gedekt = verantwoording::gedekt(&omgeving.catalogus, soort, deel.categorie, &deel.inhoud);
        if let Some((pad, detail)) = verantwoording::bezwaar(gedekt, deel.noodbesluit, deel.noodzaak) {
            return Err(probleem(ProblemCode::VeldOngeldig, &format!("/delen/{i}/inhoud{pad}"), detail));
        }
        te_bevestigen.extend(vrijetekst::waarschuwingen(deel.categorie, i, &deel.inhoud));
        waarschuwingen.extend(plichten::vaste_rol(deel.categorie, i, &deel.inhoud));
        waarschuwingen.extend(plichten::veilig_contact(&soort.naam, deel.categorie, i, &deel.inhoud));
        let betrokkenen = betrokkenen(&deel.betrokkenen, casus, random, tx).await?;
        let labels = Labels {
            bericht,
            berichttype: Berichttype::new(soort.naam.clone(), soort.versie),
            variant: concept.variant.clone(),
            antwoord_op: beantwoord.as_ref().map(|b| b.id),
            urgentie: concept.urgentie,
            convenant: convenant.clone(),
            id: DeelId::mint(nu, random),
            casus,
            eigenaar: omgeving.organisatie.oin,
            namens: deel.namens,
            functie: deel.functie,
            betrokkenen,
            categorie: deel.categorie,
            status: deel.status,
            waargenomen_op: deel.waargenomen_op,
            doel: deel.doel,
            grondslagen: deel.grondslagen,
            noodbesluit: deel.noodbesluit,
            noodzaak: deel.noodzaak,
            afgeschermd: deel.afgeschermd,
            briefing: deel.briefing,
            overlegdeel: deel.overlegdeel,
        };
        toetsdelen.push(Toetsdeel {
            labels,
            ontvangers: deel.ontvangers,
            wijze: deel.wijze.unwrap_or_else(|| soort.standaardwijze(concept.urgentie)),
            genoemd: deel.genoemd,
        });
        voorbereid.push(Voorbereiddeel {
            inhoud: deel.inhoud,
            gebruik: deel.gebruik.unwrap_or_else(|| soort.toegang.gebruik.clone()),
            bewaren_tot: deel.bewaren_tot,
        });
    }
    let verzoek = Toetsverzoek {
        berichttype: Berichttype::new(soort.naam.clone(), soort.versie),
        variant: concept.variant,
        casus,
        opening: None,
        urgentie: concept.urgentie,
        antwoord_op: beantwoord.as_ref().map(|b| b.id),
        convenant,
        gemeente: concept.gemeente,
        geadresseerden: concept.geadresseerden,
        verklaring,
        delen: toetsdelen,
    };
    let beantwoord = beantwoord.map(|b| b.van);
    waarschuwingen.extend(te_bevestigen.iter().cloned());
    // What is acute does not wait for a second look.
    if concept.urgentie == Urgentie::Acuut {
        te_bevestigen.clear();
    }
    let voorbereiding = Voorbereiding { bericht, tijd: nu, verzoek, delen: voorbereid, beantwoord, toelichting };
    Ok(Voorbereid { voorbereiding, waarschuwingen, te_bevestigen, zaak })
}

/// An explanation goes with a yes, says something, and fits.
fn toegelicht(soort: &TypeNaam, verklaring: &Value, tekst: String) -> Result<Toelichting, Voorbereidfout> {
    let veld = |detail: &str| probleem(ProblemCode::VeldOngeldig, "/toelichting", detail);
    if soort.as_str() != eigenaar::EIGENAAR_BESLUIT || verklaring.get("besluit").and_then(Value::as_str) != Some("ja") {
        return Err(veld("Een toelichting gaat mee met een ja op een verzoek om iets voor een ander doel te gebruiken (R28)."));
    }
    let toelichting = Toelichting { tekst };
    if sealing::zegt_iets(&toelichting) {
        return Ok(toelichting);
    }
    Err(veld(&format!("Leg in een paar zinnen uit waarom dit voor dat doel nodig is, in hoogstens {TOELICHTING_TEKENS} tekens.")))
}

async fn beantwoord(concept: &Concept, tx: &mut Transactie) -> Result<Option<Berichtnummer>, Voorbereidfout> {
    let Some(kenmerk) = &concept.antwoord_op else { return Ok(None) };
    let bekend = tx.bericht(kenmerk).await?;
    bekend.map(Some).ok_or_else(|| {
        probleem(ProblemCode::NietGevonden, "/antwoordOp", "Het bericht waarop dit een antwoord is, is hier niet bekend.")
    })
}

async fn zaak(
    omgeving: &Omgeving,
    concept: &Concept,
    soort: &Definitie,
    beantwoord: Option<&Berichtnummer>,
    tx: &mut Transactie,
) -> Result<Option<Zaak>, Voorbereidfout> {
    let onbekend =
        || probleem(ProblemCode::CasusOngeldig, "/casus", "Deze zaak is hier niet bekend, en dit bericht opent er geen.");
    match &concept.casus {
        Casuskeuze::Geen => Ok(None),
        Casuskeuze::VanAntwoord => {
            let casus = beantwoord.and_then(|b| b.casus).ok_or_else(onbekend)?;
            tx.zaak(&casus.to_string()).await?.map(Some).ok_or_else(onbekend)
        }
        Casuskeuze::VanBericht(kenmerk) => {
            let over = tx.bericht(kenmerk).await?.ok_or_else(|| {
                probleem(ProblemCode::NietGevonden, "/over", "Het bericht waar dit over gaat, is hier niet bekend.")
            })?;
            match over.casus {
                None => Ok(None),
                Some(casus) => tx.zaak(&casus.to_string()).await?.map(Some).ok_or_else(onbekend),
            }
        }
        Casuskeuze::Eigen(eigen) => match tx.zaak(eigen).await? {
            Some(zaak) => Ok(Some(zaak)),
            None if soort.deelname_van(concept.variant.as_ref()) == Deelname::Opent => {
                Ok(Some(tx.zaak_openen(eigen, omgeving.organisatie.oin, &*omgeving.random).await?))
            }
            None => Err(onbekend()),
        },
    }
}

async fn betrokkenen(
    eigen: &[(String, inbreng_domain::vocabulary::Leeftijdsgroep)],
    casus: Option<CasusRef>,
    random: &dyn inbreng_domain::Randomness,
    tx: &mut Transactie,
) -> Result<Vec<Betrokkene>, Voorbereidfout> {
    let mut betrokkenen = Vec::with_capacity(eigen.len());
    for (sleutel, leeftijdsgroep) in eigen {
        // Without a case there is nothing to tie a reference to; each message then has fresh ones.
        let persoon = match casus {
            Some(casus) => tx.persoon(casus, sleutel, random).await?,
            None => inbreng_domain::PersoonRef::mint(random),
        };
        betrokkenen.push(Betrokkene { persoon, leeftijdsgroep: *leeftijdsgroep });
    }
    Ok(betrokkenen)
}

fn plaatsfout(fout: Plaatsfout) -> Voorbereidfout {
    match fout {
        Plaatsfout::Opslag(fout) => fout.into(),
        Plaatsfout::Onbekend("$persoon" | "$casus") => {
            probleem(ProblemCode::CasusOngeldig, "", "Een zaak of persoon waarnaar dit bericht verwijst, is hier niet bekend.")
        }
        Plaatsfout::Onbekend(_) => {
            probleem(ProblemCode::NietGevonden, "", "Een bericht waarnaar dit bericht verwijst, is hier niet bekend.")
        }
        Plaatsfout::Vorm => probleem(ProblemCode::VeldOngeldig, "", "Een veld heeft een vorm die de adapter niet kent."),
    }
}

/// The content fits its schema, and is no larger than the type allows once padded (R27: there is no room to say more).
fn inhoud_toetsen(
    omgeving: &Omgeving,
    soort: &Definitie,
    i: usize,
    categorie: inbreng_domain::vocabulary::Categorie,
    inhoud: &Value,
) -> Result<(), Voorbereidfout> {
    omgeving.catalogus.toets_inhoud(&soort.naam, categorie, inhoud).map_err(|fout| {
        let detail = vastezin::grens(&soort.naam).map_or_else(
            || format!("De inhoud van deel {} past niet bij een {} met {categorie}.", i + 1, soort.titel),
            str::to_owned,
        );
        probleem(ProblemCode::VeldOngeldig, &format!("/delen/{i}/inhoud{}", fout.pad), &detail)
    })?;
    let te_groot = || probleem(ProblemCode::TeGroot, &format!("/delen/{i}/inhoud"), ProblemCode::TeGroot.detail());
    let lengte = inbreng_proof::canonical(inhoud).map_err(|_| te_groot())?.len();
    let klasse = SIZE_CLASSES.into_iter().find(|k| *k >= lengte).ok_or_else(te_groot)?;
    let hoogstens = usize::try_from(soort.delen.grootste_inhoud).unwrap_or(usize::MAX).min(Limits::default().message_bytes);
    if klasse > hoogstens { Err(te_groot()) } else { Ok(()) }
}
