#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| rotashare_fuzz::workbook(data));
