//! Fuzz target `requests`: see `chirrup_fuzz::targets::requests`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| chirrup_fuzz::targets::requests::run(input));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    chirrup_fuzz::short_run("requests", chirrup_fuzz::targets::requests::run)
}
