//! The one form in which this workspace writes down its errors.

/// A row of a table: what is known of one error, or of one verification step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TableRow {
    /// The stable, machine-readable name, in snake_case.
    pub code: &'static str,
    /// One English sentence for developers and logs.
    pub sentence: &'static str,
    /// The specification and section whose rule was broken.
    pub source: &'static str,
}

/// Declares an error enum from a table of variant, code, sentence and source.
///
/// Every row is `Variant => "stable_code", "Sentence.", "Source";`. Doc comments above a row are
/// added to the variant's documentation, whose first line is the sentence. The enum is `Copy`,
/// carries no data (so that nothing secret can be in it) and gets `code()`, `sentence()`,
/// `source()`, `ALL`, `from_code()`, `Display` (the sentence) and [`core::error::Error`].
///
/// ```
/// portvakt_jose::errors! {
///     /// Why a door stays shut.
///     pub enum DoorError {
///         Locked => "door_locked", "The door is locked.", "House rules §1";
///     }
/// }
/// assert_eq!(DoorError::Locked.code(), "door_locked");
/// assert_eq!(DoorError::from_code("door_locked"), Some(DoorError::Locked));
/// assert_eq!(DoorError::Locked.to_string(), "The door is locked.");
/// ```
#[doc(hidden)]
#[macro_export]
macro_rules! errors {
    (
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $(
                $(#[$variant_attribute:meta])*
                $variant:ident => $code:literal, $sentence:literal, $source:literal;
            )+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        $visibility enum $name {
            $(
                #[doc = $sentence]
                #[doc = concat!("\n\nCode `", $code, "`. Source: ", $source, ".")]
                $(#[$variant_attribute])*
                $variant,
            )+
        }

        impl $name {
            /// Every variant, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The row of the table: everything that is known of this error.
            #[must_use]
            pub const fn row(self) -> &'static $crate::TableRow {
                match self {
                    $(Self::$variant => &$crate::TableRow {
                        code: $code,
                        sentence: $sentence,
                        source: $source,
                    },)+
                }
            }

            /// The stable, machine-readable name of this error, in snake_case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                self.row().code
            }

            /// One English sentence for developers and logs; it never holds a value from outside.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                self.row().sentence
            }

            /// The specification and section whose rule was broken.
            #[must_use]
            pub const fn source(self) -> &'static str {
                self.row().source
            }

            /// The variant that has this code, if there is one.
            #[must_use]
            pub fn from_code(code: &str) -> ::core::option::Option<Self> {
                Self::ALL.iter().copied().find(|error| error.code() == code)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                formatter.write_str(self.sentence())
            }
        }

        impl ::core::error::Error for $name {}
    };
}
