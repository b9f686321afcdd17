//! From the labels of a part and the facts around it to a [`Verzoek`]: the same function in hub and adapter.

use inbreng_catalogue::Definitie;
use inbreng_domain::{
    CasusRef, Code, ConvenantId, Labels, Oin, PersoonRef, Tijdstip, Toestemming,
    part::Toegangsverklaring,
    vocabulary::{
        Deelname, Doel, Eigenaarsbesluit, Grondslag, Handeling, JaNee, Noodzaak, Ondertekend, Ontvangersoort, Partnertype,
        Scheiding, Stilgelegd, Toegangswijze, Toestemmingsstand, Urgentie,
    },
};

use crate::{Verzoek, toestemming};

/// Where consent is looked up.
#[derive(Debug, Clone, Copy)]
pub enum Toestemmingsbron<'a> {
    /// The register of the case, as the hub keeps it.
    Register(&'a [Toestemming]),
    /// The registers of the case and of those that it is joined with (58), as the hub keeps them.
    Gekoppeld {
        /// All of them.
        register: &'a [Toestemming],
        /// References that are one person.
        paren: &'a [[PersoonRef; 2]],
    },
    /// Not known here: the hub judges it. For adapters alone, which can only withhold; the hub always has the register.
    OordeelKnooppunt,
}

/// For what a recipient gets a part, by the owner's access statement, and whether that was explained.
///
/// That necessity was explained (R7) counts only for the purpose that it was sealed for: what is shared to help has not been explained
/// for a criminal case (R28).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Toegangsdoel {
    /// The purpose.
    pub doel: Doel,
    /// Whether an explanation for this purpose travels with the access statement. Says nothing where the purpose is the part's own:
    /// that explanation stands in the part, and the labels tell of it.
    pub toegelicht: bool,
}

impl Toegangsdoel {
    /// As the owner's statement has it.
    #[must_use]
    pub const fn van(verklaring: &Toegangsverklaring) -> Self {
        Self { doel: verklaring.doel, toegelicht: verklaring.toelichting.is_some() }
    }

    /// Whether necessity was explained for this purpose.
    fn noodzaak(self, labels: &Labels) -> Noodzaak {
        match self.toegelicht {
            _ if self.doel == labels.doel => labels.noodzaak,
            true => Noodzaak::Toegelicht,
            false => Noodzaak::NietToegelicht,
        }
    }
}

/// What is known around a part when it is decided upon.
#[derive(Debug, Clone, Copy)]
pub struct Feiten<'a> {
    /// What the sender is.
    pub van: Partnertype,
    /// The sender.
    pub van_oin: Oin,
    /// What the recipient is.
    pub naar: Ontvangersoort,
    /// The recipient.
    pub naar_oin: Oin,
    /// The sender's part in the case; `ja` for who mints a new case, and for the owner of parts already delivered in it.
    pub van_deelnemer: Deelname,
    /// The recipient's part in the case.
    pub naar_deelnemer: Deelname,
    /// Whether the recipient directs the case: appointed by who may, as the hub has it from that statement (R35).
    pub regisseur: bool,
    /// Consent.
    pub toestemmingen: Toestemmingsbron<'a>,
    /// How many months a yes lasts at most: a setting of the covenant (R10).
    pub toestemming_maanden: u16,
    /// From [`crate::Beleid::ondertekend`].
    pub ondertekend: Ondertekend,
    /// Whether an embargo of the owner lies on part, person or case (R20).
    pub embargo: bool,
    /// Flags of the case (R22, R23, R25).
    pub scheiding: &'a [Scheiding],
    /// The owner's decision on dossier, onward sharing or another purpose; `nee` also where the owner's access statement
    /// gives less than the type's default.
    pub eigenaarsbesluit: Eigenaarsbesluit,
    /// Whether the recipient confirmed the rules of the covenant (R44).
    pub bevestigd: bool,
    /// Whether the part was recalled, corrected or frozen since it was sent.
    pub stilgelegd: Option<Stilgelegd>,
    /// Whether the owner names this recipient for a secret address (R24).
    pub genoemd: bool,
    /// How the key comes.
    pub wijze: Toegangswijze,
    /// For what, where it is given by a statement of its own; absent: for what the part was sealed for.
    pub doel: Option<Toegangsdoel>,
    /// The moment.
    pub nu: Tijdstip,
}

/// The message around a statement without parts.
#[derive(Debug, Clone, Copy)]
pub struct Verklaringkop<'a> {
    /// The covenant under which it is sent.
    pub convenant: &'a ConvenantId,
    /// Its variant.
    pub variant: Option<&'a Code>,
    /// The case.
    pub casus: Option<&'a CasusRef>,
}

/// Whether a decision in an emergency counts for this part: the emergency path is for `noodopening`, and for reports and signals about
/// acute danger (R35). Elsewhere it counts for who breaks its secret by it, and says so (R9).
fn noodbesluit_telt(labels: &Labels) -> bool {
    match &*labels.berichttype.naam().as_str() {
        "noodopening" => true,
        "zorgmelding" | "veiligheidssignaal" if labels.urgentie == Urgentie::Acuut => true,
        _ => labels.grondslagen.contains(&Grondslag::DoorbrekenBeroepsgeheim),
    }
}

impl Verzoek {
    /// The request for one part and one recipient.
    ///
    /// Who sends a part of another's is passing it on (R1, R4): then the emergency path, which reaches own parts only, is
    /// closed (R35). So it is for another purpose than the part was sealed for.
    #[must_use]
    pub fn van_deel(labels: &Labels, definitie: &Definitie, feiten: &Feiten<'_>) -> Self {
        let own = labels.eigenaar == feiten.van_oin;
        let handeling = match (own, feiten.wijze) {
            (false, _) => Handeling::Doorverstrekken,
            (true, Toegangswijze::Inzage) => Handeling::Inzien,
            (true, Toegangswijze::Meegeleverd | Toegangswijze::Terugval) => Handeling::Ontvangen,
        };
        let voor = feiten.doel.unwrap_or(Toegangsdoel { doel: labels.doel, toegelicht: false });
        let vraag = toestemming::Vraag {
            casus: labels.casus.as_ref(),
            eigenaar: labels.eigenaar,
            ontvanger: feiten.naar_oin,
            categorie: labels.categorie,
            doel: voor.doel,
            nu: feiten.nu,
            maanden: feiten.toestemming_maanden,
        };
        let toestemming = match feiten.toestemmingen {
            Toestemmingsbron::OordeelKnooppunt => Toestemmingsstand::Gegeven,
            Toestemmingsbron::Register(register) => toestemming::stand(register, &labels.betrokkenen, &vraag),
            Toestemmingsbron::Gekoppeld { register, paren } => {
                toestemming::stand_gekoppeld(register, paren, &labels.betrokkenen, &vraag)
            }
        };
        Self {
            variant: labels.variant.clone(),
            grondslagen: labels.grondslagen.clone(),
            toestemming,
            // It was decided for the danger of then: for another purpose nobody decided anything (R28, R35).
            noodbesluit: if own && voor.doel == labels.doel && noodbesluit_telt(labels) {
                labels.noodbesluit
            } else {
                JaNee::Nee
            },
            noodzaak: voor.noodzaak(labels),
            afgeschermd: labels.afgeschermd,
            briefing: labels.briefing,
            ..Self::met_feiten(
                Self::strengste(
                    labels.convenant.clone(),
                    definitie.naam.clone(),
                    (feiten.van.into(), feiten.naar),
                    labels.categorie,
                    voor.doel,
                    handeling,
                ),
                feiten,
            )
        }
    }

    /// The request for a statement without parts: judged under the category that the type names for it, on the grounds
    /// that the type has for that category. Absent where the type does not go to a partner without a part.
    #[must_use]
    pub fn van_verklaring(kop: &Verklaringkop<'_>, definitie: &Definitie, feiten: &Feiten<'_>) -> Option<Self> {
        let categorie = definitie.delen.zonder_delen?;
        let doel = definitie.doelen.first().copied().unwrap_or(Doel::Verantwoording);
        let mut grondslagen = Vec::new();
        for regel in definitie.delen.regels.iter().filter(|r| r.categorieen.contains(&categorie)) {
            for g in &regel.grondslagen {
                if !grondslagen.contains(g) {
                    grondslagen.push(*g);
                }
            }
        }
        Some(Self {
            variant: kop.variant.cloned(),
            grondslagen,
            // A statement carries codes only: there is nothing to explain beyond its type (R7), and nothing to shield (R26).
            noodzaak: Noodzaak::Toegelicht,
            afgeschermd: JaNee::Nee,
            ..Self::met_feiten(
                Self::strengste(
                    kop.convenant.clone(),
                    definitie.naam.clone(),
                    (feiten.van.into(), feiten.naar),
                    categorie,
                    doel,
                    Handeling::Ontvangen,
                ),
                feiten,
            )
        })
    }

    fn met_feiten(self, feiten: &Feiten<'_>) -> Self {
        Self {
            van_oin: Some(feiten.van_oin),
            naar_oin: Some(feiten.naar_oin),
            ondertekend: feiten.ondertekend,
            van_deelnemer: feiten.van_deelnemer,
            naar_deelnemer: feiten.naar_deelnemer,
            regisseur: feiten.regisseur.into(),
            embargo: feiten.embargo.into(),
            scheiding: feiten.scheiding.to_vec(),
            eigenaarsbesluit: feiten.eigenaarsbesluit,
            genoemd: feiten.genoemd.into(),
            bevestigd: feiten.bevestigd.into(),
            stilgelegd: feiten.stilgelegd,
            nu: Some(feiten.nu),
            ..self
        }
    }
}
