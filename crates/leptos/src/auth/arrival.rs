//! What a page does when it comes up: it may be the answer to a sign-in, the return from a sign-out, or neither.

use portvakt_digdir::login::{Client, CompleteLogin, Session};
use portvakt_oidc::{Callback, CallbackError, LogoutReturn, PendingLogin, Url};

use super::config::AuthConfig;
use crate::browser::{self, ProofKey, TabStore};
use crate::{BrowserError, Error};

/// An answer to a sign-in, taken out of the address and the store and not yet judged.
pub(super) struct Arrival {
    client: Client,
    callback: Callback,
    pending: PendingLogin,
}

impl Arrival {
    /// Finds out whether the page's address is the answer to a sign-in.
    ///
    /// The address is cleaned and the pending login taken before anything is awaited, so that the answer
    /// is used once, whatever becomes of the page: a reload, or Back to it, finds nothing to complete.
    pub(super) fn find(config: &AuthConfig) -> Result<Option<Self>, Error> {
        let url = browser::current_url()?;
        let redirect_uris = config
            .clients
            .iter()
            .map(|client| &client.oidc.redirect_uri);
        if !is_at_one_of(&url, redirect_uris) {
            return_from_logout(config, &url)?;
            return if take_interruption() {
                Err(portvakt_oidc::Error::from(CallbackError::Interrupted).into())
            } else {
                Ok(None)
            };
        }

        // First of all, and for good and bad answers alike: neither the address nor the history keeps it.
        browser::replace_url(config.home.as_str())?;
        if !Callback::is_present(&url) {
            return Ok(None);
        }
        let callback = Callback::parse(&url)?;
        let store = TabStore::open()?;
        let stored = store.take(&callback.storage_key());
        let pending = PendingLogin::from_storage(stored.as_deref())?;
        let client = client_of(config, &pending)?.clone();

        let now = browser::now();
        // Without room for the mark the sign-in is completed as well; only a reload meanwhile goes unexplained.
        _ = store.put(COMPLETING, "", now.saturating_add(COMPLETING_SECONDS), now);
        Ok(Some(Self {
            client,
            callback,
            pending,
        }))
    }

    /// Redeems the code, has the answer judged, and goes to where the person wanted to go.
    ///
    /// The tokens are bound to `key` where the provider does that.
    pub(super) async fn complete(self, key: Option<&ProofKey>) -> Result<Session, Error> {
        let outcome = self.redeem(key).await;
        // The mark is gone before anything else can go wrong.
        _ = take_interruption();
        let session = outcome?;
        if let Some(return_to) = &session.login.return_to {
            // The person is signed in wherever the address points.
            _ = browser::replace_url(return_to.as_str());
        }
        Ok(session)
    }

    async fn redeem(self, key: Option<&ProofKey>) -> Result<Session, Error> {
        let Self {
            client,
            callback,
            pending,
        } = self;
        let proofs = browser::proofs(key)?;
        let step = CompleteLogin::start(&client, callback, pending, proofs, browser::now())?;
        browser::run(step, key).await
    }
}

/// Cleans the address of what a provider appended after signing the person out.
fn return_from_logout(config: &AuthConfig, url: &str) -> Result<(), BrowserError> {
    let addresses = config
        .clients
        .iter()
        .filter_map(|client| client.oidc.post_logout_redirect_uri.as_ref());
    let Some(key) = LogoutReturn::storage_key(url).filter(|_| is_at_one_of(url, addresses)) else {
        return Ok(());
    };
    let stored = TabStore::open().ok().and_then(|store| store.take(&key));
    let path = match LogoutReturn::check(url, stored.as_deref(), browser::now()) {
        LogoutReturn::Confirmed {
            return_to: Some(path),
        } => path,
        // Nobody is signed in here, whoever sent the person; there is nothing to refuse.
        _ => config.home.clone(),
    };
    browser::replace_url(path.as_str())
}

/// The client that the login was begun with; with two providers, the answer of one is never judged as the other's.
fn client_of<'a>(config: &'a AuthConfig, pending: &PendingLogin) -> Result<&'a Client, Error> {
    let issuer = pending.metadata().issuer();
    config
        .clients
        .iter()
        .find(|client| client.oidc.issuer == *issuer)
        .ok_or_else(|| portvakt_oidc::Error::from(CallbackError::PendingOfOtherClient).into())
}

/// Whether the last page of this tab ended while it was completing a sign-in.
fn take_interruption() -> bool {
    TabStore::open().is_ok_and(|store| store.take(COMPLETING).is_some())
}

fn is_at_one_of<'a>(url: &str, mut addresses: impl Iterator<Item = &'a Url>) -> bool {
    addresses.any(|address| is_at(url, address.as_str()))
}

/// Whether the page's address is this one, query and fragment aside.
fn is_at(url: &str, address: &str) -> bool {
    let without_query = |url: &str| url.split(['?', '#']).next().unwrap_or_default().len();
    url.get(..without_query(url)) == address.get(..without_query(address))
}

/// The mark that a sign-in is being completed. It tells a reload in the middle of it from an ordinary visit.
const COMPLETING: &str = "portvakt.completing";

/// How long the mark may stand, in seconds. Two requests with their time limits take less.
const COMPLETING_SECONDS: u64 = 120;

#[cfg(test)]
mod tests {
    use super::is_at;

    #[test]
    fn an_address_is_compared_without_query_and_fragment() {
        let callback = "http://localhost:8080/callback";
        assert!(is_at(
            "http://localhost:8080/callback?code=c&state=s#f",
            callback
        ));
        assert!(is_at("http://localhost:8080/callback#f?code=c", callback));
        assert!(is_at(
            "http://localhost:8080/callback?code=c",
            "http://localhost:8080/callback?tenant=1"
        ));
        for other in [
            "http://localhost:8080/callback/",
            "http://localhost:8080/",
            "http://localhost:8081/callback?code=c",
        ] {
            assert!(!is_at(other, callback), "{other}");
        }
    }
}
