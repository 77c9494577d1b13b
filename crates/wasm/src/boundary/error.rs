portvakt_jose::errors! {
    /// What can go wrong at the boundary itself.
    pub enum BoundaryError {
        Options => "misuse_options",
            "An option is missing, or has the wrong type or an unknown value.",
            "Portvakt, options";
        Clock => "misuse_clock",
            "The clock must give the time in seconds since 1970, and not in milliseconds.",
            "RFC 7519 §2";
        Flow => "internal_flow_unknown",
            "The flow that the answer is for is not running.",
            "Portvakt, driver";
        Verifier => "internal_verifier_unknown",
            "The verifier is not prepared.",
            "Portvakt, driver";
        Result => "internal_result",
            "The result cannot be represented in JavaScript.",
            "Portvakt, driver";
    }
}
