//! Options to create and open files that belong to the program and to its user alone.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

/// Opens a regular file with these options, and creates it if it is missing. A new file is private. A link is refused: it
/// could lead to a file of another program.
pub fn open_regular(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let refused = |why: &str| io::Error::new(io::ErrorKind::InvalidInput, why.to_owned());
    if path.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        return Err(refused("it is a symbolic link; name the file that it leads to"));
    }
    if path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        return Err(refused("it is not a regular file"));
    }
    owner_only(options);
    no_link(options);
    let file = options.create(true).truncate(false).open(path)?;
    // The file may have been replaced in the meantime.
    if file.metadata()?.is_file() { Ok(file) } else { Err(refused("it is not a regular file")) }
}

/// Appends a suffix to a file name. Unlike `with_extension`, it keeps the names of different files different.
pub fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Restricts access to a file that is created with these options to the current user (mode 600 on Unix).
#[cfg_attr(not(unix), allow(unused_variables, reason = "other systems keep the user's folders private"))]
pub fn owner_only(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
}

/// Makes opening fail if the file is a symbolic link.
#[cfg_attr(not(unix), allow(unused_variables, reason = "the path is checked before"))]
pub(crate) fn no_link(options: &mut OpenOptions) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(i32::try_from(rustix::fs::OFlags::NOFOLLOW.bits()).unwrap_or_default());
    }
}
