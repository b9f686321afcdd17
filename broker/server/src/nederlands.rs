//! The command line in Dutch: its help, and what it says of a mistake.

use clap::{
    Arg, ArgAction, ArgMatches, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// The same command with help in Dutch, all the way down.
pub fn vertaald(opdracht: Command) -> Command {
    let naam = opdracht.get_name().to_owned();
    met_pad(opdracht, &naam)
}

fn met_pad(opdracht: Command, pad: &str) -> Command {
    let uitleg = Arg::new("hulp").short('h').long("help").action(ArgAction::Help).help("Toon deze uitleg");
    let mut opdracht = opdracht
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_help_heading("Opdrachten")
        .subcommand_value_name("OPDRACHT")
        .arg(uitleg);
    if opdracht.get_version().is_some() {
        let versie = Arg::new("versie").short('V').long("version").action(ArgAction::Version).help("Toon de versie");
        opdracht = opdracht.arg(versie);
    }
    let kop = |a: &Arg| if a.is_positional() { "Argumenten" } else { "Opties" };
    opdracht = opdracht.mut_args(|a| {
        let kop = kop(&a);
        let met_waarde = a.get_action().takes_values();
        a.help_heading(kop).hide_possible_values(met_waarde).hide_default_value(met_waarde)
    });
    let gebruik = opdracht.clone().bin_name(pad).render_usage().to_string();
    let gebruik = gebruik.trim_start_matches("Usage: ").replace("[OPTIONS]", "[OPTIES]");
    let namen: Vec<String> = opdracht.get_subcommands().map(|s| s.get_name().to_owned()).collect();
    for naam in namen {
        opdracht = opdracht.mut_subcommand(&naam, |sub| met_pad(sub, &format!("{pad} {naam}")));
    }
    opdracht.override_usage(gebruik).help_template("{about-with-newline}\nGebruik: {usage}\n\n{all-args}{after-help}")
}

/// Reads what was typed.
///
/// # Errors
/// What to print, and the status to end with: 0 where help or the version was asked, 2 for a mistake.
pub fn lezen(opdracht: Command) -> Result<ArgMatches, (String, u8)> {
    vertaald(opdracht).try_get_matches().map_err(|e| match e.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (e.to_string(), 0),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (e.to_string(), 2),
        _ => (klacht(&e), 2),
    })
}

fn tekst(fout: &clap::Error, wat: ContextKind) -> Option<String> {
    match fout.get(wat)? {
        ContextValue::String(s) => Some(s.clone()),
        ContextValue::Strings(all) => Some(all.join(", ")),
        ContextValue::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

/// A mistake, and how to mend it.
fn klacht(fout: &clap::Error) -> String {
    let arg = tekst(fout, ContextKind::InvalidArg).unwrap_or_default();
    let waarde = tekst(fout, ContextKind::InvalidValue).unwrap_or_default();
    let (wat, herstel) = match fout.kind() {
        ErrorKind::UnknownArgument => {
            let bedoeld = tekst(fout, ContextKind::SuggestedArg);
            (format!("`{arg}` bestaat hier niet"), bedoeld.map(|b| format!("Bedoelt u `{b}`?")))
        }
        ErrorKind::InvalidSubcommand => {
            let wat = tekst(fout, ContextKind::InvalidSubcommand).unwrap_or_default();
            let bedoeld = tekst(fout, ContextKind::SuggestedSubcommand);
            (format!("de opdracht `{wat}` bestaat niet"), bedoeld.map(|b| format!("Bedoelt u `{b}`?")))
        }
        ErrorKind::MissingRequiredArgument => (format!("er ontbreekt iets: {arg}"), Some("Voeg dat toe.".to_owned())),
        ErrorKind::MissingSubcommand => ("u heeft geen opdracht genoemd".to_owned(), None),
        ErrorKind::ArgumentConflict => {
            let ander = tekst(fout, ContextKind::PriorArg).unwrap_or_else(|| "wat er al staat".to_owned());
            (format!("`{arg}` kan niet samen met {ander}"), Some("Kies een van beide.".to_owned()))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if waarde.is_empty() => {
            (format!("achter `{arg}` hoort een waarde"), Some("Zet de waarde erachter.".to_owned()))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let keuze = tekst(fout, ContextKind::ValidValue).filter(|k| !k.is_empty());
            (format!("`{waarde}` kan niet bij `{arg}`"), keuze.map(|k| format!("Kies uit: {k}.")))
        }
        ErrorKind::InvalidUtf8 => ("wat u typte is geen leesbare tekst (UTF-8)".to_owned(), None),
        _ => (format!("dit is niet te begrijpen bij `{arg}`"), None),
    };
    let herstel = herstel.unwrap_or_else(|| "Met --help ziet u wat er kan.".to_owned());
    format!("{wat}\n  Zo lost u dit op: {herstel}\n")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn elke(opdracht: &Command, pad: &str, doe: &mut impl FnMut(&str, String)) {
        doe(pad, opdracht.clone().render_long_help().to_string());
        for sub in opdracht.get_subcommands() {
            elke(sub, &format!("{pad} {}", sub.get_name()), doe);
        }
    }

    #[test]
    fn no_help_has_a_word_of_english() {
        let mut gezien = 0;
        elke(&vertaald(Cli::command()), "inbreng", &mut |pad, help| {
            for engels in
                ["Usage", "Options", "OPTIONS", "Commands", "COMMAND", "Arguments", "Print", "possible values", "default"]
            {
                assert!(!help.contains(engels), "{pad}: {engels}\n{help}");
            }
            assert!(help.contains("Gebruik: inbreng"), "{pad}\n{help}");
            gezien += 1;
        });
        assert!(gezien > 15, "{gezien}");
    }

    #[test]
    fn the_dutch_command_line_is_consistent() {
        vertaald(Cli::command()).debug_assert();
    }
}
