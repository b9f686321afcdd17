//! What a migration may do. The first hub of a new version migrates the database while hubs of the former go on working on it
//! (docs/operations/README.md), so a migration only adds: what takes something away comes a version later, when nobody uses it any more.

use sqlx::migrate::Migrator;

use super::super::openen::SCHEMA;

/// The newest migration that the former version has (`tests/chaos/vorige-versie`): those after it run beside that version.
const VORIGE: i64 = 150;

/// What this statement does that a program of before could stumble over.
fn bezwaar(zin: &str) -> Option<&'static str> {
    let woorden: Vec<String> = zin.split_whitespace().map(str::to_uppercase).collect();
    let zin = woorden.join(" ");
    let heeft = |wat: &str| format!(" {zin} ").contains(&format!(" {wat} "));
    match woorden.iter().map(String::as_str).take(2).collect::<Vec<_>>()[..] {
        ["CREATE", "TABLE" | "INDEX"] | ["DROP", "INDEX"] | ["INSERT", _] => None,
        ["CREATE", "UNIQUE"] => Some("rows that the former version writes may be refused"),
        ["CREATE", "TRIGGER" | "VIEW"] | ["UPDATE", _] => None,
        // No program names a function or a trigger; what they do together on its writes the contract suite holds.
        ["CREATE", "FUNCTION"] | ["CREATE", "OR"] | ["DROP", "TRIGGER" | "FUNCTION"] => None,
        ["ALTER", "TABLE"] if heeft("ADD COLUMN") => {
            (heeft("NOT NULL") && !heeft("DEFAULT")).then_some("the former version writes no such column")
        }
        _ => Some("the former version may use what it takes away or changes"),
    }
}

/// The statements of a text, without what is said about them.
fn zinnen(sql: &str) -> Vec<String> {
    let zonder: Vec<&str> = sql.lines().map(|regel| regel.split("--").next().unwrap_or_default()).collect();
    let (mut zinnen, mut zin) = (Vec::new(), String::new());
    // Every second piece is the body of a function.
    for (nr, stuk) in zonder.join("\n").split("$$").enumerate() {
        if nr % 2 == 1 {
            zin.push_str(&format!("$${stuk}$$"));
            continue;
        }
        let mut delen = stuk.split(';');
        zin.push_str(delen.next().unwrap_or_default());
        for deel in delen {
            zinnen.push(std::mem::replace(&mut zin, deel.to_owned()));
        }
    }
    zinnen.push(zin);
    zinnen.iter().map(|zin| zin.trim().to_owned()).filter(|zin| !zin.is_empty()).collect()
}

fn bezwaren(schema: &Migrator) -> Vec<String> {
    let nieuw = schema.migrations.iter().filter(|m| m.version > VORIGE);
    let alle = nieuw.flat_map(|m| zinnen(m.sql.as_str()).into_iter().map(move |zin| (m.version, zin)));
    alle.filter_map(|(versie, zin)| bezwaar(&zin).map(|waarom| format!("{versie}: {waarom}: {zin}"))).collect()
}

#[test]
fn a_migration_leaves_what_the_former_version_uses() {
    assert!(SCHEMA.migrations.iter().any(|m| m.version == VORIGE), "{VORIGE} is no migration");
    assert_eq!(bezwaren(&SCHEMA), Vec::<String>::new());
}

#[test]
fn what_would_break_a_hub_of_before_is_found() {
    for goed in [
        "CREATE TABLE nieuw (nr INTEGER NOT NULL)",
        "CREATE INDEX er_bij ON bericht (nr)",
        "DROP INDEX bericht_zaak",
        "DROP TRIGGER inhoud_sleutel_weg ON inhoud",
        "ALTER TABLE zaak ADD COLUMN vanaf BIGINT",
        "ALTER TABLE zaak\n  ADD COLUMN keer bigint NOT NULL DEFAULT 0",
    ] {
        assert_eq!(bezwaar(goed), None, "{goed}");
    }
    for fout in [
        "DROP TABLE zaak",
        "ALTER TABLE zaak DROP COLUMN vanaf",
        "ALTER TABLE zaak RENAME COLUMN vanaf TO sinds",
        "ALTER TABLE zaak RENAME TO zaken",
        "ALTER TABLE zaak ADD COLUMN keer bigint NOT NULL",
        "ALTER TABLE zaak ALTER COLUMN vanaf SET NOT NULL",
        "ALTER TABLE zaak ADD CONSTRAINT eens CHECK (nr > 0)",
        "CREATE UNIQUE INDEX eens ON zaak (casus)",
        "DELETE FROM zaak",
    ] {
        assert!(bezwaar(fout).is_some(), "{fout}");
    }
    assert_eq!(zinnen("-- Waarom; en hoe.\nDROP INDEX a;\n\nDROP INDEX b; -- ook\n"), ["DROP INDEX a", "DROP INDEX b"]);
}
