//! What is fuzzed.

mod callback;
mod challenge;
mod claims;
mod dialogporten;
mod discovery;
mod front_channel;
mod json;
mod jwks;
mod rar;
mod return_path;
mod stored;
mod token;
mod token_response;

use std::time::Duration;

use cpu_time::ThreadTime;

use crate::Shape;

/// One kind of input from outside, and what must hold of it.
#[derive(Debug)]
pub struct Target {
    /// The name, which is also that of the folder of its corpus.
    pub name: &'static str,
    /// What its inputs are made of.
    pub shape: Shape,
    /// How long an input is tried, in bytes: beyond the limit of what is read.
    pub max_len: usize,
    /// Good inputs to begin with.
    pub seeds: fn() -> Vec<Vec<u8>>,
    run: fn(&[u8]),
}

impl Target {
    /// Reads one input, and says how much of the processor's time that took.
    ///
    /// # Panics
    /// If something does not hold: that is what this is for.
    pub fn run(&self, input: &[u8]) -> Duration {
        let before = ThreadTime::now();
        (self.run)(input);
        before.elapsed()
    }
}

const KIB: usize = 1024;

/// All of them.
pub static TARGETS: &[Target] = &[
    Target {
        name: "token",
        shape: Shape::Token,
        max_len: 144 * KIB,
        seeds: token::seeds,
        run: token::run,
    },
    Target {
        name: "claims",
        shape: Shape::Lines,
        max_len: 96 * KIB,
        seeds: claims::seeds,
        run: claims::run,
    },
    Target {
        name: "jwks",
        shape: Shape::Json,
        max_len: 272 * KIB,
        seeds: jwks::seeds,
        run: jwks::run,
    },
    Target {
        name: "discovery",
        shape: Shape::Json,
        max_len: 72 * KIB,
        seeds: discovery::seeds,
        run: discovery::run,
    },
    Target {
        name: "callback",
        shape: Shape::Url,
        max_len: 32 * KIB,
        seeds: callback::seeds,
        run: callback::run,
    },
    Target {
        name: "token_response",
        shape: Shape::Lines,
        max_len: 272 * KIB,
        seeds: token_response::seeds,
        run: token_response::run,
    },
    Target {
        name: "return_path",
        shape: Shape::Url,
        max_len: 4 * KIB,
        seeds: return_path::seeds,
        run: return_path::run,
    },
    Target {
        name: "rar",
        shape: Shape::Lines,
        max_len: 144 * KIB,
        seeds: rar::seeds,
        run: rar::run,
    },
    Target {
        name: "front_channel",
        shape: Shape::Url,
        max_len: 32 * KIB,
        seeds: front_channel::seeds,
        run: front_channel::run,
    },
    Target {
        name: "stored",
        shape: Shape::Json,
        max_len: 144 * KIB,
        seeds: stored::seeds,
        run: stored::run,
    },
    Target {
        name: "json",
        shape: Shape::Json,
        max_len: 16 * KIB,
        seeds: json::seeds,
        run: json::run,
    },
    Target {
        name: "dialogporten",
        shape: Shape::Lines,
        max_len: 96 * KIB,
        seeds: dialogporten::seeds,
        run: dialogporten::run,
    },
    Target {
        name: "challenge",
        shape: Shape::Url,
        max_len: 16 * KIB,
        seeds: challenge::seeds,
        run: challenge::run,
    },
];

/// Fails if a secret is in a `Debug` form.
///
/// `input` is all that came from outside, readable. A text that stands there more than once may be shown, since it is
/// something else too; and so may one without a digit, which may be a word of the `Debug` form itself.
fn assert_hidden(value: &impl std::fmt::Debug, secret: &str, input: &str) {
    const SHORTEST: usize = 8;
    let is_distinct = secret.len() >= SHORTEST
        && secret.bytes().any(|byte| byte.is_ascii_digit())
        && input.matches(secret).count() == 1;
    if is_distinct {
        let shown = format!("{value:?}");
        assert!(!shown.contains(secret), "a secret is shown in {shown}");
    }
}

/// The text of an input, if it is one.
fn text(input: &[u8]) -> Option<&str> {
    std::str::from_utf8(input).ok()
}

/// The first line of an input, and the rest.
fn lines(input: &[u8]) -> (&[u8], &[u8]) {
    match input.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&input[..end], &input[end + 1..]),
        None => (input, &[]),
    }
}

/// An address as the web's own reader sees it; none if its host is in Punycode that decodes to nothing: we do not
/// decode it, and nobody would connect to it.
fn web_url(address: &str) -> Option<url::Url> {
    match url::Url::parse(address) {
        Err(url::ParseError::IdnaError) if address.to_ascii_lowercase().contains("xn--") => None,
        web => Some(web.expect("a URL")),
    }
}
