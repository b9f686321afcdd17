//! `inbreng-adapter terugroep`: where the hub brings the deliveries of the own organisation. The organisation says and signs it, the
//! covenant manager signs it too, on its own machine, and the organisation brings it. That it is brought to no more, it says alone.

mod daden;
mod opdracht;

pub use opdracht::{Terugroepopdracht, uitvoeren};
