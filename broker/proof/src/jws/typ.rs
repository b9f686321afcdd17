//! The uses of a signature: what is signed for one use never counts for another (RFC 8725 §3.11).

/// A use, as it stands in the header's `typ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Typ {
    /// A message, by its sender, for every recipient.
    Bericht,
    /// Routing, by the sender, for the hub.
    Kop,
    /// A part, by its owner.
    Deel,
    /// Access for one recipient, by the owner.
    Toegang,
    /// A directory statement, by the partner.
    Vermelding,
    /// An encryption key, by the partner.
    Sleutel,
    /// That the holder of an encryption key made the next key statement, by that encryption key.
    Opvolging,
    /// That an encryption key is sealed for no more, by the partner or the covenant manager.
    Bevriezing,
    /// A callback, by the partner.
    Terugroep,
    /// A dead letter is to be brought again, by its sender or its recipient.
    Herbezorging,
    /// What the covenant manager adds to a directory statement.
    Medeondertekening,
    /// A policy bundle, by the covenant manager.
    Beleid,
    /// What an officer does to a policy version, by the officer's organisation.
    Beheer,
    /// From when a policy version is in force, by the covenant manager.
    Activering,
    /// That an organisation joins a covenant, by that organisation.
    Toetreding,
    /// That it leaves, by that organisation.
    Uittreding,
    /// The hub's receipt for a sender.
    Ontvangstbewijs,
    /// A recipient's receipt for a delivery.
    Ontvangst,
    /// A human has read it.
    Gelezen,
    /// A delivery refused by its recipient.
    Weigering,
    /// A request to read a view-only part.
    Inzage,
    /// A request for an overview for a person concerned.
    Overzicht,
    /// What a review afterwards found, by the sender.
    Toetsuitslag,
    /// That a partner has sent again what a copy cannot have.
    Nazending,
    /// The head of the hub's log.
    Checkpoint,
}

impl Typ {
    /// Every use.
    pub const ALL: &'static [Self] = &[
        Self::Bericht,
        Self::Kop,
        Self::Deel,
        Self::Toegang,
        Self::Vermelding,
        Self::Sleutel,
        Self::Opvolging,
        Self::Bevriezing,
        Self::Terugroep,
        Self::Herbezorging,
        Self::Medeondertekening,
        Self::Beleid,
        Self::Beheer,
        Self::Activering,
        Self::Toetreding,
        Self::Uittreding,
        Self::Ontvangstbewijs,
        Self::Ontvangst,
        Self::Gelezen,
        Self::Weigering,
        Self::Inzage,
        Self::Overzicht,
        Self::Toetsuitslag,
        Self::Nazending,
        Self::Checkpoint,
    ];

    /// The word in the header.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bericht => "inbreng-bericht+jws",
            Self::Kop => "inbreng-kop+jws",
            Self::Deel => "inbreng-deel+jws",
            Self::Toegang => "inbreng-toegang+jws",
            Self::Vermelding => "inbreng-vermelding+jws",
            Self::Sleutel => "inbreng-sleutel+jws",
            Self::Opvolging => "inbreng-opvolging+jws",
            Self::Bevriezing => "inbreng-bevriezing+jws",
            Self::Terugroep => "inbreng-terugroep+jws",
            Self::Herbezorging => "inbreng-herbezorging+jws",
            Self::Medeondertekening => "inbreng-medeondertekening+jws",
            Self::Beleid => "inbreng-beleid+jws",
            Self::Beheer => "inbreng-beheer+jws",
            Self::Activering => "inbreng-activering+jws",
            Self::Toetreding => "inbreng-toetreding+jws",
            Self::Uittreding => "inbreng-uittreding+jws",
            Self::Ontvangstbewijs => "inbreng-ontvangstbewijs+jws",
            Self::Ontvangst => "inbreng-ontvangst+jws",
            Self::Gelezen => "inbreng-gelezen+jws",
            Self::Weigering => "inbreng-weigering+jws",
            Self::Inzage => "inbreng-inzage+jws",
            Self::Overzicht => "inbreng-overzicht+jws",
            Self::Toetsuitslag => "inbreng-toetsuitslag+jws",
            Self::Nazending => "inbreng-nazending+jws",
            Self::Checkpoint => "inbreng-checkpoint+jws",
        }
    }
}

impl std::fmt::Display for Typ {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
