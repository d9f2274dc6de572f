//! Files written whole or not at all.

mod exchange;
mod lock;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::thread;

use tempfile::TempDir;

/// How many flushes wait for the disk at once.
const FLUSHES: usize = 16;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// Something else is where the folder should be.
    #[error("{} is not a folder; give another place for the output", path.display())]
    NotAFolder {
        /// What is in the way.
        path: PathBuf,
    },
    /// It can't be written.
    #[error("{} can't be written", path.display())]
    Unwritable {
        /// What could not be written.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Another run is writing there, and does not come to an end.
    #[error("another run is writing to {}; wait for it, or give another folder", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A file there would become part of a dataset that it does not belong to.
    #[error("{} would become part of the dataset; take it out or give an empty folder", path.display())]
    InTheWay {
        /// The file.
        path: PathBuf,
    },
}

/// Turns a cause into an error about a path.
fn at(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError::Unwritable { path, source }
}

/// Writes files into a folder, all of them or none; other files of the folder stay as they are. A name
/// may be a path inside the folder, with `/`.
///
/// Every file is first written beside its place and flushed to the disk.
/// - Where the folder is not there yet, it appears with all its files in one step. Folders above it are
///   made, and taken away again where writing fails.
/// - Where it is there, a new folder with the new files and the others of the old one takes its place in
///   one step, and the old one is taken away. Either is whole at any moment, even if the program is
///   killed.
/// - Where the system can't exchange folders, or the folder is a mount, has attributes that can't be
///   carried over, is where the program was started, or somebody else's, files of the same name are
///   replaced one by one; if one can't be, those replaced before get their old content back. The last file
///   is the seal: the old one is set aside before any other is touched and the new one comes last, so
///   that a folder left half-way by a kill has none (the old files are then in a hidden folder
///   `.rotashare-…` in it).
///
/// A kill may leave a hidden folder `.rotashare-…` beside the output, to be deleted. Of runs that write at
/// once one waits for the other.
///
/// # Errors
/// Where something can't be written; then the folder is as it was.
pub fn write_folder(out: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    let inside = |name: &str| {
        let mut parts = Path::new(name).components();
        !name.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
    };
    if let Some((name, _)) = files.iter().find(|(name, _)| !inside(name)) {
        let source = io::Error::new(io::ErrorKind::InvalidInput, "it is no place in the folder");
        return Err(at(&out.join(name))(source));
    }
    let is_new = match fs::metadata(out) {
        Ok(metadata) if metadata.is_dir() => false,
        Ok(_) => return Err(WriteError::NotAFolder { path: out.to_owned() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(at(out)(error)),
    };
    let parent = match out.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    };
    if is_new {
        let made = Made::make(&parent)?;
        let lock = lock::take(&parent, out)?;
        if out.is_dir() {
            // Another run was quicker.
            replace(out, files)?;
        } else {
            create(out, &parent, files)?;
        }
        drop(lock);
        made.keep();
        return Ok(());
    }
    // A link's own folder is not where the output is.
    let real = out.canonicalize().map_err(at(out))?;
    let _lock = lock::take(real.parent().unwrap_or(&real), out)?;
    replace(out, files)
}

fn replace(out: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    for (name, _) in files {
        let target = out.join(name);
        if target.is_dir() {
            let source = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            return Err(at(&target)(source));
        }
    }
    let changed: Vec<(&str, &[u8])> = files
        .iter()
        .filter(|(name, content)| !is_there(&out.join(name), content))
        .map(|(name, content)| (*name, content.as_slice()))
        .collect();
    if changed.is_empty() || exchange::replace(out, &changed)? {
        return Ok(());
    }
    replace_in(out, &changed)
}

/// Whether a file has exactly this content.
fn is_there(path: &Path, content: &[u8]) -> bool {
    let alike = fs::symlink_metadata(path)
        .is_ok_and(|there| there.is_file() && there.len() == content.len() as u64);
    alike && fs::read(path).is_ok_and(|there| there == content)
}

/// Writes one file, whole or not at all. What is no regular file (a pipe, a terminal) is written into.
///
/// # Errors
/// Where it can't be written; then what was there still is.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), WriteError> {
    let path = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => {
            let source = io::Error::new(io::ErrorKind::IsADirectory, "it is a folder");
            return Err(at(path)(source));
        }
        // Through a link to the file itself, so that the link stays one.
        Ok(metadata) if metadata.is_file() => path.canonicalize().map_err(at(path))?,
        Ok(_) => {
            let file = File::options().write(true).open(path);
            return file.and_then(|mut file| file.write_all(content)).map_err(at(path));
        }
        Err(_) => path.to_owned(),
    };
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let staging = staging(parent)?;
    let new = staging.path().join("new");
    write(&new, content).map_err(at(&path))?;
    fs::rename(&new, &path).map_err(at(&path))
}

/// A hidden folder on the same file system, taken away when dropped.
fn staging(parent: &Path) -> Result<TempDir, WriteError> {
    tempfile::Builder::new().prefix(".rotashare-").tempdir_in(parent).map_err(at(parent))
}

fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// Writes files into a folder being made, and flushes them all.
fn fill<'a>(
    new: &Path,
    out: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
) -> Result<(), WriteError> {
    let mut written: Vec<File> = Vec::new();
    for (name, content) in files {
        let path = new.join(name);
        let made = || -> io::Result<File> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut file = File::create(&path)?;
            file.write_all(content)?;
            Ok(file)
        };
        written.push(made().map_err(at(&out.join(name)))?);
        // Flushed together, so that the disk has many to do at once; not all, for handles are few.
        if written.len() == 128 {
            flush_files(&mut written).map_err(at(out))?;
        }
    }
    flush_files(&mut written).map_err(at(out))?;
    flush(new);
    Ok(())
}

fn flush_files(files: &mut Vec<File>) -> io::Result<()> {
    // A flush waits for the disk, not for a processor: several wait at once.
    let share = files.len().div_ceil(FLUSHES).max(1);
    let done: io::Result<()> = thread::scope(|scope| {
        let flushing: Vec<_> = files
            .chunks(share)
            .map(|some| scope.spawn(|| some.iter().try_for_each(File::sync_all)))
            .collect();
        flushing.into_iter().try_for_each(|some| {
            some.join().unwrap_or_else(|_| Err(io::Error::other("a flush was broken off")))
        })
    });
    files.clear();
    done
}

/// Makes the new names of a folder last; not every system can, and none needs it to be consistent.
fn flush(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// Makes a folder with all its files appear at once.
fn create(out: &Path, parent: &Path, files: &[(&str, Vec<u8>)]) -> Result<(), WriteError> {
    let staging = staging(parent)?;
    // Not the staging folder itself: only its owner may look into that.
    let new = staging.path().join("new");
    fs::create_dir(&new).map_err(at(out))?;
    fill(&new, out, files.iter().map(|(name, content)| (*name, content.as_slice())))?;
    fs::rename(&new, out).map_err(at(out))?;
    flush(parent);
    Ok(())
}

/// Replaces files of a folder that is there.
fn replace_in(out: &Path, files: &[(&str, &[u8])]) -> Result<(), WriteError> {
    let staging = staging(out)?;
    let aside =
        |kind: &str, name: &str| staging.path().join(format!("{kind}-{}", name.replace('/', "-")));
    let new = |name: &str| aside("new", name);
    let old = |name: &str| aside("old", name);
    for (name, content) in files {
        let target = out.join(name);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder).map_err(at(folder))?;
        }
        write(&new(name), content).map_err(at(&target))?;
    }
    let mut set_aside: Vec<&str> = Vec::new();
    let mut placed: Vec<&str> = Vec::new();
    let mut swap = || -> Result<(), WriteError> {
        // From the seal backwards out, and in again with the seal last.
        for (name, _) in files.iter().rev() {
            let target = out.join(name);
            match fs::rename(&target, old(name)) {
                Ok(()) => set_aside.push(name),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(at(&target)(error)),
            }
        }
        for (name, _) in files {
            let target = out.join(name);
            fs::rename(new(name), &target).map_err(at(&target))?;
            placed.push(name);
        }
        Ok(())
    };
    let done = swap();
    if done.is_err() {
        for name in placed {
            let _ = fs::remove_file(out.join(name));
        }
        let mut is_restored = true;
        for name in set_aside.into_iter().rev() {
            is_restored &= fs::rename(old(name), out.join(name)).is_ok();
        }
        if !is_restored {
            // Better a hidden folder left over than a file lost.
            let _ = staging.keep();
        }
    } else {
        flush(out);
    }
    done
}

/// Folders made on the way, taken away again unless kept.
struct Made(Vec<PathBuf>);

impl Made {
    /// Makes a folder and those above it that are missing.
    fn make(folder: &Path) -> Result<Self, WriteError> {
        let missing: Vec<&Path> = folder
            .ancestors()
            .take_while(|one| !one.as_os_str().is_empty() && !one.exists())
            .collect();
        let mut made = Self(Vec::new());
        for one in missing.into_iter().rev() {
            fs::create_dir(one).map_err(at(one))?;
            made.0.push(one.to_owned());
        }
        if folder.is_dir() { Ok(made) } else { Err(WriteError::NotAFolder { path: folder.into() }) }
    }

    fn keep(mut self) {
        self.0.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for one in self.0.iter().rev() {
            // Only if empty: somebody else may have put something there.
            let _ = fs::remove_dir(one);
        }
    }
}
