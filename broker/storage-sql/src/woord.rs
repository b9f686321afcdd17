//! A recipient's signed word about a delivery: received, read, refused.

use inbreng_domain::{Tijdstip, receipts::Weigeringscode};
use inbreng_storage::{Leveringsbericht, Leveringsstaat, Leveringsuitslag};

use super::{
    opdracht::Leveringswoord,
    rijen::Waarde,
    stapel::{Levering, Stapel},
};

impl<'a> Stapel<'a> {
    /// Decides on the word and gathers it. Only what changes something is evidence; a repetition leaves no leaf.
    pub(super) fn leveringswoord(&mut self, woord: &'a Leveringswoord) -> Leveringsuitslag {
        let Some(levering) = self.leveringen.get_mut(&woord.id).filter(|l| l.ontvanger == woord.ontvanger) else {
            return Leveringsuitslag::Onbekend;
        };
        let was_open = matches!(levering.staat, Leveringsstaat::Open | Leveringsstaat::Aangehouden);
        let uitslag = levering.horen(&woord.wat, woord.blad.tijd);
        if uitslag != Leveringsuitslag::Vastgelegd {
            return uitslag;
        }
        let (nr, staat) = (levering.nr, levering.staat);
        if was_open && matches!(staat, Leveringsstaat::Ontvangen | Leveringsstaat::Geweigerd) {
            self.tellen("open", "", -1);
        }
        if staat == Leveringsstaat::Ontvangen && !matches!(woord.wat, Leveringsbericht::Gelezen) {
            self.ontvangen.push(nr);
        }
        if matches!(woord.wat, Leveringsbericht::Gelezen) {
            self.gelezen.push((nr, woord.blad.tijd.unix_millis()));
        }
        self.uit.leveringsverklaring.rij([
            Waarde::Getal(nr),
            Waarde::Tekst(soort(&woord.wat)),
            Waarde::Getal(woord.blad.tijd.unix_millis()),
            Waarde::Tekst(&woord.verklaring),
        ]);
        self.blad(&woord.blad);
        uitslag
    }
}

impl Levering {
    fn horen(&mut self, wat: &Leveringsbericht, nu: Tijdstip) -> Leveringsuitslag {
        use Leveringsstaat::{Aangehouden, Geweigerd, Ontvangen, Open, Vervallen};
        match (wat, self.staat) {
            // Who knows its number was given it before it was held or lapsed: what was handed out counts as handed out.
            (Leveringsbericht::Ontvangen, Open | Aangehouden | Vervallen) => self.afhandelen(Ontvangen, None, nu),
            (Leveringsbericht::Geweigerd(code), Open | Aangehouden | Vervallen) => self.afhandelen(Geweigerd, Some(*code), nu),
            (Leveringsbericht::Gelezen, Open | Aangehouden | Vervallen | Ontvangen) if self.gelezen_op.is_none() => {
                self.gelezen_op = Some(nu.unix_millis());
                self.gewijzigd = true;
                Leveringsuitslag::Vastgelegd
            }
            (Leveringsbericht::Ontvangen, Ontvangen)
            | (Leveringsbericht::Gelezen, Open | Aangehouden | Vervallen | Ontvangen) => Leveringsuitslag::AlVastgelegd,
            (Leveringsbericht::Geweigerd(code), Geweigerd) if self.weigering == Some(*code) => Leveringsuitslag::AlVastgelegd,
            _ => Leveringsuitslag::Afgesloten,
        }
    }

    fn afhandelen(&mut self, staat: Leveringsstaat, code: Option<Weigeringscode>, nu: Tijdstip) -> Leveringsuitslag {
        self.staat = staat;
        self.weigering = code;
        self.afgehandeld_op = Some(nu.unix_millis());
        self.gewijzigd = true;
        Leveringsuitslag::Vastgelegd
    }
}

/// The word as `leveringsverklaring.soort` holds it.
const fn soort(wat: &Leveringsbericht) -> &'static str {
    match wat {
        Leveringsbericht::Ontvangen => "ontvangst",
        Leveringsbericht::Gelezen => "gelezen",
        Leveringsbericht::Geweigerd(_) => "weigering",
    }
}
