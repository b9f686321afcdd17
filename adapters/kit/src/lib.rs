//! The adapter at a partner: mapping, sealing, store and forward.
