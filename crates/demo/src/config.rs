//! What the page is told about its surroundings: `GET /config.json`.

mod error;

use portvakt_jose::json::{self, Value};
use portvakt_leptos::browser;
use portvakt_oidc::ReturnPath;
use portvakt_oidc::http::{HttpRequest, TransportError};
use portvakt_oidc::url::Url;

pub(crate) use error::ConfigError;

/// Where the services are, and as whom the page is registered with them.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Ansattporten.
    pub(crate) ansattporten: Provider,
    /// ID-porten.
    pub(crate) idporten: Provider,
    /// The base URL of Dialogporten.
    pub(crate) dialogporten: Url,
    /// The path of the page's own logout endpoint, if there is one.
    pub(crate) logout_events: Option<ReturnPath>,
    /// The other service, if there is one.
    pub(crate) neighbour: Option<Neighbour>,
    /// The simulator's control page, if the services are simulated.
    pub(crate) simulator: Option<Url>,
}

/// The same demo as another service, at another address and with another registration.
#[derive(Clone, Debug)]
pub(crate) struct Neighbour {
    /// Where it is.
    pub(crate) url: String,
    /// Whether this page is the second of the two, which has another name and colour.
    pub(crate) is_second: bool,
}

/// One provider.
#[derive(Clone, Debug)]
pub(crate) struct Provider {
    /// The issuer, to the character.
    pub(crate) issuer: String,
    /// The `client_id` of this page.
    pub(crate) client_id: String,
}

impl Config {
    /// Fetches and checks the configuration of the page at `origin`.
    pub(crate) async fn load(origin: &str) -> Result<Self, ConfigError> {
        let url =
            Url::parse(&format!("{origin}/config.json")).map_err(|_| ConfigError::Unreachable)?;
        let response = browser::fetch(&HttpRequest::get(url, MAX_BYTES))
            .await
            .map_err(|error| match error {
                TransportError::TooLarge => ConfigError::Malformed,
                _ => ConfigError::Unreachable,
            })?;
        if response.status != 200 {
            return Err(ConfigError::Missing);
        }
        Self::parse(&response.body).ok_or(ConfigError::Malformed)
    }

    fn parse(body: &[u8]) -> Option<Self> {
        let value = json::parse(body, MAX_BYTES).ok()?;
        let url = |name: &str| Url::parse(value.get(name)?.as_str()?).ok();
        let is_there = |name: &str| value.get(name).is_some_and(|value| !value.is_null());
        Some(Self {
            ansattporten: Provider::read(value.get("ansattporten")?)?,
            idporten: Provider::read(value.get("idporten")?)?,
            dialogporten: url("dialogporten")?,
            logout_events: match is_there("logoutEvents") {
                true => Some(ReturnPath::parse(value.get("logoutEvents")?.as_str()?).ok()?),
                false => None,
            },
            neighbour: match is_there("neighbour") {
                true => Some(Neighbour {
                    url: url("neighbour")?.as_str().to_owned(),
                    is_second: value.get("guise")?.as_str()? == "second",
                }),
                false => None,
            },
            simulator: match is_there("simulator") {
                true => Some(url("simulator")?),
                false => None,
            },
        })
    }
}

impl Provider {
    fn read(value: &Value) -> Option<Self> {
        let text = |name: &str| value.get(name)?.as_str().map(str::to_owned);
        Some(Self {
            issuer: text("issuer")?,
            client_id: text("clientId")?,
        })
    }
}

/// A handful of addresses; nothing that is larger is this configuration.
const MAX_BYTES: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::{Config, ReturnPath};

    const WHOLE: &str = r#"{
        "ansattporten": {"issuer": "http://127.0.0.1:8101", "clientId": "portvakt-demo"},
        "idporten": {"issuer": "http://127.0.0.1:8103", "clientId": "portvakt-demo"},
        "dialogporten": "http://127.0.0.1:8105/dialogporten",
        "simulator": "http://127.0.0.1:8100/"
    }"#;

    #[test]
    fn a_whole_configuration_is_read() {
        let config = Config::parse(WHOLE.as_bytes()).expect("whole");
        assert_eq!(config.ansattporten.issuer, "http://127.0.0.1:8101");
        assert_eq!(config.idporten.client_id, "portvakt-demo");
        assert_eq!(config.dialogporten.origin(), "http://127.0.0.1:8105");
        assert!(config.simulator.is_some());
    }

    #[test]
    fn the_simulator_may_be_absent_and_nothing_else() {
        let without = |member: &str| WHOLE.replace(&format!("\"{member}\""), "\"other\"");
        assert!(
            Config::parse(without("simulator").as_bytes())
                .is_some_and(|config| config.simulator.is_none())
        );
        for member in [
            "ansattporten",
            "idporten",
            "dialogporten",
            "issuer",
            "clientId",
        ] {
            assert!(
                Config::parse(without(member).as_bytes()).is_none(),
                "{member}"
            );
        }
    }

    #[test]
    fn a_second_service_and_a_logout_endpoint_are_optional() {
        let config = Config::parse(WHOLE.as_bytes()).expect("whole");
        assert!(config.neighbour.is_none() && config.logout_events.is_none());
        let whole = WHOLE.replacen(
            '{',
            r#"{"guise":"second","neighbour":"http://localhost:8080/","logoutEvents":"/portvakt/logout","#,
            1,
        );
        let config = Config::parse(whole.as_bytes()).expect("whole");
        assert!(
            config
                .neighbour
                .is_some_and(|neighbour| neighbour.is_second)
        );
        assert_eq!(
            config.logout_events.as_ref().map(ReturnPath::as_str),
            Some("/portvakt/logout")
        );
        for bad in ["//elsewhere.example", "https://elsewhere.example", "logout"] {
            let text = whole.replace("/portvakt/logout", bad);
            assert!(Config::parse(text.as_bytes()).is_none(), "{bad}");
        }
    }

    #[test]
    fn addresses_that_are_no_addresses_are_refused() {
        for bad in [
            "javascript:alert(1)",
            "http://example.org/dialogporten",
            "/dialogporten",
            "",
        ] {
            let text = WHOLE.replace("http://127.0.0.1:8105/dialogporten", bad);
            assert!(Config::parse(text.as_bytes()).is_none(), "{bad}");
            let text = WHOLE.replace("http://127.0.0.1:8100/", bad);
            assert!(Config::parse(text.as_bytes()).is_none(), "{bad}");
        }
    }
}
