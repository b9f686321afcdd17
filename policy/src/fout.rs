//! Why a policy cannot be used, and how to mend it.

/// A bundle, covenant source or table that cannot be used. Each says what is wrong and where to mend it.
#[derive(Debug, thiserror::Error)]
pub enum BeleidFout {
    /// A document that is not in its form: an unknown field, a word outside its vocabulary, something missing.
    #[error("{wat} cannot be read: {waarom}")]
    Onleesbaar {
        /// Which document.
        wat: String,
        /// Where and what, as the reader says it.
        waarom: String,
    },
    /// A row that cannot mean anything.
    #[error("row {rij} of step {stap}: {waarom}")]
    Rij {
        /// Its place among the rows, from 1.
        rij: usize,
        /// Its step.
        stap: &'static str,
        /// What is wrong, and how to mend it.
        waarom: String,
    },
    /// A row that does not say why it may be there.
    #[error("row {rij} has no legal note: say in `toelichting` on which rule, article or agreement it rests")]
    ZonderToelichting {
        /// Its place among the rows, from 1.
        rij: usize,
    },
    /// The bundle lacks something without which it cannot decide.
    #[error("the bundle lacks {wat}: {herstel}")]
    Ontbreekt {
        /// What is missing.
        wat: String,
        /// What to add.
        herstel: String,
    },
    /// Two things in the bundle that cannot both hold.
    #[error("the bundle contradicts itself: {wat}; {herstel}")]
    Tegenspraak {
        /// What contradicts what.
        wat: String,
        /// What to change.
        herstel: String,
    },
    /// A layer that would loosen what a higher layer fixes (R6).
    #[error("{laag} may be stricter, not looser: {waarom}")]
    Verruiming {
        /// Which layer.
        laag: &'static str,
        /// Which row, and what to do.
        waarom: String,
    },
    /// A row or route names a message type that the catalogue does not have.
    #[error("message type {soort} is not in the catalogue: remove it from {waar}, or add its file to the catalogue")]
    OnbekendeSoort {
        /// The name.
        soort: String,
        /// Where it stands.
        waar: String,
    },
    /// A question that would hold too many rows to be asked quickly.
    #[error(
        "a question of step {stap} about {waarover} needs {rijen} rows, more than {grens}: name fewer conditions in its rows"
    )]
    TeVeelRijen {
        /// The step.
        stap: &'static str,
        /// About what.
        waarover: String,
        /// How many it would be.
        rijen: usize,
        /// How many it may be.
        grens: usize,
    },
    /// Casbin refused a model or a row.
    #[error("casbin refused {wat}")]
    Casbin {
        /// What it was given.
        wat: String,
        /// Its own words, for the log.
        #[source]
        bron: Box<casbin::Error>,
    },
    /// What Casbin holds is not what it was given.
    #[error("casbin holds {gehouden} rows of {gegeven} for step {stap}: the version is not used")]
    Onvolledig {
        /// The step.
        stap: &'static str,
        /// Rows given.
        gegeven: usize,
        /// Rows held.
        gehouden: usize,
    },
    /// The self-test of a version: a question answered otherwise than its rows say.
    #[error("self-test failed at step {stap}: {waarom}; the version is not used")]
    Zelftest {
        /// The step.
        stap: &'static str,
        /// What differed.
        waarom: String,
    },
}
