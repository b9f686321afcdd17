//! One delivery on its way to the own system: verified, translated, handed on; and when that will never succeed, refused.

use std::sync::atomic::{AtomicUsize, Ordering};

use inbreng_domain::{DeelId, receipts::Weigeringscode, vocabulary::Doel};
use serde_json::Value;

use super::{
    Omgeving, Werkfout, checkpoint, melden,
    openen::{Leverfout, openen},
    toegang,
    toestemmingen::{self, Bron},
    verzenden::later,
    woord,
};
use crate::{
    concept::{Eigennummers, Ontvangen, Vertaalfout},
    eigenaar,
    hub::pauze,
    store::{Berichtnummer, Deeldoel, Instand, Post, Stop},
};

/// Largest answer of the own system that is read, in bytes.
const GROOTSTE_ANTWOORD: usize = 1024 * 1024;
/// Definite answers of the hub to our word about a delivery, after which a human is told and it is left.
const WOORD_AFWIJZINGEN: u32 = 8;

/// One delivery, to its end or to a pause. True when it moved.
pub(super) async fn een(omgeving: &Omgeving, post: &Post) -> Result<bool, Werkfout> {
    if post.ruw.is_none() && omgeving.opslag.post_was_gemeld(post.levering).await? {
        tracing::warn!(levering = %post.levering, "levering was al gemeld");
        return Ok(true);
    }
    let stap = match post.stand {
        Instand::Opgehaald | Instand::Geopend if post.stop == Some(Stop::Terug) => {
            teruggenomen(omgeving, post).await.map(|()| true)
        }
        Instand::Opgehaald | Instand::Geopend => afleveren(omgeving, post).await,
        Instand::Afgeleverd => melden::ontvangst(omgeving, post).await.map(|()| true),
        Instand::Geweigerd => melden::weigering(omgeving, post).await.map(|()| true),
        Instand::Gemeld | Instand::WeigeringGemeld | Instand::Vastgelopen => Ok(false),
    };
    match stap {
        Ok(vooruit) => Ok(vooruit),
        Err(fout @ Werkfout::Opslag(_)) => Err(fout),
        Err(fout) if fout.is_definitief() => afgewezen(omgeving, post, &fout).await,
        Err(fout) => {
            tracing::warn!(levering = %post.levering, reden = %fout, pogingen = post.pogingen, "levering wacht");
            let wanneer = later(omgeving, post.pogingen, omgeving.clock.now(), fout.pas_na());
            omgeving.opslag.post_later(post.levering, wanneer).await?;
            Ok(false)
        }
    }
}

/// An answer that will be the same again. After a number of them nobody waits for another: the sender is told under our
/// signature, our people by an alarm, and the case goes on.
async fn afgewezen(omgeving: &Omgeving, post: &Post, fout: &Werkfout) -> Result<bool, Werkfout> {
    let wacht = time::Duration::try_from(pauze(post.afwijzingen.saturating_add(2), &*omgeving.random));
    let wanneer = omgeving.clock.now().plus(wacht.unwrap_or(time::Duration::MINUTE));
    let aantal = omgeving.opslag.post_afgewezen(post.levering, wanneer).await?;
    tracing::warn!(levering = %post.levering, reden = %fout, aantal, "levering afgewezen");
    if matches!(post.stand, Instand::Opgehaald | Instand::Geopend) {
        if aantal < omgeving.afwijzingen() {
            return Ok(false);
        }
        // Refused, it would bind nobody: it is kept, offered again, and a human is told what it is about.
        if eigenaar::is_woord(&post.soort) {
            woord::alarmeren(omgeving, post, fout).await?;
            return Ok(false);
        }
        weigeren(omgeving, post, Weigeringscode::NietVerwerkt, &fout.to_string()).await?;
        return Ok(true);
    }
    if aantal < WOORD_AFWIJZINGEN {
        return Ok(false);
    }
    let nu = omgeving.clock.now();
    omgeving.opslag.post_gemeld(post.levering, Instand::Vastgelopen, None, nu).await?;
    let uitleg = format!(
        "Het knooppunt neemt ons woord over een levering ({}) niet aan: {fout}. De afzender weet nu niet wat ermee is gebeurd. \
         Bel de beheerder van het knooppunt en de afzender.",
        post.soort
    );
    omgeving.alarm("levering-vastgelopen", post.levering, &uitleg).await?;
    Ok(true)
}

/// Its owner took it back before our system had it: it is handed over no more, and the owner hears that under our signature.
async fn teruggenomen(omgeving: &Omgeving, post: &Post) -> Result<(), Werkfout> {
    if omgeving.opslag.post_geweigerd(post.levering, Weigeringscode::Teruggenomen).await? {
        tracing::info!(levering = %post.levering, van = %post.van, "levering teruggenomen voor zij werd afgeleverd");
        omgeving.wek_in.notify_one();
    }
    Ok(())
}

/// Refuses a delivery: the hub will be told the code; a human is told now.
async fn weigeren(omgeving: &Omgeving, post: &Post, code: Weigeringscode, waarom: &str) -> Result<(), Werkfout> {
    if !omgeving.opslag.post_geweigerd(post.levering, code).await? {
        return Ok(());
    }
    tracing::warn!(levering = %post.levering, van = %post.van, %code, waarom, "levering geweigerd");
    let soort = if code == Weigeringscode::NietVerwerkt { "levering-niet-verwerkt" } else { "levering-geweigerd" };
    let uitleg = match code {
        Weigeringscode::NietVerwerkt => format!(
            "Een bericht ({}) van {} is geweigerd: het eigen systeem of de mapping neemt het niet aan ({waarom}). Het staat niet \
             in uw systeem. De afzender krijgt bericht.",
            post.soort, post.van
        ),
        Weigeringscode::TypeOnbekend => {
            format!("Een bericht ({}) van {} is geweigerd: deze adapter kent dat berichttype niet.", post.soort, post.van)
        }
        _ => format!(
            "Een levering ({}) op naam van {} is geweigerd met {code}: ze klopt niet of gaat niet open. De afzender krijgt bericht.",
            post.soort, post.van
        ),
    };
    omgeving.alarm(soort, post.levering, &uitleg).await?;
    omgeving.wek_in.notify_one();
    Ok(())
}

/// The own system is being given a message: until its answer is here its numbers are not known.
struct Overdracht<'a>(&'a AtomicUsize);

impl<'a> Overdracht<'a> {
    fn begin(teller: &'a AtomicUsize) -> Self {
        teller.fetch_add(1, Ordering::SeqCst);
        Self(teller)
    }
}

impl Drop for Overdracht<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn afleveren(omgeving: &Omgeving, post: &Post) -> Result<bool, Werkfout> {
    // Where the own system fetches and confirms by itself, a delivery that opens waits for it.
    if omgeving.eigen_systeem.is_none() && post.stand == Instand::Geopend {
        return Ok(false);
    }
    let Some(ontvangen) = verifieren(omgeving, post).await? else { return Ok(true) };
    // What it stops is stopped now. Its own turn comes once nothing of that is being handed over.
    if post.is_stopwoord && post.stand == Instand::Opgehaald {
        return Ok(true);
    }
    // A person reads any type, without a mapping.
    if omgeving.inbox.is_some() {
        return Ok(true);
    }
    let bericht = match omgeving.vertaling.inkomend(&ontvangen) {
        Ok(bericht) => bericht,
        Err(Vertaalfout::SoortOnbekend(_)) => {
            weigeren(omgeving, post, Weigeringscode::TypeOnbekend, "no mapping for this type").await?;
            return Ok(true);
        }
        Err(fout) => return Err(Werkfout::Vertaling(fout)),
    };
    let Some(eigen) = &omgeving.eigen_systeem else { return Ok(true) };
    let _overdracht = Overdracht::begin(&omgeving.in_overdracht);
    let verzoek = omgeving.http.post(format!("{}{}", eigen.adres.trim_end_matches('/'), bericht.pad));
    let verzoek = match &omgeving.eigen_geheim {
        Some(geheim) => verzoek.bearer_auth(geheim.tekst()),
        None => verzoek,
    };
    let antwoord = verzoek
        .header("Idempotency-Key", post.levering.to_string())
        .json(&bericht.lichaam)
        .send()
        .await
        .map_err(Werkfout::EigenSysteem)?;
    if !antwoord.status().is_success() {
        return Err(Werkfout::EigenSysteemWeigert(antwoord.status().as_u16()));
    }
    let antwoord = antwoord_lezen(antwoord).await;
    let nummers = omgeving.vertaling.eigennummers(&ontvangen, &antwoord);
    afgeleverd(omgeving, &ontvangen, nummers).await?;
    omgeving.wek_in.notify_one();
    Ok(true)
}

/// Verifies and opens; refuses what does not hold. Nothing: it was refused, must wait, or the own system has it already.
pub(crate) async fn verifieren(omgeving: &Omgeving, post: &Post) -> Result<Option<Ontvangen>, Werkfout> {
    let Some(ruw) = post.ruw.as_deref() else {
        let was_gemeld = omgeving.opslag.post_was_gemeld(post.levering).await?;
        return if was_gemeld { Ok(None) } else { Err(Werkfout::intern("delivery is gone")) };
    };
    let uitslag = match openen(omgeving, ruw).await {
        Err(Leverfout::AfzenderOnbekend) => {
            omgeving.verversen().await?;
            openen(omgeving, ruw).await
        }
        uitslag => uitslag,
    };
    match uitslag {
        Ok(ontvangen) => {
            if post.stand == Instand::Opgehaald {
                let delen: Vec<_> = ontvangen.delen.iter().map(|d| d.labels.id).collect();
                if omgeving.opslag.al_afgeleverd(post, &delen).await? && !voor_ander_doel(omgeving, &ontvangen).await? {
                    tracing::warn!(levering = %post.levering, van = %post.van, "levering brengt niets nieuws; niet nog eens doorgegeven");
                    omgeving.opslag.lezing_overnemen(post).await?;
                    omgeving.opslag.post_zet(post.levering, Instand::Afgeleverd).await?;
                    return Ok(None);
                }
                if geopend(omgeving, &ontvangen, ruw).await? {
                    checkpoint::van_ander(omgeving, ruw).await?;
                } else if !is_geopend(omgeving, post).await? {
                    return Ok(None);
                }
            }
            // Its owner may have stopped it since, or be about to.
            if omgeving.opslag.staat_stil(post.levering, omgeving.clock.now()).await? {
                return Ok(None);
            }
            Ok(Some(ontvangen))
        }
        Err(Leverfout::Werk(fout)) => Err(fout),
        Err(Leverfout::AfzenderOnbekend) => {
            weigeren(omgeving, post, Weigeringscode::HandtekeningOngeldig, "sender or its certificate is not in the directory")
                .await?;
            Ok(None)
        }
        Err(Leverfout::Geweigerd(code, waarom)) => {
            weigeren(omgeving, post, code, waarom).await?;
            Ok(None)
        }
    }
}

/// Whether its owner gave something of it for a purpose that is not known here yet (R28).
async fn voor_ander_doel(omgeving: &Omgeving, ontvangen: &Ontvangen) -> Result<bool, Werkfout> {
    let bekend = omgeving.opslag.doelen(ontvangen.bericht).await?;
    let nieuw = |(id, eerst, doel): (DeelId, Doel, Doel)| doel != eerst && bekend.iter().all(|b| (b.deel, b.doel) != (id, doel));
    Ok(ontvangen.delen.iter().filter_map(|d| Some((d.labels.id, d.labels.doel, d.doel?))).any(nieuw))
}

/// Whether it stands open now: somebody else opened it meanwhile, and the own system does not have it yet.
async fn is_geopend(omgeving: &Omgeving, post: &Post) -> Result<bool, Werkfout> {
    Ok(omgeving.opslag.post(post.levering).await?.is_some_and(|nu| nu.stand == Instand::Geopend))
}

/// Remembers case, message, parts and persons, so that answers can name them. False: somebody else did, and it may be further on.
async fn geopend(omgeving: &Omgeving, ontvangen: &Ontvangen, ruw: &str) -> Result<bool, Werkfout> {
    let melding = woord::misplaatst(omgeving, &ontvangen.soort, ontvangen.bericht, &ontvangen.verklaring).await?;
    let mut tx = omgeving.opslag.begin().await?;
    if !tx.post_stand(ontvangen.levering, Instand::Geopend).await? {
        return Ok(false);
    }
    leren(&mut tx, ontvangen, &Eigennummers::default()).await?;
    if let Some(toestemming) = toestemmingen::uit(Bron::ontvangen(ontvangen)) {
        tx.toestemming_leren(&toestemming).await?;
    }
    toegang::leren(&mut tx, ontvangen).await?;
    for deel in ontvangen.delen.iter().filter(|d| d.inhoud.open().is_none()) {
        tx.inzagedeel(deel.labels.id, ontvangen.levering).await?;
    }
    let sinds = omgeving.clock.now();
    for (deel, doel) in ontvangen.delen.iter().filter_map(|d| Some((d.labels.id, d.doel?))) {
        tx.doel_onthouden(ontvangen.bericht, &Deeldoel { deel, doel, sinds }).await?;
    }
    woord::toepassen(omgeving, &mut tx, ontvangen, ruw).await?;
    woord::melden(omgeving, &mut tx, melding).await?;
    tx.vastleggen().await?;
    if eigenaar::is_woord(&ontvangen.soort) {
        omgeving.wek_in.notify_one();
    }
    Ok(true)
}

/// The own system has it, and said under which numbers.
pub(crate) async fn afgeleverd(omgeving: &Omgeving, ontvangen: &Ontvangen, nummers: Eigennummers) -> Result<(), Werkfout> {
    let mut tx = omgeving.opslag.begin().await?;
    leren(&mut tx, ontvangen, &nummers).await?;
    tx.post_stand(ontvangen.levering, Instand::Afgeleverd).await?;
    Ok(tx.vastleggen().await?)
}

async fn leren(tx: &mut crate::store::Transactie, ontvangen: &Ontvangen, nummers: &Eigennummers) -> Result<(), Werkfout> {
    let delen: Vec<_> = ontvangen.delen.iter().map(|d| d.labels.id).collect();
    let bericht = Berichtnummer {
        id: ontvangen.bericht,
        kenmerk: nummers.kenmerk.clone().unwrap_or_else(|| ontvangen.bericht.to_string()),
        casus: ontvangen.casus.as_ref().map(|c| c.verwijzing),
        van: ontvangen.van.oin,
        soort: ontvangen.soort.clone(),
    };
    tx.bericht_leren(&bericht, &delen).await?;
    let Some(casus) = &ontvangen.casus else { return Ok(()) };
    tx.zaak_leren(casus.verwijzing, nummers.casus.as_deref()).await?;
    for betrokkene in ontvangen.delen.iter().flat_map(|d| &d.labels.betrokkenen) {
        tx.persoon_leren(casus.verwijzing, betrokkene.persoon, None).await?;
    }
    for (persoon, eigen) in &nummers.personen {
        tx.persoon_leren(casus.verwijzing, *persoon, Some(eigen)).await?;
    }
    Ok(())
}

/// The own system's answer: JSON where it gave some, nothing otherwise. It says numbers only, so nothing hangs on it.
async fn antwoord_lezen(mut antwoord: reqwest::Response) -> Value {
    let mut bytes = Vec::new();
    while let Ok(Some(stuk)) = antwoord.chunk().await {
        if bytes.len() + stuk.len() > GROOTSTE_ANTWOORD {
            return Value::Null;
        }
        bytes.extend_from_slice(&stuk);
    }
    serde_json::from_slice(&bytes).unwrap_or(Value::Null)
}
