//! OpenID AuthZEN Authorization API 1.0: what a policy enforcement point gets to hear. Member names in English are the
//! standard's own; what stands in `context` is ours, and Dutch.

use serde::{Deserialize, Serialize};

use crate::{Alternatief, Digest, Oin, ProblemCode, RegelId, Uitkomst, Verplichting, macros::vocabulary, vocabulary::Grondslag};

vocabulary!(
    /// How a batch is executed (AuthZEN 1.0, "Evaluations semantics").
    Semantiek, "evaluations_semantic" {
        /// Every question, in order.
        Alles = "execute_all",
        /// Until the first no, an error included.
        TotEersteNee = "deny_on_first_deny",
        /// Until the first yes.
        TotEersteJa = "permit_on_first_permit",
    }
);

/// One decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluatie {
    /// True only where the outcome delivers.
    pub decision: bool,
    /// Why, and what comes with it.
    pub context: Evaluatiecontext,
}

impl Evaluatie {
    /// Whether it is what an outsider hears (R16): of what exists and of what does not.
    #[must_use]
    pub fn is_gemist(&self) -> bool {
        matches!(&self.context, Evaluatiecontext::Besluit(b) if b.reden == ProblemCode::NietGevonden.detail())
    }
}

/// The answer to a batch: in the order of the questions, shorter where the semantics stopped it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluaties {
    /// The decisions.
    pub evaluations: Vec<Evaluatie>,
}

/// What comes with a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Evaluatiecontext {
    /// It was decided.
    Besluit(Box<Evaluatiebesluit>),
    /// It could not be decided; the decision is no.
    Fout(Evaluatiefout),
}

/// Outcome, reason, duties and ways out of a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluatiebesluit {
    /// The outcome; of several recipients the strictest.
    pub uitkomst: Uitkomst,
    /// Why, in plain Dutch.
    pub reden: String,
    /// The rules that decided.
    pub regels: Vec<RegelId>,
    /// The ground that carried it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grondslag: Option<Grondslag>,
    /// The duties: who cannot do them must take a yes for a no.
    pub verplichtingen: Vec<Verplichting>,
    /// What would be allowed.
    pub alternatieven: Vec<Alternatief>,
    /// Digest of the policy version that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beleid: Option<Digest>,
    /// The recipients that the question was about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ontvangers: Vec<Oin>,
}

/// Why it could not be decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluatiefout {
    /// The error.
    pub error: Foutmelding,
}

/// An error of one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Foutmelding {
    /// The HTTP status that the question by itself would deserve.
    pub status: u16,
    /// In plain Dutch.
    pub message: String,
    /// The stable code.
    pub code: ProblemCode,
    /// Where in the question, as a JSON Pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad: Option<String>,
}

/// The answer of `/access/v1/evaluations`: a batch, or one decision where no batch was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Antwoord {
    /// To a batch.
    Meer(Evaluaties),
    /// To a single question.
    Een(Evaluatie),
}

impl Antwoord {
    /// How many of the answers are an outsider's.
    #[must_use]
    pub fn gemist(&self) -> usize {
        match self {
            Self::Meer(meer) => meer.evaluations.iter().filter(|e| e.is_gemist()).count(),
            Self::Een(een) => een.is_gemist().into(),
        }
    }
}

/// Where to ask (AuthZEN 1.0, "Policy Decision Point Metadata").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vindplaats {
    /// The hub's base URL.
    pub policy_decision_point: String,
    /// For one question.
    pub access_evaluation_endpoint: String,
    /// For a batch.
    pub access_evaluations_endpoint: String,
}

impl Vindplaats {
    /// The endpoints at this base URL, without a slash at its end.
    #[must_use]
    pub fn bij(basis: &str) -> Self {
        Self {
            policy_decision_point: basis.to_owned(),
            access_evaluation_endpoint: format!("{basis}/access/v1/evaluation"),
            access_evaluations_endpoint: format!("{basis}/access/v1/evaluations"),
        }
    }
}
