//! The hub: what a partner can ask of it.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use arc_swap::ArcSwap;
use inbreng_bus::Bus;
use inbreng_catalogue::Catalogus;
use inbreng_domain::{
    BerichtId, Clock, DeelId, Digest, GemeenteCode, LeveringId, Oin, ProblemCode, Randomness, Tijdstip, Uitkomst,
    authzen::{Antwoord as Evaluatieantwoord, Evaluatie},
    gids::{Gidsvermelding, Medeondertekend, Sleutelvermelding},
    limits::Limits,
    noodgebruik::{Nooddrempel, Noodgebruik},
    overzicht::Overzicht,
    receipts::{Gelezen, Ontvangst, Weigering},
    strengheid::{Maand, Strengheid},
    terugroep::{Dodeletters, Terugroepverzoek},
    toets::Toetsantwoord,
};
use inbreng_proof::{Anchors, SigningKey, VerifyingKey};
use inbreng_storage::{Store, Tellingen};

use crate::{
    BundelFout, Fout, accept,
    antwoorden::{
        Aangeslotene, Berichttypen, Checkpointantwoord, Convenanten, Insluitingsbewijs, Inzageantwoord, Logboekcontrole,
        Partners, Plichten, Routering, Samenhangbewijs, Statusantwoord,
    },
    authzen, beheer, bevriezing, bewaren, bezorgen, check, cursor,
    directory::Gidsboek,
    herstel,
    kijkers::Kijkers,
    klok::Klokstand,
    log, mailbox, noodgebruik, overzicht,
    policies::Beleidskast,
    reading, statements, status, strengheid, toetsing, verder, views, words,
};

/// The hub's application. Cheap to share behind an `Arc`.
#[derive(Debug)]
pub struct Hub {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) bus: Arc<dyn Bus>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Randomness>,
    pub(crate) catalogus: Arc<Catalogus>,
    pub(crate) gids: Gidsboek,
    pub(crate) beleid: Beleidskast,
    pub(crate) beheerder: VerifyingKey,
    pub(crate) sleutel: SigningKey,
    pub(crate) oin: Oin,
    pub(crate) limits: ArcSwap<Limits>,
    pub(crate) kop: log::Kop,
    pub(crate) plekken: cursor::Plekken,
    pub(crate) maanden: strengheid::Maanden,
    pub(crate) termijn: OnceLock<time::Duration>,
    pub(crate) nooddrempel: OnceLock<Nooddrempel>,
    pub(crate) termijnen: ArcSwap<bewaren::Termijnen>,
    pub(crate) terugroepen: bezorgen::Terugroepboek,
    pub(crate) herstel: herstel::Herstel,
    pub(crate) kijkers: Kijkers,
    pub(crate) klok: Klokstand,
}

impl Hub {
    pub(crate) fn store(&self) -> &dyn Store {
        self.store.as_ref()
    }

    /// Accepts a message: the body of the 202, as JSON text, byte for byte the same for the same message.
    ///
    /// # Errors
    /// A [`Fout`] whose code says which check failed; nothing is stored then.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn aannemen(&self, van: Oin, body: &[u8]) -> Result<String, Fout> {
        self.klok_bij_logboek()?;
        self.bij_klok(accept::aannemen(self, van, body).await)
    }

    /// "Mag dit?": decides on labels; stores no message, is logged as a check. `body` is a `Toetsverzoek`.
    ///
    /// # Errors
    /// As [`Hub::aannemen`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn toetsen(&self, van: Oin, body: &[u8]) -> Result<Toetsantwoord, Fout> {
        self.klok_bij_logboek()?;
        let antwoord = self.bij_klok(check::toetsen(self, van, body).await)?;
        let geweigerd = antwoord.besluiten.iter().any(|b| b.besluit.uitkomst == Uitkomst::Weigeren);
        if geweigerd && !self.klok_vertrouwd() {
            return Err(Fout::new(ProblemCode::BeleidVerouderd));
        }
        Ok(antwoord)
    }

    /// The same question as an AuthZEN access evaluation; logged as a check. Gives the answer that goes out.
    ///
    /// # Errors
    /// A body that is no access evaluation request (400), or when nothing can be decided or logged now (5xx). What cannot be
    /// decided for another reason is a decision: no.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn evaluatie(&self, van: Oin, body: &[u8]) -> Result<Evaluatie, Fout> {
        self.klok_bij_logboek()?;
        authzen::evaluatie(self, van, body).await
    }

    /// A batch of them, or one where the request holds no batch; logged as one check.
    ///
    /// # Errors
    /// As [`Hub::evaluatie`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn evaluaties(&self, van: Oin, body: &[u8]) -> Result<Evaluatieantwoord, Fout> {
        self.klok_bij_logboek()?;
        authzen::evaluaties(self, van, body).await
    }

    /// The open duties of a partner, the most urgent first; they name no person.
    ///
    /// # Errors
    /// When the store does not answer.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn plichten(&self, van: Oin) -> Result<Plichten, Fout> {
        status::plichten(self, van).await
    }

    /// What the own privacy officer found of a decision in an emergency. `jws` is a signed `Toetsuitslag`.
    ///
    /// # Errors
    /// `niet-gevonden` where no review is owed, `handtekening-ongeldig`, `niet-gelijk`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn toets_achteraf(&self, van: Oin, bericht: BerichtId, jws: &str) -> Result<(), Fout> {
        toetsing::vastleggen(self, van, bericht, jws).await
    }

    /// The sender's view of its own message.
    ///
    /// # Errors
    /// `niet-gevonden` for anyone else's message and for none.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn status(&self, van: Oin, id: BerichtId) -> Result<Statusantwoord, Fout> {
        status::lezen(self, van, id).await
    }

    /// The open deliveries of a partner as the JSON text of a `Postvak`; waits at most `wacht` for the first.
    ///
    /// # Errors
    /// When the store does not answer.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn postvak(&self, van: Oin, wacht: Duration) -> Result<String, Fout> {
        mailbox::postvak(self, van, None, wacht).await
    }

    /// The same, of what lies behind a place that an earlier answer gave in `verder`.
    ///
    /// # Errors
    /// When the store does not answer.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn postvak_na(&self, van: Oin, na: Option<&str>, wacht: Duration) -> Result<String, Fout> {
        mailbox::postvak(self, van, na, wacht).await
    }

    /// The recipient's system has it. `jws` is a signed `Ontvangst`.
    ///
    /// # Errors
    /// `niet-gevonden`, `levering-afgesloten`, `handtekening-ongeldig`, `niet-gelijk`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn ontvangst(&self, van: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
        words::vastleggen::<Ontvangst>(self, van, levering, jws).await
    }

    /// A person has read it. `jws` is a signed `Gelezen`.
    ///
    /// # Errors
    /// As [`Hub::ontvangst`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn gelezen(&self, van: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
        words::vastleggen::<Gelezen>(self, van, levering, jws).await
    }

    /// The recipient's system refuses it. `jws` is a signed `Weigering`.
    ///
    /// # Errors
    /// As [`Hub::ontvangst`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn weigering(&self, van: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
        words::vastleggen::<Weigering>(self, van, levering, jws).await
    }

    /// The key of a view-only part, decided and logged now. `jws` is a signed `Inzageverzoek`.
    ///
    /// # Errors
    /// `niet-gevonden`, `niet-toegestaan`, `inzage-herhaald`, `handtekening-ongeldig`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn inzage(&self, van: Oin, deel: DeelId, jws: &str) -> Result<Inzageantwoord, Fout> {
        reading::inzien(self, van, deel, jws).await
    }

    /// What was shared about a person in a case, for that person. `jws` is a signed `Overzichtverzoek`.
    ///
    /// # Errors
    /// `niet-gevonden` for a case in which the asker has no place and for none, `rol-ontbreekt`, `niet-toegestaan`,
    /// `handtekening-ongeldig`, `niet-gelijk`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn overzicht(&self, van: Oin, jws: &str) -> Result<Overzicht, Fout> {
        overzicht::opstellen(self, van, jws).await
    }

    /// A further wrap by the owner of a part, for one more recipient. `body` is a `Toegangsverzoek`.
    ///
    /// # Errors
    /// `niet-gevonden`, `niet-toegestaan`, `inhoud-weg`, `digest-ongelijk`, `verzegeling-ongeldig`, `sleutel-onbekend`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn toegang_geven(&self, van: Oin, deel: DeelId, body: &[u8]) -> Result<(), Fout> {
        verder::toegang_geven(self, van, deel, body).await
    }

    /// The catalogue.
    #[must_use]
    pub fn berichttypen(&self) -> Berichttypen {
        views::berichttypen(&self.catalogus)
    }

    /// The covenants in force with their policy bundles.
    pub async fn convenanten(&self) -> Convenanten {
        Convenanten { convenanten: self.beleid.weergave(self.store(), self.clock.now()).await }
    }

    /// The directory.
    #[must_use]
    pub fn partners(&self) -> Partners {
        views::partners(&self.gids.momenteel().gids, |oin| self.terugroepen.schema(oin))
    }

    /// Who fills which role in a municipality.
    #[must_use]
    pub fn routering(&self, gemeente: GemeenteCode) -> Routering {
        views::routering(&self.gids.momenteel().gids, gemeente, |rol| self.beleid.route(rol, gemeente, self.clock.now()))
    }

    /// A partner places its own directory statement.
    ///
    /// # Errors
    /// `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk` (not a higher number).
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn vermelding_plaatsen(&self, van: Oin, vermelding: Medeondertekend) -> Result<(), Fout> {
        statements::vermelding(self, van, vermelding).await
    }

    /// A partner places its own directory statement and key statements together, as a new signing certificate asks.
    ///
    /// # Errors
    /// As [`Hub::vermelding_plaatsen`].
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn gids_plaatsen(&self, van: Oin, gids: Gidsvermelding) -> Result<(), Fout> {
        statements::samen(self, van, gids).await
    }

    /// A partner places its own key statements, newest first.
    ///
    /// # Errors
    /// As [`Hub::vermelding_plaatsen`], and `opvolging-onbewezen`, `sleutel-bevroren`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sleutels_plaatsen(&self, van: Oin, sleutels: Vec<Sleutelvermelding>) -> Result<(), Fout> {
        statements::sleutels(self, van, sleutels).await
    }

    /// A key of `oin` is frozen (compact JWS), by that organisation itself or by the covenant manager, through whoever is connected.
    ///
    /// # Errors
    /// `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk` (of another than the path names), `niet-gevonden` (no such key or
    /// statement).
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn sleutel_bevriezen(&self, van: Oin, oin: Oin, bevriezing: String) -> Result<(), Fout> {
        bevriezing::bevriezen(self, van, oin, bevriezing).await
    }

    /// A partner places where its deliveries are brought, or that they are not. Gives the number of the statement.
    ///
    /// # Errors
    /// `handtekening-ongeldig`, `bron-niet-eigen`, `veld-ongeldig` where the countersignature does not belong or is missing,
    /// `volgnummer-bezet`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn terugroep_plaatsen(&self, van: Oin, verzoek: &Terugroepverzoek) -> Result<u32, Fout> {
        bezorgen::plaatsen(self, van, verzoek).await
    }

    /// What a partner has placed itself, with its number.
    ///
    /// # Errors
    /// `niet-gevonden` where it never placed one.
    pub async fn terugroep(&self, van: Oin) -> Result<(u32, Terugroepverzoek), Fout> {
        bezorgen::eigen(self, van).await
    }

    /// The dead letters that a partner sent or should have got, after this one; the oldest first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn dode_letters(&self, van: Oin, na: Option<LeveringId>) -> Result<Dodeletters, Fout> {
        bezorgen::lijst(self, van, na).await
    }

    /// Has a dead letter brought again. `jws` is a signed `Herbezorging`.
    ///
    /// # Errors
    /// `niet-gevonden`, `handtekening-ongeldig`, `bron-niet-eigen`, `niet-gelijk`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn herbezorgen(&self, van: Oin, levering: LeveringId, jws: &str) -> Result<(), Fout> {
        bezorgen::herbezorgen(self, van, levering, jws).await
    }

    /// The log's newest head, signed.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpointantwoord, Fout> {
        log::checkpoint(self).await
    }

    /// A partner has sent again what the copy, that the hub was put back from, cannot have. `jws` is a signed `Nazending`.
    ///
    /// # Errors
    /// `niet-gevonden` of a hub that was never put back, `handtekening-ongeldig`, `niet-gelijk`.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn nagezonden(&self, van: Oin, jws: &str) -> Result<(), Fout> {
        herstel::nagezonden(self, van, jws).await
    }

    /// Proof that a leaf is in the tree of `omvang` leaves (absent: the newest).
    ///
    /// # Errors
    /// `niet-gevonden` for an unknown leaf or a size that does not hold it.
    pub async fn insluitingsbewijs(&self, hash: Digest, omvang: Option<u64>) -> Result<Insluitingsbewijs, Fout> {
        log::insluiting(self, hash, omvang).await
    }

    /// Proof that the tree of `naar` leaves continues that of `van`.
    ///
    /// # Errors
    /// `niet-gevonden` for sizes that the log never had.
    pub async fn samenhangbewijs(&self, van: u64, naar: u64) -> Result<Samenhangbewijs, Fout> {
        log::samenhang(self, van, naar).await
    }

    /// Uses a client assertion's `jti` once: false when it was seen before.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn jti_gebruiken(&self, van: Oin, jti: &str, verloopt: Tijdstip) -> Result<bool, Fout> {
        Ok(self.store.jti_gebruiken(van, jti.to_owned(), verloopt, self.clock.now()).await?)
    }

    /// Whether a partner is in the directory.
    #[must_use]
    pub fn kent(&self, oin: Oin) -> bool {
        self.gids.momenteel().gids.partner(oin).is_some()
    }

    /// A connected partner with its signing certificate; `None` when it is not in the directory.
    #[must_use]
    pub fn partner(&self, oin: Oin) -> Option<Aangeslotene> {
        views::aangeslotene(self.gids.momenteel().gids.partner(oin)?)
    }

    /// The hub's own OIN.
    #[must_use]
    pub const fn oin(&self) -> Oin {
        self.oin
    }

    /// Places the directory statements that come with an installation; what is not newer stays as it is. Gives how many were
    /// placed.
    ///
    /// # Errors
    /// `handtekening-ongeldig` at the first that does not hold.
    pub async fn gids_vullen(&self, vermeldingen: Vec<Gidsvermelding>) -> Result<usize, Fout> {
        statements::vullen(self, vermeldingen).await
    }

    /// Takes new trust anchors or revocation lists; the directory and the signatures of parties are verified again at their next
    /// use.
    pub fn ankers_vervangen(&self, anchors: Anchors) {
        let anchors = Arc::new(anchors);
        self.gids.ankers_vervangen(Arc::clone(&anchors));
        self.beleid.ankers_vervangen(anchors);
    }

    /// Verifies the directory again, now: after new anchors a revoked certificate must not wait for the next use.
    ///
    /// # Errors
    /// When the store does not answer; the directory stays as it was.
    pub async fn gids_verversen(&self) -> Result<(), Fout> {
        self.gids.herladen(self.store.as_ref(), self.clock.now()).await.map(drop)
    }

    /// Takes the bundles of the installation again, all or none. Of a covenant of which the covenant manager has activated a
    /// version they change nothing.
    ///
    /// # Errors
    /// [`BundelFout`]; the old policies stay.
    pub async fn beleid_vervangen(&self, bundels: &[String]) -> Result<(), BundelFout> {
        beheer::inlezen::inlezen(self, bundels).await
    }

    /// Where an organisation shared less than it was allowed to, in a closed month (R34). Its own counts alone.
    ///
    /// # Errors
    /// `veld-ongeldig` for a month that is not over yet, with the term in which something may still be sent.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn strengheid(&self, van: Oin, maand: Maand) -> Result<Strengheid, Fout> {
        strengheid::van(self, van, maand).await
    }

    /// How long after a yes something may still be sent before it counts as not shared. Said once, before the first count;
    /// otherwise [`strengheid::TERMIJN`].
    pub fn strengheid_na(&self, termijn: time::Duration) {
        let _said_before = self.termijn.set(termijn);
    }

    /// How often an organisation used the emergency path in a month, as far as it has gone (R35). Its own counts alone.
    ///
    /// # Errors
    /// When the store does not answer.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn noodgebruik(&self, van: Oin, maand: Maand) -> Result<Noodgebruik, Fout> {
        let drempel = self.nooddrempel.get().copied().unwrap_or_default();
        Ok(noodgebruik::tellen(self.store(), maand, drempel).await?.van(van))
    }

    /// Above how many messages in a month use of the emergency path is reported. Said once; otherwise the project's.
    pub fn nood_boven(&self, drempel: Nooddrempel) {
        let _said_before = self.nooddrempel.set(drempel);
    }

    /// How long things are kept from now on (R40); until it is said, as the rule has it.
    pub fn bewaren(&self, termijnen: bewaren::Termijnen) {
        self.termijnen.store(Arc::new(termijnen));
    }

    /// The limits of what comes in now.
    #[must_use]
    pub fn grenzen(&self) -> Limits {
        **self.limits.load()
    }

    /// Other limits, from the next request on. What was accepted under the former stays and is handed out.
    pub fn begrenzen(&self, grenzen: Limits) {
        self.limits.store(Arc::new(grenzen));
    }

    /// Sweeps once what was kept for as long as it may be, as the process of this name; `None` while another process does, or the
    /// hub waits for its partners after it was put back.
    ///
    /// # Errors
    /// When the store does not answer; what was done stands, and the rest is found again.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn opruimen(&self, wie: &str) -> Result<Option<bewaren::Opgeruimd>, Fout> {
        bewaren::ronde(self, wie).await
    }

    /// How it stands with the other processes; `None` where there can be none.
    #[must_use]
    pub fn bus(&self) -> Option<inbreng_bus::Busstand> {
        self.bus.stand()
    }

    /// Counts for operation; no person, no case.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tellingen(&self) -> Result<Tellingen, Fout> {
        Ok(self.store.tellingen().await?)
    }

    /// Recomputes the whole log from its leaves and records.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn controleer_logboek(&self) -> Result<Logboekcontrole, Fout> {
        log::controleren(self).await
    }
}
