//! What was shared about a person, for that person, through a partner that answers for the case (R33): who gave what to whom, when
//! and for what; never content. What R20 to R26 forbid to tell is left out, and nothing shows whether anything is.

use std::{borrow::Cow, collections::BTreeMap};

use inbreng_domain::{
    Besluit, Code, ConvenantId, Digest, Labels, Oin, Tijdstip, TypeNaam,
    overzicht::{Overzicht, Overzichtregel, Overzichtverzoek},
    problem::ProblemCode,
    vocabulary::{
        Categorie, Deelname, Doel, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Partnertype, Scheiding,
    },
};
use inbreng_policy::{Beleid, Organisatienamen, Vastlegging, Verzoek};
use inbreng_proof::{Gids, Partner, Typ, sha256};
use inbreng_storage::{Feitenstand, Inzagegrens, NieuwOverzicht, OntvangenDeel};
use serde::Serialize;
use time::Duration;

use crate::{
    Fout, Hub,
    decide::{
        case::{self, Zaak},
        vastgelegd, view,
    },
    herstel,
    leaf::{self, Soort},
    policies::InKracht,
    words,
};

/// A request counts this long, before and after.
const VERS: Duration = Duration::minutes(5);
/// How often is drawn up again when facts move meanwhile.
const POGINGEN: usize = 5;
/// The type in which a person is told what was shared. Whether it may be told is what the covenant says of that (R20–R26, R32).
const VERTELD: &str = "transparantiebericht";
/// How the person is named in the sentences of a decision.
const PERSOON: &str = "de betrokkene";
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
    controleren(&verzoek, van, nu)?;
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
    let vraag = Vertelvraag { zaak: &zaak, gids: &gids.gids, nu };
    let (besluit, gevraagd, namen) = vraag.zelf(&geldend.beleid, &verzoek.convenant, vrager)?;
    let vastlegging =
        Vastlegging { besluit: Cow::Borrowed(&besluit), namen: Cow::Borrowed(&namen), verzoek: Cow::Borrowed(&gevraagd) };
    let verklaring = sha256(jws.as_bytes());
    let record = Overzichtrecord { ontvanger: van, functie: &verzoek.functie, verklaring, vastlegging: vastlegging.clone() };
    let blad = leaf::maken(Soort::Overzicht, &record, nu, hub.random.as_ref())?;
    // Kept apart in this case, or watched by a family: then nothing goes to the person on paper (R22, R23, R25). It still hears within
    // the month that it does not, and where it may turn to (GDPR art. 12(4)).
    let mag = besluit.uitkomst.levert();
    let besluiten = if mag { Vec::new() } else { vec![vastgelegd(None, van, &vastlegging)?] };
    let regels = if mag {
        let delen = hub.store.ontvangen_delen(verzoek.casus, verzoek.persoon).await?;
        vraag.regels(hub, &verzoek, &geldend, delen).await?
    } else {
        Vec::new()
    };
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
        return Err(Fout::new(ProblemCode::NietToegestaan).met_besluiten(vec![view::voor_afzender(van, None, &besluit)]));
    }
    Ok(Some(Overzicht {
        verzoek: verzoek.verzoek,
        opgesteld_op: nu,
        uiterlijk,
        beleid: besluit.beleid,
        zin: ZIN.to_owned(),
        verplichtingen: besluit.verplichtingen,
        regels,
    }))
}

/// By this partner, of now, about something that was asked already.
fn controleren(verzoek: &Overzichtverzoek, van: Oin, nu: Tijdstip) -> Result<(), Fout> {
    if verzoek.organisatie != van {
        return Err(Fout::new(ProblemCode::NietGelijk).at("/verklaring"));
    }
    // A day begins earlier in the Netherlands than in the hub's reckoning.
    let morgen = nu.offset().date().next_day();
    let vers = nu.since(verzoek.tijd).abs() <= VERS;
    let gevraagd = morgen.is_none_or(|morgen| verzoek.gevraagd_op.date() <= morgen);
    if vers && gevraagd { Ok(()) } else { Err(Fout::new(ProblemCode::VeldOngeldig).at("/verklaring")) }
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

/// Whether the covenant lets it be told to the person, in this case, now.
struct Vertelvraag<'a> {
    zaak: &'a Zaak,
    gids: &'a Gids,
    nu: Tijdstip,
}

impl Vertelvraag<'_> {
    /// That this organisation shared something. What is known of the case is set as it is; who tells it takes part.
    fn verzoek(&self, convenant: &ConvenantId, van: (Partnertype, Oin), embargo: bool) -> Result<Verzoek, Fout> {
        let soort = TypeNaam::parse(VERTELD).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
        let naar = (van.0.into(), Ontvangersoort::Betrokkene);
        let vlaggen: &[Scheiding] = self.zaak.feiten().vlaggen();
        Ok(Verzoek {
            van_oin: Some(van.1),
            grondslagen: vec![Grondslag::WettelijkeTaak],
            ondertekend: Ondertekend::Beide,
            van_deelnemer: Deelname::Ja,
            naar_deelnemer: Deelname::Ja,
            noodzaak: Noodzaak::Toegelicht,
            embargo: JaNee::from(embargo),
            scheiding: vlaggen.to_vec(),
            afgeschermd: JaNee::Nee,
            bevestigd: JaNee::Ja,
            nu: Some(self.nu),
            ..Verzoek::strengste(convenant.clone(), soort, naar, Categorie::Proces, Doel::Verantwoording, Handeling::Ontvangen)
        })
    }

    /// Whether the partner that was asked may tell this person anything on paper.
    fn zelf(
        &self,
        beleid: &Beleid,
        convenant: &ConvenantId,
        vrager: &Partner,
    ) -> Result<(Besluit, Verzoek, Organisatienamen), Fout> {
        let verzoek = self.verzoek(convenant, (vrager.vermelding.partnertype, vrager.vermelding.oin), false)?;
        let namen = Organisatienamen { eigenaar: vrager.vermelding.naam.clone(), ontvanger: PERSOON.to_owned() };
        let besluit = beleid.beslissen(&verzoek, &namen.namen());
        Ok((besluit, verzoek, namen))
    }

    /// The deliveries, each with what of it may be told.
    async fn regels(
        &self,
        hub: &Hub,
        verzoek: &Overzichtverzoek,
        geldend: &InKracht,
        delen: Vec<OntvangenDeel>,
    ) -> Result<Vec<Overzichtregel>, Fout> {
        let mut anders: BTreeMap<ConvenantId, Option<InKracht>> = BTreeMap::new();
        let mut regels: Vec<(u64, Overzichtregel)> = Vec::new();
        for deel in delen {
            let labels: Labels =
                serde_json::from_str(&deel.labels).map_err(|error| Fout::new(ProblemCode::InterneFout).door(error))?;
            if !labels.betrokkenen.iter().any(|b| b.persoon == verzoek.persoon) {
                continue;
            }
            // Each under the covenant under which it was shared; of one that is no more, nobody can say what may be told.
            let beleid = if labels.convenant == verzoek.convenant {
                Some(&geldend.beleid)
            } else {
                if !anders.contains_key(&labels.convenant) {
                    let ander = match hub.beleid.geldend(hub.store(), &labels.convenant, self.nu, "").await {
                        Ok(ander) => Some(ander),
                        Err(fout) if [ProblemCode::VeldOngeldig, ProblemCode::BeleidVerouderd].contains(&fout.code()) => None,
                        Err(fout) => return Err(fout),
                    };
                    anders.insert(labels.convenant.clone(), ander);
                }
                anders.get(&labels.convenant).and_then(Option::as_ref).map(|g| &g.beleid)
            };
            let Some(beleid) = beleid else { continue };
            if self.mag_verteld(beleid, &labels, deel.ontvanger)? {
                bijschrijven(&mut regels, deel, &labels);
            }
        }
        Ok(regels.into_iter().map(|(_, regel)| regel).collect())
    }

    /// Whether it may be told that this part was shared.
    fn mag_verteld(&self, beleid: &Beleid, labels: &Labels, ontvanger: Oin) -> Result<bool, Fout> {
        let soort = |oin: Oin| self.gids.partner(oin).map(|p| p.vermelding.partnertype);
        // Of who is in the directory no more nobody can say what it is: a shelter, or the prosecution.
        let (Some(van), Some(naar)) = (soort(labels.eigenaar), soort(ontvanger)) else { return Ok(false) };
        // Neither that there is a secret address, nor by its name which shelter knows of somebody (R24).
        let geheim = labels.categorie == Categorie::AdresGeheim || [van, naar].contains(&Partnertype::Vrouwenopvang);
        // What the prosecution says of a case never goes to a client; in a divided one, nor what goes to its part (R22).
        let van_om = van == Partnertype::Om && labels.categorie == Categorie::Straf
            || naar == Partnertype::Om && self.zaak.feiten().vlaggen().contains(&Scheiding::OmClient);
        // What a child told for professionals alone is not shown to who asks in its name (R26).
        if geheim || van_om || labels.afgeschermd.is_ja() {
            return Ok(false);
        }
        let eigenaar = (van, labels.eigenaar);
        // What went to who set one is not shown either: it says with whom the setter is in touch (R20).
        let embargo = [labels.eigenaar, ontvanger].into_iter().any(|oin| self.zaak.feiten().embargo(oin, Some(labels)));
        Ok(beleid.uitkomst(&self.verzoek(&labels.convenant, eigenaar, embargo)?).levert())
    }
}

/// Adds a part to the line of its delivery; the parts of one stand behind each other.
fn bijschrijven(regels: &mut Vec<(u64, Overzichtregel)>, deel: OntvangenDeel, labels: &Labels) {
    let OntvangenDeel { levering, berichttype, aangenomen_op, ontvanger, ontvangen_op, doel, .. } = deel;
    let doel = doel.unwrap_or(labels.doel);
    match regels.last_mut().filter(|(vorige, _)| *vorige == levering) {
        Some((_, regel)) => {
            if !regel.doelen.contains(&doel) {
                regel.doelen.push(doel);
            }
            if !regel.categorieen.contains(&labels.categorie) {
                regel.categorieen.push(labels.categorie);
            }
        }
        None => {
            let regel = Overzichtregel {
                organisatie: labels.eigenaar,
                ontvanger,
                berichttype,
                gedeeld_op: aangenomen_op,
                ontvangen_op,
                doelen: vec![doel],
                categorieen: vec![labels.categorie],
            };
            regels.push((levering, regel));
        }
    }
}
