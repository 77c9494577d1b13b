//! The fixed surroundings of every input: a client, a provider, its keys, a login that is under way.

use std::sync::LazyLock;

use ed25519_dalek::{Signer, SigningKey};
use portvakt_digdir::Preset;
use portvakt_digdir::acr::Acr;
use portvakt_digdir::login::{BeginLogin, Client, LoginRequest};
use portvakt_digdir::rar::{AltinnResource, RarRequest};
use portvakt_jose::json::{self, Value};
use portvakt_jose::{Algorithm, base64url};
use portvakt_oidc::{
    Entropy, Flow, HttpRequest, HttpResponse, Jwks, JwksSource, ProviderMetadata, SignatureAnswer,
    Step, TransportError, UnixTime, Url,
};

pub(crate) const NOW: UnixTime = UnixTime::new(1_790_000_000);
pub(crate) const ISSUER: &str = "https://test.ansattporten.no";
pub(crate) const CLIENT_ID: &str = "a1b2c3d4-0000-4000-8000-000000000001";
pub(crate) const REDIRECT_URI: &str = "https://app.example/callback";
pub(crate) const RESOURCE: &str = "urn:altinn:resource:demo-post";

/// What the provider says about itself, and when it was fetched.
pub(crate) const METADATA: &str = r#"{"issuer":"https://test.ansattporten.no","authorization_endpoint":"https://login.test.ansattporten.no/authorize","token_endpoint":"https://test.ansattporten.no/token","jwks_uri":"https://test.ansattporten.no/jwks","userinfo_endpoint":"https://test.ansattporten.no/userinfo","revocation_endpoint":"https://test.ansattporten.no/revoke","end_session_endpoint":"https://login.test.ansattporten.no/logout","authorization_response_iss_parameter_supported":true,"response_types_supported":["code"],"code_challenge_methods_supported":["S256"],"id_token_signing_alg_values_supported":["RS256","PS256","ES256","EdDSA"],"portvakt_fetched_at":1790000000}"#;

/// One token for each algorithm, with its key.
const TOKENS: &str = include_str!("../../../crates/jose/tests/data/tokens.json");

/// Signs what must be signed indeed. Everybody may know it.
static SIGNER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::from_bytes(&[7; 32]));

/// The tokens of the tests of `portvakt-jose`, all of them good.
pub(crate) static GOOD_TOKENS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let entries = json::parse(TOKENS.as_bytes(), TOKENS.len()).expect("test data");
    let token = |entry: &Value| Some(entry.get("token")?.as_str()?.to_string());
    let tokens: Option<_> = entries
        .as_array()
        .expect("test data")
        .iter()
        .map(token)
        .collect();
    tokens.expect("test data")
});

/// The keys of [`GOOD_TOKENS`] and of [`signed`].
pub(crate) static KEYS_JSON: LazyLock<String> = LazyLock::new(|| {
    let entries = json::parse(TOKENS.as_bytes(), TOKENS.len()).expect("test data");
    let keys = entries.as_array().expect("test data").iter();
    let mut keys: Vec<String> = keys
        .filter_map(|entry| Some(entry.get("jwk")?.to_json()))
        .collect();
    let x = base64url::encode(SIGNER.verifying_key().as_bytes());
    keys.push(format!(
        r#"{{"kty":"OKP","crv":"Ed25519","kid":"own","x":"{x}"}}"#
    ));
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
});

pub(crate) static KEYS: LazyLock<Jwks> =
    LazyLock::new(|| Jwks::parse(KEYS_JSON.as_bytes()).expect("test data"));

/// A client at Ansattporten that knows the keys.
pub(crate) static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let redirect_uri = Url::parse(REDIRECT_URI).expect("a URL");
    let mut client =
        Client::new(Preset::ANSATTPORTEN_TEST, CLIENT_ID, redirect_uri).expect("a client");
    client.oidc.algorithms = Algorithm::ALL.to_vec();
    client.oidc.jwks = JwksSource::Keys(KEYS.clone());
    client
});

/// A request for representation that leaves as much open as it can.
pub(crate) static RAR: LazyLock<RarRequest> = LazyLock::new(|| {
    let resource = AltinnResource::parse(RESOURCE).expect("a resource");
    let resource = resource.with_actions(&["read", "write"]).expect("actions");
    let mut request = RarRequest::altinn_resources([resource]).expect("a request");
    request.representation_is_required = false;
    request.allow_multiple_organizations = true;
    request
});

/// A login that waits for its callback.
pub(crate) struct Pending {
    pub(crate) json: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
}

pub(crate) static PENDING: LazyLock<Pending> = LazyLock::new(|| {
    let mut request = LoginRequest::on_behalf_of(RAR.clone());
    request.acr_values = vec![Acr::Substantial];
    let metadata = ProviderMetadata::from_json(METADATA).expect("metadata");
    let step = BeginLogin::start(&CLIENT, request, Some(metadata), entropy(), NOW);
    let Ok(Step::Done(redirect)) = step else {
        panic!("the login does not begin");
    };
    let query = redirect.url.query().unwrap_or_default().as_bytes();
    let parameter = |name| {
        let mut pairs = form_urlencoded::parse(query);
        pairs
            .find(|pair| pair.0 == name)
            .expect("a parameter")
            .1
            .into_owned()
    };
    Pending {
        json: redirect.pending.to_json(),
        state: parameter("state"),
        nonce: parameter("nonce"),
    }
});

/// The id_token that answers [`PENDING`]; `{}` around it is left to the caller.
pub(crate) fn id_token_claims() -> String {
    format!(
        r#"{{"iss":"{ISSUER}","sub":"x9WJ0s0mePairwiseSubject","aud":"{CLIENT_ID}","exp":1790000120,"iat":1790000000,"auth_time":1789999990,"nonce":"{}","acr":"high","amr":["BankID"],"sid":"3vYp0SessionIdentifier","pid":"15868510045","name":"KARI NORDMANN","locale":"nb","authorization_details":[{}]}}"#,
        PENDING.nonce, GRANTED
    )
}

/// What the provider grants.
pub(crate) const GRANTED: &str = r#"{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post","resource_name":"Post","authorized_parties":[{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},"resource":"urn:altinn:resource:demo-post","name":"SYNTETISK AS","unit_type":"AS","actions":["read"]}]}"#;

pub(crate) const HEADER: &str = r#"{"alg":"EdDSA","kid":"own"}"#;

/// A token with a signature that could be one: bytes that the algorithm does not rule out.
pub(crate) fn unsigned(header: &[u8], claims: &[u8]) -> String {
    let signature = match json::parse(header, header.len()) {
        Ok(header) => match header.get("alg").and_then(Value::as_str) {
            Some("ES256") => vec![1; 64],
            Some("EdDSA" | "Ed25519") => {
                // R is the base point, and S is one.
                let mut signature = vec![0x66; 64];
                signature[0] = 0x58;
                signature[32] = 1;
                signature[33..].fill(0);
                signature
            }
            _ => vec![1; 256],
        },
        Err(_) => vec![1; 256],
    };
    let [header, claims, signature] = [header, claims, signature.as_slice()].map(base64url::encode);
    format!("{header}.{claims}.{signature}")
}

/// A token that the key `own` has signed.
pub(crate) fn signed(header: &[u8], claims: &[u8]) -> String {
    let [header, claims] = [header, claims].map(base64url::encode);
    let input = format!("{header}.{claims}");
    let signature = SIGNER.sign(input.as_bytes()).to_bytes();
    format!("{input}.{}", base64url::encode(signature))
}

/// The same bytes every time, so that the inputs of a corpus stay good.
pub(crate) fn entropy() -> Entropy {
    Entropy::new(core::array::from_fn(|index| index as u8))
}

pub(crate) fn response(status: u16, content_type: &str, body: &[u8]) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("content-type".into(), content_type.into())],
        body: body.to_vec(),
    }
}

/// The driver. It says yes to every signature.
///
/// # Panics
/// If the flow does not end, or asks for an address that it must not ask for.
pub(crate) fn drive<F: Flow>(
    step: Result<Step<F>, F::Error>,
    respond: impl Fn(&HttpRequest) -> Result<HttpResponse, TransportError>,
) -> Result<F::Output, F::Error> {
    /// The longest flow asks for metadata, tokens three times, keys, and two signatures.
    const MOST_STEPS: usize = 8;
    let mut step = step?;
    for _ in 0..MOST_STEPS {
        step = match step {
            Step::Done(output) => return Ok(output),
            Step::Fetch { request, next } => {
                assert!(request.url.is_https() || request.url.is_loopback());
                next.resume(respond(&request).into(), NOW)?
            }
            Step::Verify { next, .. } => next.resume(SignatureAnswer::Yes.into(), NOW)?,
        };
    }
    panic!("a flow of more than {MOST_STEPS} steps")
}
