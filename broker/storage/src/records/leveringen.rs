//! Deliveries: what waits for a recipient, and what became of it.

use inbreng_domain::{
    BerichtId, Berichttype, CasusRef, Code, DeelId, LeveringId, Oin, Tijdstip,
    receipts::Weigeringscode,
    vocabulary::{Toegangswijze, Urgentie},
};

use super::inzage::Inzage;

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
    /// Until when it waits for its recipient: then its parts leave (R40). While it is held, that does not count.
    pub bewaren_tot: Tijdstip,
    /// The parts it holds, in order, with how their key is given.
    pub delen: Vec<(DeelId, Toegangswijze)>,
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
    /// It waited for its recipient until its parts left the store (R40).
    Verlopen,
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
