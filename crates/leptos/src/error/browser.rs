portvakt_jose::errors! {
    /// What the browser, or the person in it, made impossible.
    pub enum BrowserError {
        SignedOut => "browser_signed_out",
            "Nobody is signed in.",
            "OIDC Core §1.2";
        OriginNotAllowed => "browser_origin_not_allowed",
            "The access token was about to be sent to an origin that is not on the list.",
            "RFC 9700 §4.9.1";
        ServiceUnknown => "browser_service_unknown",
            "No client is configured for this service.",
            "OIDC Core §3.1.2.1";
        StorageUnavailable => "browser_storage_unavailable",
            "The browser does not let this page keep anything, so that a sign-in cannot be completed.",
            "HTML Standard §12.2.2";
        StorageFull => "browser_storage_full",
            "The browser has no room for what must be kept during a sign-in.",
            "HTML Standard §12.2.2";
        EntropyUnavailable => "browser_entropy_unavailable",
            "The browser gave no random bytes.",
            "Web Cryptography API §10.1.1";
        CryptoUnavailable => "browser_crypto_unavailable",
            "The browser does not let this page use its cryptography.",
            "Web Cryptography API §14.3";
        NavigationRefused => "browser_navigation_refused",
            "The browser refused to change its address.",
            "HTML Standard §7.4";
        WindowUnavailable => "browser_window_unavailable",
            "There is no browser window here.",
            "HTML Standard §7.2";
    }
}
