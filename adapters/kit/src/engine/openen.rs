//! A delivery, verified from the outside in: who sent it, that nothing was changed on the way, that each part is its
//! owner's and meant for us; then opened and judged by its schema.

use inbreng_catalogue::{Catalogus, Definitie, Van, VanWoord};
use inbreng_domain::{
    BerichtId, Deel, DeelId, Labels, Tijdstip,
    levering::{Levering, Leveringsbesluit},
    receipts::Weigeringscode,
    vocabulary::{Categorie, Partnertype, Toegangswijze},
};
use inbreng_proof::{Partner, VerifyingKey, bericht as proof};
use serde_json::Value;

use super::{
    Omgeving, Werkfout,
    eigenbesluit::{Afwijking, Eigenbesluit},
    ondertekenaar, plichten, veroudering,
};
use crate::{
    concept::{Afzender, AlleenInzage, Berichtverwijzing, Casusverwijzing, Deelinhoud, Ontvangen, OntvangenDeel},
    eigenaar, sealing, vastezin,
};

/// Why a delivery is not handed on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Leverfout {
    /// Refused: the hub is told the code, the log the reason.
    #[error("{1}")]
    Geweigerd(Weigeringscode, &'static str),
    /// The sender, or the certificate it signed with, is not in the directory as we know it; perhaps after a refresh.
    #[error("sender or its certificate is not in the verified directory")]
    AfzenderOnbekend,
    /// Our own trouble.
    #[error(transparent)]
    Werk(#[from] Werkfout),
}

const fn weiger(code: Weigeringscode, waarom: &'static str) -> Leverfout {
    Leverfout::Geweigerd(code, waarom)
}

/// Verifies and opens a delivery as it came.
pub(super) async fn openen(omgeving: &Omgeving, ruw: &str) -> Result<Ontvangen, Leverfout> {
    let vorm = || weiger(Weigeringscode::InhoudOngeldig, "delivery has another form");
    let waarde: Value = serde_json::from_str(ruw).map_err(|_| vorm())?;
    let levering: Levering = serde_json::from_value(waarde.clone()).map_err(|_| vorm())?;
    let gids = omgeving.boek.gids();
    let afzender = gids.partner(levering.bericht.source.oin()).ok_or(Leverfout::AfzenderOnbekend)?;
    let handtekening = &levering.bericht.data.bericht.handtekening;
    let sleutel = ondertekenaar::sleutel(omgeving, afzender, handtekening).await?.ok_or(Leverfout::AfzenderOnbekend)?;
    bericht_toetsen(&waarde, &levering, &sleutel)?;
    let soort = omgeving
        .catalogus
        .soort(&levering.bericht.berichttype)
        .ok_or_else(|| weiger(Weigeringscode::TypeOnbekend, "type or version not known here"))?;
    let data = &levering.bericht.data;
    let categorieen: Vec<Categorie> = data.delen.iter().map(|d| d.labels.categorie).collect();
    if !mag_versturen(soort, afzender.vermelding.partnertype, data.bericht.antwoord_op.is_some(), &categorieen) {
        return Err(weiger(Weigeringscode::AfzenderOnbevoegd, "this kind of organisation does not send this type"));
    }
    let bericht = &levering.bericht.data.bericht;
    omgeving
        .catalogus
        .toets_verklaring(&soort.naam, &bericht.verklaring)
        .map_err(|_| weiger(Weigeringscode::InhoudOngeldig, "statement does not fit its schema"))?;
    // Stripped of its parts it is not the whole, and gets no receipt.
    if levering.bericht.data.delen.is_empty() && soort.delen.zonder_delen.is_none() {
        return Err(weiger(Weigeringscode::InhoudOngeldig, "message of this type without its parts"));
    }
    let mut delen: Vec<OntvangenDeel> = Vec::with_capacity(levering.bericht.data.delen.len());
    // What its owner gave us in answer to a request: its word names that, and no hub can make it.
    let mut doorgegeven = Vec::new();
    for deel in &levering.bericht.data.delen {
        labels_toetsen(&deel.labels, &levering)?;
        // The owner signs each part by itself: shown twice, every proof of it would still hold.
        if delen.iter().any(|eerder| eerder.labels.id == deel.labels.id) {
            return Err(weiger(Weigeringscode::InhoudOngeldig, "a part twice"));
        }
        let (deel, verzoek) = deel_openen(omgeving, deel, soort, &sleutel, &levering)?;
        doorgegeven.extend(verzoek.map(|_| deel.labels.id));
        delen.push(deel);
    }
    zelf_beslissen(omgeving, &levering, soort, afzender, &mut delen, &doorgegeven).await?;
    samenstellen(omgeving, &levering, soort, afzender, delen).await
}

/// Puts the stricter of the hub's decision and ours on every part; what differs is an alarm.
async fn zelf_beslissen(
    omgeving: &Omgeving,
    levering: &Levering,
    soort: &Definitie,
    afzender: &Partner,
    delen: &mut [OntvangenDeel],
    doorgegeven: &[DeelId],
) -> Result<(), Leverfout> {
    let toestemmingen = match levering.bericht.subject {
        Some(casus) => omgeving.opslag.toestemmingen(casus).await.map_err(Werkfout::from)?,
        None => Vec::new(),
    };
    let eigen = Eigenbesluit::new(omgeving, levering, soort, afzender, toestemmingen);
    if delen.iter().any(|deel| eigen.mist_een_partij(&deel.labels)) {
        let ververst = omgeving.boek.verversen(&omgeving.hub, &omgeving.opslag, omgeving.clock.now()).await;
        if let Err(fout) = ververst {
            tracing::warn!(reden = %fout, "partijen van het convenant niet opnieuw opgehaald");
        }
    }
    for deel in delen {
        let beleid = omgeving.boek.beleid_van(&deel.labels.convenant);
        let verklaring = &levering.bericht.data.bericht.verklaring;
        deel.oud_vanaf = veroudering::oud_vanaf(beleid.as_deref(), &soort.naam, &deel.labels, verklaring);
        let door = doorgegeven.contains(&deel.labels.id);
        if eigen.mist_uitleg(deel, door) {
            return Err(weiger(Weigeringscode::ToegangOntbreekt, "given for another purpose without why (R28)"));
        }
        if door {
            eigen.doorgegeven(deel);
            continue;
        }
        let afwijking = eigen.toepassen(deel);
        deel.bewaren_tot =
            plichten::bewaren_tot(deel.bewaren_tot, &deel.verplichtingen, beleid.as_deref(), levering.aangenomen_op);
        // Whether a view-only part came by its owner's answer to a request, its owner's word says, which comes with its key: what
        // differs otherwise shows at the reading, and nothing of it is known before.
        let afwijking = afwijking.filter(|a| deel.inhoud.open().is_some() || *a == Afwijking::Ontbreekt);
        if let Some(afwijking) = afwijking {
            afwijking_melden(omgeving, levering, (soort, afzender), afwijking).await?;
        }
    }
    Ok(())
}

/// A hub that says something else than the policy, a human must know.
async fn afwijking_melden(
    omgeving: &Omgeving,
    levering: &Levering,
    (soort, afzender): (&Definitie, &Partner),
    afwijking: Afwijking,
) -> Result<(), Werkfout> {
    tracing::warn!(levering = %levering.id, waarom = afwijking.uitleg(), "besluit van het knooppunt wijkt af");
    let uitleg = format!(
        "Het knooppunt gaf bij een levering ({}) van {} een ander besluit dan het beleid: {}. De strengste van beide geldt. \
         Bel de convenantbeheerder.",
        soort.naam,
        afzender.vermelding.naam,
        afwijking.uitleg()
    );
    omgeving.alarm("besluit-wijkt-af", levering.id, &uitleg).await
}

/// Our own decision on a view-only part that was opened to be read. False: a human had to explain why it is needed for this purpose,
/// and nobody did (R28).
pub(super) async fn zelf_beslissen_bij_inzage(
    omgeving: &Omgeving,
    levering: &Levering,
    soort: &Definitie,
    deel: &mut OntvangenDeel,
    doorgegeven: bool,
) -> Result<bool, Werkfout> {
    let gids = omgeving.boek.gids();
    let Some(afzender) = gids.partner(deel.labels.eigenaar) else { return Ok(true) };
    let toestemmingen = match levering.bericht.subject {
        Some(casus) => omgeving.opslag.toestemmingen(casus).await?,
        None => Vec::new(),
    };
    let eigen = Eigenbesluit::new(omgeving, levering, soort, afzender, toestemmingen).bij_inzage();
    if eigen.mist_uitleg(deel, doorgegeven) {
        return Ok(false);
    }
    if doorgegeven {
        eigen.doorgegeven(deel);
    } else if let Some(afwijking) = eigen.toepassen(deel) {
        afwijking_melden(omgeving, levering, (soort, afzender), afwijking).await?;
    }
    Ok(true)
}

/// Whether the catalogue lets this kind of organisation send this type, and each category in it: by the pinned directory, since
/// a hub could let anyone announce a house ban. Who takes part in the case, or manages it, only the hub knows.
fn mag_versturen(soort: &Definitie, van: Partnertype, is_antwoord: bool, categorieen: &[Categorie]) -> bool {
    let type_past = soort.van.iter().any(|wie| match wie {
        Van::Partner(soort) => *soort == van,
        // Who received a question answers it; who received something asks about it of whom it came (43, 44).
        Van::Woord(VanWoord::Ontvanger) => is_antwoord || soort.antwoord_op.is_empty(),
        // The hub's own word comes in an answer of the hub, and never as a delivery.
        Van::Woord(VanWoord::Knooppunt) => false,
        Van::Woord(VanWoord::Iedereen | VanWoord::Deelnemer | VanWoord::Casusregisseur) => true,
    });
    type_past
        && categorieen.iter().all(|categorie| {
            let mut regels = soort.delen.regels.iter().filter(|r| r.categorieen.contains(categorie));
            regels.any(|r| r.van.is_empty() || r.van.contains(&van))
        })
}

/// The sender signed this `bericht`, and the envelope repeats it.
fn bericht_toetsen(waarde: &Value, levering: &Levering, afzender: &VerifyingKey) -> Result<(), Leverfout> {
    let envelop = &levering.bericht;
    let bericht = &envelop.data.bericht;
    let getekend = waarde.pointer("/bericht/data/bericht").ok_or_else(|| weiger(Weigeringscode::InhoudOngeldig, "no bericht"))?;
    proof::verify_bericht(getekend, afzender)
        .map_err(|_| weiger(Weigeringscode::HandtekeningOngeldig, "sender's signature does not hold"))?;
    let gelijk = envelop.id == bericht.id
        && envelop.berichttype == bericht.berichttype
        && envelop.subject == bericht.casus
        && envelop.time == bericht.tijd
        && envelop.source.oin() == bericht.van
        && levering.baan == bericht.urgentie;
    if gelijk { Ok(()) } else { Err(weiger(Weigeringscode::HandtekeningOngeldig, "envelope does not repeat the signed message")) }
}

/// A part belongs to this message, and its owner is the sender (R1).
fn labels_toetsen(labels: &Labels, levering: &Levering) -> Result<(), Leverfout> {
    let bericht = &levering.bericht.data.bericht;
    let gelijk = labels.bericht == bericht.id
        && labels.berichttype == bericht.berichttype
        && labels.variant == bericht.variant
        && labels.antwoord_op == bericht.antwoord_op
        && labels.urgentie == bericht.urgentie
        && labels.casus == bericht.casus
        && labels.eigenaar == bericht.van;
    if gelijk { Ok(()) } else { Err(weiger(Weigeringscode::HandtekeningOngeldig, "part does not belong to this message")) }
}

fn deel_openen(
    omgeving: &Omgeving,
    deel: &Deel,
    soort: &Definitie,
    key: &VerifyingKey,
    levering: &Levering,
) -> Result<(OntvangenDeel, Option<BerichtId>), Leverfout> {
    let besluit = levering.besluiten.iter().find(|b| b.deel == Some(deel.labels.id));
    let oin = omgeving.organisatie.oin;
    // Without a wrap and a statement it is view-only: the owner's proof must hold all the same.
    if deel.inhoud.recipients.is_empty() && deel.toegang.is_empty() {
        sealing::bewijs_toetsen(deel, key).map_err(|e| weiger(e.weigeringscode(), "owner's proof does not hold"))?;
        return Ok((ontvangen_deel(deel, Deelinhoud::AlleenInzage(AlleenInzage::AlleenInzage), None, None, besluit), None));
    }
    let geopend = sealing::openen(deel, oin, omgeving.bos.load().zegels(), key).map_err(|fout| {
        tracing::warn!(levering = %levering.id, reden = %fout, "deel niet geopend");
        weiger(fout.weigeringscode(), "part does not open")
    })?;
    if geopend.toegang.wijze == Toegangswijze::Inzage {
        return Err(weiger(Weigeringscode::ToegangOntbreekt, "view-only part came with its key"));
    }
    let inhoud = inhoud_toetsen(&omgeving.catalogus, soort, &deel.labels, &geopend.inhoud)?;
    let verzoek = geopend.toegang.verzoek;
    // A school reads a name and one fixed sentence; what is said beside it is not shown (R27).
    if geopend.toelichting.is_some() && omgeving.organisatie.partnertype == Partnertype::School {
        return Err(weiger(Weigeringscode::InhoudOngeldig, "explanation for a school"));
    }
    Ok((ontvangen_deel(deel, Deelinhoud::Open(inhoud), Some(geopend.toegang), geopend.toelichting, besluit), verzoek))
}

/// The content is what its labels say it is: judged here again, since a sender can have left its own adapter out.
pub(super) fn inhoud_toetsen(
    catalogus: &Catalogus,
    soort: &Definitie,
    labels: &Labels,
    inhoud: &sealing::Klaretekst,
) -> Result<Value, Leverfout> {
    let ongeldig = |_| weiger(Weigeringscode::InhoudOngeldig, "content does not fit its schema");
    let waarde = inhoud.waarde().map_err(|_| weiger(Weigeringscode::InhoudOngeldig, "content is not strict JSON"))?;
    catalogus.toets_inhoud(&soort.naam, labels.categorie, &waarde).map_err(ongeldig)?;
    Ok(waarde)
}

fn ontvangen_deel(
    deel: &Deel,
    inhoud: Deelinhoud,
    toegang: Option<inbreng_domain::part::Toegangsverklaring>,
    toelichting: Option<inbreng_domain::part::Toelichting>,
    besluit: Option<&Leveringsbesluit>,
) -> OntvangenDeel {
    let (gebruik, doel, genoemd, bewaren_tot): (_, _, _, Option<Tijdstip>) = match toegang {
        Some(t) => (t.gebruik, Some(t.doel), Some(t.genoemd), t.bewaren_tot),
        None => (Vec::new(), None, None, None),
    };
    OntvangenDeel {
        labels: deel.labels.clone(),
        inhoud,
        gebruik,
        doel,
        toelichting: toelichting.map(|t| t.tekst),
        genoemd,
        bewaren_tot,
        oud_vanaf: None,
        zin: besluit.map(|b| b.zin.clone()).unwrap_or_default(),
        verplichtingen: besluit.map(|b| b.verplichtingen.clone()).unwrap_or_default(),
    }
}

async fn samenstellen(
    omgeving: &Omgeving,
    levering: &Levering,
    soort: &Definitie,
    afzender: &Partner,
    delen: Vec<OntvangenDeel>,
) -> Result<Ontvangen, Leverfout> {
    let bericht = &levering.bericht.data.bericht;
    let opslag = &omgeving.opslag;
    let casus = match bericht.casus {
        None => None,
        Some(verwijzing) => {
            let bekend = opslag.zaak(verwijzing).await.map_err(Werkfout::from)?;
            // A key that is the reference itself was never given by the own system.
            let eigen = bekend.map(|z| z.eigen).filter(|e| *e != verwijzing.to_string());
            Some(Casusverwijzing { verwijzing, eigen })
        }
    };
    let personen = match bericht.casus {
        None => Vec::new(),
        Some(verwijzing) => opslag.personen(verwijzing).await.map_err(Werkfout::from)?,
    };
    let antwoord_op = verwijzing(omgeving, bericht.antwoord_op).await?;
    let over = verwijzing(omgeving, eigenaar::over(&bericht.verklaring)).await?;
    let zin = vastezin::zin(&soort.naam, &delen);
    Ok(Ontvangen {
        levering: levering.id,
        bericht: bericht.id,
        soort: soort.naam.clone(),
        variant: bericht.variant.clone(),
        urgentie: bericht.urgentie,
        tijd: bericht.tijd,
        aangenomen_op: levering.aangenomen_op,
        van: Afzender { oin: bericht.van, naam: afzender.vermelding.naam.clone(), partnertype: afzender.vermelding.partnertype },
        casus,
        antwoord_op,
        over,
        verklaring: bericht.verklaring.clone(),
        delen,
        personen: personen.into_iter().collect(),
        zin,
    })
}

/// An earlier message as our own system names it.
async fn verwijzing(omgeving: &Omgeving, id: Option<BerichtId>) -> Result<Option<Berichtverwijzing>, Leverfout> {
    let Some(id) = id else { return Ok(None) };
    let bekend = omgeving.opslag.bericht(&id.to_string()).await.map_err(Werkfout::from)?;
    Ok(Some(Berichtverwijzing { id, eigen: bekend.map(|b| b.kenmerk).filter(|k| *k != id.to_string()) }))
}

#[cfg(test)]
mod tests {
    use inbreng_domain::{
        TypeNaam,
        vocabulary::{Doel, JaNee},
    };
    use serde_json::json;

    use super::*;
    use crate::testsleutels::{GGZ, VEILIG_THUIS, labels, oin, ondertekening, random};

    /// Sealed and signed as it should be, by a sender that left its own adapter's judgement out (R27).
    fn van_valse_afzender(inhoud: &Value) -> Result<Value, Leverfout> {
        let catalogus = Catalogus::ingebouwd().unwrap();
        let soort = catalogus.definitie(&TypeNaam::parse("handle-with-care").unwrap()).unwrap();
        let (tekenaar, eigen) = (ondertekening(), sealing::Zegelsleutel::generate().unwrap());
        let ontvanger = sealing::Zegelsleutel::generate().unwrap();
        let voor = sealing::Voor {
            oin: oin(VEILIG_THUIS),
            sleutel: ontvanger.jwk().clone(),
            wijze: Toegangswijze::Meegeleverd,
            doel: Doel::KindSteunen,
            gebruik: Vec::new(),
            genoemd: JaNee::Nee,
            bewaren_tot: None,
            verzoek: None,
        };
        let labels = Labels { categorie: Categorie::Kind, doel: Doel::KindSteunen, ..labels(GGZ) };
        let deel = sealing::verzegelen(labels, inhoud, eigen.jwk(), &[voor], &tekenaar, &random()).unwrap();
        let geopend = sealing::openen(&deel, oin(VEILIG_THUIS), &[ontvanger], tekenaar.verifying_key()).unwrap();
        inhoud_toetsen(&catalogus, soort, &deel.labels, &geopend.inhoud)
    }

    #[test]
    fn a_type_comes_only_from_whom_the_catalogue_lets_send_it() {
        use Partnertype::{Ggz, Om, Politie, School, VeiligThuis};
        let catalogus = Catalogus::ingebouwd().unwrap();
        let mag = |naam: &str, van, is_antwoord, categorieen: &[Categorie]| {
            mag_versturen(catalogus.definitie(&TypeNaam::parse(naam).unwrap()).unwrap(), van, is_antwoord, categorieen)
        };
        assert!(mag("incidentmelding", Politie, false, &[Categorie::Incident]));
        assert!(mag("triagebesluit", VeiligThuis, true, &[]));
        assert!(mag("toestemming-gegeven", School, false, &[]));
        // An answer comes from whom was asked, which only an answer can show.
        assert!(mag("informatie-antwoord", Ggz, true, &[]));
        // A question about what was received answers nothing.
        assert!(mag("dossier-verzoek", VeiligThuis, false, &[]) && !mag("eigenaar-besluit", Ggz, false, &[]));
        for (naam, van, categorieen) in [
            ("incidentmelding", Ggz, &[Categorie::Incident][..]),
            ("triagebesluit", Politie, &[]),
            ("handle-with-care", Om, &[Categorie::Kind]),
            ("informatie-antwoord", Ggz, &[]),
            ("incidentmelding", Politie, &[Categorie::Medisch]),
        ] {
            assert!(!mag(naam, van, false, categorieen), "{naam} of {van}");
        }
    }

    #[test]
    fn a_sentence_in_the_name_is_refused_by_the_recipient_too() {
        let goed = json!({"naam": {"voornamen": "Cas", "achternaam": "Testpersoon Appel"}});
        assert_eq!(van_valse_afzender(&goed).unwrap(), goed);
        for naam in [
            json!({"achternaam": "Appel, vader sloeg moeder gisteravond bij de voordeur"}),
            json!({"achternaam": "Appel", "voornamen": "Cas zag alles"}),
            json!({"achternaam": "Appel", "tussenvoegsel": "vader sloeg moeder"}),
            json!({"achternaam": "Appel", "toelichting": "Vader sloeg moeder."}),
        ] {
            let fout = van_valse_afzender(&json!({"naam": naam})).unwrap_err();
            assert!(matches!(fout, Leverfout::Geweigerd(Weigeringscode::InhoudOngeldig, _)), "{naam}: {fout}");
        }
    }
}
