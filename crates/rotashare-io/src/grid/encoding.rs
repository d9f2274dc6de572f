//! Bytes to text, whatever encoding a spreadsheet saved it in.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How many bytes tell UTF-16 without a byte-order mark from other text.
const SAMPLE: usize = 4096;

/// The text and the name of its encoding; the reason where it is none.
pub(super) fn decode(bytes: &[u8]) -> Result<(Cow<'_, str>, &'static str), &'static str> {
    let (encoding, bom) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, length),
        None => (without_bom(bytes), 0),
    };
    let (text, has_errors) = encoding.decode_without_bom_handling(&bytes[bom..]);
    if has_errors {
        return Err(if encoding == UTF_8 {
            "it begins as UTF-8 and goes on as something else"
        } else {
            "it is damaged UTF-16"
        });
    }
    if text.contains('\0') {
        return Err("it is a binary file, neither text nor a workbook");
    }
    let name = match (encoding, bom) {
        (one, 0) if one == UTF_8 => "UTF-8",
        (one, _) if one == UTF_8 => "UTF-8 with a byte-order mark",
        (one, _) if one == WINDOWS_1252 => "Windows-1252",
        _ => "UTF-16",
    };
    Ok((text, name))
}

fn without_bom(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let zeros =
        |parity: usize| sample.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    // Most letters of a western text have a zero for their other half.
    let (even, odd, half) = (zeros(0), zeros(1), sample.len() / 2);
    if half > 0 && odd * 4 > half * 3 && even == 0 {
        UTF_16LE
    } else if half > 0 && even * 4 > half * 3 && odd == 0 {
        UTF_16BE
    } else if std::str::from_utf8(bytes).is_ok() {
        UTF_8
    } else {
        WINDOWS_1252
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_encoding_is_told_from_the_others() {
        let text = "name\nSiân Ó Dónaill – “A/L”\n";
        let utf16 = |big: bool| -> Vec<u8> {
            let units = text.encode_utf16();
            units
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        let mark = |mark: &[u8], bytes: &[u8]| [mark, bytes].concat();
        let (windows, _, _) = WINDOWS_1252.encode(text);
        for (bytes, name) in [
            (text.as_bytes().to_vec(), "UTF-8"),
            (mark(b"\xef\xbb\xbf", text.as_bytes()), "UTF-8 with a byte-order mark"),
            (mark(b"\xff\xfe", &utf16(false)), "UTF-16"),
            (mark(b"\xfe\xff", &utf16(true)), "UTF-16"),
            (utf16(false), "UTF-16"),
            (utf16(true), "UTF-16"),
            (windows.to_vec(), "Windows-1252"),
        ] {
            let (read, found) = decode(&bytes).expect("text");
            assert_eq!((read.as_ref(), found), (text, name));
        }
    }

    #[test]
    fn what_is_no_text_is_refused() {
        assert!(decode(b"\x00\x01\x02\x03\x00\x05").is_err());
        assert!(decode(b"\xef\xbb\xbfname\nSi\xe2n\n").is_err());
        assert!(decode(b"\xff\xfea").is_err());
        assert_eq!(decode(b"").map(|(text, _)| text.into_owned()), Ok(String::new()));
    }
}
