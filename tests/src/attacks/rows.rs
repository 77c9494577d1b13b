//! The table, section by section.

mod api;
mod callback;
mod elsewhere;
mod fapi2;
mod faults;
mod id_token;
mod jose;
mod keys;
mod provider;
mod suite;
mod suite_logout;

use super::Attack;

/// A part of the page.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// What is in it.
    pub introduction: &'static str,
    /// The rows.
    pub rows: Vec<Attack>,
}

/// The whole table.
pub fn sections() -> Vec<Section> {
    let section = |title, introduction, rows: &[Attack]| Section {
        title,
        introduction,
        rows: rows.to_vec(),
    };
    vec![
        section(
            "The conformance suite: relying parties",
            "The modules of the OpenID Foundation's suite for relying parties, under their own names, with the \
             mutation that the suite makes.",
            suite::ROWS,
        ),
        section(
            "The conformance suite: logout",
            "The modules for logout.",
            suite_logout::ROWS,
        ),
        section(
            "The conformance suite: FAPI 2.0",
            "The modules of the client's plan for the FAPI 2.0 Security Profile, which try more with an id_token than \
             the others.",
            fapi2::ROWS,
        ),
        section(
            "The way back from the provider",
            "What somebody else may put into the address that a person comes back to, or into the browser's storage.",
            callback::ROWS,
        ),
        section(
            "What a provider answers",
            "Metadata and the token endpoint.",
            provider::ROWS,
        ),
        section(
            "The id_token",
            "What the suite does not try.",
            id_token::ROWS,
        ),
        section(
            "Any token: its form, header and signature",
            "Tried with an access token of ID-porten; the reader is the same for all tokens.",
            jose::ROWS,
        ),
        section(
            "Keys",
            "What a key set may hold, and what a token says about its own key.",
            keys::ROWS,
        ),
        section(
            "Tokens that are brought to an API",
            "Good signatures of the right issuer, and still not a token for this API.",
            api::ROWS,
        ),
        Section {
            title: "The simulator's faults",
            introduction: "Each can be switched on in the [simulator](simulator.md), in a test or by hand, and has the \
                           same name there.",
            rows: faults::rows(),
        },
        section(
            "What takes more than two parties",
            "A browser, a clock that moves, several tabs, a store: these have tests of their own.",
            elsewhere::ROWS,
        ),
    ]
}
