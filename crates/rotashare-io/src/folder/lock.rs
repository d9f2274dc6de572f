//! One run at a time writes into a folder.

use std::fs::File;
use std::path::Path;

use super::WriteError;

/// How long another run may take to write, in seconds.
#[cfg(unix)]
const PATIENCE: f64 = 30.0;

/// Held while writing; given back when dropped, by a kill too.
pub(super) struct Lock(#[expect(dead_code, reason = "held, not read")] Option<File>);

/// Waits for the lock of a folder in which `out` is or will be. Where there are no locks there is none
/// to wait for.
#[cfg(unix)]
pub(super) fn take(folder: &Path, out: &Path) -> Result<Lock, WriteError> {
    use std::time::{Duration, Instant};

    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    let Ok(file) = File::open(folder) else { return Ok(Lock(None)) };
    let start = Instant::now();
    loop {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(Lock(Some(file))),
            Err(Errno::WOULDBLOCK | Errno::INTR) => {}
            Err(_) => return Ok(Lock(None)),
        }
        if start.elapsed().as_secs_f64() > PATIENCE {
            return Err(WriteError::Busy { path: out.to_owned() });
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[cfg(not(unix))]
pub(super) fn take(_: &Path, _: &Path) -> Result<Lock, WriteError> {
    Ok(Lock(None))
}
