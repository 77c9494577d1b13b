use alloc::format;
use alloc::string::String;

use crate::acr::Acr;
use crate::identifiers::Pid;
use crate::{Environment, Misuse, Preset};

/// A `login_hint` that signs a synthetic person in without any page: `testid:<pid>_<acr>`.
///
/// For automated tests. The service sends the browser straight back with a code, and `amr` is `TestID`.
/// The number stands in the address bar and in logs, which is one reason for refusing real ones; the other is
/// that nobody but the person signs a person in.
///
/// ```
/// use portvakt_digdir::acr::Acr;
/// use portvakt_digdir::identifiers::Pid;
/// use portvakt_digdir::login::test_login_hint;
/// use portvakt_digdir::{Misuse, Preset};
///
/// let pid = Pid::parse("15868510045").expect("synthetic and valid");
/// let hint = test_login_hint(&Preset::ID_PORTEN_TEST, &pid, Acr::IdportenLoaHigh)?;
/// assert_eq!(hint, "testid:15868510045_idporten-loa-high");
/// assert_eq!(
///     test_login_hint(&Preset::ID_PORTEN_PRODUCTION, &pid, Acr::IdportenLoaHigh),
///     Err(Misuse::TestLoginInProduction),
/// );
/// # Ok::<(), Misuse>(())
/// ```
///
/// # Errors
/// `misuse_service_signs_nobody_in`, `misuse_test_login_in_production`, `misuse_test_login_real_pid`,
/// `misuse_acr_of_other_service`.
///
/// Source: ID-porten, API testing.
pub fn test_login_hint(preset: &Preset, pid: &Pid, acr: Acr) -> Result<String, Misuse> {
    if !preset.service().signs_people_in() {
        return Err(Misuse::ServiceSignsNobodyIn);
    }
    if preset.environment() == Environment::Production {
        return Err(Misuse::TestLoginInProduction);
    }
    if !pid.is_synthetic() {
        return Err(Misuse::TestLoginRealPid);
    }
    if acr.service() != preset.service() {
        return Err(Misuse::AcrOfOtherService);
    }
    Ok(format!("{TEST_LOGIN_PREFIX}{}_{acr}", pid.expose()))
}

/// What the services know a headless login by.
pub(super) const TEST_LOGIN_PREFIX: &str = "testid:";
