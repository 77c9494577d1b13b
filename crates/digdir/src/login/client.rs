use alloc::string::String;

use portvakt_oidc::{ClientConfig, Issuer, Url};

use crate::{Environment, Error, Misuse, Preset, Service};

/// An application at ID-porten or Ansattporten.
#[derive(Clone, Debug)]
pub struct Client {
    /// What any OpenID provider wants to know. Its issuer must stay the preset's.
    pub oidc: ClientConfig,
    preset: Preset,
}

impl Client {
    /// An application with the three things that have no default; everything else is in [`Client::oidc`].
    ///
    /// # Errors
    /// `misuse_service_signs_nobody_in`: the preset is neither ID-porten nor Ansattporten.
    pub fn new(
        preset: Preset,
        client_id: impl Into<String>,
        redirect_uri: Url,
    ) -> Result<Self, Error> {
        let issuer = Issuer::parse(preset.issuer()).map_err(portvakt_oidc::Error::from)?;
        let client = Self {
            oidc: ClientConfig::new(issuer, client_id, redirect_uri),
            preset,
        };
        client.check()?;
        Ok(client)
    }

    /// Which service the application uses, and where.
    pub fn preset(&self) -> &Preset {
        &self.preset
    }

    /// The service.
    pub fn service(&self) -> Service {
        self.preset.service()
    }

    /// Where the service runs.
    pub fn environment(&self) -> Environment {
        self.preset.environment()
    }

    /// Checks what public fields leave open. Every flow begins with this.
    pub(super) fn check(&self) -> Result<(), Misuse> {
        if !self.service().signs_people_in() {
            return Err(Misuse::ServiceSignsNobodyIn);
        }
        if !self.oidc.issuer.is(self.preset.issuer()) {
            return Err(Misuse::IssuerOfOtherService);
        }
        Ok(())
    }
}
