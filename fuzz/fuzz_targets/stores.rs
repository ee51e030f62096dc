//! Fuzz target `stores`: see `chirrup_fuzz::targets::stores`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| chirrup_fuzz::targets::stores::run(input));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    chirrup_fuzz::short_run("stores", chirrup_fuzz::targets::stores::run)
}
