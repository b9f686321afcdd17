//! One message type, as its TOML file says it.

use serde::{Deserialize, Serialize};

use inbreng_domain::{
    Code, RegelId, TypeNaam,
    vocabulary::{Categorie, Doel, Gebruik, Grondslag, Ontvangersoort, Partnertype, Toegangswijze, Urgentie},
};

/// A message type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definitie {
    /// Name on the wire.
    pub naam: TypeNaam,
    /// Number in the catalogue of 59.
    pub nummer: u8,
    /// Version of its schemas, from 1.
    pub versie: u16,
    /// What people call it.
    pub titel: String,
    /// One Dutch sentence (B1): what it is for.
    pub omschrijving: String,
    /// Where the domain knowledge comes from: document and lines, or `PD` (`docs/privacy/README.md`, section 4).
    pub bronnen: Vec<String>,
    /// Variants; empty: none allowed.
    #[serde(default)]
    pub varianten: Vec<Variant>,
    /// Who may send it.
    pub van: Vec<Van>,
    /// Who may receive it.
    pub naar: Vec<Naar>,
    /// Purposes.
    pub doelen: Vec<Doel>,
    /// What the parts may hold, and on which ground.
    pub delen: Delen,
    /// Effect on participation (R16, R17).
    pub deelname: Deelname,
    /// As what an opening message adds its addressee; absent: as a participant (R17, R18).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opent_als: Option<Deelnemersrol>,
    /// What the owner gives with it unless it says otherwise (R3).
    pub toegang: Toegangsstandaard,
    /// The answer that is owed.
    #[serde(default)]
    pub reacties: Vec<Reactie>,
    /// Who is told, and when, if no answer comes.
    pub ladder: Ladder,
    /// By when it must have been delivered, where the type itself sets that.
    #[serde(default)]
    pub bezorgen: Option<Bezorgmoment>,
    /// By when it must be sent, counted from a date of its statement.
    #[serde(default)]
    pub verzenden: Vec<Verzendmoment>,
    /// Whether it asks partners that take no part in the case. They, and only they who were asked, may answer from outside
    /// (R16: the one exception).
    #[serde(default)]
    pub bevraagt_buiten: bool,
    /// How long the hub keeps the sealed parts (R40).
    #[serde(default)]
    pub bewaren: Bewaren,
    /// Whether the message goes to a partner, to the hub, or both.
    pub routering: Routering,
    /// What the hub does when it accepts one.
    #[serde(default)]
    pub gevolgen: Vec<Gevolg>,
    /// What becomes of it in a case that was closed; absent: what opens a case opens it again, the rest is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub na_sluiten: Option<NaSluiten>,
    /// Message types of which this one may be the answer (`antwoordOp`); empty: it answers nothing.
    #[serde(default)]
    pub antwoord_op: Vec<TypeNaam>,
}

/// In how many minutes a human reads an acute message.
const LEZEN_BINNEN: u32 = 60;

/// The step of the acute ladder at which a fallback gets the message, as a percentage of the term.
const TERUGVAL_PROCENT: u32 = 150;

/// Whom the acute ladder names there.
pub const TERUGVAL: Partnertype = Partnertype::Crisisdienst;

impl Definitie {
    /// The variant of this code.
    #[must_use]
    pub fn variant(&self, code: &Code) -> Option<&Variant> {
        self.varianten.iter().find(|v| v.code == *code)
    }

    /// The effect on participation of a message of this variant: a variant may have its own (R39).
    #[must_use]
    pub fn deelname_van(&self, variant: Option<&Code>) -> Deelname {
        variant.and_then(|code| self.variant(code)).and_then(|v| v.deelname).unwrap_or(self.deelname)
    }

    /// What becomes of it in a case that was closed (58).
    #[must_use]
    pub fn na_sluiten(&self, variant: Option<&Code>) -> NaSluiten {
        self.na_sluiten.unwrap_or(match self.deelname_van(variant) {
            Deelname::Opent => NaSluiten::Heropent,
            Deelname::Geen => NaSluiten::Mag,
            Deelname::Vereist => NaSluiten::Niet,
        })
    }

    /// How keys of parts come unless the owner says otherwise. Everything acute travels with its key: nobody waits for a
    /// key at three in the morning.
    #[must_use]
    pub const fn standaardwijze(&self, urgentie: Urgentie) -> Toegangswijze {
        match urgentie {
            Urgentie::Acuut => Toegangswijze::Meegeleverd,
            Urgentie::Normaal => self.toegang.wijze,
        }
    }

    /// How many minutes after acceptance [`TERUGVAL`] gets an acute message that nobody read: the third step of the acute ladder. A
    /// human reads what is acute within the hour, or within a shorter term of the type. Absent where no acute ladder is climbed.
    #[must_use]
    pub fn terugval_minuten(&self, urgentie: Urgentie) -> Option<u32> {
        if urgentie != Urgentie::Acuut || !matches!(self.ladder, Ladder::Acuut | Ladder::StdOfAcuut) {
            return None;
        }
        let termijnen = self.reacties.iter().filter(|r| r.vanaf.is_none() && r.voor.is_none() && r.als.is_none());
        let minuten = termijnen.filter_map(|r| r.acuut.unwrap_or(r.termijn).minuten()).fold(LEZEN_BINNEN, u32::min);
        Some(minuten.saturating_mul(TERUGVAL_PROCENT) / 100)
    }

    /// The categories that its parts may hold, each once.
    #[must_use]
    pub fn categorieen(&self) -> std::collections::BTreeSet<Categorie> {
        self.delen.regels.iter().flat_map(|r| r.categorieen.iter().copied()).collect()
    }
}

/// A variant of a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Its code on the wire.
    pub code: Code,
    /// One Dutch sentence.
    pub omschrijving: String,
    /// Its own effect on participation; absent: that of the type.
    #[serde(default)]
    pub deelname: Option<Deelname>,
}

/// A sender: a kind of partner, or a word that is resolved against the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Van {
    /// This kind of partner.
    Partner(Partnertype),
    /// A word.
    Woord(VanWoord),
}

/// Words for senders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum VanWoord {
    /// Any partner.
    Iedereen,
    /// Whoever received the message that is answered.
    Ontvanger,
    /// A participant of the case.
    Deelnemer,
    /// The casusregisseur, wherever employed.
    Casusregisseur,
    /// The hub itself: no partner may send it.
    Knooppunt,
}

/// A recipient: a kind of recipient, or a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Naar {
    /// This kind of recipient.
    Soort(Ontvangersoort),
    /// A word.
    Woord(NaarWoord),
}

/// Words for recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NaarWoord {
    /// Any partner.
    Iedereen,
    /// The sender of the message that is answered.
    Vrager,
    /// Participants of the case.
    Deelnemer,
    /// The casusregisseur, wherever employed.
    Casusregisseur,
    /// The hub itself.
    Knooppunt,
    /// Whoever sent the message that the statement refers to: the owner of its parts.
    Eigenaar,
    /// Whoever received the message that the statement refers to.
    Houder,
}

/// The parts of a type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delen {
    /// Fewest parts.
    pub minimaal: u8,
    /// Most parts.
    pub maximaal: u8,
    /// The category under which a statement without parts is judged; absent: a message to a partner needs a part.
    #[serde(default)]
    pub zonder_delen: Option<Categorie>,
    /// Largest ciphertext of one part, in bytes: a cap that the hub can check (R27).
    pub grootste_inhoud: u32,
    /// Category by category, usual grounds and restrictions. The rows of a covenant are generated from these.
    pub regels: Vec<Regelbron>,
}

/// What one set of categories may do: the source of covenant rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regelbron {
    /// These categories.
    pub categorieen: Vec<Categorie>,
    /// Only from these kinds; absent: from all senders of the type.
    #[serde(default)]
    pub van: Vec<Partnertype>,
    /// Only to these; absent: to all recipients of the type.
    #[serde(default)]
    pub naar: Vec<Ontvangersoort>,
    /// Grounds that carry it, the usual one first.
    pub grondslagen: Vec<Grondslag>,
    /// Only in these variants; absent: in all.
    #[serde(default)]
    pub varianten: Vec<Code>,
    /// Whether this lies beyond the usual categories, so that necessity must be explained (R7).
    #[serde(default)]
    pub noodzaak_toelichten: bool,
    /// The rule that this line expresses beyond R5, where there is one.
    #[serde(default)]
    pub regel: Option<RegelId>,
}

/// Effect on participation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deelname {
    /// Makes sender and addressee participants.
    Opent,
    /// Both must be participants.
    Vereist,
    /// Has nothing to do with a case.
    Geen,
}

/// As what someone takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deelnemersrol {
    /// In everything.
    Deelnemer,
    /// Thinks along, and sees what is marked for a briefing (R18).
    Deskundige,
}

/// The owner's default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Toegangsstandaard {
    /// How the key comes.
    pub wijze: Toegangswijze,
    /// What is allowed beyond reading.
    #[serde(default)]
    pub gebruik: Vec<Gebruik>,
}

/// An answer that is owed. A line with a variant replaces, in that variant, the lines without one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reactie {
    /// The types that are an answer; empty: reading it is enough.
    #[serde(default)]
    pub soorten: Vec<TypeNaam>,
    /// The state (`stand`) that a terugkoppeling among them must have.
    #[serde(default)]
    pub stand: Option<Code>,
    /// Only in this variant.
    #[serde(default)]
    pub variant: Option<Code>,
    /// Only for messages of this urgency.
    #[serde(default)]
    pub urgentie: Option<Urgentie>,
    /// Only where this member of the `verklaring` is true (`hulpAlsVoorwaarde`), or has this value (`soort=vrijlating`).
    #[serde(default)]
    pub als: Option<String>,
    /// Term for an ordinary message. Runs from acceptance, unless `vanaf` or `voor` says otherwise.
    pub termijn: Termijn,
    /// Term for an acute one; absent: the same.
    #[serde(default)]
    pub acuut: Option<Termijn>,
    /// The event that starts the term, where that is not the acceptance of this message.
    #[serde(default)]
    pub vanaf: Option<Code>,
    /// The date in the `verklaring` before which the term counts back.
    #[serde(default)]
    pub voor: Option<String>,
    /// Whether it is owed by the sender's addressees as an answer (false), or by the recipient as its next step in the
    /// same case, to whomever (true).
    #[serde(default)]
    pub vervolgstap: bool,
    /// Its own ladder; absent: that of the type.
    #[serde(default)]
    pub ladder: Option<Ladder>,
}

/// A term: `5 wd` (working days by the regional calendar), `3 u`, `30 min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Termijn {
    /// Working days.
    Werkdagen(u16),
    /// Hours by the clock.
    Uren(u16),
    /// Minutes.
    Minuten(u16),
}

impl Termijn {
    /// Minutes by the clock; absent for what counts in working days.
    #[must_use]
    pub const fn minuten(self) -> Option<u32> {
        match self {
            Self::Werkdagen(_) => None,
            Self::Uren(n) => Some(60 * n as u32),
            Self::Minuten(n) => Some(n as u32),
        }
    }
}

impl std::fmt::Display for Termijn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Werkdagen(n) => write!(f, "{n} wd"),
            Self::Uren(n) => write!(f, "{n} u"),
            Self::Minuten(n) => write!(f, "{n} min"),
        }
    }
}

impl Serialize for Termijn {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Termijn {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let wrong = || serde::de::Error::custom("een termijn is een getal met wd, u of min: `5 wd`");
        let (number, unit) = text.split_once(' ').ok_or_else(wrong)?;
        let n = number.parse().map_err(|_| wrong())?;
        match unit {
            "wd" => Ok(Self::Werkdagen(n)),
            "u" => Ok(Self::Uren(n)),
            "min" => Ok(Self::Minuten(n)),
            _ => Err(wrong()),
        }
    }
}

/// The escalation ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ladder {
    /// None.
    Geen,
    /// The ordinary ladder.
    Std,
    /// The acute ladder, always.
    Acuut,
    /// The acute ladder for acute messages, else the ordinary one.
    StdOfAcuut,
    /// The ordinary ladder from its third step: there is no casusregisseur to tell.
    StdVanafKetenregie,
    /// The sender is told, nobody else.
    Afzender,
}

/// A moment by which a type must have been delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bezorgmoment {
    /// 08:00 of the next school day (R27).
    #[serde(rename = "volgende-schooldag-08")]
    VolgendeSchooldag08,
}

/// A moment by which a type must be sent: so long before, or so long after, a date of its statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verzendmoment {
    /// Only where this member of the `verklaring` is true, or has this value (`soort=zitting`).
    #[serde(default)]
    pub als: Option<String>,
    /// The date before which it counts back. Either this or `na`.
    #[serde(default)]
    pub voor: Option<String>,
    /// The date from which it counts.
    #[serde(default)]
    pub na: Option<String>,
    /// How long.
    pub termijn: Termijn,
    /// For an acute message; absent: the same.
    #[serde(default)]
    pub acuut: Option<Termijn>,
}

/// Retention of the sealed parts at the hub (R40).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bewaren {
    /// Days after which an undelivered part leaves the hub, counted from when it may be delivered.
    pub onbezorgd_dagen: u16,
    /// School days after which the recipient's adapter removes it (R27); absent: the recipient's own law.
    #[serde(default)]
    pub bij_ontvanger_schooldagen: Option<u16>,
}

impl Default for Bewaren {
    fn default() -> Self {
        Self { onbezorgd_dagen: 30, bij_ontvanger_schooldagen: None }
    }
}

/// Where a type goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Routering {
    /// To partners.
    Partner,
    /// To the hub alone.
    Knooppunt,
    /// To the hub, and to the partners that are named.
    Beide,
}

/// What becomes of a message in a case that was closed (58, R40).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NaSluiten {
    /// It is refused, and says how the case opens again.
    Niet,
    /// It goes its way, and the case stays closed: what owners and the law still owe, and the look back afterwards.
    Mag,
    /// A new signal opens the case again.
    Heropent,
}

/// What the hub does when it accepts one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gevolg {
    /// Registers consent (41).
    ToestemmingRegistreren,
    /// Registers that consent was withdrawn, and tells who received something that rests on it (42).
    ToestemmingIntrekken,
    /// Sets, extends or lifts an embargo (48).
    EmbargoVastleggen,
    /// Sets or clears a flag (57).
    VlagVastleggen,
    /// Adds a participant, changes a role or ends it (56).
    DeelnameVastleggen,
    /// Counts two cases as one, or closes one (58).
    ZakenSamenvoegen,
    /// Meets, or puts off, the duty to tell a person (50).
    OpenheidVastleggen,
    /// Who gets it confirms that it stops using what it is about (46, 47).
    GebruikStaken,
    /// The parts that it names are no longer handed out (46, 47).
    DelenTerugnemen,
    /// The owner's yes or no holds for the next decision; to a report of misdelivery, yes lets the parts go (45).
    EigenaarsbesluitVastleggen,
    /// The parts that it names move no further until their owner has decided (59).
    DelenBevriezen,
    /// Moves responsibility for the case to the sender (21).
    VerantwoordelijkheidVerplaatsen,
}
