use alloc::vec::Vec;

use crate::acr::Acr;
use crate::dialogporten::{DialogportenError, is_step_up};
use crate::{Error, Service};

/// What an API asks for in place of the authentication that there is, in the terms of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StepUp {
    /// The sign-ins of which one will do, or one at a higher level. Any will do if there are none.
    pub acr_values: Vec<Acr>,
    /// How long ago the person may have authenticated, in seconds.
    pub max_age_seconds: Option<u32>,
}

impl StepUp {
    /// To sign-ins of one of these kinds.
    pub fn to(acr_values: &[Acr]) -> Self {
        Self {
            acr_values: acr_values.into(),
            max_age_seconds: None,
        }
    }

    /// What an API's challenge (RFC 9470) means at the service that the person signed in with.
    ///
    /// None if it asks for levels, and for none that the service has: another sign-in would end
    /// where this one did.
    pub fn of_challenge(service: Service, challenge: &portvakt_oidc::StepUp) -> Option<Self> {
        let acr_values: Vec<Acr> = challenge
            .acr_values
            .iter()
            .filter_map(|text| Acr::parse(text).ok())
            .filter(|acr| acr.service() == service)
            .collect();
        if acr_values.is_empty() && !challenge.acr_values.is_empty() {
            return None;
        }
        Some(Self {
            acr_values,
            max_age_seconds: challenge.max_age_seconds,
        })
    }

    /// What Dialogporten's refusal of a dialog means: its answer names no level, and there is but
    /// one above that which everybody has.
    ///
    /// None for any other error. Source: Dialogporten, GetDialogQuery.
    pub fn of_error(service: Service, error: &Error) -> Option<Self> {
        let Error::Dialogporten(failure) = error else {
            return None;
        };
        if failure.error != DialogportenError::StepUpRequired {
            return None;
        }
        Self::to_highest(service)
    }

    /// The same of an answer that the application got by itself: its status, and its body.
    pub fn of_dialogporten(service: Service, status: u16, body: &[u8]) -> Option<Self> {
        if status != 403 || !is_step_up(body) {
            return None;
        }
        Self::to_highest(service)
    }

    fn to_highest(service: Service) -> Option<Self> {
        match service {
            Service::IdPorten => Some(Self::to(&[Acr::IdportenLoaHigh])),
            Service::Ansattporten => Some(Self::to(&[Acr::High])),
            Service::Maskinporten | Service::Altinn | Service::Dialogporten => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOO_LOW: &[u8] = br#"{"title":"Forbidden","status":403,"errors":{"Forbidden":["Altinn authentication level too low."]}}"#;

    #[test]
    fn a_refusal_that_speaks_of_the_level_asks_for_the_highest_of_the_service() {
        let asked = |service| StepUp::of_dialogporten(service, 403, TOO_LOW);
        assert_eq!(
            asked(Service::IdPorten),
            Some(StepUp::to(&[Acr::IdportenLoaHigh]))
        );
        assert_eq!(asked(Service::Ansattporten), Some(StepUp::to(&[Acr::High])));
        assert_eq!(asked(Service::Maskinporten), None);
    }

    #[test]
    fn no_other_answer_of_dialogporten_asks_for_a_level() {
        let other = br#"{"errors":{"Forbidden":["No access."]}}"#;
        for (status, body) in [
            (403, b"".as_slice()),
            (403, b"authentication level too low"),
            (403, other),
            (401, TOO_LOW),
            (200, TOO_LOW),
        ] {
            let asked = StepUp::of_dialogporten(Service::IdPorten, status, body);
            assert_eq!(asked, None, "{status}");
        }
    }
}
