//! Fuzz target `responses`: see `chirrup_fuzz::targets::responses`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| chirrup_fuzz::targets::responses::run(input));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    chirrup_fuzz::short_run("responses", chirrup_fuzz::targets::responses::run)
}
