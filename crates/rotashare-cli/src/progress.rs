//! The progress line: best rota, bound and gap so far, on a terminal, for anything over a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rotashare_core::points::Points;
use rotashare_solve::engine::{NoWatch, Watch};

/// How long a run stays silent.
const SILENCE: Duration = Duration::from_secs(1);
/// How often the line is written.
const PAUSE: Duration = Duration::from_millis(250);

/// Best rota and bound.
type State = (Option<Points>, Option<Points>);

struct Latest(Mutex<State>);

impl Watch for Latest {
    fn progress(&self, best: Option<Points>, bound: Option<Points>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (best, bound);
    }
}

/// Does some work, with a progress line where standard error is a terminal.
pub(crate) fn shown<T>(work: impl FnOnce(&dyn Watch) -> T) -> T {
    if !io::stderr().is_terminal() {
        return work(&NoWatch);
    }
    let latest = Latest(Mutex::new((None, None)));
    let latest = &latest;
    let (done, wait) = mpsc::channel::<()>();
    thread::scope(move |scope| {
        scope.spawn(move || write_lines(latest, &wait));
        let result = work(latest);
        drop(done);
        result
    })
}

/// Writes the line again and again until the other end is dropped, then takes it away.
fn write_lines(latest: &Latest, wait: &mpsc::Receiver<()>) {
    let start = Instant::now();
    let mut pause = SILENCE;
    while wait.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        pause = PAUSE;
        let state = *latest.0.lock().unwrap_or_else(PoisonError::into_inner);
        let seconds = start.elapsed().as_secs();
        let _ = write!(io::stderr().lock(), "\r\x1b[2K{seconds:>4} s  {}", line(state));
    }
    if start.elapsed() >= SILENCE {
        let _ = write!(io::stderr().lock(), "\r\x1b[2K");
    }
}

fn line((best, bound): State) -> String {
    if best.is_none() && bound.is_none() {
        return "searching".to_owned();
    }
    let number = |points: Option<Points>| points.map_or_else(|| "–".into(), |p| p.to_string());
    let gap = best.zip(bound).map(|(best, bound)| best - bound);
    format!("best {}  bound {}  gap {}", number(best), number(bound), number(gap))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_known() {
        assert_eq!(line((None, None)), "searching");
        let points = |n| Some(Points::whole(n));
        assert_eq!(line((points(120), points(100))), "best 120  bound 100  gap 20");
        assert_eq!(line((None, points(100))), "best –  bound 100  gap –");
    }
}
