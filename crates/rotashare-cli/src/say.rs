//! The one place that writes to standard output and standard error.

use std::io::{self, ErrorKind, Write};

use crate::failure::Failure;

/// Writes a result to standard output. Whoever has stopped reading it has seen enough.
pub(crate) fn result(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Message(format!("cannot write the result to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a JSON value to standard output.
pub(crate) fn json(value: &serde_json::Value) -> Result<(), Failure> {
    result(&format!("{value:#}\n"))
}

/// Writes a line to standard error; nowhere is left to say that this failed.
pub(crate) fn message(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// `1 place`, `2 places`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
