//! The marks (`data-testid`) by which the tests know both applications: `tests/apps/typescript` and the demo.
//!
//! A mark that shows something holds the bare value and nothing else. It may be out of a person's
//! sight, but it is in the page; what a test clicks on is in sight.

/// `loading`, `signed-in` or `signed-out`; on every page.
pub const SESSION_STATUS: &str = "session-status";

/// The code of the error that is shown; there is no such element without an error.
pub const SESSION_ERROR: &str = "session-error";

/// The number of the organisation that the person acts for, or `self`; several are separated by a space.
pub const SESSION_ORGANISATION: &str = "session-organisation";

/// The `acr` of the session.
pub const SESSION_ACR: &str = "session-acr";

/// When the session ends by itself, in seconds since 1970.
pub const SESSION_ENDS_AT: &str = "session-ends-at";

/// There from the moment that the application is warned of the end until the session goes on or ends.
pub const SESSION_WARNING: &str = "session-warning";

/// `sealed` or `memory`: where the session is kept.
pub const SESSION_PERSISTENCE: &str = "session-persistence";

/// Signs in with Ansattporten on behalf of an organisation, for the resource `demo-post`.
pub const SIGN_IN_ON_BEHALF: &str = "sign-in-on-behalf";

/// Signs in with Ansattporten as oneself.
pub const SIGN_IN: &str = "sign-in";

/// Asks the provider for another organisation.
pub const SWITCH_ORGANISATION: &str = "switch-organisation";

/// Asks the provider for level high, and comes back to the same page.
pub const STEP_UP: &str = "step-up";

/// Uses the refresh token now; with nothing to use, goes to the provider.
pub const RENEW: &str = "renew";

/// Searches the dialogs of the organisation with the access token.
pub const CALL_API: &str = "call-api";

/// What came of the last call: the status such as `200`, or the code of the error.
pub const API_RESULT: &str = "api-result";

/// There when an API has asked for a higher level: signs in at that level, and comes back to the same page.
pub const SIGN_IN_AGAIN: &str = "sign-in-again";

/// Signs out, here and at the provider.
pub const SIGN_OUT: &str = "sign-out";
