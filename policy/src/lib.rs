//! The covenant as an executable policy on Casbin: pure, the same in hub and adapter.
