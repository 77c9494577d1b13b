use portvakt_jose::json::{Object, Value};

use super::suite::without_signature;
use crate::attacks::scene::with_parameter;
use crate::attacks::signer::ES256;
use crate::attacks::{Attack, Kind, Mount, Outcome};

const EDGE: &str = "tests/packaging/edge/suite.mjs";

/// The modules of the plans for logout.
pub(super) const ROWS: &[Attack] = &[
    Attack::accepted(
        "oidcc-client-test-rp-init-logout",
        &["RP-Initiated Logout §3"],
        "A whole login and logout, and the way back.",
        Mount::Return(|scene| scene),
    ),
    Attack::new(
        "oidcc-client-test-rp-init-logout-other-state",
        Outcome::Ignored,
        &[
            "RP-Initiated Logout §3",
            "logout CSRF, unknown sid, framing",
        ],
        "The way back has another `state`.",
        Mount::Return(|scene| {
            scene.callback(|url| with_parameter(url, "state", |state| Some(format!("{state}1"))))
        }),
    )
    .because("The person sees the signed-out page; where to continue is not taken from it."),
    Attack::new(
        "oidcc-client-test-rp-init-logout-no-state",
        Outcome::Ignored,
        &["RP-Initiated Logout §3"],
        "The way back has no `state`.",
        Mount::Return(|scene| scene.callback(|url| with_parameter(url, "state", |_| None))),
    )
    .because("As with another one."),
    Attack::accepted(
        "oidcc-client-test-rp-frontchannel-rpinitlogout",
        &["Front-Channel Logout §2"],
        "The provider calls `frontchannel_logout_uri?iss&sid` in a frame after the logout.",
        Mount::Test(
            EDGE,
            "a logout in a frame ends the session that it names, and no other",
        ),
    ),
    Attack::accepted(
        "oidcc-client-test-rp-frontchannel-opinitlogout",
        &["Front-Channel Logout §2"],
        "The same after a logout at another service.",
        Mount::Test(
            "tests/tests/session/logout.rs",
            "logging_out_of_one_service_ends_three_tabs_of_the_other_in_two_seconds",
        ),
    ),
    Attack::accepted(
        "oidcc-client-test-rp-backchannel-rpinitlogout",
        &["Back-Channel Logout §2.6"],
        "The provider posts a logout token.",
        Mount::Token(Kind::Logout, |token| token),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-alg-none",
        "token_alg_not_allowed",
        &["Back-Channel Logout §2.6", "alg none, case variants"],
        "The logout token has `alg` `none` and no signature.",
        Mount::Token(Kind::Logout, |token| {
            token.header("alg", "none").token(without_signature)
        }),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-alg",
        "token_alg_not_allowed",
        &["Back-Channel Logout §2.6"],
        "The logout token has another algorithm than the client accepts.",
        Mount::Token(Kind::Logout, |token| {
            token
                .header("alg", "ES256")
                .header("kid", "ec-1")
                .signed_by(&ES256)
                .verified_with([ES256.jwk()])
        }),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-aud",
        "token_aud_mismatch",
        &["Back-Channel Logout §2.6"],
        "The logout token is for another client.",
        Mount::Token(Kind::Logout, |token| token.claim("aud", "client-11")),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-iss",
        "token_iss_mismatch",
        &["Back-Channel Logout §2.6"],
        "The logout token is another issuer's.",
        Mount::Token(Kind::Logout, |token| {
            token.claim("iss", "https://test.ansattporten.no1")
        }),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-no-event",
        "token_events_missing",
        &["Back-Channel Logout §2.6"],
        "The logout token has no `events`.",
        Mount::Token(Kind::Logout, |token| token.without("events")),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-wrong-event",
        "token_events_mismatch",
        &["Back-Channel Logout §2.6"],
        "The logout token is about another event.",
        Mount::Token(Kind::Logout, |token| {
            let mut events = Object::new();
            events.insert(
                "http://schemas.openid.net/event/backchannel-logout1",
                Object::new(),
            );
            token.claim("events", Value::from(events))
        }),
    ),
    Attack::refused(
        "oidcc-client-test-rp-backchannel-rpinitlogout-with-nonce",
        "token_nonce_prohibited",
        &["Back-Channel Logout §2.6", "token type confusion"],
        "The logout token has a `nonce`, as an id_token has.",
        Mount::Token(Kind::Logout, |token| token.claim("nonce", "n-0S6_WzA2Mj")),
    ),
];
