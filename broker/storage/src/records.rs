//! What is stored. Sealed content and signed statements travel as the text that was verified; nothing here is read as JSON
//! by a store, except where a column says so.

use inbreng_domain::{
    BerichtId, Berichttype, Besluit, CasusRef, Code, ConvenantId, DeelId, Digest, GemeenteCode, LeveringId, Oin, RegelId,
    Tijdstip, Toestemming, Uitkomst,
    gids::Gidsvermelding,
    receipts::{Ontvangerstand, Weigeringscode},
    vocabulary::{Categorie, Doel, Toegangswijze, Urgentie},
    zaak::{Deelnemer, Zaakfeit},
};

/// Everything that accepting one message writes, in one transaction.
#[derive(Debug, Clone)]
pub struct Aanname {
    /// The message.
    pub bericht: NieuwBericht,
    /// Its parts, without wraps.
    pub delen: Vec<NieuwDeel>,
    /// The wraps, with their access statements.
    pub wraps: Vec<NieuweWrap>,
    /// One decision per part and recipient (without part: on the statement itself).
    pub besluiten: Vec<NieuwBesluit>,
    /// One delivery per recipient that gets anything.
    pub leveringen: Vec<NieuweLevering>,
    /// What a recipient does not get now and may get later: it is decided again when its facts move.
    pub aangehouden: Vec<Aangehouden>,
    /// The duties that come with it and have a term.
    pub plichten: Vec<NieuwePlicht>,
    /// The duties that it meets or puts off.
    pub voldoeningen: Vec<Voldoening>,
    /// Effects on the case, applied in order.
    pub zaak: Vec<Zaakgevolg>,
    /// Consent to register (41).
    pub toestemmingen: Vec<Toestemming>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
    /// The facts on which the decisions rest; when they have moved, nothing is written.
    pub feiten: Feitenstand,
    /// The policy on which they rest; when it is in force no more, nothing is written.
    pub beleid: crate::Beleidsgrens,
}

/// The state of facts that decisions were computed on. A store compares it inside the accept transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Feitenstand {
    /// Counts up with every change of consent, participation, embargo, flags, directory or owner's decision that concerns
    /// the case (0 for a case that does not exist yet).
    pub casus: u64,
    /// Counts up with every change of the directory or of routing.
    pub gids: u64,
}

/// A message to store.
#[derive(Debug, Clone)]
pub struct NieuwBericht {
    /// Sender.
    pub van: Oin,
    /// With the sender the idempotency key.
    pub id: BerichtId,
    /// SHA-256 over the RFC 8785 form of the envelope.
    pub digest: Digest,
    /// Type.
    pub berichttype: Berichttype,
    /// Case.
    pub casus: Option<CasusRef>,
    /// The message that it answers.
    pub antwoord_op: Option<BerichtId>,
    /// Lane.
    pub urgentie: Urgentie,
    /// Covenant.
    pub convenant: ConvenantId,
    /// Municipality.
    pub gemeente: Option<GemeenteCode>,
    /// CloudEvents `source`.
    pub bron: String,
    /// RFC 8785 text of `bericht`, its signature included.
    pub bericht: String,
    /// RFC 8785 text of `kop`, kept as evidence.
    pub kop: String,
    /// When accepted.
    pub aangenomen_op: Tijdstip,
    /// The signed receipt: the body of the 202, byte for byte.
    pub ontvangstbewijs: String,
}

/// A part to store: without its wraps.
#[derive(Debug, Clone)]
pub struct NieuwDeel {
    /// The part.
    pub id: DeelId,
    /// Its owner.
    pub eigenaar: Oin,
    /// Category, for view-only requests.
    pub categorie: Categorie,
    /// Purpose.
    pub doel: Doel,
    /// RFC 8785 text of the labels.
    pub labels: String,
    /// RFC 8785 text of the JWE without `recipients`.
    pub inhoud: String,
    /// The owner's proof.
    pub eigenaarsbewijs: String,
    /// Digest of the whole part object as it was sent.
    pub digest: Digest,
}

/// A wrap to store.
#[derive(Debug, Clone)]
pub struct NieuweWrap {
    /// Of which part.
    pub deel: DeelId,
    /// For whom.
    pub ontvanger: Oin,
    /// RFC 8785 text of the JWE recipient object.
    pub wrap: String,
    /// The owner's access statement; absent for the owner's own wrap.
    pub toegang: Option<String>,
    /// How it is given.
    pub wijze: Toegangswijze,
}

/// A decision to store: one record, never sampled.
#[derive(Debug, Clone)]
pub struct NieuwBesluit {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The outcome.
    pub uitkomst: Uitkomst,
    /// The first of the deciding rules, for counting.
    pub regel: Option<u8>,
    /// JSON of request and decision, replayable.
    pub record: String,
}

/// A decision as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Besluitregel {
    /// Counts up with every decision of this store, from 1.
    pub nummer: u64,
    /// The message and its sender; absent where the message went to nobody and was not kept.
    pub bericht: Option<(Oin, BerichtId)>,
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The outcome.
    pub uitkomst: Uitkomst,
    /// The record as it was given, byte for byte.
    pub record: String,
}

/// A delivery to store.
#[derive(Debug, Clone)]
pub struct NieuweLevering {
    /// The delivery.
    pub id: LeveringId,
    /// To whom.
    pub ontvanger: Oin,
    /// The function addressed.
    pub functie: Option<Code>,
    /// The lane.
    pub baan: Urgentie,
    /// JSON array of [`inbreng_domain::levering::Leveringsbesluit`]: what this recipient is told.
    pub besluiten: String,
    /// The parts it holds, in order, with how their key is given.
    pub delen: Vec<(DeelId, Toegangswijze)>,
}

/// A duty to follow until it is met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NieuwePlicht {
    /// Which.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// Whose it is.
    pub schuldenaar: Oin,
    /// The recipient with whose delivery it came; absent where it came with the message as a whole.
    pub ontvanger: Option<Oin>,
    /// About what within its kind: a person's reference, the subject of an embargo.
    pub over: Option<String>,
    /// By when.
    pub uiterlijk: Tijdstip,
}

/// What meets duties of the sender in its case, or puts them off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voldoening {
    /// Which kind.
    pub soort: Code,
    /// About what within its kind.
    pub over: String,
    /// Until when they are put off; absent: they are met.
    pub uitstel: Option<Tijdstip>,
}

/// A duty as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plicht {
    /// Which.
    pub soort: Code,
    /// The rule that asks it.
    pub regel: RegelId,
    /// The message that it came with.
    pub bericht: BerichtId,
    /// Whose it is.
    pub schuldenaar: Oin,
    /// By when.
    pub uiterlijk: Tijdstip,
    /// When it was met.
    pub voldaan_op: Option<Tijdstip>,
    /// The message that met it.
    pub voldaan_door: Option<BerichtId>,
    /// What a review found.
    pub uitkomst: Option<Code>,
}

/// What became of a signed word that meets a duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plichtuitslag {
    /// Written now.
    Vastgelegd,
    /// It was met before.
    AlVastgelegd,
    /// No such duty of this partner.
    Onbekend,
}

/// A part, or the statement itself, that waits for someone else: held, or a question to an owner or an officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aangehouden {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// For whom.
    pub ontvanger: Oin,
    /// The function addressed.
    pub functie: Option<Code>,
    /// How its key would be given.
    pub wijze: Toegangswijze,
}

/// An effect on a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Zaakgevolg {
    /// The case exists from now on, opened by this partner.
    Openen {
        /// The case.
        casus: CasusRef,
        /// Who minted it.
        door: Oin,
    },
    /// This is a partner's place from now on (R17).
    Deelnemer {
        /// The case.
        casus: CasusRef,
        /// Who, as what, and when.
        deelnemer: Deelnemer,
    },
    /// Responsibility moves to this partner (21).
    Verantwoordelijk {
        /// The case.
        casus: CasusRef,
        /// Who.
        partner: Oin,
        /// By which message.
        bericht: BerichtId,
        /// The overdracht that it accepts: each counts once.
        overdracht: BerichtId,
    },
    /// A numbered statement. Its number is higher than those that stand of the same setter about the same subject.
    Feit(Zaakfeit),
    /// Two cases count as one for flags, embargoes and refusals (58); participation stays that of each.
    Samenvoegen {
        /// The case.
        casus: CasusRef,
        /// The other.
        met: CasusRef,
    },
    /// The case is closed (58, R40).
    Sluiten {
        /// The case.
        casus: CasusRef,
    },
    /// A closed case is open again.
    Heropenen {
        /// The case.
        casus: CasusRef,
    },
}

/// A leaf for the log.
#[derive(Debug, Clone)]
pub struct NieuwBlad {
    /// What kind of event: `bericht`, `besluit`, `ontvangst`, `gelezen`, `weigering`, `inzage`, `toets`, `niet-gedeeld`, `sleutel`,
    /// `vermelding`, `versie`, `terugroep`, `dode-letter`, `herbezorging`.
    pub soort: Code,
    /// RFC 8785 text of the record; no content, no person's data.
    pub record: String,
    /// 32 random bytes.
    pub zout: [u8; 32],
    /// RFC 6962 leaf hash over `HMAC-SHA-256(zout, record)`.
    pub hash: Digest,
    /// When.
    pub tijd: Tijdstip,
}

/// What became of an [`Aanname`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aannameuitslag {
    /// Stored durably now.
    Aangenomen,
    /// The same message was stored before: its digest and receipt.
    AlAanwezig {
        /// Digest of the message under this id.
        digest: Digest,
        /// Its receipt, byte for byte.
        ontvangstbewijs: String,
    },
    /// The facts or the policy have moved; decide again. Nothing was written.
    Verouderd,
    /// A part with this id came in an earlier message. Nothing was written.
    DeelBestaat(DeelId),
}

/// A place in a mailbox: the last delivery that was seen of each lane. The default is before all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Postvakplek {
    /// In the acute lane.
    pub acuut: i64,
    /// In the ordinary lane.
    pub normaal: i64,
}

impl Postvakplek {
    /// The place behind this delivery.
    #[must_use]
    pub fn na(self, levering: &OpenLevering) -> Self {
        match levering.baan {
            Urgentie::Acuut => Self { acuut: levering.plek.max(self.acuut), ..self },
            Urgentie::Normaal => Self { normaal: levering.plek.max(self.normaal), ..self },
        }
    }

    /// The last place that was seen in a lane.
    #[must_use]
    pub const fn in_baan(self, baan: Urgentie) -> i64 {
        match baan {
            Urgentie::Acuut => self.acuut,
            Urgentie::Normaal => self.normaal,
        }
    }
}

/// A delivery as its recipient may get it.
#[derive(Debug, Clone)]
pub struct OpenLevering {
    /// The delivery.
    pub id: LeveringId,
    /// Its place in its lane, from 1 upwards: what is accepted later stands further.
    pub plek: i64,
    /// Order of acceptance.
    pub volgnummer: i64,
    /// The sender.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// Type.
    pub berichttype: Berichttype,
    /// Case.
    pub casus: Option<CasusRef>,
    /// Lane.
    pub baan: Urgentie,
    /// CloudEvents `source`.
    pub bron: String,
    /// RFC 8785 text of `bericht`.
    pub bericht: String,
    /// When the message was accepted.
    pub aangenomen_op: Tijdstip,
    /// JSON array of decisions for this recipient.
    pub besluiten: String,
    /// The parts, in order.
    pub delen: Vec<Leveringsdeel>,
}

/// A part of a delivery.
#[derive(Debug, Clone)]
pub struct Leveringsdeel {
    /// Text of the labels.
    pub labels: String,
    /// Text of the JWE without `recipients`.
    pub inhoud: String,
    /// The owner's proof.
    pub eigenaarsbewijs: String,
    /// The recipient's wrap and access statement, where the key travels along.
    pub sleutel: Option<Wrap>,
}

/// A wrap with its access statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrap {
    /// RFC 8785 text of the JWE recipient object.
    pub wrap: String,
    /// The owner's access statement.
    pub toegang: String,
}

/// The state of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leveringsstaat {
    /// Waits for its recipient.
    Open,
    /// The recipient signed for it.
    Ontvangen,
    /// The recipient refused it.
    Geweigerd,
    /// Held: invisible to its recipient until its facts move again.
    Aangehouden,
    /// Decided again and refused before it was delivered.
    Vervallen,
}

/// A recipient's signed word about a delivery.
#[derive(Debug, Clone)]
pub enum Leveringsbericht {
    /// Received. A part of which all deliveries are received loses its ciphertext and the wraps that travelled along; view-only
    /// wraps stay. What is held for someone, or was refused, is not delivered yet and keeps them (R40).
    Ontvangen,
    /// Read by a human.
    Gelezen,
    /// Refused.
    Geweigerd(Weigeringscode),
}

/// What became of a recipient's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leveringsuitslag {
    /// Written now.
    Vastgelegd,
    /// The same word was written before.
    AlVastgelegd,
    /// The delivery ended otherwise.
    Afgesloten,
    /// Not a delivery of this recipient.
    Onbekend,
}

/// A delivery as its recipient's words are checked against it.
#[derive(Debug, Clone)]
pub struct Leveringskop {
    /// Sender.
    pub van: Oin,
    /// Message.
    pub bericht_id: BerichtId,
    /// RFC 8785 text of `bericht`.
    pub bericht: String,
    /// The parts that it holds, in order.
    pub delen: Vec<DeelId>,
    /// State.
    pub staat: Leveringsstaat,
}

/// The sender's view of one of its messages.
#[derive(Debug, Clone)]
pub struct Berichtstatus {
    /// The message.
    pub id: BerichtId,
    /// When accepted.
    pub aangenomen_op: Tijdstip,
    /// The receipt as it was given.
    pub ontvangstbewijs: String,
    /// Per delivery.
    pub leveringen: Vec<Leveringstatus>,
}

/// One recipient's line in a [`Berichtstatus`].
#[derive(Debug, Clone)]
pub struct Leveringstatus {
    /// The recipient.
    pub ontvanger: Oin,
    /// State.
    pub staat: Leveringsstaat,
    /// When received or refused.
    pub afgehandeld_op: Option<Tijdstip>,
    /// The recipient's signed receipt.
    pub ontvangst: Option<String>,
    /// When first read by a human.
    pub gelezen_op: Option<Tijdstip>,
    /// Why refused.
    pub weigering: Option<Weigeringscode>,
    /// The first message that answered it, by this recipient, and when it was accepted.
    pub beantwoord: Option<(BerichtId, Tijdstip)>,
    /// Readings of view-only parts.
    pub inzagen: Vec<Inzage>,
    /// How bringing it goes; absent where it is not brought, or has ended.
    pub bezorging: Option<crate::Bezorgstand>,
}

/// One reading of a view-only part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inzage {
    /// The part.
    pub deel: DeelId,
    /// Reader's organisation.
    pub ontvanger: Oin,
    /// Reader's function.
    pub functie: Code,
    /// Purpose.
    pub doel: Doel,
    /// When.
    pub tijd: Tijdstip,
}

/// A view-only part, for the decision on a reading.
#[derive(Debug, Clone)]
pub struct Inzagedeel {
    /// Sender of the message.
    pub van: Oin,
    /// Text of the labels.
    pub labels: String,
    /// How this recipient gets the key.
    pub wijze: Toegangswijze,
    /// The wrap and statement.
    pub sleutel: Wrap,
}

/// A part of its sender, as a further wrap is judged against it.
#[derive(Debug, Clone)]
pub struct Toegangsdeel {
    /// Its message.
    pub bericht: BerichtId,
    /// Text of the labels.
    pub labels: String,
    /// Digest of the whole part object as it was sent.
    pub digest: Digest,
    /// Text of the JWE without `recipients`; absent after it has left (R40).
    pub inhoud: Option<String>,
}

/// A further recipient for a part that was accepted before: everything it writes, in one transaction.
#[derive(Debug, Clone)]
pub struct Aanvulling {
    /// Sender of the message, and owner of the part.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// The case.
    pub casus: Option<CasusRef>,
    /// The wrap; it names part and recipient.
    pub wrap: NieuweWrap,
    /// The content again, where the owner brought it: RFC 8785 text of the JWE without `recipients`.
    pub inhoud: Option<String>,
    /// The delivery, of this part alone.
    pub levering: NieuweLevering,
    /// The decision.
    pub besluiten: Vec<NieuwBesluit>,
    /// The duties that come with it.
    pub plichten: Vec<NieuwePlicht>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
    /// The facts on which it rests.
    pub feiten: Feitenstand,
    /// The policy on which it rests.
    pub beleid: crate::Beleidsgrens,
}

/// What became of an [`Aanvulling`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aanvullingsuitslag {
    /// Written now.
    Vastgelegd,
    /// This recipient has a wrap of this part already.
    AlGegeven,
    /// The content has left, and was not brought again. Nothing was written.
    InhoudWeg,
    /// The facts or the policy have moved; decide again. Nothing was written.
    Verouderd,
}

/// What became of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inzageuitslag {
    /// Logged now: hand out the wrap.
    Vastgelegd,
    /// This nonce was used before.
    Herhaald,
    /// The policy that decided is in force no more; decide again. Nothing was written.
    Verouderd,
}

/// A case as decisions need it.
#[derive(Debug, Clone, Default)]
pub struct Zaakstand {
    /// Whether the case exists.
    pub bestaat: bool,
    /// Who has a place in it, now or in some period; in order of OIN.
    pub deelnemers: Vec<Deelnemer>,
    /// Who is responsible now.
    pub verantwoordelijk: Option<Oin>,
    /// The overdrachten by which responsibility has moved.
    pub overgenomen: Vec<BerichtId>,
    /// Consent in force or past, of this case and of those joined with it: of each registrar, person and owner the statement
    /// with the highest number.
    pub toestemmingen: Vec<Toestemming>,
    /// Statements of this case and of those joined with it: of each kind, subject and setter the one with the highest number,
    /// in order of acceptance.
    pub feiten: Vec<Zaakfeit>,
    /// When it was closed.
    pub gesloten_op: Option<Tijdstip>,
    /// For [`Feitenstand::casus`]; moves with every case that it is joined with.
    pub stand: u64,
}

/// What is decided again: of one message for one recipient an open delivery, or what is held, whose facts have moved.
#[derive(Debug, Clone)]
pub struct TeHerzien {
    /// Sender of the message.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// Its type.
    pub berichttype: Berichttype,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// The message that it answers.
    pub antwoord_op: Option<BerichtId>,
    /// Its covenant.
    pub convenant: ConvenantId,
    /// Its lane.
    pub urgentie: Urgentie,
    /// The recipient.
    pub ontvanger: Oin,
    /// The function addressed.
    pub functie: Option<Code>,
    /// The delivery; absent for what is held without one.
    pub levering: Option<LeveringId>,
    /// What it holds, in order.
    pub onderdelen: Vec<TeHerzienDeel>,
}

/// One part, or the statement itself, of a [`TeHerzien`].
#[derive(Debug, Clone)]
pub struct TeHerzienDeel {
    /// The part; absent for the statement itself.
    pub deel: Option<DeelId>,
    /// Text of its labels.
    pub labels: Option<String>,
    /// How its key is given.
    pub wijze: Toegangswijze,
    /// The newest decision on it for this recipient, as [`NieuwBesluit::record`].
    pub record: String,
}

/// A decision made again, to write in one transaction.
#[derive(Debug, Clone)]
pub struct Herziening {
    /// Sender of the message.
    pub van: Oin,
    /// The message.
    pub bericht_id: BerichtId,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// The recipient.
    pub ontvanger: Oin,
    /// The facts on which it rests; when they have moved, nothing is written.
    pub feiten: Feitenstand,
    /// The policy on which it rests; when it is in force no more, nothing is written.
    pub beleid: crate::Beleidsgrens,
    /// What becomes of it.
    pub uitkomst: Herzien,
    /// The decisions.
    pub besluiten: Vec<NieuwBesluit>,
    /// The duties that come with it, where it is delivered now.
    pub plichten: Vec<NieuwePlicht>,
    /// Effects on the case, where it is delivered now.
    pub zaak: Vec<Zaakgevolg>,
    /// Leaves for the log, in order.
    pub bladen: Vec<NieuwBlad>,
}

/// What a decision made again does.
#[derive(Debug, Clone)]
pub enum Herzien {
    /// Of an open or held delivery.
    Levering {
        /// Which.
        id: LeveringId,
        /// Open (waits for its recipient), held, or lapsed.
        staat: Leveringsstaat,
        /// What its recipient is told.
        besluiten: String,
        /// What comes in its place, where it lapses because not all of it may go: what was handed out under the old number can
        /// still be signed for as it was.
        vervangen_door: Option<NieuweLevering>,
    },
    /// Of what is held without a delivery: all that is held of this message for this recipient.
    Aangehouden {
        /// What stays held.
        blijft: Vec<Aangehouden>,
        /// What is delivered now.
        levering: Option<NieuweLevering>,
    },
}

/// What became of a [`Herziening`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Herzieningsuitslag {
    /// Written.
    Vastgelegd,
    /// The facts moved, or the delivery ended meanwhile. Nothing was written.
    Verouderd,
}

/// The message that is answered, as rules on answers need it.
#[derive(Debug, Clone)]
pub struct Beantwoord {
    /// Its sender.
    pub van: Oin,
    /// Its type.
    pub berichttype: Berichttype,
    /// Its case.
    pub casus: Option<CasusRef>,
    /// Who got it.
    pub ontvangers: Vec<Oin>,
}

/// A part and who got it, whatever became of its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deelhouders {
    /// Sender of its message.
    pub van: Oin,
    /// Its message.
    pub bericht: BerichtId,
    /// The case.
    pub casus: Option<CasusRef>,
    /// The category of data.
    pub categorie: Categorie,
    /// To whom it was delivered, or waits to be.
    pub houders: Vec<Oin>,
}

/// A partner's statements.
#[derive(Debug, Clone)]
pub struct Gidsregel {
    /// The partner.
    pub oin: Oin,
    /// Its statements.
    pub gids: Gidsvermelding,
}

/// A log leaf as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blad {
    /// From 0.
    pub index: u64,
    /// Kind.
    pub soort: Code,
    /// Text of the record.
    pub record: String,
    /// Salt.
    pub zout: [u8; 32],
    /// Leaf hash.
    pub hash: Digest,
}

/// Counts for the demo's summary and for operation; no person, no case.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tellingen {
    /// Messages accepted.
    pub berichten: u64,
    /// Deliveries made.
    pub leveringen: u64,
    /// Deliveries not yet received.
    pub open: u64,
    /// How often responsibility for a case moved (21).
    pub overgedragen: u64,
    /// Decisions by outcome, on messages that went to nobody too.
    pub besluiten: std::collections::BTreeMap<String, u64>,
    /// Refusals by rule: `R8`.
    pub weigeringen: std::collections::BTreeMap<String, u64>,
    /// Log leaves.
    pub bladen: u64,
    /// Dead letters.
    pub dode_letters: u64,
}

/// How a stored outcome shows to a sender.
#[must_use]
pub const fn stand_van(besluit: &Besluit) -> Ontvangerstand {
    match besluit.uitkomst {
        Uitkomst::Toestaan => Ontvangerstand::Toegestaan,
        Uitkomst::ToestaanMetPlicht => Ontvangerstand::ToegestaanMetPlicht,
        Uitkomst::Vragen | Uitkomst::Aanhouden => Ontvangerstand::InBehandeling,
        Uitkomst::Weigeren => Ontvangerstand::Geweigerd,
    }
}
