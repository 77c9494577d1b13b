//! What a page's storage gives back, to which others may have written.

use std::sync::LazyLock;

use portvakt_digdir::login::Session;
use portvakt_oidc::{DpopKey, PendingLogin, PendingLogout, ProviderMetadata};

use super::{assert_hidden, text, token_response};
use crate::world::{CLIENT, CLIENT_ID, ISSUER, METADATA, PENDING, REDIRECT_URI};

static SESSION: LazyLock<String> = LazyLock::new(|| token_response::session().to_json());

pub(super) fn seeds() -> Vec<Vec<u8>> {
    [
        PENDING.json.clone(),
        SESSION.clone(),
        METADATA.to_string(),
        r#"{"version":1,"state":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","return_to":"/a?b#c","created_at":1790000000}"#.to_string(),
        r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#.to_string(),
    ]
    .map(String::into_bytes)
    .to_vec()
}

pub(super) fn run(input: &[u8]) {
    let Some(stored) = text(input) else { return };
    if let Ok(pending) = PendingLogin::from_json(stored) {
        let written = pending.to_json();
        assert!(PendingLogin::from_json(&written).is_ok_and(|again| again == pending));
        assert!(
            pending.metadata().authorization_endpoint().is_https()
                || pending.metadata().authorization_endpoint().is_loopback()
        );
        let value: serde_json::Value = serde_json::from_str(&written).expect("JSON");
        for secret in ["state", "nonce", "code_verifier"] {
            assert_hidden(&pending, value[secret].as_str().unwrap_or_default(), stored);
        }
    }
    if let Ok(session) = Session::from_json(&CLIENT, stored) {
        let written = session.to_json();
        let again = Session::from_json(&CLIENT, &written).expect("it was written");
        assert_eq!(again.to_json(), written);
        assert_eq!(session.login.metadata.issuer().as_str(), ISSUER);
        assert!(
            written.contains(CLIENT_ID) && !written.contains(REDIRECT_URI)
                || stored.contains(REDIRECT_URI)
        );
        assert_hidden(&session, session.login.access_token.expose(), stored);
        assert_hidden(&session, session.login.id_token.raw().expose(), stored);
    }
    if let Ok(metadata) = ProviderMetadata::from_json(stored) {
        assert_eq!(
            ProviderMetadata::from_json(&metadata.to_json()),
            Ok(metadata)
        );
    }
    if let Ok(pending) = PendingLogout::from_json(stored) {
        assert!(PendingLogout::from_json(&pending.to_json()).is_ok_and(|again| again == pending));
    }
    if let Ok(key) = DpopKey::from_jwk(stored) {
        assert_eq!(key.thumbprint().len(), 43);
    }
}
