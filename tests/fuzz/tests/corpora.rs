//! Replays the corpora, without a fuzzer and on any toolchain: what once was worth keeping holds still.

use std::fs;
use std::path::{Path, PathBuf};

use portvakt_fuzz::{Shape, TARGETS, WORDS, mutate};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

/// The inputs of a target by their names.
fn inputs(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = corpus().join(name);
    let mut inputs: Vec<_> = fs::read_dir(&folder)
        .expect("the target has a corpus")
        .map(|entry| entry.expect("a file").path())
        .map(|path| {
            (
                path.display().to_string(),
                fs::read(&path).expect("readable"),
            )
        })
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn every_input_of_every_corpus_holds() {
    for target in TARGETS {
        let inputs = inputs(target.name);
        for (name, input) in &inputs {
            // The name of the one that does not hold is in the output of the test.
            println!("{name}");
            target.run(input);
        }
        println!("{}: {} inputs", target.name, inputs.len());
        assert!(inputs.len() >= 10, "{} has hardly a corpus", target.name);
    }
}

#[test]
fn every_seed_holds() {
    for target in TARGETS {
        for seed in (target.seeds)() {
            assert!(seed.len() <= target.max_len);
            target.run(&seed);
        }
    }
}

#[test]
fn every_corpus_has_a_target() {
    for entry in fs::read_dir(corpus()).expect("there is a corpus") {
        let name = entry.expect("an entry").file_name();
        assert!(TARGETS.iter().any(|target| name == target.name), "{name:?}");
    }
}

#[test]
fn what_the_mutator_makes_of_the_corpora_holds() {
    // A thousand a target: a fuzzer does a million, but not on every change.
    for target in TARGETS {
        let inputs = inputs(target.name);
        for seed in 0..1_000_u32 {
            let (_, input) = &inputs[seed as usize % inputs.len()];
            let mut input = input.clone();
            let mut flip = |bytes: &mut Vec<u8>, _: usize| {
                let index = seed as usize % bytes.len().max(1);
                match bytes.get_mut(index) {
                    Some(byte) => *byte ^= 1 << (seed % 8),
                    None => bytes.push(b'{'),
                }
            };
            mutate(target.shape, &mut input, target.max_len, seed, &mut flip);
            target.run(&input);
        }
    }
}

#[test]
fn a_mutation_follows_from_its_seed_and_changes_tokens_inside() {
    let token = TARGETS.iter().find(|target| target.shape == Shape::Token);
    let token = (token.expect("a target").seeds)().swap_remove(0);
    let mutated = |seed| {
        let mut input = token.clone();
        mutate(Shape::Token, &mut input, 4096, seed, &mut |_, _| {});
        input
    };
    let is_token = |input: &[u8]| {
        let parts: Vec<_> = input.split(|byte| *byte == b'.').collect();
        parts.len() == 3
            && parts[..2].iter().all(|part| {
                let part = std::str::from_utf8(part).unwrap_or("=");
                portvakt_jose::base64url::decode(part)
                    .is_ok_and(|part| part.starts_with(b"{") && part.ends_with(b"}"))
            })
    };
    assert!(is_token(&token));
    let changed = (0..200).map(mutated).filter(|input| *input != token);
    let changed: Vec<_> = changed.filter(|input| is_token(input)).collect();
    assert!(changed.len() >= 40, "{} of 200", changed.len());
    assert_eq!(mutated(3), mutated(3));
}

#[test]
fn every_line_of_the_words_is_a_word_or_a_remark() {
    for line in WORDS.lines() {
        let is_word = line.len() > 2 && line.starts_with('"') && line.ends_with('"');
        assert!(is_word || line.starts_with('#'), "{line}");
    }
}
