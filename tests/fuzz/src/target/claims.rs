//! A header and claims, in a line each: what every kind of token says.

use std::sync::LazyLock;

use portvakt_digdir::Preset;
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    AccessTokenPolicy, DialogTokenPolicy, IdentityTokenPolicy, RepresentationPolicy,
    SystemUserPolicy, TokenProfile, judge_access_token, judge_dialog_token,
    unverified_access_token, unverified_dialog_token, verify_access_token, verify_identity_token,
};
use portvakt_jose::{
    Algorithm, Error, JwsPolicy, SignatureAnswer, TypRule, UnverifiedJws, VerifiedJwt,
};
use portvakt_oidc::{Issuer, LogoutTokenExpectation, verify_logout_token};

use super::{assert_hidden, lines};
use crate::world::{
    CLIENT_ID, HEADER, ISSUER, KEYS, NOW, PENDING, RAR, RESOURCE, id_token_claims, signed, unsigned,
};

const SCOPE: &str = "example:api";
const DIALOG: &str = "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07";

pub(super) fn seeds() -> Vec<Vec<u8>> {
    let times = r#""iat":1790000000,"nbf":1790000000,"exp":1790000600"#;
    let own = format!(r#""iss":"{ISSUER}",{times},"client_id":"{CLIENT_ID}""#);
    let parties = crate::world::GRANTED;
    let claims = [
        id_token_claims(),
        format!(
            r#"{{{own},"sub":"x9WJ0s0me","scope":"openid {SCOPE}","acr":"high","pid":"15868510045","token_type":"Bearer","consumer":{{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}},"authorization_details":[{parties}]}}"#
        ),
        format!(
            r#"{{{own},"scope":"{SCOPE}","jti":"a-1","consumer":{{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}},"supplier":{{"authority":"iso6523-actorid-upis","ID":"0192:310000027"}},"delegation_source":"https://altinn.example/","authorization_details":[{{"type":"urn:altinn:systemuser","systemuser_org":{{"authority":"iso6523-actorid-upis","ID":"0192:310000019"}},"systemuser_id":["0194fe82-9280-77a5-a7cd-5ff0e6a6fa07"],"system_id":"310000027_example"}}]}}"#
        ),
        format!(
            r#"{{{own},"sub":"someone","aud":["https://api.example"],"scope":"{SCOPE}","jti":"b-2","auth_time":1789999999}}"#
        ),
        format!(
            r#"{{"iss":"{ISSUER}","iat":1790000000,"exp":1790000120,"aud":"{CLIENT_ID}","jti":"c-3","sid":"3vYp0SessionIdentifier","events":{{"http://schemas.openid.net/event/backchannel-logout":{{}}}}}}"#
        ),
        format!(
            r#"{{"iss":"{ISSUER}",{times},"jti":"d-4","c":"urn:altinn:person:identifier-no:15868510045","l":4,"p":"urn:altinn:organization:identifier-no:310000019","s":"urn:altinn:resource:demo-post","i":"{DIALOG}","a":"read;write;read,urn:altinn:task:1"}}"#
        ),
    ];
    let own = |claims: String| format!("{HEADER}\n{claims}").into_bytes();
    let mut seeds: Vec<_> = claims.into_iter().map(own).collect();
    for header in [
        r#"{"alg":"RS256","kid":"rsa-2048","typ":"at+jwt"}"#,
        r#"{"alg":"EdDSA","kid":"own","typ":"JWT","x5c":["AAAA"],"jku":"https://elsewhere.example"}"#,
        r#"{"alg":"EdDSA","kid":"own","typ":"logout+jwt"}"#,
        r#"{"alg":"none","crit":["b64"],"b64":false,"zip":"DEF"}"#,
    ] {
        seeds.push(format!("{header}\n{}", id_token_claims()).into_bytes());
    }
    seeds
}

static POLICIES: LazyLock<Vec<AccessTokenPolicy>> = LazyLock::new(|| {
    let mut policies = Vec::new();
    for profile in [
        TokenProfile::IdPorten,
        TokenProfile::Ansattporten,
        TokenProfile::Maskinporten,
        TokenProfile::Altinn,
        TokenProfile::Rfc9068,
    ] {
        let audience = (profile == TokenProfile::Rfc9068).then_some("https://api.example");
        let mut policy = AccessTokenPolicy::new(profile, ISSUER, audience);
        policy.algorithms = Algorithm::ALL.to_vec();
        policy.required_scope = vec![SCOPE.into()];
        if profile == TokenProfile::Ansattporten {
            let mut representation =
                RepresentationPolicy::new(RarType::AltinnResource, Some(RESOURCE));
            representation.actions = vec!["read".into()];
            policy.representation = Some(representation);
        }
        policies.push(policy.clone());
        if matches!(profile, TokenProfile::Maskinporten | TokenProfile::Altinn) {
            policy.system_user = Some(SystemUserPolicy::default());
            policies.push(policy);
        }
    }
    for policy in &policies {
        policy.check().expect("a policy that can be met");
    }
    policies
});

static DIALOG_POLICY: LazyLock<DialogTokenPolicy> = LazyLock::new(|| {
    let mut policy = DialogTokenPolicy::new(ISSUER, DIALOG);
    policy.actions = vec!["read".into()];
    policy
});

static IDENTITY_POLICY: LazyLock<IdentityTokenPolicy> = LazyLock::new(|| {
    let mut policy =
        IdentityTokenPolicy::of(&Preset::ANSATTPORTEN_TEST, CLIENT_ID).expect("a policy");
    policy.algorithms = Algorithm::ALL.to_vec();
    policy.nonce = Some(PENDING.nonce.clone());
    policy.on_behalf_of = Some(RAR.clone());
    policy
});

static LOGOUT_ISSUER: LazyLock<Issuer> =
    LazyLock::new(|| Issuer::parse(ISSUER).expect("an issuer"));

pub(super) fn run(input: &[u8]) {
    let (header, claims) = lines(input);
    let readable = String::from_utf8_lossy(input);
    let token = unsigned(header, claims);

    let policy = JwsPolicy::new(Algorithm::ALL, TypRule::AbsentOr("JWT"));
    if let Ok(token) = UnverifiedJws::parse(&token, &policy) {
        let _ = answered(token).map(|jwt| registered(&jwt, &readable));
    }
    for policy in POLICIES.iter() {
        access_token(&token, policy, &readable);
    }
    if let Ok(token) = unverified_dialog_token(&token, &DIALOG_POLICY)
        && let Ok(token) = answered(token)
        && let Ok(dialog) = judge_dialog_token(token, &DIALOG_POLICY, NOW)
    {
        assert!(
            dialog
                .actions()
                .iter()
                .any(|action| action.eq_ignore_ascii_case("read"))
        );
    }

    // These two take no answer about the signature from anybody: the key of the tests signs.
    let signed = signed(header, claims);
    if let Ok(token) = verify_identity_token(&signed, &KEYS, &IDENTITY_POLICY, NOW) {
        assert_hidden(&token, &token.claims.sub, &readable);
        if let Some(pid) = &token.claims.pid {
            assert_hidden(&token, &pid.expose(), &readable);
            assert!(pid.is_synthetic());
        }
    }
    let clients = [CLIENT_ID];
    let mut expected = LogoutTokenExpectation::new(&LOGOUT_ISSUER, &clients);
    expected.algorithms = Algorithm::ALL;
    for sid_is_required in [true, false] {
        expected.sid_is_required = sid_is_required;
        if let Ok(order) = verify_logout_token(&signed, &KEYS, &expected, NOW) {
            assert!(order.sid().is_some() || order.sub().is_some() && !sid_is_required);
            assert!(order.replayable_until() > NOW);
            assert_hidden(&order, order.sid().unwrap_or_default(), &readable);
            // The kinds are told apart: it is nobody's access token.
            for policy in POLICIES.iter() {
                assert!(verify_access_token(&signed, &KEYS, policy, NOW).is_err());
            }
        }
    }
}

fn answered(token: UnverifiedJws) -> Result<VerifiedJwt, Error> {
    token.question(&KEYS)?;
    VerifiedJwt::from_jws(token.into_verified(SignatureAnswer::Yes)?)
}

fn registered(jwt: &VerifiedJwt, readable: &str) {
    let claims = jwt.checks(NOW, 10);
    let _ = claims.issuer(ISSUER);
    let _ = claims.authorized_party(CLIENT_ID);
    if claims.audience(CLIENT_ID, &[]).is_ok() {
        let audience = jwt.claims().get("aud").expect("it was found");
        let is_alone = |list: &[portvakt_jose::json::Value]| {
            list.iter()
                .all(|audience| audience.as_str() == Some(CLIENT_ID))
        };
        assert!(audience.as_str() == Some(CLIENT_ID) || audience.as_array().is_some_and(is_alone));
    }
    if let Ok(expiry) = claims.expiry() {
        assert!(expiry.saturating_add(10) > NOW);
    }
    if let Ok(subject) = claims.subject() {
        assert!((1..=255).contains(&subject.len()));
        assert_hidden(jwt, subject, readable);
    }
    let _ = (claims.not_before(), claims.issued_at(600));
}

fn access_token(token: &str, policy: &AccessTokenPolicy, readable: &str) {
    let policy = policy.clone().checked().expect("protects something");
    let Ok(unverified) = unverified_access_token(token, &policy) else {
        return;
    };
    let Ok(jwt) = answered(unverified) else {
        return;
    };
    let Ok(token) = judge_access_token(jwt, &policy, NOW) else {
        return;
    };
    assert!(token.scope().iter().any(|scope| scope == SCOPE));
    assert!(token.expires_at().saturating_add(10) > NOW);
    assert!(token.claims().get("nonce").is_none());
    assert!(policy.representation.is_none() || !token.organisations().is_empty());
    assert!(policy.system_user.is_none() || token.system_user().is_some());
    assert_hidden(&token, token.sub().unwrap_or_default(), readable);
    if let Some(pid) = token.pid() {
        assert_hidden(&token, &pid.expose(), readable);
    }
}
