//! Fuzz target `framer`: see `chirrup_fuzz::targets::framer`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| chirrup_fuzz::targets::framer::run(input));

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    chirrup_fuzz::short_run("framer", chirrup_fuzz::targets::framer::run)
}
