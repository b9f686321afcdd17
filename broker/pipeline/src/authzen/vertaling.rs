//! From the standard's words to ours: subject is the caller, resource a part (or a statement without parts), action what the
//! recipient would do with it, context the message around it. What is left out takes its most restrictive value.

use inbreng_domain::{
    BerichtId, Code, DeelId, Labels, Oin, Randomness, Tijdstip,
    problem::ProblemCode,
    toets::{Toetsdeel, Toetsverzoek},
    vocabulary::{Doel, Grondslag, Handeling, JaNee, Noodzaak, Toegangswijze, Urgentie},
};
use serde_json::json;

use super::vraag::{Entiteit, Velden, Vraag, moet, ongeldig, veld};
use crate::Fout;

/// The one kind of subject: an organisation, by its OIN.
pub(super) const PARTNER: &str = "partner";
/// A part.
pub(super) const DEEL: &str = "deel";
/// A statement without parts, named by its message type.
pub(super) const VERKLARING: &str = "verklaring";

const EIGENSCHAPPEN: &str = "/resource/properties";
const CONTEXT: &str = "/context";

/// What is asked of the hub.
#[derive(Debug)]
pub(super) enum Gevraagd {
    /// May this be sent?
    Toets(Box<Toetsverzoek>),
    /// May the caller view this part, which lies with it?
    Inzien { deel: DeelId, doel: Doel },
}

/// Translates a question.
///
/// # Errors
/// `bron-niet-eigen` for a question in another's name, `veld-ongeldig` with the place for what has no meaning here.
pub(super) fn vertalen(vraag: &Vraag, van: Oin, nu: Tijdstip, random: &dyn Randomness) -> Result<Gevraagd, Fout> {
    if vraag.onderwerp.soort != PARTNER || vraag.onderwerp.id != van.as_str() {
        return Err(Fout::new(ProblemCode::BronNietEigen).at("/subject"));
    }
    let wijze = match vraag.handeling.parse() {
        Ok(Handeling::Ontvangen) => Toegangswijze::Meegeleverd,
        Ok(Handeling::Inzien) => Toegangswijze::Inzage,
        // What a recipient does with what it has is asked of the owner, by a message.
        Ok(Handeling::OpnemenInDossier | Handeling::Doorverstrekken) | Err(_) => return Err(ongeldig("/action/name")),
    };
    match vraag.bron.soort.as_str() {
        DEEL if wijze == Toegangswijze::Inzage && !vraag.bron.eigenschappen.contains_key("categorie") => inzien(vraag),
        DEEL => toets(vraag, Some((van, wijze)), nu, random),
        VERKLARING if wijze == Toegangswijze::Meegeleverd => toets(vraag, None, nu, random),
        VERKLARING => Err(ongeldig("/action/name")),
        _ => Err(ongeldig("/resource/type")),
    }
}

fn inzien(vraag: &Vraag) -> Result<Gevraagd, Fout> {
    Ok(Gevraagd::Inzien { deel: deel_id(&vraag.bron)?, doel: moet(&vraag.context, CONTEXT, "doel")? })
}

fn deel_id(bron: &Entiteit) -> Result<DeelId, Fout> {
    bron.id.parse().map_err(|_| ongeldig("/resource/id"))
}

fn toets(vraag: &Vraag, deel: Option<(Oin, Toegangswijze)>, nu: Tijdstip, random: &dyn Randomness) -> Result<Gevraagd, Fout> {
    let context = &vraag.context;
    let berichttype = match deel {
        Some(_) => moet(context, CONTEXT, "type")?,
        None => vraag.bron.id.parse().map_err(|_| ongeldig("/resource/id"))?,
    };
    let mut verzoek = Toetsverzoek {
        berichttype,
        variant: veld(context, CONTEXT, "variant")?,
        casus: veld(context, CONTEXT, "casus")?,
        opening: veld(context, CONTEXT, "opening")?,
        urgentie: veld(context, CONTEXT, "urgentie")?.unwrap_or(Urgentie::Normaal),
        antwoord_op: veld(context, CONTEXT, "antwoordOp")?,
        convenant: moet(context, CONTEXT, "convenant")?,
        gemeente: veld(context, CONTEXT, "gemeente")?,
        geadresseerden: veld(context, CONTEXT, "geadresseerden")?.unwrap_or_default(),
        verklaring: context.get("verklaring").cloned().unwrap_or_else(|| json!({})),
        delen: Vec::new(),
    };
    if let Some((eigenaar, wijze)) = deel {
        let labels = labels(vraag, eigenaar, &verzoek, BerichtId::mint(nu, random))?;
        let genoemd = veld(context, CONTEXT, "genoemd")?.unwrap_or(false);
        verzoek.delen.push(Toetsdeel { labels, ontvangers: Vec::new(), wijze, genoemd });
    }
    Ok(Gevraagd::Toets(Box::new(verzoek)))
}

/// The labels that the part would bear.
fn labels(vraag: &Vraag, eigenaar: Oin, kop: &Toetsverzoek, bericht: BerichtId) -> Result<Labels, Fout> {
    let eigen: &Velden = &vraag.bron.eigenschappen;
    Ok(Labels {
        bericht,
        berichttype: kop.berichttype.clone(),
        variant: kop.variant.clone(),
        antwoord_op: kop.antwoord_op,
        urgentie: kop.urgentie,
        convenant: kop.convenant.clone(),
        id: deel_id(&vraag.bron)?,
        casus: kop.casus,
        eigenaar: veld(eigen, EIGENSCHAPPEN, "eigenaar")?.unwrap_or(eigenaar),
        namens: veld(eigen, EIGENSCHAPPEN, "namens")?,
        functie: match veld(eigen, EIGENSCHAPPEN, "functie")? {
            Some(functie) => functie,
            None => Code::parse("onbekend").map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?,
        },
        betrokkenen: veld(eigen, EIGENSCHAPPEN, "betrokkenen")?.unwrap_or_default(),
        categorie: moet(eigen, EIGENSCHAPPEN, "categorie")?,
        status: veld(eigen, EIGENSCHAPPEN, "status")?,
        waargenomen_op: veld(eigen, EIGENSCHAPPEN, "waargenomenOp")?,
        doel: moet(eigen, EIGENSCHAPPEN, "doel")?,
        grondslagen: veld(eigen, EIGENSCHAPPEN, "grondslagen")?.unwrap_or_else(|| vec![Grondslag::Geen]),
        noodbesluit: veld(eigen, EIGENSCHAPPEN, "noodbesluit")?.unwrap_or(JaNee::Nee),
        noodzaak: veld(eigen, EIGENSCHAPPEN, "noodzaak")?.unwrap_or(Noodzaak::NietToegelicht),
        afgeschermd: veld(eigen, EIGENSCHAPPEN, "afgeschermd")?.unwrap_or(JaNee::Ja),
        briefing: veld(eigen, EIGENSCHAPPEN, "briefing")?.unwrap_or(JaNee::Nee),
        overlegdeel: veld(eigen, EIGENSCHAPPEN, "overlegdeel")?,
    })
}

/// A refusal of the check, pointing at the place in the question.
pub(super) fn teruggewezen(fout: Fout) -> Fout {
    let Some(pad) = fout.pad() else { return fout };
    let plaats = match pad.strip_prefix("/delen/0") {
        Some(rest) => match rest.strip_prefix("/labels") {
            Some(veld) => format!("{EIGENSCHAPPEN}{veld}"),
            None => "/resource".to_owned(),
        },
        None if pad.starts_with("/data") => "/context".to_owned(),
        None => format!("{CONTEXT}{pad}"),
    };
    fout.at(plaats)
}
