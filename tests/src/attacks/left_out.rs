//! What does not apply, and why.

/// A module of the suite, or a rule, that there is no row of.
#[derive(Clone, Copy, Debug)]
pub struct LeftOut {
    /// Its name.
    pub name: &'static str,
    /// Why it does not apply.
    pub reason: &'static str,
}

const fn out(name: &'static str, reason: &'static str) -> LeftOut {
    LeftOut { name, reason }
}

const NOT_IN_FRONT: &str = "There is no hybrid or implicit flow: tokens never come through the front channel, and an \
                            address that has one is refused (`callback_token_in_url`).";
const NO_REGISTRATION: &str =
    "Clients of these services are registered by people, and issuers are configured.";
const NO_SECRET: &str = "A client in a browser has no secret and no certificate.";
const NO_REQUEST_OBJECT: &str =
    "The services take the parameters as they are; the client has no key to sign a request with.";
const NO_JARM: &str = "The response is a code in the query, guarded by `iss`, `state` and PKCE. An address with a JARM \
                       `response` is refused (`callback_token_in_url`).";
const NO_BFF: &str =
    "There is no back end for the front end: the library is the public client itself.";

/// Everything that is left out.
pub const LEFT_OUT: &[LeftOut] = &[
    out(
        "oidcc-client-test-userinfo-bearer-body",
        "The access token goes into the header alone (RFC 6750 §2.1); the header is recommended, and every server must \
         take it.",
    ),
    out("oidcc-client-test-nonce-unless-code-flow", NOT_IN_FRONT),
    out("oidcc-client-test-client-secret-basic", NO_SECRET),
    out("oidcc-client-test-missing-chash", NOT_IN_FRONT),
    out("oidcc-client-test-invalid-chash", NOT_IN_FRONT),
    out("oidcc-client-test-missing-athash", NOT_IN_FRONT),
    out(
        "oidcc-client-test-form-post-error",
        "The response comes in the query: a page that is a file cannot take a form.",
    ),
    out(
        "oidcc-client-test-aggregated-claims",
        "The services have none; the claims are handed on as they are, and nothing in them is fetched.",
    ),
    out(
        "oidcc-client-test-distributed-claims",
        "The services have none; an address in a claim is never asked.",
    ),
    out("oidcc-client-test-mtls-endpoint-aliases", NO_SECRET),
    out(
        "oidcc-client-test-discovery-webfinger-acct",
        NO_REGISTRATION,
    ),
    out("oidcc-client-test-discovery-webfinger-url", NO_REGISTRATION),
    out("oidcc-client-test-dynamic-registration", NO_REGISTRATION),
    out(
        "oidcc-client-test-request-uri-signed-rs256",
        NO_REQUEST_OBJECT,
    ),
    out(
        "oidcc-client-test-request-uri-signed-none",
        NO_REQUEST_OBJECT,
    ),
    out(
        "oidcc-client-test-userinfo-signed",
        "The services answer with plain JSON; a JWT is refused, as clients have to be registered for it.",
    ),
    out(
        "oidcc-client-test-3rd-party-init-login",
        "A login begins where the application says so: an address that begins one would be a way to sign somebody in \
         who did not want to.",
    ),
    out(
        "oidcc-client-test-session-management",
        "The services have no `check_session_iframe`, and browsers partition what it would read.",
    ),
    out(
        "fapi2-security-profile-final-client-test-happy-path",
        "It takes PAR with private_key_jwt, and so a confidential client.",
    ),
    out(
        "fapi2-security-profile-final-client-test-invalid-openbanking-intent-id",
        "It belongs to a profile for banks.",
    ),
    out("ensure-jarm-*", NO_JARM),
    out("RFC 10017 §6.1.3", NO_BFF),
    out(
        "RFC 10017 §7.4",
        "No service worker is registered: tokens are the page's.",
    ),
    out(
        "RFC 10017 §8.2",
        "No service worker is registered: tokens are the page's.",
    ),
    out(
        "RFC 10017 §5.1.3",
        "It is no requirement, but a limit of every client in a browser: see SECURITY.md, what is not promised.",
    ),
    out(
        "RFC 9126 §4",
        "The client does not push its requests: the services do not ask public clients to.",
    ),
    out(
        "Session Management §4",
        "Not implemented: the services have no `check_session_iframe`.",
    ),
    out(
        "Maskinporten, JWT grant",
        "The library verifies Maskinporten's tokens, and asks for none: that takes a key of the organisation's.",
    ),
];
