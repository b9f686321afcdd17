//! The uses of a signature: what is signed for one use never counts for another (RFC 8725 §3.11).

/// The uses, the list of all of them and their words, from one place: a use that is added is in all three.
macro_rules! uses {
    ($($(#[$meta:meta])* $variant:ident = $word:literal,)+) => {
        /// A use, as it stands in the header's `typ`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Typ { $($(#[$meta])* $variant),+ }

        impl Typ {
            /// Every use.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word in the header.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }
    };
}

uses! {
    /// A message, by its sender, for every recipient.
    Bericht = "inbreng-bericht+jws",
    /// Routing, by the sender, for the hub.
    Kop = "inbreng-kop+jws",
    /// A part, by its owner.
    Deel = "inbreng-deel+jws",
    /// Access for one recipient, by the owner.
    Toegang = "inbreng-toegang+jws",
    /// A directory statement, by the partner.
    Vermelding = "inbreng-vermelding+jws",
    /// An encryption key, by the partner.
    Sleutel = "inbreng-sleutel+jws",
    /// That the holder of an encryption key made the next key statement, by that encryption key.
    Opvolging = "inbreng-opvolging+jws",
    /// That an encryption key is sealed for no more, by the partner or the covenant manager.
    Bevriezing = "inbreng-bevriezing+jws",
    /// A callback, by the partner.
    Terugroep = "inbreng-terugroep+jws",
    /// A dead letter is to be brought again, by its sender or its recipient.
    Herbezorging = "inbreng-herbezorging+jws",
    /// What the covenant manager adds to a directory statement.
    Medeondertekening = "inbreng-medeondertekening+jws",
    /// A policy bundle, by the covenant manager.
    Beleid = "inbreng-beleid+jws",
    /// What an officer does to a policy version, by the officer's organisation.
    Beheer = "inbreng-beheer+jws",
    /// From when a policy version is in force, by the covenant manager.
    Activering = "inbreng-activering+jws",
    /// That an organisation joins a covenant, by that organisation.
    Toetreding = "inbreng-toetreding+jws",
    /// That it leaves, by that organisation.
    Uittreding = "inbreng-uittreding+jws",
    /// The hub's receipt for a sender.
    Ontvangstbewijs = "inbreng-ontvangstbewijs+jws",
    /// A recipient's receipt for a delivery.
    Ontvangst = "inbreng-ontvangst+jws",
    /// A human has read it.
    Gelezen = "inbreng-gelezen+jws",
    /// A delivery refused by its recipient.
    Weigering = "inbreng-weigering+jws",
    /// A request to read a view-only part.
    Inzage = "inbreng-inzage+jws",
    /// A request for an overview for a person concerned.
    Overzicht = "inbreng-overzicht+jws",
    /// What a review afterwards found, by the sender.
    Toetsuitslag = "inbreng-toetsuitslag+jws",
    /// That a partner has sent again what a copy cannot have.
    Nazending = "inbreng-nazending+jws",
    /// The head of the hub's log.
    Checkpoint = "inbreng-checkpoint+jws",
}

impl std::fmt::Display for Typ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
