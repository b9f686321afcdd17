//! A file under a name that others could know beforehand, in a folder where they may write: it is always made anew. Whoever laid a link there
//! has nothing written where that leads, also when the command is run as root.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::Path,
};

/// Makes an empty file of this mode, in the place of what an earlier run left there. Never opens what is there, and follows no link
/// (`O_EXCL`, open(2)).
///
/// # Errors
/// The file cannot be made, or something came there meanwhile.
pub(crate) fn maken(pad: &Path, mode: u32) -> io::Result<File> {
    match fs::remove_file(pad) {
        Ok(()) => {}
        Err(fout) if fout.kind() == ErrorKind::NotFound => {}
        Err(fout) => return Err(fout),
    }
    let bestand = OpenOptions::new().write(true).create_new(true).mode(mode).open(pad)?;
    // By the open file, whatever the umask of who runs this.
    bestand.set_permissions(fs::Permissions::from_mode(mode))?;
    Ok(bestand)
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn what_a_link_leads_to_is_left_as_it_is() {
        let map = tempfile::tempdir().unwrap();
        let [doel, weg, pad] = ["doel", "weg", "pad"].map(|naam| map.path().join(naam));
        fs::write(&doel, "van root").unwrap();
        fs::set_permissions(&doel, fs::Permissions::from_mode(0o600)).unwrap();
        for waarheen in [&doel, &weg] {
            symlink(waarheen, &pad).unwrap();
            maken(&pad, 0o644).unwrap().write_all(b"nieuw").unwrap();
            assert!(fs::symlink_metadata(&pad).unwrap().is_file(), "in the place of the link");
            assert_eq!(fs::metadata(&pad).unwrap().permissions().mode() & 0o777, 0o644);
            fs::remove_file(&pad).unwrap();
        }
        assert_eq!(fs::read_to_string(&doel).unwrap(), "van root");
        assert_eq!(fs::metadata(&doel).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(!weg.exists());
        // What an earlier run left has another content and mode.
        fs::write(&pad, "een half").unwrap();
        maken(&pad, 0o600).unwrap().write_all(b"heel").unwrap();
        assert_eq!(fs::read_to_string(&pad).unwrap(), "heel");
        assert_eq!(fs::metadata(&pad).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(maken(map.path(), 0o600).is_err(), "a folder is no file");
    }
}
