//! A folder replaced in one step: a new one with the new files and the others of the old one is made
//! beside it, and the two change places.

use std::path::Path;

use super::WriteError;

/// Puts files into a folder that is there, in one step; `false` where it can't be done so, and nothing
/// was done.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(super) fn replace(out: &Path, files: &[(&str, &[u8])]) -> Result<bool, WriteError> {
    unix::replace(out, files)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn replace(_: &Path, _: &[(&str, &[u8])]) -> Result<bool, WriteError> {
    Ok(false)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
mod unix {
    use std::collections::BTreeSet;
    use std::fs::{self, Metadata};
    use std::io;
    use std::os::unix::fs::MetadataExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::{Access, CWD, RenameFlags, access, listxattr, renameat_with};

    use super::super::{WriteError, fill, flush, staging};

    /// More than this in a folder is not the output of a program.
    const MOST_CARRIED: usize = 20_000;

    pub(super) fn replace(out: &Path, files: &[(&str, &[u8])]) -> Result<bool, WriteError> {
        let (Ok(real), Ok(here)) = (out.canonicalize(), std::env::current_dir()) else {
            return Ok(false);
        };
        let Some(parent) = real.parent() else { return Ok(false) };
        // Whoever is in a folder that goes away is nowhere.
        let may_write = access(&real, Access::WRITE_OK | Access::EXEC_OK).is_ok();
        if here.starts_with(&real) || !may_write || has_attributes(&real) {
            return Ok(false);
        }
        let Ok(staging) = staging(parent) else { return Ok(false) };
        let new = staging.path().join("new");
        let own: BTreeSet<PathBuf> = files.iter().map(|(name, _)| PathBuf::from(name)).collect();
        let mut carried = Vec::new();
        if carry(&real, &new, Path::new(""), &own, &mut carried).is_err() {
            return Ok(false);
        }
        fill(&new, out, files.iter().copied())?;
        if renameat_with(CWD, &new, CWD, &real, RenameFlags::EXCHANGE).is_err() {
            return Ok(false);
        }
        flush(parent);
        rescue(&new, &real, Path::new(""), &own);
        Ok(true)
    }

    /// Whether a folder has access lists or the like. What the system labels files with by itself does
    /// not count.
    fn has_attributes(folder: &Path) -> bool {
        let mut names = [0_u8; 4096];
        match listxattr(folder, &mut names) {
            Ok(length) => names[..length]
                .split(|byte| *byte == 0)
                .any(|name| !name.is_empty() && !name.starts_with(b"security.")),
            Err(rustix::io::Errno::NOTSUP | rustix::io::Errno::NOSYS) => false,
            Err(_) => true,
        }
    }

    /// Makes a folder like another, with the same files in it, but for `own`.
    fn carry(
        old: &Path,
        new: &Path,
        inside: &Path,
        own: &BTreeSet<PathBuf>,
        carried: &mut Vec<PathBuf>,
    ) -> io::Result<()> {
        let (from, to) = (old.join(inside), new.join(inside));
        fs::create_dir(&to)?;
        let like = fs::metadata(&from)?;
        for entry in fs::read_dir(&from)? {
            let entry = entry?;
            let name = inside.join(entry.file_name());
            if carried.len() == MOST_CARRIED {
                return Err(io::Error::other("too much to carry"));
            }
            carried.push(name.clone());
            if entry.file_type()?.is_dir() {
                carry(old, new, &name, own, carried)?;
            } else if !own.contains(&name) {
                fs::hard_link(entry.path(), new.join(&name))?;
            }
        }
        fs::set_permissions(&to, like.permissions())?;
        let owner = |of: &Metadata| (of.uid(), of.gid());
        if owner(&fs::metadata(&to)?) == owner(&like) {
            Ok(())
        } else {
            Err(io::Error::other("somebody else's"))
        }
    }

    /// Brings over what somebody put into the old folder while the new one was made.
    fn rescue(old: &Path, real: &Path, inside: &Path, own: &BTreeSet<PathBuf>) {
        let Ok(entries) = fs::read_dir(old.join(inside)) else { return };
        for entry in entries.flatten() {
            let name = inside.join(entry.file_name());
            let (from, to) = (entry.path(), real.join(&name));
            let there = fs::symlink_metadata(&to);
            match (entry.metadata(), there) {
                (Ok(one), Ok(other)) if one.is_dir() && other.is_dir() => {
                    rescue(old, real, &name, own);
                }
                (Ok(one), Ok(other)) if one.ino() == other.ino() => {}
                _ if own.contains(&name) => {}
                _ => {
                    let _ = fs::rename(from, to);
                }
            }
        }
    }
}
