//! Help and mistakes, in Dutch.

use crate::inbreng;

#[test]
fn mistakes_are_said_in_dutch_with_a_way_out() {
    for (argumenten, deel) in [
        (&["polisy"][..], "de opdracht `polisy` bestaat niet"),
        (&["policy", "explain", "--vann", "ggz"], "`--vann` bestaat hier niet"),
        (&["policy", "replay", "--log", "x"], "er ontbreekt iets: --nummer"),
        (&["policy", "export", "--rijen", "pdf"], "`pdf` kan niet bij"),
        (&["policy", "explain", "--van"], "achter"),
        (&["log", "verify", "--db", "a", "--export", "b"], "kan niet samen met"),
    ] {
        let uit = inbreng(argumenten);
        assert_eq!(uit.status(), 2, "{argumenten:?}: {}", uit.tekst());
        assert!(uit.klacht().contains(deel) && uit.klacht().contains("Zo lost u dit op:"), "{argumenten:?}: {}", uit.klacht());
    }
}

#[test]
fn help_tells_the_statuses() {
    for naam in ["explain", "diff", "replay", "simulate", "export", "test", "reference"] {
        let help = inbreng(&["policy", naam, "--help"]).goed();
        assert!(help.contains("Gebruik: inbreng policy") && help.contains("Status: 0"), "{help}");
    }
    assert!(inbreng(&["--version"]).goed().starts_with("inbreng "));
}
