//! `docs/errors.md` is generated from the error tables: this test writes it, or tells that it is out of date.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use portvakt_digdir::dialogporten::DialogportenError;
use portvakt_digdir::identifiers::IdentifierError;
use portvakt_digdir::login::ClaimsError;
use portvakt_digdir::rar::RepresentationError;
use portvakt_digdir::verify::{
    AccessTokenError, DialogTokenError, DpopError, MetadataError, VerifierMisuse,
};
use portvakt_jose::KeyFault;
use portvakt_jose::json::JsonError;
use portvakt_oidc::{
    ApiMisuse, CallbackError, DeviceError, IdTokenError, LogoutTokenError, ProviderErrorCode,
    ProviderMisbehaved, SessionError, TransportError,
};

// The tables alone: the crates around them are for browsers.
#[path = "../../crates/wasm/src/boundary/error.rs"]
mod boundary;
#[path = "../../crates/leptos/src/error/browser.rs"]
mod browser;
#[path = "../../crates/demo/src/config/error.rs"]
mod demo;

/// Set to write the file.
const WRITE: &str = "PORTVAKT_WRITE_DOCS";

const INTRODUCTION: &str = "# Errors

Every failure has a stable code, one sentence, and a source. A code never changes its meaning; sentences may be
improved. Neither holds a token, a code, a `pid`, or a claim's value. They are sorted by whose fault it is, which
mostly tells what to do.

This page is generated from the tables in the code. `PORTVAKT_WRITE_DOCS=1 cargo test -p portvakt-tests --test
error_catalogue` writes it.
";

struct Row {
    code: &'static str,
    sentence: &'static str,
    source: &'static str,
}

struct Section {
    title: &'static str,
    advice: &'static str,
    rows: Vec<Row>,
}

macro_rules! rows {
    ($($table:ty),+) => {{
        let mut rows = Vec::new();
        $(rows.extend(<$table>::ALL.iter().map(|error| Row {
            code: error.code(),
            sentence: error.sentence(),
            source: error.source(),
        }));)+
        rows
    }};
}

fn sections() -> Vec<Section> {
    vec![
        Section {
            title: "The application's own mistakes",
            advice: "Mend the application. Nothing was sent.",
            rows: rows!(
                ApiMisuse,
                portvakt_digdir::Misuse,
                VerifierMisuse,
                IdentifierError
            ),
        },
        Section {
            title: "What came back to the redirect URI",
            advice: "It is not the answer to a login that this tab began: an old address, another tab's, or somebody \
                     else's. Offer to sign in again; never retry by itself.",
            rows: rows!(CallbackError),
        },
        Section {
            title: "The provider said no",
            advice: "In the way the protocol has for that. `provider_access_denied` is a person who cancelled; most \
                     others are a client that is registered otherwise than it asks.",
            rows: rows!(ProviderErrorCode),
        },
        Section {
            title: "The provider broke the protocol",
            advice: "Nobody at this end can mend that, and it may be an attack. The login is over.",
            rows: rows!(ProviderMisbehaved, MetadataError),
        },
        Section {
            title: "A token or a key set was refused",
            advice: "Never use anything of such a token. A device whose clock is wrong has an error of its own: \
                     `device_clock_wrong`.",
            rows: rows!(
                portvakt_jose::Error,
                IdTokenError,
                LogoutTokenError,
                AccessTokenError,
                DialogTokenError,
                DpopError
            ),
        },
        Section {
            title: "The claims about the person",
            advice: "The id_token is genuine, and still not what the service gives.",
            rows: rows!(ClaimsError),
        },
        Section {
            title: "On whose behalf",
            advice: "The answer about whom the person acts for is not an answer to the question. The person is not signed \
                     in.",
            rows: rows!(RepresentationError),
        },
        Section {
            title: "No answer at all",
            advice: "Nobody broke the protocol; trying again may help.",
            rows: rows!(TransportError),
        },
        Section {
            title: "The session",
            advice: "It is over, or cannot go on. Most are mended by signing in again; `session_changed` by doing the same \
                     again with the session that there is now.",
            rows: rows!(SessionError),
        },
        Section {
            title: "The device",
            advice: "Tell the person: nothing else helps, and trying again does not either.",
            rows: rows!(DeviceError),
        },
        Section {
            title: "The browser, or the person in it",
            advice: "A page that was reloaded or left too early, a session that is over, storage that is switched off. Most \
                     are mended by signing in again.",
            rows: rows!(browser::BrowserError),
        },
        Section {
            title: "Between JavaScript and WebAssembly",
            advice: "Of the npm package. Its TypeScript has a few more, which its own page lists.",
            rows: rows!(boundary::BoundaryError),
        },
        Section {
            title: "Dialogporten",
            advice: "What the end-user API says, told apart.",
            rows: rows!(DialogportenError),
        },
        Section {
            title: "The demo",
            advice: "Of the demo alone: it asks its server where the services are. `cargo xtask demo` is that server.",
            rows: rows!(demo::ConfigError),
        },
        Section {
            title: "Keys that are passed over",
            advice: "Not errors of their own: a set may hold keys that are of no use here. The reasons can be asked for.",
            rows: rows!(KeyFault),
        },
        Section {
            title: "JSON that is not read",
            advice: "Never seen alone: it is the reason behind another error.",
            rows: rows!(JsonError),
        },
    ]
}

#[test]
fn the_page_of_errors_is_what_the_tables_say() -> Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors.md");
    let page = page(&sections());
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &page)?;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/errors.md is out of date: run this test with {WRITE}=1"
    );
    Ok(())
}

#[test]
fn every_code_belongs_to_one_error_only() {
    let mut seen = BTreeMap::new();
    for section in sections() {
        for row in section.rows {
            let other = seen.insert(row.code, row.sentence);
            assert_eq!(other, None, "{} stands for two errors", row.code);
        }
    }
}

#[test]
fn every_error_is_one_sentence_with_a_source() {
    for row in sections().into_iter().flat_map(|section| section.rows) {
        let code = row.code;
        let is_snake_case = code
            .bytes()
            .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        assert!(is_snake_case && code.contains('_'), "{code}");
        assert!(
            row.sentence.ends_with('.') && !row.sentence.contains(". "),
            "{code}"
        );
        assert!(
            !row.source.is_empty() && !row.source.ends_with('.'),
            "{code}"
        );
    }
}

fn page(sections: &[Section]) -> String {
    let mut page = String::from(INTRODUCTION);
    for Section {
        title,
        advice,
        rows,
    } in sections
    {
        page.push_str(&format!(
            "\n## {title}\n\n{advice}\n\n| code | meaning | source |\n|---|---|---|\n"
        ));
        for Row {
            code,
            sentence,
            source,
        } in rows
        {
            page.push_str(&format!("| `{code}` | {sentence} | {source} |\n"));
        }
    }
    page
}
