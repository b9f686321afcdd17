//! What can be read and yet cannot work: limits that refuse every message, room in which nothing is brought, a store that is full, too
//! few file descriptors, one address for two listeners, work divided among hubs that do not have the same.

use inbreng_api::Ruimte;

use crate::{bevinding::Bevinding, bus::Bus, config::Config, opslag::Opslag};

/// Connections of partners, of readers of the store and of callbacks each take one: fewer than this is a hub for a test.
const BESTANDEN: u64 = 4096;
/// A waiting mailbox request that lasts longer is cut off by the proxies and firewalls between.
const WACHTEN: u16 = 300;

/// What the sizes of a configuration say.
pub fn controleren(config: &Config) -> Vec<Bevinding> {
    let mut bevindingen = Vec::new();
    if config.partners.adres == config.beheer.adres && config.partners.adres.port() != 0 {
        let wat = "partners en beheerders krijgen hetzelfde adres";
        bevindingen.push(Bevinding::fout("beheer.adres", wat, "Geef partners en beheer elk een eigen adres of poort."));
    }
    grenzen(config, &mut bevindingen);
    let een = Ruimte::grootste(config.lichamen());
    if een < config.grenzen.message_bytes {
        let wat =
            format!("een bericht mag {} bytes zijn, en van een organisatie past er tegelijk {een}", config.grenzen.message_bytes);
        let oplossing = "Geef partners.mebibytes minstens zes keer de grootte van een bericht; gewoon is 128.";
        bevindingen.push(Bevinding::fout("partners.mebibytes", wat, oplossing));
    }
    bezorgen(config, &mut bevindingen);
    opslag(config, &mut bevindingen);
    if let (Bus::Rabbitmq(_), Opslag::Sqlite { .. }) = (&config.bus, &config.opslag) {
        let wat = "RabbitMQ verdeelt het werk over knooppunten die elk een eigen bestand hebben: een deel wordt nooit bezorgd";
        let oplossing = "Geef alle knooppunten één database (soort = \"postgres\" bij [opslag]), of haal [bus] weg.";
        bevindingen.push(Bevinding::fout("bus.soort", wat, oplossing));
    }
    if config.partners.wachten_seconden > WACHTEN {
        let wat = format!("een partner wacht tot {} seconden op een antwoord", config.partners.wachten_seconden);
        let oplossing = format!("Geef hoogstens {WACHTEN}: wat ertussen staat, breekt een langere verbinding af.");
        bevindingen.push(Bevinding::let_op("partners.wachten_seconden", wat, oplossing));
    }
    if config.partners.inlezen_seconden == 0 {
        let wat = "geen enkel bericht is op tijd binnen";
        bevindingen.push(Bevinding::fout("partners.inlezen_seconden", wat, "Geef minstens 1; gewoon is 30."));
    }
    if let Some(mogen) = open_bestanden().filter(|m| *m < BESTANDEN) {
        let wat = format!("dit programma mag maar {mogen} bestanden en verbindingen tegelijk open hebben");
        let oplossing = format!("Zet LimitNOFILE in de unit (of ulimit -n) op minstens {BESTANDEN}.");
        bevindingen.push(Bevinding::let_op("(systeem)", wat, oplossing));
    }
    bevindingen
}

fn grenzen(config: &Config, bevindingen: &mut Vec<Bevinding>) {
    let g = config.grenzen;
    for (naam, maat) in [
        ("header_bytes", g.header_bytes),
        ("message_bytes", g.message_bytes),
        ("parts", g.parts),
        ("recipients", g.recipients),
        ("persons", g.persons),
        ("nesting", g.nesting),
    ] {
        if maat == 0 {
            let oplossing = "Geef een getal boven 0, of haal de sleutel weg voor de gewone grens.";
            bevindingen.push(Bevinding::fout(format!("grenzen.{naam}"), "met 0 komt geen enkel bericht erdoor", oplossing));
        }
    }
    if g.header_bytes > g.message_bytes {
        let wat = format!("een bericht mag {} bytes zijn en zijn kop {}", g.message_bytes, g.header_bytes);
        let oplossing = "Geef message_bytes meer ruimte dan header_bytes: de delen komen er nog bij.";
        bevindingen.push(Bevinding::let_op("grenzen.message_bytes", wat, oplossing));
    }
}

fn bezorgen(config: &Config, bevindingen: &mut Vec<Bevinding>) {
    let b = &config.bezorgen;
    for (naam, maat) in
        [("per_ontvanger", b.per_ontvanger), ("gezond", b.gezond), ("haperend", b.haperend), ("mebibytes", b.mebibytes)]
    {
        if maat == 0 {
            let oplossing = "Geef een getal boven 0, of haal de sleutel weg voor de gewone maat.";
            bevindingen.push(Bevinding::fout(format!("bezorgen.{naam}"), "met 0 wordt er nooit iets gebracht", oplossing));
        }
    }
}

fn opslag(config: &Config, bevindingen: &mut Vec<Bevinding>) {
    let Opslag::Sqlite { pad, grootste_mib: Some(grootste), .. } = &config.opslag else { return };
    // A store that is not there yet has no size; opening it says whether it can be made.
    let Ok(nu) = std::fs::metadata(pad).map(|m| m.len() >> 20) else { return };
    if nu >= u64::from(*grootste) {
        let wat = format!("de opslag is {nu} MiB en mag er {grootste} zijn: het knooppunt neemt niets meer aan");
        bevindingen.push(Bevinding::let_op("opslag.grootste_mib", wat, "Geef de opslag meer ruimte, of haal de grens weg."));
    }
}

/// How many files this process may have open (`getrlimit`, as the kernel shows it).
fn open_bestanden() -> Option<u64> {
    let grenzen = std::fs::read_to_string("/proc/self/limits").ok()?;
    let regel = grenzen.lines().find_map(|r| r.strip_prefix("Max open files"))?;
    regel.split_whitespace().next()?.parse().ok()
}
