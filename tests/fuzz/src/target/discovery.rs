//! The metadata of a provider.

use std::sync::LazyLock;

use portvakt_digdir::verify::jwks_uri;
use portvakt_oidc::{
    Algorithm, BeginLogin, ClientConfig, Issuer, LoginRequest, MAX_METADATA_BYTES, PendingLogin,
    ProviderMetadata, Url,
};

use super::web_url;
use crate::world::{CLIENT_ID, ISSUER, METADATA, NOW, REDIRECT_URI, drive, entropy, response};

const LOCAL: &str = "http://localhost:8101";

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let local = METADATA
        .replace(
            "https://login.test.ansattporten.no",
            "http://127.0.0.1:8102",
        )
        .replace(ISSUER, LOCAL);
    let optional = METADATA.replace(
        r#""response_types_supported""#,
        r#""response_modes_supported":["query","form_post"],"grant_types_supported":["authorization_code"],"dpop_signing_alg_values_supported":["ES256"],"response_types_supported""#,
    );
    [METADATA.to_string(), local, optional]
        .map(String::into_bytes)
        .to_vec()
}

static CONFIGS: LazyLock<[ClientConfig; 2]> = LazyLock::new(|| {
    [ISSUER, LOCAL].map(|issuer| {
        let issuer = Issuer::parse(issuer).expect("an issuer");
        let redirect_uri = Url::parse(REDIRECT_URI).expect("a URL");
        let mut config = ClientConfig::new(issuer, CLIENT_ID, redirect_uri);
        config.algorithms = Algorithm::ALL.to_vec();
        config
    })
});

pub(super) fn run(input: &[u8]) {
    for config in CONFIGS.iter() {
        let issuer = config.issuer.as_str();
        let begin = BeginLogin::start(config, LoginRequest::default(), None, entropy(), NOW);
        let answer = |_: &_| Ok(response(200, "application/json", input));
        let Ok(redirect) = drive(begin, answer) else {
            continue;
        };

        assert!(input.len() <= MAX_METADATA_BYTES);
        let metadata = redirect.pending.metadata();
        assert_eq!(metadata.issuer().as_str(), issuer);
        let jwks = jwks_uri(input, issuer).expect("the verifier reads it too");
        assert_eq!(metadata.jwks_uri(), &jwks);
        for endpoint in [
            Some(metadata.authorization_endpoint()),
            Some(metadata.token_endpoint()),
            Some(metadata.jwks_uri()),
            metadata.userinfo_endpoint(),
            metadata.revocation_endpoint(),
            metadata.end_session_endpoint(),
        ]
        .into_iter()
        .flatten()
        {
            check_endpoint(endpoint, issuer);
        }
        let kept = ProviderMetadata::from_json(&metadata.to_json()).expect("it was written");
        assert_eq!(kept, *metadata);
        let stored = PendingLogin::from_json(&redirect.pending.to_json()).expect("it was written");
        assert!(stored == redirect.pending);
        check_redirect(&redirect.url, metadata.authorization_endpoint());
    }
}

fn check_endpoint(endpoint: &Url, issuer: &str) {
    assert!(endpoint.is_https() || endpoint.is_loopback() && !issuer.starts_with("https"));
    // The web's own reader sees the same host.
    let Some(web) = web_url(endpoint.as_str()) else {
        return;
    };
    assert_eq!(web.origin().ascii_serialization(), endpoint.origin());
    assert!(web.username().is_empty() && web.password().is_none() && web.fragment().is_none());
}

/// The parameters of the provider's own address stay, and ours are added to them.
fn check_redirect(redirect: &Url, endpoint: &Url) {
    assert_eq!(redirect.origin(), endpoint.origin());
    assert_eq!(redirect.path(), endpoint.path());
    let (Some(web), Some(own)) = (web_url(redirect.as_str()), web_url(endpoint.as_str())) else {
        return;
    };
    let kept = own.query_pairs().count();
    let added: Vec<_> = web.query_pairs().skip(kept).collect();
    assert_eq!(
        web.query_pairs().take(kept).collect::<Vec<_>>(),
        own.query_pairs().collect::<Vec<_>>()
    );
    for name in [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "nonce",
        "code_challenge",
    ] {
        assert_eq!(
            added.iter().filter(|pair| pair.0 == name).count(),
            1,
            "{name}"
        );
    }
}
