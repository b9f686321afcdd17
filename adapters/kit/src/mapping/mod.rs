//! The declarative mapping between a partner's own format and [`crate::concept`].
