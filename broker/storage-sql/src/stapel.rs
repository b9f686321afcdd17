//! One batch: look up what is known, decide on each write in order, write all rows, commit once.
//!
//! Decisions are made in memory, in the order of asking, and see each other: of two equal messages in one batch the second
//! finds the first, and of two that rest on the same facts the second sees what the first changed.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
};

use inbreng_domain::{
    BerichtId, CasusRef, Clock, DeelId, Digest, LeveringId, Oin, Tijdstip, receipts::Weigeringscode, vocabulary::Doel,
    zaak::Deelnemer,
};
use inbreng_storage::{Inzage, Inzageuitslag, Leveringsstaat, NieuwBesluit, NieuwBlad, StoreError, StoreResult};
use serde_json::json;

use super::{
    bewaren::Bewaarstapel,
    bezorgen::Bezorgstapel,
    bladwijzer,
    bundels::{self, Bundel},
    fout,
    knopen::{self, Knopen},
    logstand::Logstand,
    opdracht::{Uitslag, Werk},
    partijen::Partijstapel,
    plichten,
    rij::Lezen,
    rijen::{Rijen, Waarde},
    ronde::Ronde,
    sql,
    verbinding::{Param, Reeks, Verbinding, vraag},
    versies::Versiestapel,
};

/// Why a whole batch failed. Nothing of it was written.
#[derive(Debug)]
pub(super) enum Stapelfout {
    /// A row contradicts the store although the look-up saw nothing: one item is at fault, the others are not.
    Tegenspraak,
    /// The store itself.
    Opslag(sqlx::Error),
    /// What is stored cannot be read.
    Gelezen(StoreError),
}

impl From<sqlx::Error> for Stapelfout {
    fn from(fout: sqlx::Error) -> Self {
        if fout::is_tegenspraak(&fout) { Self::Tegenspraak } else { Self::Opslag(fout) }
    }
}

impl From<StoreError> for Stapelfout {
    fn from(fout: StoreError) -> Self {
        Self::Gelezen(fout)
    }
}

/// What a batch did.
#[derive(Debug)]
pub(super) struct Verslag {
    /// The answers, in the order of the works.
    pub(super) uitslagen: Vec<StoreResult<Uitslag>>,
    /// Whether ciphertext or wraps left the store (R40).
    pub(super) gewist: bool,
    /// The highest place of an erasure key that it used.
    pub(super) hoogste_sleutel: Option<i64>,
}

/// Runs the works in one transaction.
#[tracing::instrument(level = "debug", skip_all, fields(opdrachten = werken.len()))]
pub(super) async fn uitvoeren(
    verbinding: &mut Verbinding,
    werken: &[&Werk],
    clock: &dyn Clock,
    log: &Logstand,
) -> Result<Verslag, Stapelfout> {
    let gezien = log.gezien();
    let gedaan = async {
        let mut stapel = Stapel::laden(verbinding, werken, clock).await?;
        log.toetsen(gezien, stapel.begin.blad)?;
        let uitslagen: Vec<_> = werken.iter().map(|werk| stapel.beslissen(werk)).collect();
        if !stapel.iets_te_schrijven() {
            vraag(sql::ROLLBACK).execute(&mut *verbinding).await?;
            return Ok(Verslag { uitslagen, gewist: false, hoogste_sleutel: None });
        }
        let hoogste_sleutel = stapel.hoogste_sleutel;
        let bladen = stapel.stand.blad;
        let gewist = stapel.schrijven(verbinding).await?;
        log.toetsen(gezien, bladen)?;
        Ok(Verslag { uitslagen, gewist, hoogste_sleutel })
    }
    .await;
    if gedaan.is_err() {
        // What went wrong is told; whether the rollback worked shows at the next batch.
        drop(vraag(sql::ROLLBACK).execute(verbinding).await);
    }
    gedaan
}

/// How far the counters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stand {
    pub(super) gids: i64,
    pub(super) bericht: i64,
    pub(super) deel: i64,
    pub(super) levering: i64,
    pub(super) zaak: i64,
    pub(super) blad: i64,
    pub(super) beleid: i64,
    /// Leaves that are found by hash without looking through them.
    pub(super) gewezen: i64,
    /// Moves when facts move that deliveries are decided again for, of any case.
    pub(super) herzien: i64,
}

/// A case, as it is after the writes so far.
#[derive(Debug)]
pub(super) struct Zaak {
    pub(super) nr: i64,
    pub(super) geopend_door: Oin,
    pub(super) geopend_op: i64,
    pub(super) verantwoordelijk: Option<Oin>,
    pub(super) stand: i64,
    /// Cases that count as one bear one number.
    pub(super) groep: i64,
    /// Counts the facts that open and held deliveries are decided again for.
    pub(super) herzien: i64,
    pub(super) gesloten_op: Option<i64>,
    pub(super) deelnemers: BTreeMap<Oin, Deelnemer>,
    pub(super) gewijzigd: bool,
}

/// A delivery, as it is after the writes so far.
#[derive(Debug)]
pub(super) struct Levering {
    pub(super) nr: i64,
    pub(super) ontvanger: Oin,
    pub(super) staat: Leveringsstaat,
    pub(super) afgehandeld_op: Option<i64>,
    pub(super) weigering: Option<Weigeringscode>,
    pub(super) gelezen_op: Option<i64>,
    pub(super) herzien: i64,
    /// Until when it waits; absent while it is held, and once it has ended (R40).
    pub(super) uiterlijk: Option<i64>,
    /// What its recipient is told, where that changed.
    pub(super) besluiten: Option<String>,
    /// The policy that it was decided again under, and until when that is in force.
    pub(super) onder: Option<(i64, Option<i64>)>,
    pub(super) gewijzigd: bool,
}

/// Rows on their way.
#[derive(Debug)]
pub(super) struct Uitgaand<'a> {
    pub(super) zaak: Rijen<'a>,
    pub(super) deelnemer: Rijen<'a>,
    pub(super) verantwoordelijkheid: Rijen<'a>,
    pub(super) toestemming: Rijen<'a>,
    pub(super) feit: Rijen<'a>,
    pub(super) bericht: Rijen<'a>,
    pub(super) deel: Rijen<'a>,
    pub(super) inhoud: Rijen<'a>,
    pub(super) wrap: Rijen<'a>,
    pub(super) besluit: Rijen<'a>,
    pub(super) levering: Rijen<'a>,
    pub(super) leveringsdeel: Rijen<'a>,
    pub(super) leveringsverklaring: Rijen<'a>,
    pub(super) aangehouden: Rijen<'a>,
    pub(super) plicht: Rijen<'a>,
    pub(super) inzage: Rijen<'a>,
    pub(super) overzicht: Rijen<'a>,
    pub(super) gids: Rijen<'a>,
    pub(super) bevriezing: Rijen<'a>,
    pub(super) jti: Rijen<'a>,
    pub(super) blad: Rijen<'a>,
}

impl<'a> Uitgaand<'a> {
    pub(super) const fn nieuw() -> Self {
        Self {
            zaak: Rijen::voor(&sql::ZAAK),
            deelnemer: Rijen::voor(&sql::DEELNEMER),
            verantwoordelijkheid: Rijen::voor(&sql::VERANTWOORDELIJKHEID),
            toestemming: Rijen::voor(&sql::TOESTEMMING),
            feit: Rijen::voor(&sql::FEIT),
            bericht: Rijen::voor(&sql::BERICHT),
            deel: Rijen::voor(&sql::DEEL),
            inhoud: Rijen::voor(&sql::INHOUD),
            wrap: Rijen::voor(&sql::WRAP),
            besluit: Rijen::voor(&sql::BESLUIT),
            levering: Rijen::voor(&sql::LEVERING),
            leveringsdeel: Rijen::voor(&sql::LEVERINGSDEEL),
            leveringsverklaring: Rijen::voor(&sql::LEVERINGSVERKLARING),
            aangehouden: Rijen::voor(&sql::AANGEHOUDEN),
            plicht: Rijen::voor(&sql::PLICHT),
            inzage: Rijen::voor(&sql::INZAGE),
            overzicht: Rijen::voor(&sql::OVERZICHT),
            gids: Rijen::voor(&sql::GIDS),
            bevriezing: Rijen::voor(&sql::BEVRIEZING),
            jti: Rijen::voor(&sql::JTI),
            blad: Rijen::voor(&sql::BLAD),
        }
    }

    /// What may stand once, and what a later write may change: in the order of the writes.
    fn in_volgorde(self) -> [Rijen<'a>; 8] {
        let Self { zaak, deelnemer, verantwoordelijkheid, toestemming, feit, overzicht, gids, bevriezing, .. } = self;
        [zaak, deelnemer, verantwoordelijkheid, toestemming, feit, overzicht, gids, bevriezing]
    }

    /// Takes out what one write only adds.
    fn bundel(&mut self) -> Bundel<'a> {
        [
            self.bericht.afhalen(),
            self.deel.afhalen(),
            self.inhoud.afhalen(),
            self.wrap.afhalen(),
            self.besluit.afhalen(),
            self.levering.afhalen(),
            self.leveringsdeel.afhalen(),
            self.leveringsverklaring.afhalen(),
            self.aangehouden.afhalen(),
            self.plicht.afhalen(),
            self.inzage.afhalen(),
            self.jti.afhalen(),
            self.blad.afhalen(),
        ]
    }
}

/// Wraps that came again, of which the keys were lost.
#[derive(Debug, Default)]
pub(super) struct Herwikkeld {
    /// `[deel, wraps, sleutel]`
    pub(super) bij_inhoud: Vec<serde_json::Value>,
    /// `[deel, ontvanger, wrap, sleutel, toegang, doel]`
    pub(super) apart: Vec<serde_json::Value>,
    /// The same with the number of the part, in the place of a wrap under a key that was frozen.
    pub(super) vervangen: Vec<serde_json::Value>,
    /// The same, in the place of one that stands with its content.
    pub(super) erbij: Vec<serde_json::Value>,
}

impl Herwikkeld {
    const fn is_leeg(&self) -> bool {
        self.bij_inhoud.is_empty() && self.apart.is_empty() && self.vervangen.is_empty() && self.erbij.is_empty()
    }

    async fn schrijven(&self, tx: &mut Verbinding) -> Result<(), sqlx::Error> {
        static TERUG: Reeks =
            Reeks::van(&[sql::WRAPS_BIJ_INHOUD_TERUG, sql::WRAPS_TERUG, sql::WRAPS_VERVANGEN, sql::WRAPS_ERBIJ]);
        if self.is_leeg() {
            return Ok(());
        }
        let lijst = |rijen: &Vec<serde_json::Value>| vec![Param::from(json!(rijen).to_string())];
        TERUG.doen(tx, [lijst(&self.bij_inhoud), lijst(&self.apart), lijst(&self.vervangen), lijst(&self.erbij)]).await
    }
}

/// A batch under way.
#[derive(Debug)]
pub(super) struct Stapel<'a> {
    pub(super) begin: Stand,
    /// The log's right edge before its first leaf.
    pub(super) rand: Knopen,
    pub(super) stand: Stand,
    /// When the batch began to be written.
    pub(super) nu: Tijdstip,
    pub(super) versies: Versiestapel<'a>,
    pub(super) partijen: Partijstapel<'a>,
    pub(super) bezorging: Bezorgstapel,
    pub(super) bewaring: Bewaarstapel,
    pub(super) berichten: HashMap<(BerichtId, Oin), (Digest, Cow<'a, str>)>,
    /// Numbers of messages that are decided again.
    pub(super) berichtnummers: HashMap<(BerichtId, Oin), i64>,
    pub(super) delen: HashMap<DeelId, i64>,
    pub(super) zaken: HashMap<CasusRef, Zaak>,
    /// The sum of [`Zaak::herzien`] before the first write.
    pub(super) herzien_bij_begin: i64,
    pub(super) leveringen: HashMap<LeveringId, Levering>,
    pub(super) nonces: HashSet<(Oin, Cow<'a, str>)>,
    pub(super) jtis: HashSet<(Oin, Cow<'a, str>)>,
    pub(super) uit: Uitgaand<'a>,
    /// What each write before this one adds.
    pub(super) bundels: Vec<Bundel<'a>>,
    /// Leaf hashes, in order.
    pub(super) bladen: Vec<[u8; 32]>,
    pub(super) tellingen: BTreeMap<(&'static str, Cow<'static, str>), i64>,
    /// Deliveries that ended in this batch, so that their parts may be waited for by nobody.
    pub(super) ontvangen: Vec<i64>,
    /// Parts that were held and are not any more.
    pub(super) losgelaten: Vec<i64>,
    /// Messages without a case that got one of their own.
    pub(super) verbonden: Vec<serde_json::Value>,
    /// What meets duties, and deliveries that a human has read.
    pub(super) voldoeningen: Vec<serde_json::Value>,
    pub(super) gelezen: Vec<(i64, i64)>,
    /// Reviews that are owed: the duty, while it is open.
    pub(super) toetsen: HashMap<(Oin, BerichtId), Option<i64>>,
    pub(super) getoetst: Vec<serde_json::Value>,
    /// Wraps that are there already, and parts whose content is.
    pub(super) wraps: HashSet<(DeelId, Oin, Option<Doel>)>,
    pub(super) inhouden: HashSet<DeelId>,
    /// Of those wraps the ones that were only kept for a fallback, and are in no delivery.
    pub(super) bewaard: HashSet<(DeelId, Oin)>,
    /// Of which message for whom which part was kept for a fallback, and is given by its owner now.
    pub(super) ingeruild: Vec<serde_json::Value>,
    /// What owners take back: of which message, whose, which parts.
    pub(super) teruggenomen: Vec<serde_json::Value>,
    /// The highest place of an erasure key that is used.
    pub(super) hoogste_sleutel: Option<i64>,
    /// Whether keys were lost, and wraps are wanted again.
    pub(super) verloren: bool,
    pub(super) herwikkeld: Herwikkeld,
    /// Of which message for whom nothing is held any more but what is written anew.
    pub(super) niet_meer_aangehouden: Vec<(i64, Oin)>,
    /// Of messages that are decided again what is held for whom: parts, or the statement itself.
    pub(super) aangehouden: HashMap<(i64, Oin), BTreeSet<Option<i64>>>,
}

impl<'a> Stapel<'a> {
    /// Decides on one write and gathers its rows. An error concerns this write alone; it has gathered nothing then.
    fn beslissen(&mut self, werk: &'a Werk) -> StoreResult<Uitslag> {
        let uitslag = self.verzamelen(werk);
        let bundel = self.uit.bundel();
        if !bundel.iter().all(Rijen::is_leeg) {
            self.bundels.push(bundel);
        }
        uitslag
    }

    fn verzamelen(&mut self, werk: &'a Werk) -> StoreResult<Uitslag> {
        match werk {
            Werk::Aannemen(aanname, sleutels) => self.aannemen(aanname, sleutels).map(Uitslag::Aanname),
            Werk::Besluiten { besluiten, bladen, beleid, .. } => {
                let in_kracht = self.in_kracht(*beleid);
                if in_kracht {
                    besluiten.iter().for_each(|b| self.besluit(None, b));
                    bladen.iter().for_each(|b| self.blad(b));
                }
                Ok(Uitslag::Besluiten(in_kracht))
            }
            Werk::Levering(woord) => Ok(Uitslag::Levering(self.leveringswoord(woord))),
            Werk::Aanvullen(aanvulling, sleutel) => self.aanvullen(aanvulling, *sleutel).map(Uitslag::Aanvulling),
            Werk::Toets(woord) => Ok(Uitslag::Toets(self.toetswoord(woord))),
            Werk::Herzien(herziening) => self.herzien(herziening).map(Uitslag::Herzien),
            Werk::Inzage { inzage, nonce, verklaring, blad, op } => {
                if self.feitenstand(Some(op.casus))? != op.feiten || !self.in_kracht(op.beleid) {
                    return Ok(Uitslag::Inzage(Inzageuitslag::Verouderd));
                }
                self.inzage(inzage, nonce, verklaring, blad).map(Uitslag::Inzage)
            }
            Werk::Overzicht(overzicht) => self.overzicht(overzicht).map(Uitslag::Overzicht),
            Werk::Bezorgen(werk) => {
                let (uitslag, blad) = self.bezorging.volgende(werk)?;
                blad.into_iter().for_each(|b| self.blad(b));
                Ok(uitslag)
            }
            Werk::Bewaren(werk) => {
                let (uitslag, geteld) = self.bewaring.volgende()?;
                geteld.into_iter().for_each(|(soort, aantal)| self.tellen(soort, "", aantal));
                werk.veegblad(&uitslag).into_iter().for_each(|b| self.blad(b));
                Ok(uitslag)
            }
            Werk::Verlopen { nu, wat } => Ok(Uitslag::Aantal(self.verlopen(*nu, wat))),
            Werk::Versie(schrift) => self.versieschrift(schrift).map(Uitslag::Versie),
            Werk::Partij(schrift) => Ok(Uitslag::Partij(self.partijschrift(schrift))),
            Werk::Gids { oin, record, blad } => {
                self.uit.gids.rij([Waarde::eigen(oin), Waarde::Tekst(record)]);
                self.stand.gids += 1;
                self.blad(blad);
                Ok(Uitslag::Klaar)
            }
            Werk::Bevriezing { oin, digest, verklaring, blad } => {
                self.uit.bevriezing.rij([Waarde::eigen(oin), Waarde::eigen(digest), Waarde::Tekst(verklaring)]);
                self.stand.gids += 1;
                self.blad(blad);
                Ok(Uitslag::Klaar)
            }
            Werk::Bladen(bladen, _) => {
                bladen.iter().for_each(|b| self.blad(b));
                Ok(Uitslag::Klaar)
            }
            Werk::Jti { partner, jti, verloopt, nu } => {
                // Past its expiry a token is worth nothing, and its number would be forgotten at once.
                let nieuw = verloopt > nu && self.jtis.insert((*partner, Cow::Borrowed(jti)));
                if nieuw {
                    self.uit.jti.rij([Waarde::eigen(partner), Waarde::Tekst(jti), Waarde::Getal(verloopt.unix_millis())]);
                }
                Ok(Uitslag::Jti(nieuw))
            }
            Werk::Sluiten => Ok(Uitslag::Klaar),
        }
    }

    fn inzage(
        &mut self,
        inzage: &'a Inzage,
        nonce: &'a str,
        verklaring: &'a str,
        blad: &'a NieuwBlad,
    ) -> StoreResult<Inzageuitslag> {
        let deel = *self.delen.get(&inzage.deel).ok_or(StoreError::Conflict { what: "a reading of an unknown part" })?;
        if !self.nonces.insert((inzage.ontvanger, Cow::Borrowed(nonce))) {
            return Ok(Inzageuitslag::Herhaald);
        }
        self.uit.inzage.rij([
            Waarde::Getal(deel),
            Waarde::eigen(&inzage.ontvanger),
            Waarde::eigen(&inzage.functie),
            Waarde::Eigen(inzage.doel.to_string()),
            Waarde::Getal(inzage.tijd.unix_millis()),
            Waarde::Tekst(nonce),
            Waarde::Tekst(verklaring),
        ]);
        self.blad(blad);
        Ok(Inzageuitslag::Vastgelegd)
    }

    /// Gathers a decision: its row and its counts.
    pub(super) fn besluit(&mut self, bericht: Option<i64>, besluit: &'a NieuwBesluit) {
        self.uit.besluit.rij([
            bericht.map_or(Waarde::Leeg, Waarde::Getal),
            Waarde::eigen_of(besluit.deel.as_ref()),
            Waarde::eigen(&besluit.ontvanger),
            Waarde::Tekst(besluit.uitkomst.as_str()),
            besluit.regel.map_or(Waarde::Leeg, |r| Waarde::Getal(r.into())),
            Waarde::Tekst(&besluit.record),
        ]);
        self.tellen("besluit", besluit.uitkomst.as_str(), 1);
        if let (inbreng_domain::Uitkomst::Weigeren, Some(regel)) = (besluit.uitkomst, besluit.regel) {
            self.tellen("weigering", format!("R{regel}"), 1);
        }
    }

    /// Gathers a leaf; its index is the next.
    pub(super) fn blad(&mut self, blad: &'a NieuwBlad) {
        self.uit.blad.rij([
            Waarde::Getal(self.stand.blad),
            Waarde::Bytes(blad.hash.as_bytes()),
            Waarde::Bytes(&blad.zout),
            Waarde::eigen(&blad.soort),
            Waarde::Getal(blad.tijd.unix_millis()),
            Waarde::Tekst(&blad.record),
        ]);
        self.bladen.push(*blad.hash.as_bytes());
        self.stand.blad += 1;
    }

    pub(super) fn tellen(&mut self, soort: &'static str, sleutel: impl Into<Cow<'static, str>>, erbij: i64) {
        *self.tellingen.entry((soort, sleutel.into())).or_default() += erbij;
    }

    fn iets_te_schrijven(&self) -> bool {
        // Every other write bumps a counter.
        self.stand != self.begin
            || !self.bundels.is_empty()
            || !self.versies.is_leeg()
            || self.bezorging.heeft_geschreven()
            || !self.herwikkeld.is_leeg()
            || self.bewaring.heeft_geschreven()
    }

    /// Writes what was gathered and commits; says whether ciphertext left.
    async fn schrijven(mut self, tx: &mut Verbinding) -> Result<bool, Stapelfout> {
        for (casus, zaak) in self.zaken.iter().filter(|(_, z)| z.gewijzigd) {
            self.uit.zaak.rij([
                Waarde::Getal(zaak.nr),
                Waarde::eigen(casus),
                Waarde::eigen(&zaak.geopend_door),
                Waarde::Getal(zaak.geopend_op),
                Waarde::eigen_of(zaak.verantwoordelijk.as_ref()),
                Waarde::Getal(zaak.stand),
                Waarde::Getal(zaak.groep),
                Waarde::Getal(zaak.herzien),
                zaak.gesloten_op.map_or(Waarde::Leeg, Waarde::Getal),
            ]);
        }
        let mut tellingen = Rijen::voor(&sql::TELLING);
        for ((soort, sleutel), erbij) in &self.tellingen {
            tellingen.rij([Waarde::Tekst(soort), Waarde::Tekst(sleutel), Waarde::Getal(*erbij)]);
        }
        self.loslaten(tx).await?;
        // What the other rows refer to.
        let mut eerst = Ronde::default();
        self.uit.in_volgorde().into_iter().for_each(|rijen| eerst.rijen(rijen));
        if !self.verbonden.is_empty() {
            eerst.zin(sql::BERICHTEN_VERBINDEN, [json!(self.verbonden).to_string().into()]);
        }
        eerst.doen(tx).await?;
        bundels::schrijven(self.bundels, tx).await?;
        self.versies.schrijven(tx).await?;
        self.partijen.schrijven(tx).await?;
        plichten::voldoen(tx, &self.voldoeningen, &self.gelezen, &self.getoetst).await?;
        self.herwikkeld.schrijven(tx).await?;
        let teruggenomen = terugnemen(tx, &self.teruggenomen).await?;
        let ingeruild = !self.ingeruild.is_empty();
        // What rests on all of it, and the commit.
        let mut slot = Ronde::default();
        slot.rijen(tellingen);
        slot.rijen(knopen::bijschrijven(&self.rand, self.begin.blad, &self.bladen)?);
        let gewijzigd: Vec<_> = self.leveringen.values().filter(|l| l.gewijzigd).map(Levering::wijziging).collect();
        if !gewijzigd.is_empty() {
            slot.zin(sql::LEVERINGEN_BIJWERKEN, [json!(gewijzigd).to_string().into()]);
        }
        let gewist = wissen(&mut slot, &self.ontvangen, &self.losgelaten);
        let Stand { gids, bericht, deel, levering, zaak, blad, beleid, gewezen, herzien } = self.stand;
        let herzien = herzien + self.zaken.values().map(|z| z.herzien).sum::<i64>() - self.herzien_bij_begin;
        let gewezen = bladwijzer::bijwerken(tx, gewezen, blad).await?;
        let stand = [gids, bericht, deel, levering, zaak, blad, beleid, gewezen, herzien].map(Param::from);
        slot.zin(sql::STAND_BIJWERKEN, stand);
        slot.zin(sql::COMMIT, []);
        slot.doen(tx).await?;
        Ok(gewist || teruggenomen || ingeruild || self.bewaring.heeft_gewist())
    }
}

impl Levering {
    fn wijziging(&self) -> serde_json::Value {
        let weigering = self.weigering.map(Weigeringscode::as_str);
        let (beleid, tot) = self.onder.map_or((None, None), |(beleid, tot)| (Some(beleid), tot));
        let Self { nr, afgehandeld_op, gelezen_op, herzien, besluiten, .. } = self;
        // What its recipient refused still lies here, and has its term.
        let uiterlijk = self.uiterlijk.filter(|_| matches!(self.staat, Leveringsstaat::Open | Leveringsstaat::Geweigerd));
        json!([nr, staatscode(self.staat), afgehandeld_op, weigering, gelezen_op, herzien, besluiten, beleid, tot, uiterlijk])
    }
}

/// What its owner takes back loses ciphertext and wraps at once, whoever waits for it (R1, R31). A statement about a message that is
/// not there yet touches nothing.
async fn terugnemen(tx: &mut Verbinding, teruggenomen: &[serde_json::Value]) -> Result<bool, Stapelfout> {
    static TERUGNEMEN: Reeks = Reeks::van(&[sql::INHOUD_WISSEN, sql::WRAPS_WISSEN, sql::WRAPS_LEEGMAKEN]);
    if teruggenomen.is_empty() {
        return Ok(false);
    }
    let rijen = vraag(sql::TERUGGENOMEN_DELEN).bind(json!(teruggenomen).to_string()).fetch_all(&mut *tx).await?;
    let delen = rijen.iter().map(|rij| rij.getal("nr")).collect::<StoreResult<Vec<_>>>()?;
    if delen.is_empty() {
        return Ok(false);
    }
    let delen = Param::from(json!(delen).to_string());
    TERUGNEMEN.doen(tx, [vec![delen.clone()], vec![delen.clone()], vec![delen]]).await?;
    Ok(true)
}

/// R40: of the parts in these ended deliveries, and of those that are held no more, the ones that nobody waits for lose
/// ciphertext and wraps. Says whether there may be such.
fn wissen(slot: &mut Ronde<'_>, geeindigd: &[i64], losgelaten: &[i64]) -> bool {
    if geeindigd.is_empty() && losgelaten.is_empty() {
        return false;
    }
    let welke = || [Param::from(json!(geeindigd).to_string()), json!(losgelaten).to_string().into()];
    slot.zin(sql::VRIJE_INHOUD_WISSEN, welke());
    slot.zin(sql::VRIJE_WRAPS_WISSEN, welke());
    true
}

/// As `levering.staat` holds it.
pub(super) const fn staatscode(staat: Leveringsstaat) -> i64 {
    match staat {
        Leveringsstaat::Open => 0,
        Leveringsstaat::Ontvangen => 1,
        Leveringsstaat::Geweigerd => 2,
        Leveringsstaat::Aangehouden => 3,
        Leveringsstaat::Vervallen => 4,
        Leveringsstaat::Verlopen => 5,
    }
}

/// As `levering.staat` holds it.
pub(super) const fn staat(code: i64) -> StoreResult<Leveringsstaat> {
    match code {
        0 => Ok(Leveringsstaat::Open),
        1 => Ok(Leveringsstaat::Ontvangen),
        2 => Ok(Leveringsstaat::Geweigerd),
        3 => Ok(Leveringsstaat::Aangehouden),
        4 => Ok(Leveringsstaat::Vervallen),
        5 => Ok(Leveringsstaat::Verlopen),
        _ => Err(StoreError::Corrupt { what: "levering.staat" }),
    }
}
