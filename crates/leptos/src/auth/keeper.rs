//! Where a session is kept besides the memory of the page, and how the tabs agree on it.

use std::cell::RefCell;
use std::rc::Rc;

use portvakt_digdir::login::{Client, Session};
use portvakt_jose::UnixTime;

use portvakt_digdir::session::MAX_SESSION_SECONDS;

use super::state::SignedIn;
use crate::browser::{Found, Kept, Message, ProofKey, Tabs, Vault, Version};

/// The vaults and channels of the application's clients. A handle: copies are the same.
///
/// One person is signed in at a time, with one of the clients: a session that begins takes the place of the others.
#[derive(Clone)]
pub(super) struct Keeper {
    places: Rc<[Place]>,
}

struct Place {
    client: Client,
    /// `None` where the browser cannot keep what it should, or the application does not want it to.
    vault: RefCell<Option<Rc<Vault>>>,
    tabs: Option<Tabs>,
}

/// A session as it was found, or has just begun.
pub(super) struct Restored {
    pub(super) signed_in: SignedIn,
    pub(super) proof_key: Option<ProofKey>,
    pub(super) last_activity: UnixTime,
}

impl Keeper {
    /// Joins the tabs of each client.
    pub(super) fn new(clients: &[Client], on_message: impl Fn(Message) + Clone + 'static) -> Self {
        let places = clients.iter().map(|client| Place {
            client: client.clone(),
            vault: RefCell::default(),
            tabs: Tabs::join(
                client.oidc.issuer.as_str(),
                &client.oidc.client_id,
                on_message.clone(),
            ),
        });
        Self {
            places: places.collect(),
        }
    }

    /// Opens the vaults. Whether sessions can be kept.
    pub(super) async fn open(&self) -> bool {
        for place in &*self.places {
            let oidc = &place.client.oidc;
            match Vault::open(oidc.issuer.as_str(), &oidc.client_id).await {
                Ok(vault) => place.vault.replace(Some(Rc::new(vault))),
                Err(_) => return false,
            };
        }
        true
    }

    /// The session that the tabs share, if there is one that this tab can open.
    pub(super) async fn restore(&self, now: UnixTime) -> Option<Restored> {
        for place in &*self.places {
            if let Some(restored) = place.restore(now).await {
                return Some(restored);
            }
        }
        None
    }

    /// Keeps a session that has begun, in place of all others. Whether it could be.
    pub(super) async fn begin(&self, restored: &Restored) -> bool {
        let mut is_kept = false;
        for place in &*self.places {
            let Some(vault) = place.vault() else { continue };
            if place.is_of(&restored.signed_in) {
                is_kept = vault.begin(&restored.to_kept()).await.is_ok();
            } else {
                // What cannot be removed ends by its limits.
                _ = vault.clear().await;
            }
        }
        self.tell_changed(None);
        is_kept
    }

    /// Keeps a renewed session, if it still is the one that was renewed. Whether it was.
    pub(super) async fn renew(&self, read: &Version, restored: &Restored) -> bool {
        match self.vault_of(&restored.signed_in) {
            Some(vault) => {
                let renewed = vault.renew(read, &restored.to_kept()).await;
                self.tell_changed(None);
                // Where it could not be written, this page has it at least.
                renewed.unwrap_or(true)
            }
            None => true,
        }
    }

    /// Removes a session, and tells the other tabs why.
    pub(super) async fn forget(&self, signed_in: &SignedIn, reason: Option<&str>) {
        if let Some(vault) = self.vault_of(signed_in) {
            // What cannot be removed ends by its limits.
            _ = vault.forget(&signed_in.version().id).await;
        }
        self.tell_changed(reason);
    }

    /// Notes that the person is there, for the other tabs and for pages that are loaded later.
    pub(super) async fn note_activity(&self, signed_in: &SignedIn, now: UnixTime) {
        for place in &*self.places {
            if let Some(tabs) = &place.tabs
                && place.is_of(signed_in)
            {
                tabs.tell_active(now);
            }
        }
        if let Some(vault) = self.vault_of(signed_in) {
            // Without it a later page counts from an earlier moment.
            _ = vault.note_activity(&signed_in.version().id, now).await;
        }
    }

    /// Gives a new tab of the same session what opens it.
    pub(super) fn share(&self, signed_in: &SignedIn, id: &str) {
        if signed_in.version().id != id {
            return;
        }
        let place = self.places.iter().find(|place| place.is_of(signed_in));
        if let Some(place) = place
            && let (Some(vault), Some(tabs)) = (place.vault(), &place.tabs)
            && let Some(secret) = vault.share_secret()
        {
            tabs.tell_secret(id, &secret);
        }
    }

    fn vault_of(&self, signed_in: &SignedIn) -> Option<Rc<Vault>> {
        let place = self.places.iter().find(|place| place.is_of(signed_in));
        place.and_then(Place::vault)
    }

    fn tell_changed(&self, reason: Option<&str>) {
        for tabs in self.places.iter().filter_map(|place| place.tabs.as_ref()) {
            tabs.tell_changed(reason);
        }
    }
}

impl Place {
    async fn restore(&self, now: UnixTime) -> Option<Restored> {
        let vault = self.vault()?;
        let kept = match vault.find().await.ok()? {
            Found::Nothing => return None,
            Found::Session(kept) => kept,
            Found::Closed {
                version,
                last_activity,
            } => {
                let secret = match &self.tabs {
                    Some(tabs) => tabs.ask_secret(&version.id).await,
                    None => None,
                };
                let is_known = secret.is_some_and(|secret| vault.adopt_secret(&secret));
                match vault.find().await.ok()? {
                    Found::Session(kept) if is_known => kept,
                    _ => {
                        // A tab may be suspended and still know it; once no session can last that long, none does.
                        if now >= last_activity.saturating_add(MAX_SESSION_SECONDS.into()) {
                            _ = vault.forget(&version.id).await;
                        }
                        return None;
                    }
                }
            }
        };
        match Session::from_json(&self.client, &kept.session) {
            Ok(session) => Some(Restored {
                signed_in: SignedIn::new(session, kept.version),
                proof_key: kept.proof_key,
                last_activity: kept.last_activity,
            }),
            Err(_) => {
                // Of an older form, or of another configuration: nobody can use it.
                _ = vault.forget(&kept.version.id).await;
                None
            }
        }
    }

    fn vault(&self) -> Option<Rc<Vault>> {
        self.vault.borrow().clone()
    }

    fn is_of(&self, signed_in: &SignedIn) -> bool {
        self.client.service() == signed_in.service()
    }
}

impl Restored {
    fn to_kept(&self) -> Kept {
        Kept {
            version: self.signed_in.version().clone(),
            session: self.signed_in.session().to_json(),
            proof_key: self.proof_key.clone(),
            last_activity: self.last_activity,
        }
    }
}
