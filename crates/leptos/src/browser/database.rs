//! IndexedDB, as far as the vault needs it: one store, read, and changes that are made as one.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    DomException, IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction,
    IdbTransactionMode,
};

use crate::BrowserError;

/// The database, and its only store.
const DATABASE: &str = "portvakt";
const STORE: &str = "sessions";

/// The origin's database. Copies of records that are read are the page's own.
pub(super) struct Database(IdbDatabase);

impl Database {
    /// Opens the database, and makes it if it is not there.
    ///
    /// # Errors
    /// `browser_storage_unavailable`: the browser's settings forbid it, as some private windows do.
    pub(super) async fn open() -> Result<Self, BrowserError> {
        open().await.map_err(unavailable)
    }

    /// The record under `key`; `undefined` if there is none.
    ///
    /// # Errors
    /// `browser_storage_unavailable`.
    pub(super) async fn get(&self, key: &str) -> Result<JsValue, BrowserError> {
        let read = async {
            let (_, store) = self.store(IdbTransactionMode::Readonly)?;
            settled(&store.get(&key.into())?).await
        };
        read.await.map_err(unavailable)
    }

    /// Looks at the record under `key` and replaces it by what `change` makes of it, as one: no other tab comes
    /// between. Whether there was a change.
    ///
    /// # Errors
    /// `browser_storage_unavailable`, `browser_storage_full`.
    pub(super) async fn change(
        &self,
        key: &str,
        change: impl FnOnce(&JsValue) -> Change,
    ) -> Result<bool, BrowserError> {
        self.change_once(key, Box::new(change)).await
    }

    /// The same, of one type for all changes.
    async fn change_once(
        &self,
        key: &str,
        change: Box<dyn FnOnce(&JsValue) -> Change + '_>,
    ) -> Result<bool, BrowserError> {
        let changed = async {
            let key = JsValue::from_str(key);
            let (transaction, store) = self.store(IdbTransactionMode::Readwrite)?;
            // The transaction lives on in the microtasks that follow each answer of its own, and only there:
            // nothing else may be awaited in here.
            let request = match change(&settled(&store.get(&key)?).await?) {
                Change::Nothing => return Ok(false),
                Change::Put(record) => store.put_with_key(&record, &key)?,
                Change::Delete => store.delete(&key)?,
            };
            settled(&request).await?;
            committed(&transaction).await?;
            Ok(true)
        };
        changed.await.map_err(failure)
    }

    fn store(&self, mode: IdbTransactionMode) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
        let transaction = self.0.transaction_with_str_and_mode(STORE, mode)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }
}

/// What becomes of a record.
pub(super) enum Change {
    /// It stays.
    Nothing,
    /// This takes its place.
    Put(JsValue),
    /// It goes.
    Delete,
}

async fn open() -> Result<Database, JsValue> {
    let factory = web_sys::window()
        .and_then(|window| window.indexed_db().ok().flatten())
        .ok_or(JsValue::UNDEFINED)?;
    let request: IdbOpenDbRequest = factory.open_with_u32(DATABASE, 1)?;
    let make = Closure::once_into_js({
        let request = request.clone();
        move || {
            make_store(&request);
        }
    });
    request.set_onupgradeneeded(Some(make.unchecked_ref()));
    Ok(Database(settled(&request).await?.dyn_into()?))
}

/// Opening ends with an error where this does not succeed.
fn make_store(request: &IdbOpenDbRequest) -> Option<IdbObjectStore> {
    let database: IdbDatabase = request.result().ok()?.dyn_into().ok()?;
    database.create_object_store(STORE).ok()
}

/// Waits for a request, and gives its result.
async fn settled(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let answered = promise(|resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(answered).await {
        Ok(_) => request.result(),
        Err(_) => Err(request.error()?.map_or(JsValue::UNDEFINED, Into::into)),
    }
}

/// Waits until what was written will be read, by whichever tab.
async fn committed(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let ended = promise(|resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(ended).await {
        Ok(_) => Ok(()),
        Err(_) => Err(transaction.error().map_or(JsValue::UNDEFINED, Into::into)),
    }
}

fn promise(attach: impl Fn(Function, Function)) -> Promise {
    Promise::new(&mut |resolve, reject| attach(resolve, reject))
}

fn unavailable(_: JsValue) -> BrowserError {
    BrowserError::StorageUnavailable
}

fn failure(reason: JsValue) -> BrowserError {
    match reason.dyn_ref::<DomException>() {
        Some(reason) if reason.name() == "QuotaExceededError" => BrowserError::StorageFull,
        _ => BrowserError::StorageUnavailable,
    }
}
