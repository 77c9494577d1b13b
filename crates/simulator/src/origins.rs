//! The six origins: consecutive ports on 127.0.0.1.
//!
//! Applications live on `http://localhost:<port>`, another site than 127.0.0.1, so that cookies and the
//! browser's storage partitioning behave as between an application and the real services.

use crate::provider_name::ProviderName;

/// One of the simulator's origins.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Ord, PartialOrd, Hash)]
pub enum Origin {
    /// Control page and JSON API.
    Control,
    /// Ansattporten's issuer: metadata, token, keys, userinfo, PAR, revocation.
    AnsattportenIssuer,
    /// Ansattporten's pages: authorize, logout and everything that a person sees.
    AnsattportenLogin,
    /// ID-porten's issuer.
    IdportenIssuer,
    /// ID-porten's pages.
    IdportenLogin,
    /// Dialogporten.
    Dialogporten,
}

impl Origin {
    /// All, in the order of their ports.
    pub const ALL: [Self; 6] = [
        Self::Control,
        Self::AnsattportenIssuer,
        Self::AnsattportenLogin,
        Self::IdportenIssuer,
        Self::IdportenLogin,
        Self::Dialogporten,
    ];

    /// What it is, for lists and logs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Control => "control",
            Self::AnsattportenIssuer => "ansattporten",
            Self::AnsattportenLogin => "ansattporten-login",
            Self::IdportenIssuer => "idporten",
            Self::IdportenLogin => "idporten-login",
            Self::Dialogporten => "dialogporten",
        }
    }
}

/// The absolute URL of a request without its query, as the service is addressed; every request has it
/// among its extensions.
#[derive(Clone, Debug)]
pub(crate) struct Target(pub(crate) String);

/// Where the origins are.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Origins {
    base_port: u16,
}

impl Origins {
    /// The lowest base port: 0 is no port, and those up to 1023 belong to the system.
    pub const MIN_BASE_PORT: u16 = 1024;

    /// The highest base port: five more ports must follow it.
    pub const MAX_BASE_PORT: u16 = u16::MAX - 5;

    /// Six ports from `base_port` on; a base port outside of [`Self::MIN_BASE_PORT`] and
    /// [`Self::MAX_BASE_PORT`] is moved to the nearer of them.
    #[must_use]
    pub fn new(base_port: u16) -> Self {
        Self {
            base_port: base_port.clamp(Self::MIN_BASE_PORT, Self::MAX_BASE_PORT),
        }
    }

    /// The port of an origin.
    #[must_use]
    pub fn port(self, origin: Origin) -> u16 {
        self.base_port + origin as u16
    }

    /// The origin as a URL without a trailing slash, `http://127.0.0.1:8101`.
    #[must_use]
    pub fn url(self, origin: Origin) -> String {
        format!("http://127.0.0.1:{}", self.port(origin))
    }

    /// The issuer of a provider, which is the URL of its issuer origin.
    #[must_use]
    pub fn issuer(self, provider: ProviderName) -> String {
        self.url(Self::issuer_origin(provider))
    }

    /// The origin that a provider's issuer is at.
    pub(crate) fn issuer_origin(provider: ProviderName) -> Origin {
        match provider {
            ProviderName::Ansattporten => Origin::AnsattportenIssuer,
            ProviderName::Idporten => Origin::IdportenIssuer,
        }
    }

    /// The origin of a provider's pages.
    #[must_use]
    pub fn login(self, provider: ProviderName) -> String {
        self.url(match provider {
            ProviderName::Ansattporten => Origin::AnsattportenLogin,
            ProviderName::Idporten => Origin::IdportenLogin,
        })
    }

    /// The origin that an authority (`host:port`) names; the host must be a loopback name or address.
    pub(crate) fn find(self, authority: &str) -> Option<Origin> {
        let (host, port) = authority.rsplit_once(':')?;
        if !is_loopback(host) {
            return None;
        }
        let port: u16 = port.parse().ok()?;
        Origin::ALL
            .into_iter()
            .find(|&origin| self.port(origin) == port)
    }
}

/// Whether a host, as in a URL, is this machine.
pub(crate) fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || host
            .parse::<std::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_is_found_by_port_and_only_on_loopback() {
        let origins = Origins::new(8100);
        assert_eq!(
            origins.find("127.0.0.1:8101"),
            Some(Origin::AnsattportenIssuer)
        );
        assert_eq!(origins.find("localhost:8105"), Some(Origin::Dialogporten));
        assert_eq!(origins.find("[::1]:8100"), Some(Origin::Control));
        for foreign in [
            "evil.example:8100",
            "127.0.0.1:8106",
            "127.0.0.1",
            "127.0.0.1.evil.example:8100",
        ] {
            assert_eq!(origins.find(foreign), None, "{foreign}");
        }
    }
}
