//! Where a session lies between two pages of the same tab, and where several tabs find the same one.
//!
//! One record for each client in IndexedDB, sealed with a key that neither the database nor `sessionStorage` holds
//! alone: see `docs/defaults.md` for what that keeps out and what it does not.
//!
//! A record has an `id`, drawn at each sign-in, and an `epoch` that counts how often it was written. Whoever writes
//! says which of them was read, and nothing is written over anything else: so a renewal that comes home after the
//! person signed out finds nothing to renew.

use js_sys::Uint8Array;
use portvakt_jose::UnixTime;
use portvakt_jose::base64url;
use serde::Serialize;
use serde_wasm_bindgen::preserve;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CryptoKey, Storage};

use super::database::{Change, Database};
use super::proof_key::ProofKey;
use super::seal::{Seal, Sealed, TabSecret, random};
use super::{member, to_js, whole_number};
use crate::BrowserError;

/// The greatest session that is opened again, in bytes of its sealed form. The greatest token response is half of
/// it, and claims come as text once more.
pub const MAX_RECORD_BYTES: u32 = 2 * 1024 * 1024;

/// The sessions of one client of this origin.
pub struct Vault {
    client: String,
    database: Database,
    storage: Storage,
}

/// Which session it is, and how often it has been written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Version {
    /// Drawn at each sign-in.
    pub id: String,
    /// Grows with each renewal.
    pub epoch: u64,
}

/// A session as the vault keeps it.
#[derive(Clone)]
pub struct Kept {
    /// Which one it is.
    pub version: Version,
    /// The session in its own JSON. Secret.
    pub session: String,
    /// The key that its tokens are bound to, if they are bound to one.
    pub proof_key: Option<ProofKey>,
    /// When somebody last used one of the tabs.
    pub last_activity: UnixTime,
}

/// Shows which session it is, and nothing of it.
impl core::fmt::Debug for Kept {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter
            .debug_struct("Kept")
            .field("version", &self.version)
            .field("proof_key", &self.proof_key)
            .field("last_activity", &self.last_activity)
            .finish_non_exhaustive()
    }
}

/// What was found in the vault.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A session that this tab can open.
    Session(Box<Kept>),
    /// The session of other tabs, if there still are any: one of them has the secret.
    Closed {
        /// Which one it is.
        version: Version,
        /// When somebody last used one of those tabs.
        last_activity: UnixTime,
    },
}

impl Vault {
    /// Opens the vault of one client, named by issuer and `client_id`.
    ///
    /// # Errors
    /// `browser_storage_unavailable`: the session can live in memory alone.
    pub async fn open(issuer: &str, client_id: &str) -> Result<Self, BrowserError> {
        let storage = super::session_storage()?;
        Ok(Self {
            client: format!("{issuer} {client_id}"),
            database: Database::open().await?,
            storage,
        })
    }

    /// Looks for the session.
    ///
    /// # Errors
    /// `browser_storage_unavailable`.
    pub async fn find(&self) -> Result<Found, BrowserError> {
        let record = self.database.get(&self.client).await?;
        let Some(record) = Record::read(&record) else {
            // It opens nothing any more.
            self.forget_secret();
            return Ok(Found::Nothing);
        };
        let version = record.version();
        let last_activity = UnixTime::new(record.last_activity);
        let opened = match self.secret() {
            Some(secret) => self.unseal(record, &secret).await,
            None => None,
        };
        Ok(match opened {
            Some((session, proof_key)) => Found::Session(Box::new(Kept {
                version,
                session,
                proof_key,
                last_activity,
            })),
            None => Found::Closed {
                version,
                last_activity,
            },
        })
    }

    /// Draws what names a new session.
    ///
    /// # Errors
    /// `browser_entropy_unavailable`.
    pub fn new_version() -> Result<Version, BrowserError> {
        Ok(Version {
            id: base64url::encode(random::<16>()?),
            epoch: 0,
        })
    }

    /// Keeps a session that has just begun, in place of whatever is there.
    ///
    /// # Errors
    /// `browser_storage_unavailable`, `browser_storage_full`, `browser_crypto_unavailable`.
    pub async fn begin(&self, kept: &Kept) -> Result<(), BrowserError> {
        let secret = self.secret_or_new()?;
        let record = self.seal(kept).await?;
        self.database
            .change(&self.client, |_| Change::Put(record))
            .await?;
        // A look at the empty vault meanwhile has swept it away.
        self.keep_secret(&secret)
    }

    /// Keeps the renewed form of a session, if it still is what `read` says. Whether it was.
    ///
    /// # Errors
    /// `browser_storage_unavailable`, `browser_storage_full`, `browser_crypto_unavailable`.
    pub async fn renew(&self, read: &Version, kept: &Kept) -> Result<bool, BrowserError> {
        let record = self.seal(kept).await?;
        self.database
            .change(&self.client, |current| match Record::read(current) {
                Some(current) if current.version() == *read => Change::Put(record),
                _ => Change::Nothing,
            })
            .await
    }

    /// Notes that the person is there, for a page that is loaded later.
    ///
    /// # Errors
    /// `browser_storage_unavailable`.
    pub async fn note_activity(&self, id: &str, now: UnixTime) -> Result<bool, BrowserError> {
        self.database
            .change(&self.client, |current| match Record::read(current) {
                Some(mut record) if record.id == id => {
                    record.last_activity = now.as_secs();
                    to_js(&record).map_or(Change::Nothing, Change::Put)
                }
                _ => Change::Nothing,
            })
            .await
    }

    /// Removes a session, whatever has been written of it since, and this tab's half of the seal. Another session
    /// in its place stays.
    ///
    /// # Errors
    /// `browser_storage_unavailable`.
    pub async fn forget(&self, id: &str) -> Result<bool, BrowserError> {
        let is_gone = self
            .database
            .change(&self.client, |current| match Record::read(current) {
                Some(record) if record.id != id => Change::Nothing,
                _ => Change::Delete,
            })
            .await?;
        if is_gone {
            self.forget_secret();
        }
        Ok(is_gone)
    }

    /// Removes whatever session there is.
    ///
    /// # Errors
    /// `browser_storage_unavailable`.
    pub async fn clear(&self) -> Result<(), BrowserError> {
        self.forget_secret();
        self.database
            .change(&self.client, |_| Change::Delete)
            .await
            .map(drop)
    }

    /// The tab's half of the seal, to be given to another tab of the same session.
    #[must_use]
    pub fn share_secret(&self) -> Option<String> {
        self.secret().map(|secret| secret.to_text())
    }

    /// Takes over another tab's half of the seal. Whether it can be one.
    pub fn adopt_secret(&self, text: &str) -> bool {
        let is_secret = TabSecret::parse(text).is_some();
        is_secret && self.storage.set_item(&self.secret_name(), text).is_ok()
    }

    async fn seal(&self, kept: &Kept) -> Result<JsValue, BrowserError> {
        let secret = self.secret_or_new()?;
        let sealed = async {
            let base = Seal::new_base().await?;
            let seal = Seal::derive(&base, &secret, &self.client).await?;
            let Sealed { iv, sealed } = seal.seal(&kept.session, &kept.version.context()).await?;
            to_js(&Record {
                id: kept.version.id.clone(),
                epoch: kept.version.epoch,
                key: base,
                iv,
                sealed,
                proof_key: match &kept.proof_key {
                    Some(proof_key) => proof_key.pair().into(),
                    None => JsValue::UNDEFINED,
                },
                last_activity: kept.last_activity.as_secs(),
            })
        };
        sealed.await.map_err(|_| BrowserError::CryptoUnavailable)
    }

    async fn unseal(
        &self,
        record: Record,
        secret: &TabSecret,
    ) -> Option<(String, Option<ProofKey>)> {
        let context = record.version().context();
        let sealed = Sealed {
            iv: record.iv,
            sealed: record.sealed,
        };
        if sealed.sealed.length() > MAX_RECORD_BYTES {
            return None;
        }
        let seal = Seal::derive(&record.key, secret, &self.client).await.ok()?;
        let session = seal.open(&sealed, &context).await?;
        let proof_key = if record.proof_key.is_undefined() {
            None
        } else {
            // A dictionary: it has no class to be asked for, and its members are asked for here.
            let pair = record.proof_key.unchecked_into();
            Some(ProofKey::of_pair(pair).await.ok()?)
        };
        Some((session, proof_key))
    }

    fn secret(&self) -> Option<TabSecret> {
        let text = self.storage.get_item(&self.secret_name()).ok().flatten()?;
        TabSecret::parse(&text)
    }

    fn secret_or_new(&self) -> Result<TabSecret, BrowserError> {
        if let Some(secret) = self.secret() {
            return Ok(secret);
        }
        let secret = TabSecret::draw()?;
        self.keep_secret(&secret)?;
        Ok(secret)
    }

    fn keep_secret(&self, secret: &TabSecret) -> Result<(), BrowserError> {
        self.storage
            .set_item(&self.secret_name(), &secret.to_text())
            .map_err(|_| BrowserError::StorageFull)
    }

    fn forget_secret(&self) {
        // Removing cannot fail for want of room, and a missing entry is what is wanted.
        _ = self.storage.remove_item(&self.secret_name());
    }

    fn secret_name(&self) -> String {
        format!("{TAB_SECRET}{}", self.client)
    }
}

impl Version {
    /// What the seal binds the text to: a record of another sign-in, or an older one, cannot be passed off as this.
    fn context(&self) -> String {
        format!("{} {}", self.id, self.epoch)
    }
}

/// What the name of a tab's secret begins with, in `sessionStorage`.
pub(super) const TAB_SECRET: &str = "portvakt.tab.";

/// What lies in the database.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    id: String,
    epoch: u64,
    /// The database's half of the seal.
    #[serde(with = "preserve")]
    key: CryptoKey,
    #[serde(with = "preserve")]
    iv: Uint8Array,
    #[serde(with = "preserve")]
    sealed: Uint8Array,
    /// The pair of the key that tokens are bound to; `undefined` for tokens that are not.
    #[serde(with = "preserve")]
    proof_key: JsValue,
    last_activity: u64,
}

impl Record {
    /// `None` for `undefined`, and for what is no record.
    fn read(value: &JsValue) -> Option<Self> {
        Some(Self {
            id: member(value, "id")?.as_string()?,
            epoch: whole_number(&member(value, "epoch")?)?,
            key: member(value, "key")?.dyn_into().ok()?,
            iv: member(value, "iv")?.dyn_into().ok()?,
            sealed: member(value, "sealed")?.dyn_into().ok()?,
            proof_key: member(value, "proofKey")?,
            last_activity: whole_number(&member(value, "lastActivity")?)?,
        })
    }

    fn version(&self) -> Version {
        Version {
            id: self.id.clone(),
            epoch: self.epoch,
        }
    }
}
