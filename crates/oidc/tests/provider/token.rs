//! The token endpoint, and what a proof is held against.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use portvakt_jose::base64url::{decode, encode};
use portvakt_oidc::json::{Object, Value, parse};
use portvakt_oidc::url::parse_query;
use portvakt_oidc::{HttpRequest, HttpResponse, Method};

use super::{
    ACCESS_TOKEN, CLIENT_ID, ISSUER, PID, Provider, REFRESH_TOKEN, SID, SUB, error, json, object,
};

impl Provider {
    pub(super) fn token(&self, request: &HttpRequest) -> HttpResponse {
        assert_eq!(request.method, Method::Post);
        assert!(
            request
                .headers
                .contains(&("content-type", "application/x-www-form-urlencoded".into()))
        );
        let form: BTreeMap<String, String> = parse_query(request.body.as_deref().unwrap())
            .unwrap()
            .into_iter()
            .collect();
        // Before anything is used up, so that the same can be asked again.
        let key = match self.proven_key(request, None) {
            Ok(key) => key,
            Err(refusal) => return refusal,
        };
        match form["grant_type"].as_str() {
            "authorization_code" => self.redeem(&form, key),
            "refresh_token" => self.renew(&form, key),
            _ => error(400, "unsupported_grant_type"),
        }
    }

    fn redeem(&self, form: &BTreeMap<String, String>, key: Option<String>) -> HttpResponse {
        let Some(grant) = self.grants.borrow_mut().remove(&form["code"]) else {
            return error(400, "invalid_grant");
        };
        let challenge = encode(digest(&SHA256, form["code_verifier"].as_bytes()));
        if form["client_id"] != CLIENT_ID
            || form["redirect_uri"] != grant["redirect_uri"]
            || challenge != grant["code_challenge"]
        {
            return error(400, "invalid_grant");
        }
        let mut claims = self.id_token_claims();
        claims.insert("nonce", grant["nonce"].as_str());
        (self.claims)(&mut claims);

        let mut response = self.tokens(key.is_some(), claims);
        response.insert("refresh_token", REFRESH_TOKEN);
        response.insert("scope", grant["scope"].as_str());
        (self.token_response)(&mut response);
        *self.bound_to.borrow_mut() = key;
        json(200, response)
    }

    fn renew(&self, form: &BTreeMap<String, String>, key: Option<String>) -> HttpResponse {
        if form["client_id"] != CLIENT_ID
            || form["refresh_token"] != self.refresh_token()
            || *self.bound_to.borrow() != key
        {
            return error(400, "invalid_grant");
        }
        self.renewals.set(self.renewals.get() + 1);
        let mut claims = self.id_token_claims();
        // It is the same sign-in.
        claims.insert("auth_time", super::NOW.as_secs() - 2);
        (self.renewal_claims)(&mut claims);
        let mut response = self.tokens(key.is_some(), claims);
        response.insert("access_token", self.access_token());
        if self.rotates.get() {
            response.insert("refresh_token", self.refresh_token());
        }
        (self.renewal_response)(&mut response);
        json(200, response)
    }

    /// The one that is good now.
    pub(crate) fn refresh_token(&self) -> String {
        match self.renewals.get() {
            renewals if renewals > 0 && self.rotates.get() => format!("{REFRESH_TOKEN}-{renewals}"),
            _ => REFRESH_TOKEN.into(),
        }
    }

    pub(crate) fn access_token(&self) -> String {
        match self.renewals.get() {
            0 => ACCESS_TOKEN.into(),
            renewals => format!("{ACCESS_TOKEN}-{renewals}"),
        }
    }

    fn id_token_claims(&self) -> Object {
        let now = self.now.get().as_secs();
        let mut claims = object([
            ("iss", ISSUER),
            ("aud", CLIENT_ID),
            ("sub", SUB),
            ("sid", SID),
        ]);
        claims.insert("acr", "substantial");
        claims.insert("amr", vec!["TestID"]);
        claims.insert("pid", PID);
        claims.insert("auth_time", now - 2);
        claims.insert("iat", now);
        claims.insert("exp", now + 120);
        claims
    }

    fn tokens(&self, is_bound: bool, claims: Object) -> Object {
        let mut header = object([("alg", Value::from(self.signer.alg))]);
        header.insert("kid", self.signer.kid);
        (self.header)(&mut header);
        let id_token = (self.token)(self.signer.token(&header, &claims));
        let token_type = if is_bound { "DPoP" } else { "Bearer" };
        let mut response = object([("access_token", ACCESS_TOKEN), ("token_type", token_type)]);
        response.insert("id_token", id_token);
        response.insert("expires_in", 120);
        response
    }

    /// What an API checks: the token, and the proof beside one that is bound.
    pub(super) fn check_access(&self, request: &HttpRequest) -> Result<(), HttpResponse> {
        let refusal = || error(401, "invalid_token");
        let token = self.access_token();
        let key = self.proven_key(request, Some(&token))?;
        let bound_to = self.bound_to.borrow();
        let scheme = if bound_to.is_some() { "DPoP" } else { "Bearer" };
        let credentials = ("authorization", format!("{scheme} {token}"));
        if *bound_to != key || !request.headers.contains(&credentials) {
            return Err(refusal());
        }
        Ok(())
    }

    /// The thumbprint of the key that has signed the proof of a request. RFC 9449 §4.3.
    fn proven_key(
        &self,
        request: &HttpRequest,
        access_token: Option<&str>,
    ) -> Result<Option<String>, HttpResponse> {
        let mut proofs = request.headers.iter().filter(|(name, _)| *name == "dpop");
        let Some((_, proof)) = proofs.next() else {
            return Ok(None);
        };
        assert!(proofs.next().is_none());
        let (signing_input, signature) = proof.rsplit_once('.').unwrap();
        let parts: Vec<Value> = signing_input
            .split('.')
            .map(|part| parse(&decode(part).unwrap(), 4096).unwrap())
            .collect();
        let [header, claims] = parts.as_slice() else {
            panic!("{proof}");
        };
        let text = |value: &Value, name| value.get(name).and_then(Value::as_str).map(String::from);
        assert_eq!(text(header, "typ").as_deref(), Some("dpop+jwt"));
        assert_eq!(text(header, "alg").as_deref(), Some("ES256"));
        let jwk = header.get("jwk").unwrap();
        let [x, y] = ["x", "y"].map(|name| text(jwk, name).unwrap());
        let point = [vec![4], decode(&x).unwrap(), decode(&y).unwrap()].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
            .verify(signing_input.as_bytes(), &decode(signature).unwrap())
            .unwrap();
        assert_eq!(
            text(claims, "htm").as_deref(),
            Some(request.method.as_str())
        );
        assert_eq!(text(claims, "htu").as_deref(), Some(request.url.as_str()));
        let iat = claims.get("iat").and_then(Value::as_u64).unwrap();
        if iat.abs_diff(self.now.get().as_secs()) > self.proof_window_seconds.get() {
            return Err(error(400, "invalid_dpop_proof"));
        }
        assert_eq!(
            text(claims, "ath"),
            access_token.map(|token| encode(digest(&SHA256, token.as_bytes())))
        );
        let jti = text(claims, "jti").unwrap();
        assert!(
            jti.len() == 43 && !self.seen.borrow().contains(&jti),
            "{jti}"
        );
        self.seen.borrow_mut().push(jti);
        if let Some(nonce) = self.dpop_nonce.get()
            && text(claims, "nonce").as_deref() != Some(nonce)
        {
            let mut refusal = match access_token {
                None => error(400, "use_dpop_nonce"),
                Some(_) => HttpResponse {
                    status: 401,
                    headers: vec![(
                        "www-authenticate".into(),
                        r#"DPoP error="use_dpop_nonce", algs="ES256""#.into(),
                    )],
                    body: vec![],
                },
            };
            refusal.headers.push(("dpop-nonce".into(), nonce.into()));
            return Err(refusal);
        }
        let jwk = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        Ok(Some(encode(digest(&SHA256, jwk.as_bytes()))))
    }
}
