//! `portvakt-fuzz`: libFuzzer where it is built with `--cfg fuzzing`; otherwise it replays files.
//!
//! libFuzzer has the command line to itself, so that the target is in the environment, by its name.

#![cfg_attr(fuzzing, no_main)]

use portvakt_fuzz::{TARGETS, Target};

/// The name of the target.
const TARGET: &str = "PORTVAKT_FUZZ_TARGET";

fn target() -> &'static Target {
    let name = std::env::var(TARGET).unwrap_or_default();
    TARGETS
        .iter()
        .find(|target| target.name == name)
        .unwrap_or_else(|| {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            eprintln!("{TARGET} must be one of {}", names.join(", "));
            std::process::exit(2)
        })
}

#[cfg(not(fuzzing))]
fn main() {
    let target = target();
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match arguments.split_first() {
        // What libFuzzer begins with, into a folder.
        Some((flag, [folder])) if flag == "--seeds" => {
            for (index, seed) in (target.seeds)().into_iter().enumerate() {
                let file = std::path::Path::new(folder).join(format!("seed-{index:02}"));
                if let Err(error) = std::fs::write(&file, seed) {
                    eprintln!("{}: {error}", file.display());
                    std::process::exit(1);
                }
            }
        }
        _ => {
            for file in &arguments {
                match std::fs::read(file) {
                    Ok(input) => {
                        let took = target.run(&input);
                        println!("{}: {} bytes, {took:?}", file.display(), input.len());
                    }
                    Err(error) => eprintln!("{}: {error}", file.display()),
                }
            }
        }
    }
}

/// What libFuzzer calls; the macros make functions of the C interface, which Rust calls unsafe.
#[cfg(fuzzing)]
#[allow(unsafe_code, missing_docs)]
mod fuzzer {
    use std::sync::LazyLock;
    use std::time::Duration;

    use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
    use portvakt_fuzz::{TARGETS, Target, mutate};

    static TARGET: LazyLock<&Target> = LazyLock::new(super::target);

    /// Names the targets and how long their inputs are, for who starts this.
    fn list() {
        if std::env::var(super::TARGET).is_ok_and(|name| name == "list") {
            for target in TARGETS {
                println!("{} {}", target.name, target.max_len);
            }
            std::process::exit(0);
        }
    }

    /// The limit for one input, five times what it is without the fuzzer's instrumentation.
    const LIMIT: Duration = Duration::from_millis(100);

    fuzz_target!(init: list(), |data: &[u8]| {
        let took = TARGET.run(data);
        assert!(took <= LIMIT, "{} bytes took {took:?}", data.len());
    });

    fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
        let mut bytes = |part: &mut Vec<u8>, max: usize| {
            let size = part.len();
            part.resize(max.max(size), 0);
            let size = fuzzer_mutate(part, size, max.max(size));
            part.truncate(size);
        };
        let mut input = data[..size].to_vec();
        mutate(TARGET.shape, &mut input, max_size, seed, &mut bytes);
        input.truncate(max_size);
        data[..input.len()].copy_from_slice(&input);
        input.len()
    });
}
