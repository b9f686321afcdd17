//! Problems (RFC 9457): one closed list of codes, each with its status and a Dutch sentence. The codes are contract.

use serde::{Deserialize, Serialize};

macro_rules! problem_codes {
    ($($(#[$m:meta])* $variant:ident = $code:literal, $status:literal, $title:literal, $detail:literal;)+) => {
        /// The stable code of a problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum ProblemCode { $($(#[$m])* #[doc = $detail] $variant),+ }

        impl ProblemCode {
            /// Every code, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }

            /// The short Dutch title.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Self::$variant => $title),+ } }

            /// The Dutch sentence that says what to do, without any data of the request.
            #[must_use]
            pub const fn detail(self) -> &'static str { match self { $(Self::$variant => $detail),+ } }
        }

        impl std::str::FromStr for ProblemCode {
            type Err = crate::vocabulary::UnknownWord;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                match s { $($code => Ok(Self::$variant),)+ _ => Err(crate::vocabulary::UnknownWord::new("probleemcode")) }
            }
        }
    };
}

problem_codes! {
    GeenCertificaat = "geen-certificaat", 401, "Geen certificaat", "Maak verbinding met het TLS-certificaat van uw organisatie.";
    CertificaatIngetrokken = "certificaat-ingetrokken", 403, "Certificaat ingetrokken", "Uw certificaat is ingetrokken. Vraag een nieuw certificaat aan bij uw beheerder.";
    PartnerOnbekend = "partner-onbekend", 403, "Organisatie niet aangesloten", "Uw organisatie staat niet in de gids van dit knooppunt. Neem contact op met de convenantbeheerder.";
    TokenOntbreekt = "token-ontbreekt", 401, "Toegangstoken ontbreekt", "Vraag eerst een toegangstoken aan en stuur het mee.";
    TokenOngeldig = "token-ongeldig", 401, "Toegangstoken ongeldig", "Het toegangstoken is verlopen of niet geldig. Vraag een nieuw token aan.";
    TokenNietGebonden = "token-niet-gebonden", 401, "Token hoort bij een ander certificaat", "Gebruik het token alleen met het certificaat waarmee het is aangevraagd.";
    BereikOntbreekt = "bereik-ontbreekt", 403, "Token geeft hier geen recht op", "Vraag een token aan met het bereik dat deze bewerking nodig heeft.";
    TokenverzoekOngeldig = "tokenverzoek-ongeldig", 400, "Tokenverzoek ongeldig", "Het tokenverzoek volgt niet de afspraken. Kijk in het veld error wat er mis is.";
    ClientOngeldig = "client-ongeldig", 401, "Clientverklaring ongeldig", "De ondertekende clientverklaring is niet geldig of al eens gebruikt.";
    GeenJson = "geen-json", 400, "Geen geldige JSON", "Stuur geldige JSON in UTF-8, zonder dubbele sleutels.";
    TeDiep = "te-diep", 400, "Te diep genest", "De JSON is dieper genest dan is toegestaan.";
    TeGroot = "te-groot", 413, "Te groot", "Het bericht is groter dan is toegestaan. Splits het of stuur minder mee.";
    TeVeel = "te-veel", 400, "Te veel onderdelen", "Het bericht heeft meer delen, ontvangers of personen dan is toegestaan.";
    MediatypeOnbekend = "mediatype-onbekend", 415, "Mediatype niet ondersteund", "Stuur een bericht als application/cloudevents+json, andere verzoeken als application/json.";
    VeldOngeldig = "veld-ongeldig", 400, "Veld onbekend of ongeldig", "Een veld ontbreekt, is onbekend of heeft een waarde die niet is toegestaan. Het veld pad wijst het aan.";
    TypeOnbekend = "type-onbekend", 422, "Berichttype onbekend", "Dit berichttype of deze versie staat niet in de catalogus.";
    VerklaringOngeldig = "verklaring-ongeldig", 422, "Verklaring past niet bij het type", "De verklaring voldoet niet aan het schema van dit berichttype.";
    NietGelijk = "niet-gelijk", 422, "Gegevens spreken elkaar tegen", "Envelop, bericht en labels moeten hetzelfde zeggen.";
    BronNietEigen = "bron-niet-eigen", 403, "Afzender is niet uw organisatie", "De afzender in het bericht is een andere organisatie dan die van uw certificaat.";
    EigenaarNietAfzender = "eigenaar-niet-afzender", 403, "U bent niet de eigenaar", "Een deel kan alleen door zijn eigenaar worden verstuurd. Vraag de eigenaar om het te delen.";
    HandtekeningOngeldig = "handtekening-ongeldig", 422, "Handtekening klopt niet", "Een handtekening past niet bij de inhoud of bij de sleutel van de afzender.";
    DigestOngelijk = "digest-ongelijk", 422, "Digest klopt niet", "Een onderdeel is veranderd nadat het werd ondertekend.";
    VerzegelingOngeldig = "verzegeling-ongeldig", 422, "Verzegeling ongeldig", "De verzegelde inhoud heeft niet de afgesproken vorm.";
    SleutelOnbekend = "sleutel-onbekend", 422, "Verzegeld voor een onbekende sleutel", "Het deel is niet verzegeld met de geldige sleutel van de ontvanger. Haal de sleutels opnieuw op.";
    SleutelBevroren = "sleutel-bevroren", 422, "Sleutel is bevroren", "Deze sleutel is bevroren: er wordt niets meer voor verzegeld. Wacht op de nieuwe sleutel van de organisatie, en verzegel dan opnieuw.";
    OpvolgingOnbewezen = "opvolging-onbewezen", 422, "Nieuwe sleutel niet bewezen", "De vorige sleutel bewijst de nieuwe niet, en de convenantbeheerder heeft haar niet bevestigd. Bewijs haar met de vorige sleutel, of vraag de convenantbeheerder haar te bevestigen.";
    OntvangerOnbekend = "ontvanger-onbekend", 422, "Ontvanger onbekend", "Een ontvanger is niet aangesloten of kan niet worden gevonden.";
    CasusOngeldig = "casus-ongeldig", 422, "Casusverwijzing ongeldig", "De casusverwijzing past niet bij de opening of ontbreekt.";
    BerichtBestaatAnders = "bericht-bestaat-anders", 409, "Berichtnummer al gebruikt", "Onder dit berichtnummer is al een ander bericht aangenomen. Gebruik een nieuw nummer.";
    WaarschuwingBevestigen = "waarschuwing-bevestigen", 409, "Kijk dit nog na", "In vrije tekst lijkt een burgerservicenummer of postcode te staan. Haal het eruit, of bevestig dat het daar hoort.";
    OpnieuwToetsen = "opnieuw-toetsen", 409, "Opnieuw toetsen", "Beleid, routering of sleutels zijn veranderd sinds u toetste. Toets opnieuw en verzegel opnieuw.";
    NietToegestaan = "niet-toegestaan", 403, "Delen mag zo niet", "Delen mag zo niet. Bij besluiten staat waarom, en wat wel mag.";
    NietGevonden = "niet-gevonden", 404, "Niet gevonden", "Er is geen informatie beschikbaar.";
    VolgnummerBezet = "volgnummer-bezet", 409, "Volgnummer al gebruikt", "Onder dit of een hoger volgnummer staat al een verklaring van u over hetzelfde. Gebruik een hoger nummer.";
    RolOntbreekt = "rol-ontbreekt", 403, "Uw organisatie heeft hier niet de rol voor", "Dit mag alleen wie daar in deze zaak de rol voor heeft. Vraag het aan de casusregisseur of aan Veilig Thuis.";
    OverdrachtAfgerond = "overdracht-afgerond", 409, "Overdracht geldt niet meer", "Deze overdracht is al geaccepteerd, of de afzender is niet meer verantwoordelijk voor de zaak.";
    AlGemeld = "al-gemeld", 409, "Al gemeld", "Uw organisatie meldde dit al. De inbrenger beslist erover; zei die dat er niets mis is, neem dan zelf contact op.";
    InhoudWeg = "inhoud-weg", 409, "Inhoud staat niet meer op het knooppunt", "De verzegelde inhoud is na bezorging gewist. Stuur hetzelfde deel nog eens mee, zoals het is verstuurd.";
    ZaakGesloten = "zaak-gesloten", 409, "Zaak is gesloten", "Deze zaak is gesloten. Een nieuwe melding of een veiligheidssignaal opent haar weer.";
    LeveringAfgesloten = "levering-afgesloten", 409, "Levering al afgesloten", "Voor deze levering is al een ander eindbericht ontvangen.";
    InzageHerhaald = "inzage-herhaald", 409, "Verzoek al gebruikt", "Dit inzageverzoek is al eens gebruikt. Maak een nieuw verzoek.";
    VoorwaardeOntbreekt = "voorwaarde-ontbreekt", 428, "If-Match ontbreekt", "Haal eerst de huidige stand op en stuur zijn ETag mee in If-Match.";
    VersieGewijzigd = "versie-gewijzigd", 412, "Intussen veranderd", "Een ander was u voor. Haal de huidige stand op en bekijk of uw handeling nog past.";
    VersieBestaatAnders = "versie-bestaat-anders", 409, "Versie bestaat al", "Deze regels zijn al ingediend met andere tabellen. Geef de bundel een nieuw versienummer en dien die in.";
    VersieStaat = "versie-staat", 409, "Kan niet in deze staat", "De versie is niet in de staat die deze stap nodig heeft. De staat staat bij de versie.";
    VersieOngeldig = "versie-ongeldig", 422, "Versie niet bruikbaar", "De bundel of een tabel is niet te gebruiken. Toets haar eerst zelf met inbreng policy test; het veld pad wijst de plek aan.";
    GeenPartij = "geen-partij", 403, "Geen partij bij het convenant", "Alleen een organisatie die het convenant heeft ondertekend, kan dit doen.";
    EigenVersie = "eigen-versie", 403, "Niet uw eigen versie", "Wie een versie indiende, kan haar niet goedkeuren. Vraag twee andere organisaties.";
    AlGoedgekeurd = "al-goedgekeurd", 409, "Al goedgekeurd", "Uw organisatie heeft deze versie al goedgekeurd. Vraag een andere organisatie.";
    SimulatieAnders = "simulatie-anders", 409, "Andere simulatie", "De goedkeuring noemt niet de laatste simulatie. Bekijk de uitkomst opnieuw en onderteken die.";
    ActiveringGepland = "activering-gepland", 409, "Er is al een activering gepland", "Voor dit convenant staat al een activering klaar. Trek die versie eerst in, of wacht tot zij ingaat.";
    IngangVoorbij = "ingang-voorbij", 422, "Ingangsmoment ligt in het verleden", "Kies een moment dat nog komt en binnen de geldigheid van het convenant valt.";
    NietNieuwer = "niet-nieuwer", 409, "Nummer niet hoger", "Het volgnummer moet hoger zijn dan het vorige. Haal de huidige stand op.";
    MethodeOnbekend = "methode-onbekend", 405, "Methode niet toegestaan", "Deze bewerking bestaat niet op dit adres.";
    KopregelsTeGroot = "kopregels-te-groot", 431, "Kopregels te groot", "De HTTP-kopregels of het adres van het verzoek zijn langer dan is toegestaan.";
    TeTraag = "te-traag", 408, "Verzoek kwam te traag binnen", "Het verzoek was niet op tijd compleet. Probeer het opnieuw.";
    IntrekkingslijstVerlopen = "intrekkingslijst-verlopen", 503, "Certificaten niet te controleren", "Het knooppunt kan nu niet nagaan of certificaten zijn ingetrokken. Probeer het straks opnieuw.";
    TeVaak = "te-vaak", 429, "Te veel verzoeken", "U stuurt te veel verzoeken. Wacht even en probeer het opnieuw.";
    BeleidVerouderd = "beleid-verouderd", 503, "Beleid niet beschikbaar", "Het knooppunt kan nu niet beslissen. Probeer het straks opnieuw.";
    KnooppuntHersteld = "knooppunt-hersteld", 503, "Knooppunt is teruggezet", "Het knooppunt is teruggezet uit een kopie en geeft niets uit totdat alle organisaties hebben nagezonden wat na die kopie kwam. Probeer het straks opnieuw.";
    OpslagNietBeschikbaar = "opslag-niet-beschikbaar", 503, "Opslag niet beschikbaar", "Het knooppunt kan nu niets vastleggen en neemt daarom niets aan. Probeer het straks opnieuw.";
    SchijfVol = "schijf-vol", 507, "Geen ruimte", "Het knooppunt heeft geen ruimte om iets vast te leggen. De beheerder is gewaarschuwd.";
    InterneFout = "interne-fout", 500, "Interne fout", "Er ging iets mis in het knooppunt. Er is niets aangenomen. Probeer het opnieuw.";
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for ProblemCode {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ProblemCode {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        word.parse().map_err(serde::de::Error::custom)
    }
}

/// An answer that is not the one hoped for (`application/problem+json`, RFC 9457).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// `https://inbreng.example/problemen/<code>`; a name, not a page.
    #[serde(rename = "type")]
    pub kind: String,
    /// Short, Dutch.
    pub title: String,
    /// The HTTP status again.
    pub status: u16,
    /// Dutch, for people; says what to do.
    pub detail: String,
    /// The stable code.
    pub code: ProblemCode,
    /// JSON Pointer to the offending field, where one is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad: Option<String>,
    /// The RFC 6749 error, on the token endpoint only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Per part and recipient why not and what would be allowed, with [`ProblemCode::NietToegestaan`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub besluiten: Vec<crate::receipts::Bewijsbesluit>,
}

impl Problem {
    /// The problem of this code, with its standard sentence.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            kind: format!("https://inbreng.example/problemen/{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            detail: code.detail().to_owned(),
            code,
            pad: None,
            error: None,
            besluiten: Vec::new(),
        }
    }

    /// Points at the offending field.
    #[must_use]
    pub fn at(mut self, pad: impl Into<String>) -> Self {
        self.pad = Some(pad.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_kebab_and_carry_a_sentence() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ProblemCode::ALL {
            assert!(seen.insert(code.as_str()), "{code} twice");
            assert!(crate::Code::parse(code.as_str()).is_ok(), "{code}");
            assert!((400..600).contains(&code.status()), "{code}");
            assert!(code.detail().ends_with('.') && code.detail().len() > 20, "{code}");
            assert_eq!(code.as_str().parse::<ProblemCode>().unwrap(), *code);
        }
    }
}
