//! The contract suite: what every store must do, whatever it is made of.
//!
//! Each property is a public function over a [`Plek`]; [`store_contract!`](crate::store_contract) makes one test of each, so
//! that every store passes the same suite under the same names.
#![expect(clippy::expect_used, clippy::indexing_slicing, reason = "a test suite: a broken expectation is its result")]

mod aannemen;
mod bewaren;
mod bezorgen;
mod bouw;
mod feiten;
mod gidsen;
mod inzage;
mod leveringen;
mod logboek;
mod naslag;
mod overzicht;
mod partijen;
mod plichten;
mod postvak;
mod status;
mod tokens;
mod versies;
mod zaken;

use std::sync::Arc;

use async_trait::async_trait;

pub use aannemen::*;
pub use bewaren::*;
pub use bezorgen::*;
pub use bouw::{Bouw, Proef, later, oin};
pub use feiten::*;
pub use gidsen::*;
pub use inzage::*;
pub use leveringen::*;
pub use logboek::*;
pub use naslag::*;
pub use overzicht::*;
pub use partijen::*;
pub use plichten::*;
pub use postvak::*;
pub use status::*;
pub use tokens::*;
pub use versies::*;
pub use zaken::*;

use crate::Store;

/// A place where a store lives. Fresh for each test, and gone with it.
#[async_trait]
pub trait Plek: Send + Sync {
    /// Opens the store that lives here; what was written before is there.
    async fn openen(&self) -> Arc<dyn Store>;
}

/// Makes one test of each property of the contract, each at a fresh [`Plek`](crate::contract::Plek) made by the expression.
/// Attributes in brackets before it stand at every test.
#[macro_export]
macro_rules! store_contract {
    ([$(#[$eigen:meta])+] $plek:expr) => {
        $crate::store_contract! { @alle [$(#[$eigen])+] $plek }
    };
    ($plek:expr) => {
        $crate::store_contract! { @alle [] $plek }
    };
    (@alle $eigen:tt $plek:expr) => {
        $crate::store_contract! { @namen $eigen $plek;
            accepts_once_and_then_answers_the_same
            one_id_of_two_senders_is_two_messages
            two_hundred_at_once_are_all_there_once
            moved_facts_write_nothing
            of_equals_on_the_same_facts_one_is_first
            a_part_id_counts_once
            a_contradiction_spoils_only_itself
            a_dropped_caller_leaves_a_whole_write
            what_was_accepted_is_there_after_reopening
            decisions_on_a_message_to_nobody_are_kept_and_counted
            decisions_are_read_in_their_order
            counts_follow_every_write
            acute_first_then_in_order_of_acceptance
            behind_a_place_stands_what_came_later
            a_recipient_gets_its_own_and_nothing_else
            a_mailbox_has_limits
            a_receipt_counts_once_and_only_from_its_recipient
            a_refusal_ends_a_delivery
            a_reading_by_a_human_counts_once
            ciphertext_leaves_after_the_last_receipt
            a_reading_counts_once_per_nonce
            a_reading_waits_for_no_older_facts
            a_reading_needs_a_delivery
            a_further_wrap_brings_its_part_to_one_more
            a_wrap_under_a_frozen_key_makes_room
            another_purpose_stands_beside_the_first
            an_owner_gives_what_was_kept_for_a_fallback
            status_is_for_the_sender_alone
            status_tells_per_recipient_what_happened
            an_answer_counts_from_a_recipient_in_the_same_case
            what_an_answer_refers_to_is_found
            who_got_a_part_is_found
            an_unknown_case_looks_like_none
            participation_and_responsibility_move_the_facts
            an_effect_needs_its_case
            of_consent_the_highest_number_counts
            of_statements_the_highest_number_counts_per_setter
            a_place_keeps_its_period
            joined_cases_share_facts_and_not_participants
            a_message_without_a_case_gets_one_of_its_own
            a_case_is_closed_once
            moved_facts_keep_a_delivery_back_until_decided_again
            facts_that_another_process_moves_are_seen
            what_was_held_comes_later
            what_was_held_and_is_refused_leaves
            what_is_kept_ready_waits_for_its_instant_and_for_no_fact
            a_word_about_a_held_delivery_counts
            a_duty_is_open_until_it_is_met_or_put_off
            a_reading_by_a_human_confirms_that_use_stops
            a_review_is_met_by_what_it_found
            what_was_received_about_a_person_is_found
            what_was_received_is_read_on_from_a_place
            cases_that_count_as_one_are_found
            who_asked_for_an_overview_is_answered
            the_directory_replaces_and_moves_the_facts
            a_frozen_key_stays_frozen
            leaves_are_numbered_without_gaps
            proofs_hold_for_every_leaf_at_every_size
            nodes_are_given_in_their_places
            proofs_out_of_range_are_none
            leaves_are_found_by_kind
            leaves_of_a_restoration_are_found
            what_was_sent_is_found
            a_token_counts_once_also_after_reopening
            a_token_counts_per_partner_and_until_it_expires
            a_version_only_grows
            of_equal_steps_on_a_version_one_is_first
            a_plan_has_one_line_to_come
            no_decision_is_recorded_under_a_policy_that_ended
            what_parties_state_only_grows
            of_equal_statements_of_parties_one_is_first
            who_joins_or_leaves_moves_every_decision
            what_is_held_is_decided_again_when_its_policy_ends
            a_held_delivery_is_decided_again_when_its_policy_ends
            of_callbacks_the_highest_number_stands
            with_a_callback_what_is_open_is_due
            what_is_taken_is_taken_once_until_its_time_is_over
            a_case_comes_in_order_and_holds_up_no_other
            what_has_ended_is_not_brought
            an_attempt_that_was_not_made_does_not_count
            who_is_back_is_not_kept_waiting
            what_is_too_old_is_found
            dead_letters_are_for_sender_and_recipient
            a_sender_sees_how_bringing_goes
            what_nobody_fetches_leaves_after_its_term
            what_was_refused_leaves_after_its_term
            what_waits_for_a_later_step_leaves_and_what_is_held_stays
            evidence_ends_and_every_proof_keeps_holding
            what_empties_a_leaf_says_so_with_it
            the_reference_of_a_closed_case_ends
            a_case_that_nobody_closes_ends_with_its_last_message
            one_process_sweeps_at_a_time
        }
    };
    (@namen $eigen:tt $plek:expr; $($eigenschap:ident)+) => {
        mod contract {
            #[allow(unused_imports)]
            use super::*;
            $($crate::store_contract! { @een $eigen $plek, $eigenschap })+
        }
    };
    (@een [$(#[$eigen:meta])*] $plek:expr, $eigenschap:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        $(#[$eigen])*
        async fn $eigenschap() {
            $crate::contract::$eigenschap(&$plek).await;
        }
    };
}
