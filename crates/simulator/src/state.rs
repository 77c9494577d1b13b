//! What the services of one simulator share.

use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use serde_json::{Map, Value};

use crate::clients::Clients;
use crate::clock::Clock;
use crate::cors::Cors;
use crate::dialogporten::Dialogporten;
use crate::dpop::Dpop;
use crate::events::Events;
use crate::faults::Faults;
use crate::keys::{Algorithm, KeyRing, NotSigned};
use crate::logouts::Logouts;
use crate::options::{Options, RarProfile};
use crate::origins::{Origin, Origins};
use crate::provider::Provider;
use crate::provider_name::ProviderName;
use crate::switches::{Switch, Switches};
use crate::world::World;

/// The state that every handler gets.
pub(crate) type Shared = Arc<State>;

/// Everything that changes while the simulator runs.
#[derive(Debug)]
pub(crate) struct State {
    /// What `reset` goes back to.
    pub(crate) initial: Options,
    pub(crate) origins: Origins,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) cors: Cors,
    pub(crate) switches: Switches,
    pub(crate) dpop: Dpop,
    pub(crate) clients: Clients,
    pub(crate) events: Events,
    pub(crate) logouts: Logouts,
    pub(crate) ansattporten: Provider,
    pub(crate) idporten: Provider,
    /// The keys of dialog tokens: one that signs, one in reserve.
    pub(crate) dialog_keys: KeyRing,
    pub(crate) dialogporten: Dialogporten,
    world: RwLock<World>,
    settings: Mutex<Settings>,
}

/// The switches that are neither faults nor CORS.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    /// Whether Dialogporten accepts Ansattporten's tokens.
    pub(crate) accept_ansattporten: bool,
    /// The shape of `authorization_details` in answers.
    pub(crate) rar_profile: RarProfile,
}

/// A token that one of the two providers has signed.
#[derive(Clone, Debug)]
pub(crate) struct SignedToken {
    pub(crate) provider: ProviderName,
    pub(crate) claims: Map<String, Value>,
}

impl State {
    pub(crate) fn new(options: Options) -> Shared {
        let origins = Origins::new(options.base_port);
        let clock = Clock::new(options.now);
        let provider = |name, algorithm, lane| {
            Provider::new(name, origins, KeyRing::generate(algorithm, 1, lane))
        };
        let state = Self {
            origins,
            faults: Faults::default(),
            cors: Cors::new(options.dialogporten_cors),
            switches: Switches::new(&options.switches),
            dpop: Dpop::new(),
            clients: Clients::default(),
            events: Events::default(),
            logouts: Logouts::default(),
            ansattporten: provider(
                ProviderName::Ansattporten,
                options.ansattporten_algorithm,
                0,
            ),
            idporten: provider(ProviderName::Idporten, options.idporten_algorithm, 1),
            dialog_keys: KeyRing::generate(Algorithm::EdDsa, 2, 2),
            dialogporten: Dialogporten::new(&options.world, clock.now()),
            clock,
            world: RwLock::new(options.world.clone()),
            settings: Mutex::new(Settings::of(&options)),
            initial: options,
        };
        state.register_initial_clients();
        Arc::new(state)
    }

    /// Puts everything back to how it started; keys stay.
    pub(crate) fn reset(&self) {
        match self.initial.now {
            Some(now) => self.clock.set(now),
            None => self.clock.unfreeze(),
        }
        self.faults.clear();
        self.cors.reset(self.initial.dialogporten_cors);
        self.switches.reset(&self.initial.switches);
        self.clients.clear();
        self.register_initial_clients();
        self.events.clear();
        self.logouts.clear();
        self.ansattporten.forget_everything();
        self.idporten.forget_everything();
        *self.world_mut() = self.initial.world.clone();
        self.set_settings(Settings::of(&self.initial));
        self.dialogporten
            .reset(&self.initial.world, self.clock.now());
    }

    pub(crate) fn provider(&self, name: ProviderName) -> &Provider {
        match name {
            ProviderName::Ansattporten => &self.ansattporten,
            ProviderName::Idporten => &self.idporten,
        }
    }

    pub(crate) fn world(&self) -> RwLockReadGuard<'_, World> {
        self.world.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn world_mut(&self) -> RwLockWriteGuard<'_, World> {
        self.world.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn settings(&self) -> Settings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_settings(&self, settings: Settings) {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// The origin whose nonce a proof must carry, if any.
    pub(crate) fn nonce_of(&self, origin: Origin) -> Option<Origin> {
        self.switches.is_on(Switch::DpopNonce).then_some(origin)
    }

    /// The claims of a token that Ansattporten or ID-porten has signed, by the issuer that it names.
    ///
    /// The signature and the issuer are checked; times, scope and everything else are the caller's.
    pub(crate) fn verify(&self, token: &str) -> Result<SignedToken, NotSigned> {
        let mut refused = NotSigned::UnknownKey;
        for provider in ProviderName::ALL {
            let held = self.provider(provider);
            match held.keys().verify(token) {
                Ok(claims) if claims.get("iss").and_then(Value::as_str) == Some(held.issuer()) => {
                    return Ok(SignedToken { provider, claims });
                }
                Ok(_) | Err(NotSigned::UnknownKey) => {}
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn register_initial_clients(&self) {
        for client in &self.initial.clients {
            // `Simulator::new` has checked them.
            let _ = self.clients.register(client.clone());
        }
    }
}

impl Settings {
    fn of(options: &Options) -> Self {
        Self {
            accept_ansattporten: options.accept_ansattporten,
            rar_profile: options.rar_profile,
        }
    }
}
