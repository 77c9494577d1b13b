use portvakt_jose::json::Value;
use portvakt_oidc::{HttpResponse, TransportError};

use crate::attacks::scene::Endpoint;
use crate::attacks::{Attack, Mount};

/// What the endpoints of a provider, or whoever stands in their place, may answer.
pub(super) const ROWS: &[Attack] = &[
    Attack::refused(
        "metadata_that_lead_the_person_elsewhere_without_tls_are_refused",
        "misbehaved_metadata_endpoint",
        &["RFC 9700 §2.6", "discovery redirect/SSRF"],
        "`authorization_endpoint` is at plain `http:`.",
        Mount::Login(|scene| {
            scene.member(
                Endpoint::Metadata,
                "authorization_endpoint",
                Some("http://evil.example/authorize".into()),
            )
        }),
    ),
    Attack::refused(
        "metadata_with_keys_at_a_script_address_are_refused",
        "misbehaved_metadata_endpoint",
        &["RFC 9700 §2.6", "discovery redirect/SSRF"],
        "`jwks_uri` is a `data:` address with keys in it.",
        Mount::Login(|scene| {
            scene.member(
                Endpoint::Metadata,
                "jwks_uri",
                Some("data:application/json,{\"keys\":[]}".into()),
            )
        }),
    ),
    Attack::refused(
        "metadata_with_plain_pkce_alone_are_refused",
        "misbehaved_metadata_no_s256",
        &["RFC 9700 §4.8.2", "PKCE downgrade / code not bound"],
        "`code_challenge_methods_supported` has `plain` alone.",
        Mount::Login(|scene| {
            scene.member(
                Endpoint::Metadata,
                "code_challenge_methods_supported",
                Some(vec!["plain"].into()),
            )
        }),
    ),
    Attack::refused(
        "metadata_that_do_not_speak_of_pkce_are_refused",
        "misbehaved_metadata_no_s256",
        &["RFC 9700 §4.8.2", "PKCE downgrade / code not bound"],
        "`code_challenge_methods_supported` is left out.",
        Mount::Login(|scene| {
            scene.member(Endpoint::Metadata, "code_challenge_methods_supported", None)
        }),
    ),
    Attack::refused(
        "metadata_that_say_a_thing_twice_are_refused",
        "misbehaved_metadata_malformed",
        &["duplicate/unicode keys"],
        "The metadata have `issuer` twice.",
        Mount::Login(|scene| {
            scene.response(Endpoint::Metadata, |response| {
                Ok(prefixed(response, r#"{"issuer":"https://evil.example","#))
            })
        }),
    ),
    Attack::refused(
        "metadata_that_are_moved_are_not_followed",
        "transport_redirected",
        &["RFC 9700 §4.12", "discovery redirect/SSRF"],
        "The metadata are answered with a redirect to another host.",
        Mount::Login(|scene| {
            scene.response(Endpoint::Metadata, |_| Err(TransportError::Redirected))
        }),
    ),
    Attack::refused(
        "a_token_endpoint_that_redirects_gets_no_second_request",
        "transport_redirected",
        &["RFC 9700 §4.12"],
        "The token endpoint answers 307, so that code and verifier would be sent elsewhere.",
        Mount::Login(|scene| scene.response(Endpoint::Token, |_| Err(TransportError::Redirected))),
    )
    .because("No driver follows a redirect, of any status."),
    Attack::refused(
        "a_redirect_that_a_driver_lets_through_is_no_answer",
        "misbehaved_redirected",
        &["RFC 9700 §4.12"],
        "The token endpoint answers 307, and the driver hands that on.",
        Mount::Login(|scene| {
            scene.response(Endpoint::Token, |response| {
                Ok(HttpResponse {
                    status: 307,
                    headers: vec![("location".to_owned(), "https://evil.example/".to_owned())],
                    ..response
                })
            })
        }),
    ),
    Attack::refused(
        "a_token_response_that_says_a_thing_twice_is_refused",
        "misbehaved_token_malformed",
        &["duplicate/unicode keys"],
        "The token response has `access_token` twice.",
        Mount::Login(|scene| {
            scene.response(Endpoint::Token, |response| {
                Ok(prefixed(response, r#"{"access_token":"a","#))
            })
        }),
    ),
    Attack::refused(
        "a_token_response_of_deep_lists_is_refused",
        "misbehaved_token_malformed",
        &["DoS"],
        "The token response is lists in lists, a hundred thousand deep.",
        Mount::Login(|scene| scene.body(Endpoint::Token, || "[".repeat(100_000))),
    ),
    Attack::refused(
        "a_token_response_with_an_access_token_of_two_lines_is_refused",
        "misbehaved_token_access_token",
        &["tokens in URL/logs/referrer"],
        "The access token has a line break in it, to add a header to requests.",
        Mount::Login(|scene| {
            scene.member(
                Endpoint::Token,
                "access_token",
                Some("a\r\nx-evil: 1".into()),
            )
        }),
    ),
    Attack::refused(
        "representation_in_another_form_is_refused",
        "misbehaved_token_authorization_details",
        &["RFC 9396 §2", "claim type confusion"],
        "`authorization_details` is an object, and not a list.",
        Mount::Login(|scene| {
            scene.member(
                Endpoint::Token,
                "authorization_details",
                Some(Value::from(portvakt_jose::json::Object::new())),
            )
        }),
    ),
];

/// A JSON object that begins otherwise.
fn prefixed(mut response: HttpResponse, start: &str) -> HttpResponse {
    response.body.splice(..1, start.bytes());
    response
}
