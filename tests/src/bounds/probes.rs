//! Something of a size, and what the library says of it: a code, or `accepted`.

use aws_lc_rs::digest::{SHA256, digest};
use portvakt_digdir::Misuse;
use portvakt_digdir::dialogporten::Timestamp;
use portvakt_digdir::identifiers::Party;
use portvakt_digdir::rar::{AltinnResource, RarRequest, RarResponse};
use portvakt_digdir::verify::{DpopPolicy, DpopRequest, jwks_uri, verify_dpop_proof};
use portvakt_jose::base64url::encode;
use portvakt_jose::json::{self, Object};
use portvakt_jose::{Algorithm, Jwks, JwsPolicy, TypRule, UnixTime, UnverifiedJws};
use portvakt_oidc::url::parse_query;
use portvakt_oidc::{
    Callback, ClientConfig, DpopKey, Issuer, LoginRequest, ReturnPath, StepUp, Url,
};

use crate::attacks::scene::{Endpoint, key_set};
use crate::attacks::signer::{ES256, RS256};
use crate::attacks::{Crafted, Kind, Scene};

const ACCEPTED: &str = "accepted";
const IGNORED: &str = "ignored";
const ADDRESS: &str = "https://app.example/callback";

/// An endpoint's answer with spaces behind it.
pub(super) fn padded(scene: Scene, endpoint: Endpoint, size: usize) -> Scene {
    scene.response(endpoint, move |mut response| {
        response.body.resize(size, b' ');
        Ok(response)
    })
}

pub(super) fn signature(bytes: usize) -> &'static str {
    let token = format!(
        "{}.{}.{}",
        encode(r#"{"alg":"RS256"}"#),
        encode("{}"),
        encode(vec![0; bytes])
    );
    let policy = JwsPolicy::new(&[Algorithm::Rs256], TypRule::AbsentOr("JWT"));
    said(UnverifiedJws::parse(&token, &policy), |error| error.code())
}

pub(super) fn depth(levels: usize) -> &'static str {
    let text = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    said(json::parse(text.as_bytes(), text.len()), |error| {
        error.code()
    })
}

pub(super) fn containers(count: usize) -> &'static str {
    let text = format!("[{}{{}}]", "[],".repeat(count - 2));
    said(json::parse(text.as_bytes(), text.len()), |error| {
        error.code()
    })
}

pub(super) fn members(count: usize) -> &'static str {
    let members: Vec<_> = (0..count).map(|name| format!("\"{name}\":0")).collect();
    let text = format!("{{{}}}", members.join(","));
    said(json::parse(text.as_bytes(), text.len()), |error| {
        error.code()
    })
}

pub(super) fn digits(count: usize) -> &'static str {
    said(json::parse("9".repeat(count).as_bytes(), count), |error| {
        error.code()
    })
}

pub(super) fn key_set_bytes(size: usize) -> &'static str {
    let text = filled(&key_set(&[RS256.jwk()]), ' ', size);
    said(Jwks::parse(text.as_bytes()), |error| error.code())
}

pub(super) fn keys(count: usize) -> &'static str {
    let keys = vec![Object::new(); count];
    said(Jwks::parse(key_set(&keys).as_bytes()), |error| error.code())
}

pub(super) fn operations(count: usize) -> &'static str {
    let names = (1..count).map(|number| number.to_string());
    let names: Vec<_> = names.chain(["verify".to_owned()]).collect();
    let key = |crafted: Crafted| crafted.key_member("key_ops", names);
    key(Crafted::new(Kind::IdPorten)).finish().judged()
}

pub(super) fn url(size: usize) -> &'static str {
    said(
        Url::parse(&filled("https://op.example/", 'a', size)),
        |error| error.code(),
    )
}

pub(super) fn query(size: usize) -> &'static str {
    said(parse_query(&filled("x=", 'x', size)), |error| error.code())
}

pub(super) fn parameters(count: usize) -> &'static str {
    said(parse_query(&vec!["a"; count].join("&")), |error| {
        error.code()
    })
}

pub(super) fn code(size: usize) -> &'static str {
    let url = format!("{ADDRESS}?state=s&code={}", "c".repeat(size));
    said(Callback::parse(&url), |error| error.code())
}

pub(super) fn state(size: usize) -> &'static str {
    let url = format!("{ADDRESS}?code=c&state={}", "s".repeat(size));
    said(Callback::parse(&url), |error| error.code())
}

pub(super) fn return_path(size: usize) -> &'static str {
    said(ReturnPath::parse(&filled("/", 'a', size)), |error| {
        error.code()
    })
}

pub(super) fn tolerance(seconds: usize) -> &'static str {
    checked(|config| config.clock_tolerance_seconds = u32::try_from(seconds).unwrap_or(u32::MAX))
}

pub(super) fn client_id(size: usize) -> &'static str {
    checked(|config| config.client_id = "c".repeat(size))
}

fn checked(change: impl FnOnce(&mut ClientConfig)) -> &'static str {
    let (Ok(issuer), Ok(address)) = (Issuer::parse("https://op.example"), Url::parse(ADDRESS))
    else {
        return IGNORED;
    };
    let mut config = ClientConfig::new(issuer, "client", address);
    change(&mut config);
    said(config.check(), |error| error.code())
}

pub(super) fn login_hint(characters: usize) -> &'static str {
    let mut request = LoginRequest::default();
    request.login_hint = Some("ø".repeat(characters));
    said(request.check(), |error| error.code())
}

pub(super) fn jwk(size: usize) -> &'static str {
    let key = json::Value::from(ES256.jwk()).to_json();
    said(DpopKey::from_jwk(&filled(&key, ' ', size)), |error| {
        error.code()
    })
}

pub(super) fn challenge(size: usize) -> &'static str {
    let start = r#"Bearer error="insufficient_user_authentication", acr_values="high", x=""#;
    let header = filled(start, 'a', size.saturating_sub(1));
    heard(&format!("{header}\""))
}

pub(super) fn acr_values(count: usize) -> &'static str {
    let values = vec!["high"; count].join(" ");
    heard(&format!(
        r#"Bearer error="insufficient_user_authentication", acr_values="{values}""#
    ))
}

pub(super) fn acr(size: usize) -> &'static str {
    let value = "a".repeat(size);
    heard(&format!(
        r#"Bearer error="insufficient_user_authentication", acr_values="{value}""#
    ))
}

fn heard(challenge: &str) -> &'static str {
    StepUp::parse(401, challenge).map_or(IGNORED, |_| ACCEPTED)
}

pub(super) fn sid(size: usize) -> &'static str {
    let token = Crafted::new(Kind::Logout).claim("sid", "s".repeat(size));
    token.finish().judged()
}

pub(super) fn logout_jti(size: usize) -> &'static str {
    let token = Crafted::new(Kind::Logout).claim("jti", "j".repeat(size));
    token.finish().judged()
}

pub(super) fn entity(size: usize) -> &'static str {
    let token = Crafted::new(Kind::Dialog).claim("e", vec!["e".repeat(size)]);
    token.finish().judged()
}

pub(super) fn elements(count: usize) -> &'static str {
    details(&vec![r#"{"type":"ansattporten:orgno"}"#; count].join(","))
}

pub(super) fn parties(count: usize) -> &'static str {
    let party = r#"{"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}}"#;
    let parties = vec![party; count].join(",");
    resource_with(&format!(r#""authorized_parties":[{parties}]"#))
}

pub(super) fn resource_name(size: usize) -> &'static str {
    resource_with(&format!(r#""resource_name":"{}""#, "x".repeat(size)))
}

pub(super) fn actions(count: usize) -> &'static str {
    let actions = vec![r#""read""#; count].join(",");
    resource_with(&format!(
        r#""authorized_parties":[{{"orgno":{{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}},
           "actions":[{actions}]}}]"#
    ))
}

fn resource_with(members: &str) -> &'static str {
    details(&format!(
        r#"{{"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post",{members}}}"#
    ))
}

fn details(elements: &str) -> &'static str {
    let text = format!("[{elements}]");
    let Ok(value) = json::parse(text.as_bytes(), text.len()) else {
        return IGNORED;
    };
    said(RarResponse::parse(&value), |error| error.code())
}

pub(super) fn resources(count: usize) -> &'static str {
    let urns = (0..count).map(|number| format!("urn:altinn:resource:r{number}"));
    let resources: Result<Vec<_>, Misuse> = urns.map(|urn| AltinnResource::parse(&urn)).collect();
    said(resources.and_then(RarRequest::altinn_resources), |error| {
        error.code()
    })
}

pub(super) fn resource(size: usize) -> &'static str {
    let urn = format!("urn:altinn:resource:{}", "x".repeat(size));
    said(AltinnResource::parse(&urn), |error| error.code())
}

pub(super) fn party(size: usize) -> &'static str {
    let urn = filled("urn:altinn:person:legacy-selfidentified:", 'x', size);
    said(Party::parse(&urn), |error| error.code())
}

pub(super) fn timestamp(size: usize) -> &'static str {
    let fraction = filled("2026-01-01T00:00:00.", '0', size.saturating_sub(1));
    let text = format!("{fraction}Z");
    Timestamp::parse(&text).map_or(IGNORED, |_| ACCEPTED)
}

pub(super) fn issuer_metadata(size: usize) -> &'static str {
    let metadata = r#"{"issuer":"https://op.example","jwks_uri":"https://op.example/jwks.json"}"#;
    let metadata = filled(metadata, ' ', size);
    said(
        jwks_uri(metadata.as_bytes(), "https://op.example"),
        |error| error.code(),
    )
}

pub(super) fn proof_age(seconds: usize) -> &'static str {
    let mut policy = DpopPolicy::default();
    policy.max_age_seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
    said(policy.check(), |error| error.code())
}

pub(super) fn proof(size: usize) -> &'static str {
    // Not every length can be had with one header: base64url has three for four.
    for name in ["", "a", "aa", "aaa"] {
        for filling in (0..size).rev() {
            let proof = signed_proof(name, "jti-1", filling);
            if proof.len() == size {
                return proven(&proof);
            }
            if proof.len() < size {
                break;
            }
        }
    }
    IGNORED
}

pub(super) fn proof_jti(size: usize) -> &'static str {
    proven(&signed_proof("", &"j".repeat(size), 0))
}

const NOW: u64 = 1_790_000_000;

fn signed_proof(kid: &str, jti: &str, filling: usize) -> String {
    let mut key = ES256.jwk();
    for name in ["kid", "use"] {
        key.remove(name);
    }
    let mut header = Object::new();
    header.insert("typ", "dpop+jwt");
    header.insert("alg", "ES256");
    header.insert("jwk", key);
    header.insert("x", kid);
    let mut claims = Object::new();
    claims.insert("htm", "GET");
    claims.insert("htu", "https://api.example/");
    claims.insert("iat", NOW);
    claims.insert("jti", jti);
    claims.insert("ath", encode(digest(&SHA256, b"token")));
    claims.insert("x", "x".repeat(filling));
    ES256.token(&header, &claims)
}

fn proven(proof: &str) -> &'static str {
    let request = DpopRequest {
        method: "GET",
        url: "https://api.example/",
    };
    let now = UnixTime::new(NOW);
    said(
        verify_dpop_proof(proof, request, "token", &DpopPolicy::default(), now),
        |error| error.code(),
    )
}

/// The text with so many characters behind it that it has that size.
pub(super) fn filled(text: &str, with: char, size: usize) -> String {
    let rest = size.saturating_sub(text.len());
    text.chars()
        .chain(std::iter::repeat_n(with, rest))
        .collect()
}

fn said<T, E>(outcome: Result<T, E>, code: impl FnOnce(E) -> &'static str) -> &'static str {
    outcome.map_or_else(code, |_| ACCEPTED)
}
