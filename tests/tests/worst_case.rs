//! How long the worst takes: input that is made to be slow, up to a mebibyte of it, and tokens that take the most work.
//!
//! What counts is the time of the processor, and of some runs the shortest: the machine may be busy with other things,
//! and the work is always the same. What the readers refuse by its length alone is in here, too.

use std::fmt::Write;
use std::time::Duration;

use anyhow::{Result, ensure};
use cpu_time::ThreadTime;
use portvakt_digdir::rar::RarResponse;
use portvakt_digdir::verify::jwks_uri;
use portvakt_jose::base64url::encode;
use portvakt_jose::json::{self, MAX_MEMBERS, Object, Value};
use portvakt_jose::{Algorithm, Jwks, JwsPolicy, TypRule, verify};
use portvakt_oidc::url::parse_query;
use portvakt_oidc::{Callback, LogoutReturn, PendingLogin, ReturnPath, StepUp, UnixTime, Url};
use portvakt_tests::attacks::scene::key_set;
use portvakt_tests::attacks::{Crafted, Kind};

/// The most that one hostile input may take; twice as much where what is built for tests checks each sum.
const HOSTILE: Duration = Duration::from_millis(if cfg!(debug_assertions) { 40 } else { 20 });

/// How often each is measured.
const TIMES: u32 = 7;

/// The size of hostile input, in bytes.
const SIZE: usize = 1024 * 1024;

#[test]
fn a_mebibyte_of_anything_is_read_or_refused_in_milliseconds() -> Result<()> {
    let mut slowest = Duration::ZERO;
    let mut slow = Vec::new();
    for (form, text) in hostile() {
        assert!(text.len() <= SIZE + 1024, "{form} is {} bytes", text.len());
        for (name, read) in READERS {
            let took = shortest(|| read(&text));
            slowest = slowest.max(took);
            if took > HOSTILE / 10 {
                println!("{name}, {form}: {took:?}");
            }
            if took > HOSTILE {
                slow.push(format!("{name}, {form}: {took:?}"));
            }
        }
    }
    println!("the slowest took {slowest:?}");
    ensure!(slow.is_empty(), "{slow:#?}");
    Ok(())
}

#[test]
fn the_largest_token_by_the_largest_key_in_the_largest_set_is_judged_in_fifty_milliseconds()
-> Result<()> {
    let limit = Duration::from_millis(50);
    for (name, token, keys, expected) in tokens() {
        let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
        let judged = Jwks::parse(keys.as_bytes()).and_then(|keys| verify(&token, &keys, &policy));
        let code = judged.err().map_or("accepted", |error| error.code());
        ensure!(code == expected, "{name}: {code}");
        let took = shortest(|| {
            let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
            let judged =
                Jwks::parse(keys.as_bytes()).and_then(|keys| verify(&token, &keys, &policy));
            drop(std::hint::black_box(judged));
        });
        println!("{name}: {took:?}");
        ensure!(took <= limit, "{name}: {took:?}");
    }
    Ok(())
}

type Reader = fn(&str);

/// What reads text from outside.
const READERS: &[(&str, Reader)] = &[
    ("JSON", |text| {
        let _ = std::hint::black_box(json::parse(text.as_bytes(), 2 * SIZE));
    }),
    ("a key set", |text| {
        let _ = std::hint::black_box(Jwks::parse(text.as_bytes()));
    }),
    ("a token", |text| {
        let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
        if let Ok(keys) = Jwks::parse(br#"{"keys":[]}"#) {
            let _ = std::hint::black_box(verify(text, &keys, &policy));
        }
    }),
    ("metadata", |text| {
        let _ = std::hint::black_box(jwks_uri(text.as_bytes(), "https://op.example"));
    }),
    ("a callback", |text| {
        let url = format!("https://app.example/?{text}");
        let _ = std::hint::black_box(Callback::parse(&url));
        let _ = std::hint::black_box(LogoutReturn::check(&url, Some(text), UnixTime::new(1)));
    }),
    ("a query", |text| {
        let _ = std::hint::black_box(parse_query(text));
    }),
    ("a URL", |text| {
        let _ = std::hint::black_box(Url::parse(text));
        let _ = std::hint::black_box(ReturnPath::parse(text));
    }),
    ("a challenge", |text| {
        let _ = std::hint::black_box(StepUp::parse(401, text));
    }),
    ("what was stored", |text| {
        let _ = std::hint::black_box(PendingLogin::from_storage(Some(text)));
    }),
    ("authorization_details", |text| {
        if let Ok(value) = json::parse(text.as_bytes(), 2 * SIZE) {
            let _ = std::hint::black_box(RarResponse::parse(&value));
        }
    }),
];

/// Text that is made to be slow, a mebibyte of each form.
fn hostile() -> Vec<(&'static str, String)> {
    let filled = |start: &str, part: &str, end: &str| {
        let count = (SIZE - start.len() - end.len()) / part.len();
        format!("{start}{}{end}", part.repeat(count))
    };
    let objects = |last: &str| {
        let object = format!("{},{last}:0}},", full_object());
        filled("[", &object, "0]")
    };
    let mut members = String::from("{");
    for number in 0..SIZE / 20 {
        let _ = write!(members, "\"{number:012}\":0,");
    }
    members.push_str("\"last\":0}");
    let party = r#"{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"actions":["read"]},"#;
    vec![
        ("many members", members),
        ("objects with as many as are read", objects("\"last\"")),
        ("a member twice among as many", objects("\"1eef\"")),
        ("long names that differ at their end", long_names()),
        ("lists in lists", "[".repeat(SIZE)),
        ("objects in objects", filled("", "{\"\":", "")),
        (
            "lists as deep as is read",
            filled("[", &format!("{}{},", "[".repeat(31), "]".repeat(31)), "0]"),
        ),
        ("a long list", filled("[", "0,", "0]")),
        ("a list of empty objects", filled("[", "{},", "{}]")),
        ("one long text", filled("\"", "x", "\"")),
        ("a text of escapes", filled("\"", "\\u0041", "\"")),
        ("a text of surrogates", filled("\"", "\\ud83d\\ude00", "\"")),
        ("a text without end", filled("\"", "x", "")),
        ("one long number", "9".repeat(SIZE)),
        ("a number with a long fraction", filled("0.", "7", "")),
        ("a number with a long exponent", filled("1e", "0", "1")),
        (
            "many long numbers",
            filled("[", "1.7976931348623157e307,", "0]"),
        ),
        ("spaces", filled("", " ", "{}")),
        ("dots", ".".repeat(SIZE)),
        ("base64url", "A".repeat(SIZE)),
        (
            "a token of three long parts",
            format!("{0}.{0}.{0}", "A".repeat(SIZE / 3)),
        ),
        ("parameters", filled("", "a=b&", "")),
        ("percent signs", filled("code=", "%41", "")),
        ("wrong percent signs", filled("code=", "%", "")),
        ("quotes", filled("Bearer a=\"", "\\\"", "\"")),
        ("commas", filled("Bearer ", "a=b,", "c=d")),
        ("slashes", "/".repeat(SIZE)),
        ("labels", filled("https://", "a.", "example/")),
        ("keys", filled("{\"keys\":[", "{\"kty\":\"RSA\"},", "{}]}")),
        (
            "elements",
            filled("[", "{\"type\":\"ansattporten:orgno\"},", "{}]"),
        ),
        (
            "organisations",
            filled(
                r#"[{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","authorized_parties":["#,
                party,
                "{}]}]",
            ),
        ),
    ]
}

/// The beginning of an object with as many members as are read, but for one, in no order.
fn full_object() -> String {
    let names = (1..MAX_MEMBERS).map(|number| number * 7919 % 1_000_003);
    let members: Vec<_> = names.map(|name| format!("\"{name:x}\":0")).collect();
    format!("{{{}", members.join(","))
}

/// Names of a kilobyte that are the same up to their last digits: a comparison from the start takes longest.
fn long_names() -> String {
    let start = "x".repeat(1000);
    let names = (1..MAX_MEMBERS).map(|number| number * 7919 % 1_000_003);
    let members: Vec<_> = names.map(|name| format!("\"{start}{name:x}\":0")).collect();
    format!("{{{}}}", members.join(","))
}

/// Tokens that take the most work, each with its key set and what must be said of it.
fn tokens() -> Vec<(&'static str, String, String, &'static str)> {
    let mut found = Vec::new();
    // As large as a token may be; the signature is of the right length and wrong, which is noticed last of all.
    let object = format!("{}}}", full_object());
    let large = format!(
        "{{\"x\":[{}0]}}",
        format!("{object},").repeat(94 * 1024 / object.len())
    );
    let mut modulus = vec![0xff; 512];
    // Odd, and without a small factor: 2^4096 - 2549 is twice a prime and one.
    for (byte, value) in modulus.iter_mut().rev().zip([0x0b, 0xf6]) {
        *byte = value;
    }
    let mut rsa = Object::new();
    rsa.insert("kty", "RSA");
    rsa.insert("n", encode(&modulus));
    rsa.insert("e", encode([0x01, 0xff, 0xff, 0xff, 0xff]));
    rsa.insert("kid", "k");
    for algorithm in ["RS256", "PS256"] {
        let header = format!(r#"{{"alg":"{algorithm}","kid":"k"}}"#);
        let token = format!(
            "{}.{}.{}",
            encode(header),
            encode(&large),
            encode([0x7f; 512])
        );
        found.push((
            algorithm,
            token,
            key_set(&full_set(&rsa)),
            "token_signature_invalid",
        ));
    }
    for kind in [Kind::IdPorten, Kind::Dialog] {
        let brought = Crafted::new(kind)
            .claim("x", Value::from("x".repeat(90 * 1024)))
            .finish();
        let name = if kind == Kind::Dialog {
            "EdDSA"
        } else {
            "RS256, as usual"
        };
        found.push((name, brought.token, brought.key_set, "accepted"));
    }
    found
}

/// A hundred keys of that size, of which the last is the right one.
fn full_set(key: &Object) -> Vec<Object> {
    let mut keys: Vec<_> = (0..99)
        .map(|number| {
            let mut other = key.clone();
            other.insert("kid", number.to_string());
            other
        })
        .collect();
    keys.push(key.clone());
    keys
}

fn shortest(work: impl Fn()) -> Duration {
    let measured = (0..TIMES).map(|_| {
        let start = ThreadTime::now();
        work();
        start.elapsed()
    });
    measured.min().unwrap_or_default()
}
