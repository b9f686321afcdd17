//! Reading a view-only part: one signed request per reading; key and plaintext exist in memory only.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use inbreng_domain::{
    Code, Deel, DeelId, LeveringId, Problem, ProblemCode,
    levering::Levering,
    receipts::Inzageverzoek,
    vocabulary::{Doel, Toegangswijze},
};
use inbreng_proof::{Typ, VerifyingKey, jws};

use super::{
    Omgeving, Werkfout, melden, ondertekenaar,
    openen::{inhoud_toetsen, zelf_beslissen_bij_inzage},
    verantwoording, veroudering,
};
use crate::{
    concept::{Deelinhoud, OntvangenDeel},
    hub::Hubfout,
    sealing,
    store::{Deeldoel, Lezing},
};

/// Why a part is not read.
#[derive(Debug, thiserror::Error)]
pub enum Leesfout {
    /// For the reader.
    #[error("not read: {}", .0.code)]
    Probleem(Box<Problem>),
    /// Our own trouble.
    #[error(transparent)]
    Werk(#[from] Werkfout),
}

fn probleem(code: ProblemCode) -> Leesfout {
    Leesfout::Probleem(Box::new(Problem::new(code)))
}

/// Reads one part, now, by someone in this function, for this purpose.
pub(crate) async fn inzien(omgeving: &Omgeving, id: DeelId, functie: Code, doel: Doel) -> Result<OntvangenDeel, Leesfout> {
    let post = omgeving.opslag.post_van_deel(id).await.map_err(Werkfout::from)?;
    let ruw = post.and_then(|p| p.ruw).ok_or_else(|| probleem(ProblemCode::NietGevonden))?;
    let levering: Levering = serde_json::from_str(&ruw).map_err(Werkfout::intern)?;
    let bericht = &levering.bericht.data.bericht;
    let deel =
        levering.bericht.data.delen.iter().find(|d| d.labels.id == id).ok_or_else(|| probleem(ProblemCode::NietGevonden))?;
    let soort = omgeving.catalogus.soort(&bericht.berichttype).ok_or_else(|| probleem(ProblemCode::TypeOnbekend))?;
    let ondertekenaar = ondertekenaar(omgeving, deel).await?;

    let mut nonce = [0; 16];
    omgeving.random.fill(&mut nonce);
    let verzoek = Inzageverzoek {
        deel: id,
        ontvanger: omgeving.organisatie.oin,
        functie,
        doel,
        nonce: URL_SAFE_NO_PAD.encode(nonce),
        tijd: omgeving.clock.now(),
    };
    let jws = jws::sign(&omgeving.tekenaar()?.sleutel, Typ::Inzage, &verzoek).map_err(Werkfout::intern)?;
    let sleutel = omgeving.hub.inzage(id, jws).await.map_err(|fout| match fout {
        Hubfout::Probleem(problem) | Hubfout::Straks(problem, _) => Leesfout::Probleem(problem),
        fout => Leesfout::Werk(fout.into()),
    })?;
    let geopend = sealing::openen_met_wrap(
        deel,
        &sleutel.wrap,
        (&sleutel.toegang, sleutel.toelichting.as_ref()),
        omgeving.organisatie.oin,
        omgeving.bos.load().zegels(),
        &ondertekenaar,
    )
    .map_err(|fout| {
        tracing::error!(deel = %id, reden = %fout, "inzagedeel gaat niet open");
        probleem(ProblemCode::VerzegelingOngeldig)
    })?;
    // Asked all the same, so that the hub logs it; a hub that then hands out the key does not make it right. The access statement says
    // what the labels say, or what its owner answered that was asked, or nothing opens.
    if geopend.toegang.doel != doel {
        tracing::error!(deel = %id, "knooppunt gaf een sleutel voor een ander doel");
        return Err(probleem(ProblemCode::NietToegestaan));
    }
    if geopend.toegang.wijze != Toegangswijze::Inzage {
        return Err(probleem(ProblemCode::VerzegelingOngeldig));
    }
    let inhoud = inhoud_toetsen(&omgeving.catalogus, soort, &deel.labels, &geopend.inhoud)
        .map_err(|_| probleem(ProblemCode::VerzegelingOngeldig))?;
    let gedekt = verantwoording::gedekt(&omgeving.catalogus, soort, deel.labels.categorie, &inhoud);
    if let Some((_, bezwaar)) = verantwoording::bezwaar(gedekt, deel.labels.noodbesluit, deel.labels.noodzaak) {
        omgeving.alarm("verantwoording-ontbreekt", id, bezwaar).await?;
    }
    let besluit = levering.besluiten.iter().find(|b| b.deel == Some(id));
    let beleid = omgeving.boek.beleid_van(&deel.labels.convenant);
    let doorgegeven = geopend.toegang.verzoek.is_some();
    let mut gelezen = OntvangenDeel {
        labels: deel.labels.clone(),
        inhoud: Deelinhoud::Open(inhoud),
        gebruik: geopend.toegang.gebruik,
        doel: Some(geopend.toegang.doel),
        toelichting: geopend.toelichting.map(|t| t.tekst),
        genoemd: Some(geopend.toegang.genoemd),
        bewaren_tot: geopend.toegang.bewaren_tot,
        oud_vanaf: veroudering::oud_vanaf(beleid.as_deref(), &soort.naam, &deel.labels, &bericht.verklaring),
        zin: besluit.map(|b| b.zin.clone()).unwrap_or_default(),
        verplichtingen: besluit.map(|b| b.verplichtingen.clone()).unwrap_or_default(),
    };
    if !zelf_beslissen_bij_inzage(omgeving, &levering, soort, &mut gelezen, doorgegeven).await? {
        tracing::error!(deel = %id, "knooppunt gaf een sleutel voor een ander doel zonder uitleg waarom");
        return Err(probleem(ProblemCode::NietToegestaan));
    }
    let wat = Deeldoel { deel: id, doel, sinds: omgeving.clock.now() };
    omgeving.opslag.doel_onthouden(bericht.id, &wat).await.map_err(Werkfout::from)?;
    Ok(gelezen)
}

/// The key that the owner signed this part with. Found before the hub is asked: what would not open is not logged as read.
async fn ondertekenaar(omgeving: &Omgeving, deel: &Deel) -> Result<VerifyingKey, Leesfout> {
    for _ in 0..2 {
        let eigenaar = omgeving.boek.gids().partner(deel.labels.eigenaar).cloned();
        let eigenaar = eigenaar.ok_or_else(|| probleem(ProblemCode::PartnerOnbekend))?;
        if let Some(sleutel) = ondertekenaar::sleutel(omgeving, &eigenaar, &deel.eigenaarsbewijs).await? {
            return Ok(sleutel);
        }
        // Perhaps one that the directory shows since a moment.
        omgeving.verversen().await?;
    }
    Err(probleem(ProblemCode::VerzegelingOngeldig))
}

/// Tells the hub that a human has read a delivery.
pub(crate) async fn gelezen(omgeving: &Omgeving, levering: LeveringId, functie: Code) -> Result<(), Leesfout> {
    omgeving.opslag.post(levering).await.map_err(Werkfout::from)?.ok_or_else(|| probleem(ProblemCode::NietGevonden))?;
    let lezing = Lezing { levering, functie, tijd: omgeving.clock.now() };
    // Kept first: it was read, whatever the hub knows of it now, or later.
    omgeving.opslag.lezing_onthouden(&lezing).await.map_err(Werkfout::from)?;
    match melden::gelezen(omgeving, &lezing).await? {
        Ok(()) => Ok(()),
        Err(Hubfout::Probleem(problem) | Hubfout::Straks(problem, _)) => Err(Leesfout::Probleem(problem)),
        Err(fout) => Err(Leesfout::Werk(fout.into())),
    }
}
