use alloc::string::{String, ToString};

/// Enumerations of an API that grows: what is not known here is kept as the text that it is.
macro_rules! open_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, PartialEq, Eq)]
            #[non_exhaustive]
            pub enum $name {
                $(
                    $(#[$variant_doc])*
                    #[doc = concat!("`", stringify!($variant), "`")]
                    $variant,
                )+
                /// A value that is not known here.
                Other(String),
            }

            impl $name {
                /// Reads a value as the API writes it.
                pub fn parse(text: &str) -> Self {
                    match text {
                        $(stringify!($variant) => Self::$variant,)+
                        other => Self::Other(other.to_string()),
                    }
                }

                /// The value as the API writes it.
                pub fn as_str(&self) -> &str {
                    match self {
                        $(Self::$variant => stringify!($variant),)+
                        Self::Other(text) => text,
                    }
                }
            }
        )+
    };
}

open_enums! {
    /// How far a dialog has come.
    DialogStatus {
        NotApplicable,
        InProgress,
        Draft,
        Awaiting,
        RequiresAttention,
        Completed,
    }
    /// Where the party has put a dialog.
    SystemLabel {
        Default,
        Bin,
        Archive,
        MarkedAsUnopened,
        Sent,
    }
    /// What happened.
    ActivityType {
        DialogCreated,
        DialogClosed,
        Information,
        TransmissionOpened,
        PaymentMade,
        SignatureProvided,
        DialogOpened,
        DialogDeleted,
        DialogRestored,
        SentToSigning,
        SentToFormFill,
        SentToSendIn,
        SentToPayment,
        FormSubmitted,
        FormSaved,
        CorrespondenceOpened,
        CorrespondenceConfirmed,
    }
    /// What kind of message; the last two come from the party.
    TransmissionType {
        Information,
        Acceptance,
        Rejection,
        Request,
        Alert,
        Decision,
        Submission,
        Correction,
    }
    /// Which side somebody acts for.
    ActorType {
        PartyRepresentative,
        ServiceOwner,
    }
    /// How prominent a button is.
    Priority {
        Primary,
        Secondary,
        Tertiary,
    }
}
