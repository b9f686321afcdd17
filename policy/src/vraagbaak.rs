//! Asks Casbin: one engine per number of columns, given the rows of one question at a time and asked every request that the
//! question knows.
//!
//! The models are fixed files ([`MODELLEN`]): no text from outside ever becomes a matcher. A model is read and its matcher
//! compiled once; what differs between questions is rows. The engines live while a version is built and are gone before it is
//! used, so that nothing can change an answer afterwards.

use std::collections::HashMap;

use serde::Serialize;

use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};

use crate::{
    BeleidFout, Effect, Stap,
    kenmerk::{Kenmerk, Maskers, combinaties},
    vraag::{Vorm, Vraag},
};

/// One model per number of columns, reviewed as files.
const MODELLEN: [&str; 8] = [
    include_str!("../model/vraag1.conf"),
    include_str!("../model/vraag2.conf"),
    include_str!("../model/vraag3.conf"),
    include_str!("../model/vraag4.conf"),
    include_str!("../model/vraag5.conf"),
    include_str!("../model/vraag6.conf"),
    include_str!("../model/vraag7.conf"),
    include_str!("../model/vraag8.conf"),
];

/// One question as Casbin was asked it, and what it answered: for whoever wants to ask another implementation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Casbinvraag {
    /// The model, as text.
    pub model: &'static str,
    /// The rows: a word per column, then `allow` or `deny`.
    pub rijen: Vec<Vec<String>>,
    /// Every request that the question knows.
    pub verzoeken: Vec<Vec<String>>,
    /// The answer to each.
    pub antwoorden: Vec<bool>,
}

impl Casbinvraag {
    /// A question without rows is not put to Casbin: none.
    pub(crate) fn van(vorm: &Vorm, vraag: &Vraag) -> Option<Self> {
        if vorm.cellen.is_empty() {
            return None;
        }
        Some(Self {
            model: MODELLEN.get(vorm.breedte().checked_sub(1)?)?,
            rijen: vorm.cellen.iter().cloned().collect(),
            verzoeken: vorm.verzoeken(),
            antwoorden: vraag.antwoorden().to_vec(),
        })
    }
}

/// What builds a version's questions.
#[derive(Default)]
pub(crate) struct Vraagbaak {
    motoren: [Option<Enforcer>; 8],
    beantwoord: HashMap<Vorm, Vraag>,
}

impl Vraagbaak {
    /// The question of these rows, with Casbin's answer to each of its requests; compared with the rows read one by one, for
    /// every combination of the words that they name.
    pub(crate) fn vraag(&mut self, stap: Stap, rijen: &[(Maskers, Effect)]) -> Result<Vraag, BeleidFout> {
        let vorm = Vorm::van(stap, rijen)?;
        let vraag = match self.beantwoord.get(&vorm) {
            Some(known) => known.clone(),
            None => {
                let made = Vraag::beantwoord(&vorm, self.vragen(stap, &vorm)?);
                self.beantwoord.insert(vorm, made.clone());
                made
            }
        };
        zelftest(&vraag, rijen).map_err(|waarom| BeleidFout::Zelftest { stap: stap.as_str(), waarom })?;
        Ok(vraag)
    }

    /// Every question that was made, with its answers, in one order.
    pub(crate) fn gesteld(self) -> Vec<(Vorm, Vraag)> {
        let mut all: Vec<_> = self.beantwoord.into_iter().collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all
    }

    fn vragen(&mut self, stap: Stap, vorm: &Vorm) -> Result<Vec<bool>, BeleidFout> {
        let verzoeken = vorm.verzoeken();
        if vorm.cellen.is_empty() {
            // Casbin allows an empty request on an empty policy: it is not asked.
            return Ok(vec![false; verzoeken.len()]);
        }
        let columns = vorm.breedte();
        let missing = || BeleidFout::Ontbreekt {
            wat: format!("a model of {columns} columns"),
            herstel: "split the step into smaller questions".to_owned(),
        };
        let refused = |bron: casbin::Error| BeleidFout::Casbin {
            wat: format!("a question of step {}", stap.as_str()),
            bron: Box::new(bron),
        };
        let place = columns.checked_sub(1).and_then(|n| self.motoren.get_mut(n)).ok_or_else(missing)?;
        // Taken out, so that an engine in which something failed is not used again.
        let mut motor = match place.take() {
            Some(motor) => motor,
            None => pollster::block_on(motor(MODELLEN.get(columns - 1).ok_or_else(missing)?)).map_err(refused)?,
        };
        pollster::block_on(async {
            motor.clear_policy().await?;
            motor.add_policies(vorm.cellen.iter().cloned().collect()).await
        })
        .map_err(refused)?;
        let held = motor.get_policy();
        if held.len() != vorm.cellen.len() || !held.iter().all(|row| row.len() == columns + 1 && vorm.cellen.contains(row)) {
            return Err(BeleidFout::Onvolledig { stap: stap.as_str(), gegeven: vorm.cellen.len(), gehouden: held.len() });
        }
        let answers = verzoeken.into_iter().map(|v| motor.enforce(v)).collect::<Result<_, _>>().map_err(refused)?;
        *place = Some(motor);
        Ok(answers)
    }
}

async fn motor(model: &str) -> casbin::Result<Enforcer> {
    Enforcer::new(DefaultModel::from_str(model).await?, MemoryAdapter::default()).await
}

/// Compares Casbin's answers with the rows read one by one, under every combination of words of the facts that they name.
fn zelftest(vraag: &Vraag, rijen: &[(Maskers, Effect)]) -> Result<(), String> {
    let named = Kenmerk::ALL.into_iter().filter(|k| rijen.iter().any(|(m, _)| m.get(*k) != u8::MAX));
    for woorden in combinaties(named) {
        let fits = |effect| rijen.iter().any(|(m, e)| *e == effect && m.past(&woorden));
        let expected = fits(Effect::Toelaten) && !fits(Effect::Tegenhouden);
        if vraag.stellen(&woorden) != expected {
            return Err(format!("{woorden:?} should be {expected}"));
        }
    }
    Ok(())
}
