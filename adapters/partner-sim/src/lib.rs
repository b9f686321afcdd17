//! A partner's own system, played: for demo, tests and load. Knows nothing of the hub.
