//! The closed vocabularies of labels, requests and decisions.
//!
//! Sources: the message catalogue (purposes, data, grounds), the partner types, and the rules R1–R44.

use crate::macros::vocabulary;

/// A word that is not in the vocabulary it was read for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("staat niet in de woordenlijst {vocabulary}")]
pub struct UnknownWord {
    vocabulary: &'static str,
}

impl UnknownWord {
    pub(crate) const fn new(vocabulary: &'static str) -> Self {
        Self { vocabulary }
    }

    /// The vocabulary's Dutch name.
    #[must_use]
    pub const fn vocabulary(&self) -> &'static str {
        self.vocabulary
    }
}

vocabulary!(
    /// The kind of organisation a partner is.
    Partnertype, "partnertype" {
        /// Police.
        Politie = "politie",
        /// Public prosecutor.
        Om = "om",
        /// Advice and reporting centre for domestic violence and child abuse.
        VeiligThuis = "veilig-thuis",
        /// Probation.
        Reclassering = "reclassering",
        /// Mental health care.
        Ggz = "ggz",
        /// Neighbourhood team.
        Wijkteam = "wijkteam",
        /// Municipality.
        Gemeente = "gemeente",
        /// Mayor.
        Burgemeester = "burgemeester",
        /// Certified youth protection institution (GI).
        Jeugdbescherming = "jeugdbescherming",
        /// Child protection board.
        Rvdk = "rvdk",
        /// Care and safety house.
        Zvh = "zvh",
        /// School, by its aandachtsfunctionaris.
        School = "school",
        /// Women's shelter.
        Vrouwenopvang = "vrouwenopvang",
        /// General practitioner.
        Huisarts = "huisarts",
        /// Victim support.
        Slachtofferhulp = "slachtofferhulp",
        /// Crisis service.
        Crisisdienst = "crisisdienst",
        /// Custodial institutions.
        Dji = "dji",
        /// Police expertise centre on honour-related violence.
        ExpertisecentrumEgg = "expertisecentrum-egg",
        /// Incidental partner.
        Overig = "overig",
    }
);

vocabulary!(
    /// Who a part goes to, as the policy sees it: a kind of partner, or a person concerned.
    Ontvangersoort, "ontvangersoort" {
        /// Police.
        Politie = "politie",
        /// Public prosecutor.
        Om = "om",
        /// Veilig Thuis.
        VeiligThuis = "veilig-thuis",
        /// Probation.
        Reclassering = "reclassering",
        /// Mental health care.
        Ggz = "ggz",
        /// Neighbourhood team.
        Wijkteam = "wijkteam",
        /// Municipality.
        Gemeente = "gemeente",
        /// Mayor.
        Burgemeester = "burgemeester",
        /// Youth protection.
        Jeugdbescherming = "jeugdbescherming",
        /// Child protection board.
        Rvdk = "rvdk",
        /// Care and safety house.
        Zvh = "zvh",
        /// School.
        School = "school",
        /// Women's shelter.
        Vrouwenopvang = "vrouwenopvang",
        /// General practitioner.
        Huisarts = "huisarts",
        /// Victim support.
        Slachtofferhulp = "slachtofferhulp",
        /// Crisis service.
        Crisisdienst = "crisisdienst",
        /// Custodial institutions.
        Dji = "dji",
        /// Honour-related violence expertise.
        ExpertisecentrumEgg = "expertisecentrum-egg",
        /// Incidental partner.
        Overig = "overig",
        /// A person concerned.
        Betrokkene = "betrokkene",
    }
);

impl From<Partnertype> for Ontvangersoort {
    fn from(p: Partnertype) -> Self {
        // INVARIANT: the first words of `Ontvangersoort` are those of `Partnertype`, in the same order (tested below).
        Self::ALL.get(p as usize).copied().unwrap_or(Self::Betrokkene)
    }
}

vocabulary!(
    /// The category of data in a part (R8, R24 and the catalogue's column Data).
    Categorie, "categorie" {
        /// Identity and contact of a person.
        Persoon = "persoon",
        /// Household.
        Gezin = "gezin",
        /// What happened.
        Incident = "incident",
        /// Risk and safety.
        Risico = "risico",
        /// Help given or asked.
        Hulp = "hulp",
        /// Plans and agreements.
        Plan = "plan",
        /// State of handling.
        Status = "status",
        /// Process: who does what, when.
        Proces = "proces",
        /// The view of the person concerned.
        Mening = "mening",
        /// About a child.
        Kind = "kind",
        /// Medical, outside the covenant (R8).
        Medisch = "medisch",
        /// Criminal justice.
        Straf = "straf",
        /// Administrative (huisverbod).
        Bestuur = "bestuur",
        /// Civil measures.
        Civiel = "civiel",
        /// Money.
        Financieel = "financieel",
        /// Secret address (R24).
        AdresGeheim = "adres-geheim",
        /// Function and mailbox of a professional.
        Contact = "contact",
        /// Reference to a part or decision.
        Referentie = "referentie",
        /// Question without identity.
        Vraag = "vraag",
        /// Free capacity.
        Capaciteit = "capaciteit",
    }
);

vocabulary!(
    /// Why a part is shared.
    Doel, "doel" {
        /// To assess a report.
        Beoordelen = "beoordelen",
        /// To start help.
        HulpStarten = "hulp-starten",
        /// To follow help.
        HulpVolgen = "hulp-volgen",
        /// Temporary restraining order.
        Huisverbod = "huisverbod",
        /// Criminal case.
        Strafzaak = "strafzaak",
        /// Analysis in a case conference.
        Analyse = "analyse",
        /// Planning.
        Plan = "plan",
        /// Support of a child.
        KindSteunen = "kind-steunen",
        /// Direction of a case.
        Regie = "regie",
        /// Accountability.
        Verantwoording = "verantwoording",
    }
);

vocabulary!(
    /// A ground for sharing (R5).
    Grondslag, "grondslag" {
        /// The covenant (R6).
        Convenant = "convenant",
        /// Consent (R10).
        Toestemming = "toestemming",
        /// Breaking professional secrecy (R9).
        DoorbrekenBeroepsgeheim = "doorbreken-beroepsgeheim",
        /// Statutory task (R13).
        WettelijkeTaak = "wettelijke-taak",
        /// Without consent, but openly (R12).
        ZonderToestemming = "zonder-toestemming",
        /// None: the message holds no personal data.
        Geen = "geen",
    }
);

vocabulary!(
    /// What the recipient is to do with a part.
    Handeling, "handeling" {
        /// Receive it, with its key.
        Ontvangen = "ontvangen",
        /// View it, a key per reading.
        Inzien = "inzien",
        /// Take it into its own dossier (R3).
        OpnemenInDossier = "opnemen-in-dossier",
        /// Pass it on (R4).
        Doorverstrekken = "doorverstrekken",
    }
);

vocabulary!(
    /// The consent of the persons concerned, worst last (R10).
    Toestemmingsstand, "toestemming" {
        /// Given.
        Gegeven = "gegeven",
        /// Given for a minor who has come of age since: it is asked again (R26).
        OpnieuwVragen = "opnieuw-vragen",
        /// Not asked.
        NietGevraagd = "niet-gevraagd",
        /// Refused.
        Geweigerd = "geweigerd",
        /// Withdrawn.
        Ingetrokken = "ingetrokken",
    }
);

vocabulary!(
    /// How many of sender and recipient have signed a covenant in force (R6, R15).
    Ondertekend, "ondertekend" {
        /// Both.
        Beide = "beide",
        /// One.
        Een = "een",
        /// Neither.
        Geen = "geen",
    }
);

vocabulary!(
    /// A partner's part in a case (R16, R17, R18).
    Deelname, "deelname" {
        /// Participant.
        Ja = "ja",
        /// Expert without a treating relation: briefing parts only.
        Deskundige = "deskundige",
        /// None.
        Nee = "nee",
    }
);

vocabulary!(
    /// Yes or no.
    JaNee, "ja of nee" {
        /// Yes.
        Ja = "ja",
        /// No.
        Nee = "nee",
    }
);

impl JaNee {
    /// Whether this is yes.
    #[must_use]
    pub const fn is_ja(self) -> bool {
        matches!(self, Self::Ja)
    }
}

impl From<bool> for JaNee {
    fn from(b: bool) -> Self {
        if b { Self::Ja } else { Self::Nee }
    }
}

vocabulary!(
    /// Whether the sender explained why this is necessary (R7); the explanation itself is sealed.
    Noodzaak, "noodzaak" {
        /// Explained.
        Toegelicht = "toegelicht",
        /// Not explained.
        NietToegelicht = "niet-toegelicht",
    }
);

vocabulary!(
    /// The owner's decision on dossier, onward sharing or another purpose (R3, R4, R28).
    Eigenaarsbesluit, "eigenaarsbesluit" {
        /// Allowed.
        Ja = "ja",
        /// Refused.
        Nee = "nee",
        /// Not decided; counts as no.
        Geen = "geen",
    }
);

vocabulary!(
    /// Who said what consent states (R26).
    Toestemmingsgever, "toestemmingsgever" {
        /// The person concerned.
        Betrokkene = "betrokkene",
        /// Who holds authority over the child.
        Gezaghebbende = "gezaghebbende",
        /// Both.
        Samen = "betrokkene-en-gezaghebbende",
    }
);

vocabulary!(
    /// Which of those who hold authority over a child said it (R26). Who is suspected is so in one dated incident (R29).
    Gezag, "gezag" {
        /// All of them.
        Alle = "alle-gezagsdragers",
        /// One of several; the others did not say it.
        EenVanMeer = "een-van-meer",
        /// All but who is suspected in the case.
        ZonderVerdachte = "zonder-verdachte",
        /// Nobody but who is suspected in the case.
        AlleenVerdachte = "alleen-verdachte",
    }
);

vocabulary!(
    /// What its owner, or a report of misdelivery, has done to a part since it was sent (R1, R31). A guard: it withholds whatever
    /// the covenant says.
    Stilgelegd, "stilgelegd" {
        /// Reported as misdelivered or wrongly labelled (59): nothing moves until its owner has decided.
        Bevroren = "bevroren",
        /// Corrected: the new version takes its place (46).
        Verbeterd = "verbeterd",
        /// Recalled (47).
        Teruggenomen = "teruggenomen",
    }
);

vocabulary!(
    /// Flags of a case that keep persons apart (R22, R23, R25).
    Scheiding, "scheiding" {
        /// OM and client apart (R22).
        OmClient = "om-client",
        /// Doer and victim apart: stalking, intimate terrorism (R23).
        PlegerSlachtoffer = "pleger-slachtoffer",
        /// Honour-related: nothing by way of family (R25).
        Eergerelateerd = "eergerelateerd",
        /// Not known: the most restrictive.
        Onbekend = "onbekend",
    }
);

vocabulary!(
    /// Urgency; also the lane of delivery.
    Urgentie, "urgentie" {
        /// Ordinary.
        Normaal = "normaal",
        /// Acute danger.
        Acuut = "acuut",
    }
);

vocabulary!(
    /// Age group of a person concerned, as consent needs it (R26).
    Leeftijdsgroep, "leeftijdsgroep" {
        /// 0 to 11.
        Tot12 = "0-11",
        /// 12 to 15.
        Van12Tot16 = "12-15",
        /// 16 or 17.
        Van16Tot18 = "16-17",
        /// 18 and over.
        Volwassen = "18+",
    }
);

impl Leeftijdsgroep {
    /// Whether the person is under 18.
    #[must_use]
    pub const fn is_minderjarig(self) -> bool {
        !matches!(self, Self::Volwassen)
    }
}

vocabulary!(
    /// Fact or suspicion (R30).
    Zekerheid, "status" {
        /// Observed.
        Feit = "feit",
        /// Suspected.
        Vermoeden = "vermoeden",
    }
);

vocabulary!(
    /// Who contributed a part that the professional only passes on (R1).
    Namens, "namens" {
        /// The person concerned.
        Betrokkene = "betrokkene",
    }
);

vocabulary!(
    /// How a recipient gets the key of a part.
    Toegangswijze, "wijze van toegang" {
        /// It travels with the delivery.
        Meegeleverd = "meegeleverd",
        /// One at a time, asked and logged at each reading.
        Inzage = "inzage",
        /// Held back until the step for which it was sealed beforehand.
        Terugval = "terugval",
    }
);

vocabulary!(
    /// What the owner allows beyond reading (R3, R4).
    Gebruik, "gebruik" {
        /// Take into the own dossier.
        Dossier = "dossier",
        /// Pass on.
        Doorverstrekken = "doorverstrekken",
    }
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_partner_type_is_a_kind_of_recipient() {
        for p in Partnertype::ALL {
            assert_eq!(Ontvangersoort::from(*p).as_str(), p.as_str());
        }
        assert_eq!(Ontvangersoort::ALL.len(), Partnertype::ALL.len() + 1);
    }

    #[test]
    fn an_unknown_word_names_its_vocabulary() {
        let err = serde_json::from_str::<Doel>("\"nieuwsgierig\"").unwrap_err();
        assert!(err.to_string().contains("doel"), "{err}");
        assert_eq!(serde_json::to_string(&Leeftijdsgroep::Volwassen).unwrap(), "\"18+\"");
    }
}
