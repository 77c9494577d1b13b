//! A token that is brought to somebody who verifies it: whose it says it is, and what is wrong with it.

use std::fmt;
use std::sync::LazyLock;

use portvakt_digdir::identifiers::OrganisationNumber;
use portvakt_digdir::rar::RarType;
use portvakt_digdir::verify::{
    AccessTokenPolicy, Delegation, DialogTokenPolicy, RepresentationPolicy, TokenProfile,
    parse_jwks, verify_access_token, verify_dialog_token,
};
use portvakt_jose::UnixTime;
use portvakt_jose::json::{Object, Value};
use portvakt_oidc::{Issuer, LogoutTokenExpectation, verify_logout_token};
use serde_json::json;

use super::scene::{key_set, object, set};
use super::signer::{EDDSA, RS256, Signer};

/// When every token is judged.
pub const NOW: u64 = 1_790_000_060;

/// Which token it is, and who judges it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// An access token of ID-porten, bound by its scope.
    IdPorten,
    /// An access token of Ansattporten, on behalf of an organisation.
    Ansattporten,
    /// An access token of Maskinporten, where no delegation is accepted.
    Maskinporten,
    /// An access token by RFC 9068, bound by its audience.
    Rfc9068,
    /// A dialog token.
    Dialog,
    /// A logout token.
    Logout,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::IdPorten,
        Self::Ansattporten,
        Self::Maskinporten,
        Self::Rfc9068,
        Self::Dialog,
        Self::Logout,
    ];

    fn header(self) -> &'static str {
        match self {
            Self::Dialog => r#"{"alg":"EdDSA","typ":"JWT","kid":"ed-1"}"#,
            Self::Rfc9068 => r#"{"alg":"RS256","typ":"at+jwt","kid":"rsa-1"}"#,
            Self::Logout => r#"{"alg":"RS256","typ":"logout+jwt","kid":"rsa-1"}"#,
            _ => r#"{"alg":"RS256","kid":"rsa-1"}"#,
        }
    }

    fn claims(self) -> &'static str {
        match self {
            Self::IdPorten => {
                r#"{"iss":"https://test.idporten.no","sub":"x9WJ0s0mePairwiseSubjectValue",
                "pid":"15868510045","acr":"idporten-loa-substantial","scope":"openid example:api",
                "client_id":"client-1","consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
                "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo"}"#
            }
            Self::Ansattporten => {
                r#"{"iss":"https://test.ansattporten.no","sub":"x9WJ0s0mePairwiseSubjectValue",
                "pid":"15868510045","acr":"high","scope":"openid example:api","client_id":"client-1",
                "consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000035"},
                "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo","authorization_details":[
                {"type":"ansattporten:altinn:resource","resource":"urn:altinn:resource:demo-post",
                "authorized_parties":[
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
                "resource":"demo-post","actions":["read"]},
                {"orgno":{"authority":"iso6523-actorid-upis","ID":"0192:312223333"},
                "resource":"demo-post","actions":["read","write"]}]}]}"#
            }
            Self::Maskinporten => {
                r#"{"iss":"https://test.maskinporten.no/","client_id":"client-1","scope":"example:api",
                "consumer":{"authority":"iso6523-actorid-upis","ID":"0192:310000019"},
                "iat":1790000001,"exp":1790000121,"jti":"UPw8a6-uKGo"}"#
            }
            Self::Rfc9068 => {
                r#"{"iss":"https://issuer.example","aud":"https://api.example","sub":"alice",
                "client_id":"client-1","jti":"1","iat":1790000001,"exp":1790000121}"#
            }
            Self::Dialog => {
                r#"{"iss":"https://platform.tt02.altinn.no/dialogporten/api/v1","l":3,
                "c":"urn:altinn:person:identifier-no:15868510045",
                "p":"urn:altinn:organization:identifier-no:310000019",
                "s":"urn:altinn:resource:demo-post","i":"0194fe82-9280-77a5-a7cd-5ff0e6a6fa07",
                "a":"read;write","jti":"38cfdcb9-388b-47b8-a1bf-9f15b2819894",
                "iat":1790000001,"nbf":1790000001,"exp":1790000601}"#
            }
            Self::Logout => {
                r#"{"iss":"https://test.ansattporten.no","aud":"client-1","jti":"8f2a",
                "events":{"http://schemas.openid.net/event/backchannel-logout":{}},
                "sid":"K6eWvHKHlU","sub":"15868510045","iat":1790000001,"exp":1790000121}"#
            }
        }
    }

    fn signer(self) -> &'static LazyLock<Signer> {
        match self {
            Self::Dialog => &EDDSA,
            _ => &RS256,
        }
    }

    /// The options of the npm package that ask for the same.
    pub fn options(self) -> serde_json::Value {
        match self {
            Self::IdPorten => json!({ "audience": null, "requiredScope": ["example:api"] }),
            Self::Ansattporten => json!({
                "audience": null,
                "clientIds": ["client-1"],
                "representation": {
                    "type": "ansattporten:altinn:resource",
                    "resource": "urn:altinn:resource:demo-post",
                    "actions": ["write"],
                    "organisation": "312223333",
                },
            }),
            Self::Maskinporten => json!({
                "audience": null,
                "requiredScope": ["example:api"],
                "consumers": ["310000019"],
                "delegation": "refused",
            }),
            Self::Rfc9068 => json!({ "audience": "https://api.example" }),
            Self::Dialog => json!({}),
            Self::Logout => {
                json!({ "issuer": "https://test.ansattporten.no", "clientIds": ["client-1"] })
            }
        }
    }

    /// The issuer, as the npm package names it.
    pub fn issuer(self) -> &'static str {
        match self {
            Self::IdPorten => "idporten",
            Self::Ansattporten => "ansattporten",
            Self::Maskinporten => "maskinporten",
            Self::Rfc9068 => "https://issuer.example",
            Self::Dialog => "dialogporten",
            Self::Logout => "logout",
        }
    }

    /// What one call asks for besides.
    pub fn requirements(self) -> serde_json::Value {
        match self {
            Self::Dialog => json!({ "dialogId": DIALOG_ID, "actions": ["write"] }),
            _ => serde_json::Value::Null,
        }
    }
}

const DIALOG_ID: &str = "0194fe82-9280-77a5-a7cd-5ff0e6a6fa07";

/// A token on its way to whoever verifies it, and the keys that the verifier has.
pub struct Crafted {
    kind: Kind,
    signer: &'static LazyLock<Signer>,
    header: Object,
    claims: Object,
    keys: Vec<Object>,
    key_set: Option<fn(&str) -> String>,
    token: Option<fn(&str) -> String>,
}

impl Crafted {
    /// A token in which all is right.
    pub fn new(kind: Kind) -> Self {
        let signer = kind.signer();
        Self {
            kind,
            signer,
            header: object(kind.header().as_bytes()).unwrap_or_default(),
            claims: object(kind.claims().as_bytes()).unwrap_or_default(),
            keys: vec![signer.jwk()],
            key_set: None,
            token: None,
        }
    }

    /// A claim is this.
    #[must_use]
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.claims, name, value.into());
        self
    }

    /// There is no such claim.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.claims.remove(name);
        self
    }

    /// A member of the header is this.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<Value>) -> Self {
        set(&mut self.header, name, value.into());
        self
    }

    /// The header lacks a member.
    #[must_use]
    pub fn without_header(mut self, name: &str) -> Self {
        self.header.remove(name);
        self
    }

    /// Somebody else signs; the verifier has the keys that it had.
    #[must_use]
    pub(crate) fn signed_by(mut self, signer: &'static LazyLock<Signer>) -> Self {
        self.signer = signer;
        self
    }

    /// The verifier has these keys.
    #[must_use]
    pub(crate) fn verified_with(mut self, keys: impl IntoIterator<Item = Object>) -> Self {
        self.keys = keys.into_iter().collect();
        self
    }

    /// A member of the verifier's only key is this.
    #[must_use]
    pub fn key_member(mut self, name: &str, value: impl Into<Value>) -> Self {
        let value = value.into();
        for key in &mut self.keys {
            set(key, name, value.clone());
        }
        self
    }

    /// The text of the key set is another one.
    #[must_use]
    pub fn key_set(mut self, change: fn(&str) -> String) -> Self {
        self.key_set = Some(change);
        self
    }

    /// The text of the token is another one, after it was signed.
    #[must_use]
    pub fn token(mut self, change: fn(&str) -> String) -> Self {
        self.token = Some(change);
        self
    }

    /// The token, and the key set.
    pub fn finish(self) -> Brought {
        let token = self.signer.token(&self.header, &self.claims);
        let keys = key_set(&self.keys);
        Brought {
            kind: self.kind,
            token: self.token.map_or(token.clone(), |change| change(&token)),
            key_set: self.key_set.map_or(keys.clone(), |change| change(&keys)),
        }
    }
}

impl fmt::Debug for Crafted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Crafted")
    }
}

/// A token as it is brought.
#[derive(Clone, Debug)]
pub struct Brought {
    /// Which token it is.
    pub kind: Kind,
    /// The text.
    pub token: String,
    /// The key set of whoever verifies, as it was published.
    pub key_set: String,
}

impl Brought {
    /// What the library says of it.
    pub fn judged(&self) -> &'static str {
        let now = UnixTime::new(NOW);
        let profile = match self.kind {
            Kind::IdPorten => Some(TokenProfile::IdPorten),
            Kind::Ansattporten => Some(TokenProfile::Ansattporten),
            Kind::Maskinporten => Some(TokenProfile::Maskinporten),
            Kind::Rfc9068 => Some(TokenProfile::Rfc9068),
            Kind::Dialog | Kind::Logout => None,
        };
        let keys = match parse_jwks(profile, self.key_set.as_bytes()) {
            Ok(keys) => keys,
            Err(error) => return error.code(),
        };
        let refusal = match (self.kind, profile) {
            (Kind::Dialog, _) => {
                let issuer = "https://platform.tt02.altinn.no/dialogporten/api/v1";
                let mut policy = DialogTokenPolicy::new(issuer, DIALOG_ID);
                policy.actions = vec!["write".to_owned()];
                verify_dialog_token(&self.token, &keys, &policy, now)
                    .err()
                    .map(|error| error.code())
            }
            (_, Some(profile)) => {
                let policy = access_token_policy(self.kind, profile);
                verify_access_token(&self.token, &keys, &policy, now)
                    .err()
                    .map(|error| error.code())
            }
            (_, None) => match Issuer::parse("https://test.ansattporten.no") {
                Ok(issuer) => {
                    let expected = LogoutTokenExpectation::new(&issuer, &["client-1"]);
                    verify_logout_token(&self.token, &keys, &expected, now)
                        .err()
                        .map(|refusal| refusal.code())
                }
                Err(error) => Some(error.code()),
            },
        };
        refusal.unwrap_or("accepted")
    }
}

fn access_token_policy(kind: Kind, profile: TokenProfile) -> AccessTokenPolicy {
    let issuer = match kind {
        Kind::IdPorten => "https://test.idporten.no",
        Kind::Ansattporten => "https://test.ansattporten.no",
        Kind::Maskinporten => "https://test.maskinporten.no/",
        _ => "https://issuer.example",
    };
    let audience = (kind == Kind::Rfc9068).then_some("https://api.example");
    let mut policy = AccessTokenPolicy::new(profile, issuer, audience);
    match kind {
        Kind::Ansattporten => {
            let mut representation = RepresentationPolicy::new(
                RarType::AltinnResource,
                Some("urn:altinn:resource:demo-post"),
            );
            representation.actions = vec!["write".to_owned()];
            representation.organisation = OrganisationNumber::parse("312223333").ok();
            policy.representation = Some(representation);
            policy.client_ids = vec!["client-1".to_owned()];
        }
        Kind::IdPorten => policy.required_scope = vec!["example:api".to_owned()],
        Kind::Maskinporten => {
            policy.required_scope = vec!["example:api".to_owned()];
            policy.consumers = OrganisationNumber::parse("310000019").into_iter().collect();
            policy.delegation = Delegation::Refused;
        }
        _ => {}
    }
    policy
}
