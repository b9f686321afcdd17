//! A clock of its own for one process, which the test sets while it runs: libfaketime, loaded before the program. What only counts how
//! long something takes goes on as before, as it does when an administrator or a time server sets a machine's clock.

use std::{
    env, fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

/// Where Debian's package has it, on machines that Inbreng runs on.
const PLAATSEN: [&str; 2] =
    ["/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"];

/// The clock of the programs that were started through it.
#[derive(Debug)]
pub struct Klok {
    stand: PathBuf,
    programma: PathBuf,
}

impl Klok {
    /// Whether there is one to have. `INBRENG_FAKETIME` names the library, and then it must be there.
    pub fn is_er() -> bool {
        bibliotheek().is_some()
    }

    /// A clock that is right, and the program that goes by it: both lie in `map`.
    pub fn voor(programma: &Path, map: &Path) -> Self {
        let bibliotheek = bibliotheek().expect("libfaketime (Debian: libfaketime); cargo xtask test --only klok installs it");
        fs::create_dir_all(map).unwrap();
        let klok = Self { stand: map.join("klok"), programma: map.join("met-klok.sh") };
        klok.zetten(0);
        let script = format!(
            "#!/bin/sh\nexport LD_PRELOAD='{}' FAKETIME_TIMESTAMP_FILE='{}' FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
             DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1\nexec '{}' \"$@\"\n",
            bibliotheek.display(),
            klok.stand.display(),
            programma.display()
        );
        fs::write(&klok.programma, script).unwrap();
        fs::set_permissions(&klok.programma, fs::Permissions::from_mode(0o755)).unwrap();
        klok
    }

    /// What to start.
    pub fn programma(&self) -> &Path {
        &self.programma
    }

    /// Sets it so many seconds ahead of the machine's, or behind (negative); 0 is right. Whoever reads it sees the one or the other.
    pub fn zetten(&self, seconden: i64) {
        let nieuw = self.stand.with_extension("nieuw");
        fs::write(&nieuw, format!("{seconden:+}\n")).unwrap();
        fs::rename(&nieuw, &self.stand).unwrap();
    }
}

fn bibliotheek() -> Option<PathBuf> {
    if let Some(genoemd) = env::var_os("INBRENG_FAKETIME") {
        let genoemd = PathBuf::from(genoemd);
        assert!(genoemd.is_file(), "INBRENG_FAKETIME names {}, which is not there", genoemd.display());
        return Some(genoemd);
    }
    PLAATSEN.iter().map(PathBuf::from).find(|plaats| plaats.is_file())
}
