use crate::attacks::scene::with_parameter;
use crate::attacks::{Attack, Mount};

/// What comes back to the redirect URI, and what was stored meanwhile.
pub(super) const ROWS: &[Attack] = &[
    Attack::refused(
        "a_callback_with_a_shorter_state_is_refused",
        "callback_state_mismatch",
        &["RFC 9700 §4.7", "state, CSRF"],
        "`state` lacks its first character.",
        Mount::Login(|scene| {
            scene.callback(|url| {
                with_parameter(url, "state", |state| state.get(1..).map(str::to_owned))
            })
        }),
    ),
    Attack::refused(
        "a_callback_that_nobody_waits_for_is_refused",
        "callback_state_unknown",
        &["RFC 9700 §4.7", "RFC 9700 §4.2.4", "state, CSRF"],
        "The address is opened in a tab that began no login, or a second time.",
        Mount::Login(|scene| scene.stored(|_| None)),
    ),
    Attack::refused(
        "a_callback_after_too_long_a_time_is_refused",
        "callback_pending_expired",
        &["RFC 9700 §4.2.4"],
        "The person comes back after more than half an hour.",
        Mount::Login(|scene| scene.after(31 * 60)),
    ),
    Attack::refused(
        "a_callback_with_two_states_is_refused",
        "callback_parameter_repeated",
        &["RFC 6749 §3.1"],
        "`state` is there twice.",
        Mount::Login(|scene| scene.callback(|url| format!("{url}&state=x"))),
    ),
    Attack::refused(
        "a_callback_with_two_issuers_is_refused",
        "callback_parameter_repeated",
        &["RFC 6749 §3.1", "mix-up"],
        "`iss` is there twice.",
        Mount::Login(|scene| scene.callback(|url| format!("{url}&iss=https://evil.example"))),
    ),
    Attack::refused(
        "an_issuer_that_is_encoded_twice_is_refused",
        "callback_iss_mismatch",
        &["RFC 9207 §2.4", "mix-up"],
        "`iss` is percent-encoded once more.",
        Mount::Login(|scene| {
            scene.callback(|url| {
                with_parameter(url, "iss", |iss| {
                    Some(iss.replace(':', "%3A").replace('/', "%2F"))
                })
            })
        }),
    )
    .because("It is decoded once; a second time would make two spellings one."),
    Attack::refused(
        "an_error_in_the_name_of_another_issuer_is_not_believed",
        "callback_iss_mismatch",
        &["RFC 9207 §2.4", "mix-up"],
        "An error comes back with the `iss` of somebody else.",
        Mount::Login(|scene| {
            scene.callback(|url| {
                let url = with_parameter(url, "code", |_| None);
                let url = with_parameter(&url, "iss", |_| Some("https://evil.example".to_owned()));
                format!("{url}&error=access_denied")
            })
        }),
    ),
    Attack::refused(
        "an_access_token_in_the_address_is_refused",
        "callback_token_in_url",
        &[
            "RFC 9700 §2.1.2",
            "RFC 10017 §7.2",
            "tokens in URL/logs/referrer",
        ],
        "The address has an access token beside the code.",
        Mount::Login(|scene| scene.callback(|url| format!("{url}&access_token=x"))),
    ),
    Attack::refused(
        "an_id_token_in_the_address_is_refused",
        "callback_token_in_url",
        &["RFC 9700 §2.1.2", "RFC 10017 §7.2"],
        "The address has an id_token beside the code.",
        Mount::Login(|scene| scene.callback(|url| format!("{url}&id_token=x"))),
    ),
    Attack::refused(
        "a_code_of_another_login_is_refused",
        "provider_invalid_grant",
        &["RFC 7636 §4.1", "PKCE downgrade / code not bound"],
        "Another code takes the place of the one that was issued.",
        Mount::Login(|scene| {
            scene.callback(|url| with_parameter(url, "code", |code| Some(format!("{code}x"))))
        }),
    )
    .because("It is the provider that refuses: code and verifier do not belong together."),
    Attack::refused(
        "a_code_with_a_line_break_is_refused",
        "callback_code_malformed",
        &["RFC 6749 §A.11"],
        "The code has a line break in it.",
        Mount::Login(|scene| {
            scene.callback(|url| with_parameter(url, "code", |code| Some(format!("{code}\n"))))
        }),
    ),
    Attack::refused(
        "an_address_that_is_too_long_is_refused",
        "callback_too_long",
        &["DoS"],
        "The address has a parameter of 32 KB.",
        Mount::Login(|scene| scene.callback(|url| format!("{url}&x={}", "x".repeat(32 * 1024)))),
    ),
    Attack::refused(
        "an_address_of_another_path_is_refused",
        "callback_wrong_address",
        &["RFC 10017 §6.3.3.2.1"],
        "The answer comes to another address than the redirect URI.",
        Mount::Login(|scene| scene.callback(|url| url.replace("/callback?", "/callback/x?"))),
    ),
    Attack::refused(
        "a_stored_login_with_another_issuer_is_refused",
        "callback_pending_unreadable",
        &["mix-up", "shared state"],
        "Somebody wrote another issuer into what the application stored.",
        Mount::Login(|scene| {
            scene.stored(|stored| Some(stored.replace("127.0.0.1:8101", "evil.example")))
        }),
    ),
    Attack::refused(
        "a_stored_login_that_is_no_json_is_refused",
        "callback_pending_unreadable",
        &["shared state"],
        "What the application stored was cut off.",
        Mount::Login(|scene| scene.stored(|stored| stored.get(..40).map(str::to_owned))),
    ),
];
