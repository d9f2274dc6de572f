//! Damaged workbooks must not end the program.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static SHIELDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a parser of untrusted bytes that may panic on some of them; `None` where it did. Nothing is
/// printed then; panics elsewhere stay as loud as they were.
pub(super) fn run<T>(parse: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !SHIELDED.get() {
                before(info);
            }
        }));
    });
    SHIELDED.set(true);
    // What it was building is dropped, so nobody sees it half made.
    let result = panic::catch_unwind(AssertUnwindSafe(parse));
    SHIELDED.set(false);
    result.ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_is_held_and_the_rest_goes_on() {
        let text = "é";
        assert_eq!(super::run(|| text[..1].len()), None);
        assert_eq!(super::run(|| text.len()), Some(2));
    }
}
