use portvakt_jose::errors;

errors! {
    /// Why a session is over, or cannot go on.
    pub enum SessionError {
        Idle => "session_idle",
            "Nobody has used the application for so long that the session is over.",
            "ID-porten, guide, sessions";
        Over => "session_over",
            "The person signed in so long ago that the session is over.",
            "ID-porten, guide, sessions";
        EndedElsewhere => "session_ended_elsewhere",
            "The person has signed out elsewhere: in another tab, or from another service.",
            "OIDC Front-Channel Logout §2";
        Changed => "session_changed",
            "The session was replaced while this was under way: another person, organisation or level.",
            "portvakt, sessions";
        NotRenewable => "session_not_renewable",
            "The provider gave nothing to renew the session with: sign in again.",
            "RFC 6749 §1.5";
        RenewalRefused => "session_renewal_refused",
            "The provider does not renew the session: what it is renewed with is used, expired or revoked.",
            "RFC 6749 §5.2";
        Unreadable => "session_unreadable",
            "What was kept of the session cannot be read, or has been tampered with.",
            "RFC 9700 §4.7";
        OfOtherClient => "session_of_other_client",
            "What was kept is the session of another issuer or client.",
            "RFC 9700 §4.4";
    }
}

errors! {
    /// What is wrong with the device that the person uses.
    pub enum DeviceError {
        /// Nothing helps but to set the clock: a second try ends the same way.
        ClockWrong => "device_clock_wrong",
            "The clock of this device is more than five minutes from the provider's: set the clock, then sign in.",
            "RFC 7519 §4.1.4";
    }
}
