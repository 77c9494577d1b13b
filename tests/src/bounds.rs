//! Every limit of the library: its name, and the proof that it is where it is said to be.
//!
//! The value and the reason of a limit are those of its constant, which `docs/limits.md` quotes. What is
//! here is the proof: at the limit something is accepted, and one past it refused.

mod probes;
mod source;

pub use self::source::{Constant, constants};

use crate::attacks::Scene;
use crate::attacks::scene::Endpoint;

/// A limit, and its proof.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// The file of the constant.
    pub file: &'static str,
    /// The constant.
    pub name: &'static str,
    /// Its value, as a reader of the page sees it and the proof uses it.
    pub limit: usize,
    /// The proof.
    pub proof: Proof,
}

/// What shows that a limit is where it is.
#[derive(Clone, Copy, Debug)]
pub enum Proof {
    /// Something of that size is accepted; one more, and it ends with this code.
    Call(fn(usize) -> &'static str, &'static str),
    /// The same in a login.
    Login(fn(Scene, usize) -> Scene, &'static str),
    /// The same with userinfo.
    Userinfo(fn(Scene, usize) -> Scene, &'static str),
    /// A test of its own has both sides: the file, and what is in it.
    Test(&'static str, &'static str),
    /// It follows from another limit, or is about how much is kept: the reason.
    Follows(&'static str),
}

const fn bound(file: &'static str, name: &'static str, limit: usize, proof: Proof) -> Bound {
    Bound {
        file,
        name,
        limit,
        proof,
    }
}

/// All of them.
pub const BOUNDS: &[Bound] = &[
    // Reading tokens and keys.
    bound(
        "crates/jose/src/compact.rs",
        "MAX_TOKEN_BYTES",
        128 * 1024,
        Proof::Test(
            "crates/jose/tests/hostile.rs",
            "large_tokens_are_refused_by_their_length_alone",
        ),
    ),
    bound(
        "crates/jose/src/header.rs",
        "MAX_HEADER_BYTES",
        16 * 1024,
        Proof::Test(
            "crates/jose/tests/hostile.rs",
            "the_largest_header_is_as_large_as_it_says",
        ),
    ),
    bound(
        "crates/jose/src/signature.rs",
        "MAX_SIGNATURE_BYTES",
        512,
        Proof::Call(probes::signature, "token_signature_invalid"),
    ),
    bound(
        "crates/jose/src/json/reader.rs",
        "MAX_DEPTH",
        32,
        Proof::Call(probes::depth, "json_too_deep"),
    ),
    bound(
        "crates/jose/src/json/reader.rs",
        "MAX_CONTAINERS",
        100_000,
        Proof::Call(probes::containers, "json_too_many"),
    ),
    bound(
        "crates/jose/src/json/reader.rs",
        "MAX_MEMBERS",
        1000,
        Proof::Call(probes::members, "json_too_many"),
    ),
    bound(
        "crates/jose/src/json/number.rs",
        "MAX_MAGNITUDE",
        308,
        Proof::Call(probes::digits, "json_number_not_finite"),
    ),
    bound(
        "crates/jose/src/jwks.rs",
        "MAX_JWKS_BYTES",
        256 * 1024,
        Proof::Call(probes::key_set_bytes, "token_keys_too_large"),
    ),
    bound(
        "crates/jose/src/jwks.rs",
        "MAX_KEYS",
        100,
        Proof::Call(probes::keys, "token_keys_too_many"),
    ),
    bound(
        "crates/jose/src/jwks.rs",
        "MAX_OPERATIONS",
        16,
        Proof::Call(probes::operations, "token_key_unsuitable"),
    ),
    bound(
        "crates/jose/src/key/rsa.rs",
        "MIN_MODULUS_BITS",
        2048,
        Proof::Test(
            "crates/jose/tests/keys.rs",
            "rsa_moduli_have_2048_to_4096_bits",
        ),
    ),
    bound(
        "crates/jose/src/key/rsa.rs",
        "MAX_MODULUS_BITS",
        4096,
        Proof::Test(
            "crates/jose/tests/keys.rs",
            "rsa_moduli_have_2048_to_4096_bits",
        ),
    ),
    bound(
        "crates/jose/src/key/rsa.rs",
        "MIN_EXPONENT",
        65_537,
        Proof::Test(
            "crates/jose/tests/keys.rs",
            "rsa_exponents_are_odd_and_from_65537_to_33_bits",
        ),
    ),
    bound(
        "crates/jose/src/key/rsa/montgomery.rs",
        "MAX_LIMBS",
        0,
        Proof::Follows("It is the room for the largest modulus."),
    ),
    bound(
        "crates/jose/src/claims.rs",
        "MAX_SUBJECT_LENGTH",
        255,
        Proof::Login(
            |scene, size| scene.claim("sub", "s".repeat(size)),
            "token_sub_malformed",
        ),
    ),
    bound(
        "crates/jose/src/time.rs",
        "MAX_NUMERIC_DATE",
        253_402_300_799,
        Proof::Login(
            |scene, seconds| scene.claim("exp", seconds as u64),
            "token_exp_malformed",
        ),
    ),
    // Signing in.
    bound(
        "crates/oidc/src/url.rs",
        "MAX_URL_BYTES",
        8192,
        Proof::Call(probes::url, "misuse_url_too_long"),
    ),
    bound(
        "crates/oidc/src/url/query.rs",
        "MAX_QUERY_BYTES",
        16 * 1024,
        Proof::Call(probes::query, "callback_too_long"),
    ),
    bound(
        "crates/oidc/src/url/query.rs",
        "MAX_QUERY_PARAMETERS",
        64,
        Proof::Call(probes::parameters, "callback_too_long"),
    ),
    bound(
        "crates/oidc/src/callback.rs",
        "MAX_CODE_BYTES",
        8192,
        Proof::Call(probes::code, "callback_code_malformed"),
    ),
    bound(
        "crates/oidc/src/callback.rs",
        "MAX_STATE_BYTES",
        512,
        Proof::Call(probes::state, "callback_too_long"),
    ),
    bound(
        "crates/oidc/src/return_path.rs",
        "MAX_RETURN_PATH_BYTES",
        2048,
        Proof::Call(probes::return_path, "misuse_return_path"),
    ),
    bound(
        "crates/oidc/src/metadata.rs",
        "MAX_METADATA_BYTES",
        64 * 1024,
        Proof::Login(
            |scene, size| probes::padded(scene, Endpoint::Metadata, size),
            "transport_too_large",
        ),
    ),
    bound(
        "crates/oidc/src/exchange/token_response.rs",
        "MAX_TOKEN_RESPONSE_BYTES",
        512 * 1024,
        Proof::Login(
            |scene, size| probes::padded(scene, Endpoint::Token, size),
            "transport_too_large",
        ),
    ),
    bound(
        "crates/oidc/src/exchange/token_response.rs",
        "MAX_EXPIRES_IN_SECONDS",
        10 * 366 * 24 * 60 * 60,
        Proof::Login(
            |scene, seconds| {
                scene.member(Endpoint::Token, "expires_in", Some((seconds as u64).into()))
            },
            "misbehaved_token_expires_in",
        ),
    ),
    bound(
        "crates/oidc/src/userinfo.rs",
        "MAX_USERINFO_BYTES",
        256 * 1024,
        Proof::Userinfo(
            |scene, size| probes::padded(scene, Endpoint::Userinfo, size),
            "transport_too_large",
        ),
    ),
    bound(
        "crates/oidc/src/pending_login.rs",
        "MAX_PENDING_BYTES",
        128 * 1024,
        Proof::Login(
            |scene, size| scene.stored(move |stored| Some(probes::filled(stored, ' ', size))),
            "callback_pending_unreadable",
        ),
    ),
    bound(
        "crates/oidc/src/id_token/verify.rs",
        "MAX_ID_TOKEN_AGE_SECONDS",
        600,
        Proof::Test(
            "crates/oidc/tests/id_token.rs",
            "iat dated back to the limit",
        ),
    ),
    bound(
        "crates/oidc/src/clock.rs",
        "MAX_CLOCK_OFFSET_SECONDS",
        300,
        Proof::Test("crates/oidc/tests/id_token.rs", "iat farther ahead"),
    ),
    bound(
        "crates/oidc/src/config.rs",
        "MAX_CLOCK_TOLERANCE_SECONDS",
        300,
        Proof::Call(probes::tolerance, "misuse_clock_tolerance"),
    ),
    bound(
        "crates/oidc/src/config.rs",
        "MAX_CLIENT_ID_BYTES",
        255,
        Proof::Call(probes::client_id, "misuse_client_id"),
    ),
    bound(
        "crates/oidc/src/config.rs",
        "MAX_LOGIN_HINT_CHARS",
        1024,
        Proof::Call(probes::login_hint, "misuse_login_hint"),
    ),
    bound(
        "crates/oidc/src/config.rs",
        "MAX_ACR_BYTES",
        255,
        Proof::Call(probes::acr, "ignored"),
    ),
    bound(
        "crates/oidc/src/error/provider.rs",
        "MAX_DESCRIPTION_CHARS",
        300,
        Proof::Test(
            "crates/oidc/src/error/provider.rs",
            "MAX_DESCRIPTION_CHARS + 1",
        ),
    ),
    bound(
        "crates/oidc/src/login.rs",
        "MAX_LOGIN_BYTES",
        1024 * 1024,
        Proof::Test("crates/oidc/tests/session.rs", "MAX_LOGIN_BYTES - "),
    ),
    bound(
        "crates/oidc/src/dpop.rs",
        "MAX_JWK_BYTES",
        4096,
        Proof::Call(probes::jwk, "misuse_dpop_key"),
    ),
    bound(
        "crates/oidc/src/dpop.rs",
        "MAX_METHOD_BYTES",
        32,
        Proof::Test("crates/oidc/src/dpop.rs", "MAX_METHOD_BYTES + 1"),
    ),
    bound(
        "crates/oidc/src/dpop.rs",
        "MAX_NONCE_BYTES",
        1024,
        Proof::Test("crates/oidc/src/dpop.rs", "MAX_NONCE_BYTES + 1"),
    ),
    bound(
        "crates/oidc/src/challenge.rs",
        "MAX_CHALLENGE_BYTES",
        8192,
        Proof::Call(probes::challenge, "ignored"),
    ),
    bound(
        "crates/oidc/src/step_up.rs",
        "MAX_ACR_VALUES",
        16,
        Proof::Call(probes::acr_values, "ignored"),
    ),
    // Signing out.
    bound(
        "crates/oidc/src/logout.rs",
        "MAX_REVOCATION_BYTES",
        16 * 1024,
        Proof::Test("crates/oidc/tests/logout.rs", "16 * 1024 + 1"),
    ),
    bound(
        "crates/oidc/src/logout/pending.rs",
        "MAX_PENDING_LOGOUT_BYTES",
        8 * 1024,
        Proof::Test("crates/oidc/tests/logout.rs", "8 * 1024 + 1"),
    ),
    bound(
        "crates/oidc/src/logout_token/verify.rs",
        "MAX_LOGOUT_TOKEN_AGE_SECONDS",
        600,
        Proof::Test("crates/oidc/tests/logout_token.rs", "iat at the limit"),
    ),
    bound(
        "crates/oidc/src/logout_token/verify.rs",
        "MAX_SID_BYTES",
        255,
        Proof::Call(probes::sid, "token_sid_malformed"),
    ),
    bound(
        "crates/oidc/src/logout_token/verify.rs",
        "MAX_JTI_BYTES",
        255,
        Proof::Call(probes::logout_jti, "token_logout_jti_malformed"),
    ),
    // What Digdir's services say.
    bound(
        "crates/digdir/src/login/claims.rs",
        "MAX_CLAIM_BYTES",
        1024,
        Proof::Login(
            |scene, size| scene.claim("name", "x".repeat(size)),
            "claims_malformed",
        ),
    ),
    bound(
        "crates/digdir/src/login/claims.rs",
        "MAX_VALUES",
        100,
        Proof::Login(
            |scene, size| scene.claim("amr", vec!["x"; size]),
            "claims_malformed",
        ),
    ),
    bound(
        "crates/digdir/src/rar/response.rs",
        "MAX_ELEMENTS",
        64,
        Proof::Call(probes::elements, "representation_too_large"),
    ),
    bound(
        "crates/digdir/src/rar/response.rs",
        "MAX_PARTIES",
        2000,
        Proof::Call(probes::parties, "representation_too_large"),
    ),
    bound(
        "crates/digdir/src/rar/element.rs",
        "MAX_TEXT_BYTES",
        1024,
        Proof::Call(probes::resource_name, "representation_too_large"),
    ),
    bound(
        "crates/digdir/src/rar/element.rs",
        "MAX_NAMES",
        200,
        Proof::Call(probes::actions, "representation_too_large"),
    ),
    bound(
        "crates/digdir/src/rar/representation.rs",
        "MAX_PERMISSIONS",
        200,
        Proof::Test(
            "crates/digdir/tests/rar_response.rs",
            "the_largest_answers_are_read",
        ),
    ),
    bound(
        "crates/digdir/src/rar/target.rs",
        "MAX_NAMES",
        20,
        Proof::Call(probes::resources, "misuse_rar_resources"),
    ),
    bound(
        "crates/digdir/src/rar/target.rs",
        "MAX_NAME_BYTES",
        200,
        Proof::Call(probes::resource, "misuse_rar_resource_urn"),
    ),
    bound(
        "crates/digdir/src/identifiers/party.rs",
        "MAX_URN_BYTES",
        1024,
        Proof::Call(probes::party, "identifier_party_form"),
    ),
    bound(
        "crates/digdir/src/session.rs",
        "MAX_IDLE_SECONDS",
        1800,
        Proof::Test("crates/digdir/tests/session.rs", "MAX_IDLE_SECONDS + 1"),
    ),
    bound(
        "crates/digdir/src/session.rs",
        "MAX_SESSION_SECONDS",
        7200,
        Proof::Test("crates/digdir/tests/session.rs", "MAX_SESSION_SECONDS + 1"),
    ),
    bound(
        "crates/digdir/src/verify/keys.rs",
        "MAX_METADATA_BYTES",
        64 * 1024,
        Proof::Call(
            probes::issuer_metadata,
            "misbehaved_verifier_metadata_malformed",
        ),
    ),
    bound(
        "crates/digdir/src/verify/dialog_token.rs",
        "MAX_ENTITY_BYTES",
        50,
        Proof::Call(probes::entity, "token_dialog_malformed"),
    ),
    bound(
        "crates/digdir/src/verify/dpop.rs",
        "MAX_PROOF_AGE_SECONDS",
        300,
        Proof::Call(probes::proof_age, "misuse_verifier_dpop"),
    ),
    bound(
        "crates/digdir/src/verify/dpop.rs",
        "MAX_PROOF_BYTES",
        8 * 1024,
        Proof::Call(probes::proof, "token_dpop_malformed"),
    ),
    bound(
        "crates/digdir/src/verify/dpop.rs",
        "MAX_JTI_BYTES",
        256,
        Proof::Call(probes::proof_jti, "token_dpop_jti"),
    ),
    // Dialogporten.
    bound(
        "crates/digdir/src/dialogporten.rs",
        "MAX_RESPONSE_BYTES",
        8 * 1024 * 1024,
        Proof::Test(
            "crates/digdir/tests/dialogporten/refusals.rs",
            "(limit + 1, \"transport_too_large\")",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/failure.rs",
        "MAX_PROBLEM_BYTES",
        64 * 1024,
        Proof::Test(
            "crates/digdir/tests/dialogporten/refusals.rs",
            "64 * 1024 + 1",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/failure.rs",
        "MAX_TRACE_ID_BYTES",
        128,
        Proof::Test(
            "crates/digdir/tests/dialogporten/refusals.rs",
            "repeat(128), true",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/failure.rs",
        "MAX_PARAMETERS",
        20,
        Proof::Test(
            "crates/digdir/tests/dialogporten/refusals.rs",
            "no_more_than_twenty_parameters_are_named",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/failure.rs",
        "MAX_PARAMETER_BYTES",
        50,
        Proof::Test(
            "crates/digdir/tests/dialogporten/refusals.rs",
            "names_of_parameters_are_taken_up_to_fifty_bytes",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/search.rs",
        "MAX_CONTINUATION_TOKEN_BYTES",
        1024,
        Proof::Test(
            "crates/digdir/tests/dialogporten/pages.rs",
            "(1025, Some(\"dialogporten_malformed\"))",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/timestamp.rs",
        "MAX_TEXT_BYTES",
        64,
        Proof::Call(probes::timestamp, "ignored"),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MAX_PARTIES",
        100,
        Proof::Test(
            "crates/digdir/tests/dialogporten/requests.rs",
            "organisation(); 101",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MAX_SERVICE_RESOURCES",
        20,
        Proof::Test(
            "crates/digdir/tests/dialogporten/requests.rs",
            "\"urn:altinn:resource:a\".into(); 21",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MAX_LIMIT",
        1000,
        Proof::Test("crates/digdir/tests/dialogporten/requests.rs", "Some(1001)"),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MIN_SEARCH_CHARS",
        3,
        Proof::Test(
            "crates/digdir/tests/dialogporten/requests.rs",
            "Some(\"ab \".into())",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MAX_SEARCH_CHARS",
        200,
        Proof::Test(
            "crates/digdir/tests/dialogporten/requests.rs",
            "repeat(201)",
        ),
    ),
    bound(
        "crates/digdir/src/dialogporten/query.rs",
        "MAX_RESOURCE_BYTES",
        255,
        Proof::Test(
            "crates/digdir/tests/dialogporten/requests.rs",
            "repeat(236)",
        ),
    ),
    // The modules and the drivers.
    bound(
        "crates/wasm/src/boundary.rs",
        "MAX_OPTIONS_BYTES",
        1024 * 1024,
        Proof::Test("tests/packaging/runtimes/limits.mjs", "MAX_OPTIONS_BYTES"),
    ),
    bound(
        "crates/wasm/src/verify.rs",
        "MAX_PREPARED",
        32,
        Proof::Test("tests/packaging/runtimes/limits.mjs", "MAX_PREPARED"),
    ),
    bound(
        "crates/wasm/src/verify.rs",
        "MAX_READINGS",
        128,
        Proof::Test("tests/packaging/runtimes/limits.mjs", "MAX_READINGS"),
    ),
    bound(
        "crates/wasm/src/arena.rs",
        "MAX_BYTES",
        64 * 1024 * 1024,
        Proof::Test("tests/packaging/runtimes/limits.mjs", "MAX_MEMORY_BYTES"),
    ),
    bound(
        "crates/wasm/src/login/flows.rs",
        "MAX_KEPT",
        16,
        Proof::Test("tests/packaging/runtimes/limits.mjs", "MAX_KEPT"),
    ),
    bound(
        "crates/leptos/src/browser/store.rs",
        "MAX_ENTRIES",
        8,
        Proof::Test("crates/leptos/tests/browser/main.rs", "0..=MAX_ENTRIES"),
    ),
    bound(
        "crates/leptos/src/browser/store.rs",
        "MAX_ENTRY_BYTES",
        64 * 1024,
        Proof::Test(
            "crates/leptos/tests/browser/main.rs",
            "an_entry_is_given_out_up_to_its_limit_and_not_beyond",
        ),
    ),
    bound(
        "crates/leptos/src/browser/vault.rs",
        "MAX_RECORD_BYTES",
        2 * 1024 * 1024,
        Proof::Test(
            "crates/leptos/tests/browser/vault.rs",
            "a_session_is_opened_up_to_its_limit_and_not_beyond",
        ),
    ),
    bound(
        "crates/leptos/src/auth/elsewhere.rs",
        "MAX_ANSWER_BYTES",
        4096,
        Proof::Test("tests/tests/session/sizes.rs", "Driver::Leptos => 4096"),
    ),
    bound(
        "pkg/src/auth/store.ts",
        "MAX_ENTRIES",
        8,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_ENTRIES"),
    ),
    bound(
        "pkg/src/auth/sealed.ts",
        "MAX_AGE_SECONDS",
        7200,
        Proof::Follows("It is about how long a record is left that nobody can open."),
    ),
    bound(
        "pkg/src/auth/watch.ts",
        "MAX_BYTES",
        1024,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_BYTES"),
    ),
    bound(
        "pkg/src/auth/auth.ts",
        "MAX_CHALLENGE_BYTES",
        64 * 1024,
        Proof::Test("tests/tests/session/sizes.rs", "MAX_REFUSAL_BYTES + 1"),
    ),
    bound(
        "pkg/src/verify/keys.ts",
        "MAX_METADATA_BYTES",
        64 * 1024,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_METADATA_BYTES"),
    ),
    bound(
        "pkg/src/verify/keys.ts",
        "MAX_JWKS_BYTES",
        256 * 1024,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_JWKS_BYTES + 1"),
    ),
    bound(
        "pkg/src/verify/seen.ts",
        "MAX_SEEN_TOKENS",
        100_000,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_SEEN_TOKENS"),
    ),
    bound(
        "pkg/src/verify/seen.ts",
        "MAX_SEEN_CHARACTERS",
        16 * 1024,
        Proof::Test("tests/packaging/runtimes/bounds.mjs", "MAX_SEEN_CHARACTERS"),
    ),
    bound(
        "pkg/src/edge/endpoint.ts",
        "MAX_URL_LENGTH",
        8 * 1024,
        Proof::Test(
            "tests/packaging/edge/suite.mjs",
            "an address that is too long is not looked at",
        ),
    ),
    bound(
        "pkg/src/edge/back-channel.ts",
        "MAX_BODY_BYTES",
        32 * 1024,
        Proof::Test(
            "tests/packaging/edge/suite.mjs",
            "a form has one logout token, is no larger than one",
        ),
    ),
    bound(
        "pkg/src/edge/settings.ts",
        "MAX_SESSION_SECONDS",
        604_800,
        Proof::Test("tests/packaging/edge/suite.mjs", "604_801"),
    ),
    bound(
        "pkg/src/edge/settings.ts",
        "MAX_STREAMS",
        1_000_000,
        Proof::Test("tests/packaging/edge/suite.mjs", "1_000_001"),
    ),
    bound(
        "pkg/src/edge/stores/memory.ts",
        "MAX_ENTRIES",
        100_000,
        Proof::Test(
            "tests/packaging/edge/suite.mjs",
            "memory that is not told how much it may hold remembers a hundred thousand sessions",
        ),
    ),
    bound(
        "pkg/src/edge/stores/durable-object.ts",
        "MAX_WAIT_MILLISECONDS",
        30_000,
        Proof::Test(
            "tests/packaging/runtimes/bounds.mjs",
            "MAX_WAIT_MILLISECONDS",
        ),
    ),
];
