//! How a call crosses: its arguments come in one buffer, its answer goes out in one text.
//!
//! wasm-bindgen can hand over each argument by itself, and throw. What it makes for that is a good part of a small
//! module, and more of the script around it.

use alloc::string::String;

use super::{Failure, refused};

/// Declares exports: names, each with the function that answers.
macro_rules! exports {
    ($($name:ident => $function:path;)+) => {$(
        #[doc = concat!("Calls `", stringify!($function), "`.")]
        #[wasm_bindgen::prelude::wasm_bindgen]
        pub fn $name(arguments: &[u8]) -> String {
            $crate::boundary::cross($function, arguments)
        }
    )+};
}
pub(crate) use exports;

/// What a call gives: a text, nothing, or a failure.
pub(crate) type Answered = Result<Option<String>, Failure>;

/// Answers a call. The last character of the text says what kind of answer it is.
pub(crate) fn cross(function: fn(&mut Arguments<'_>) -> Answered, arguments: &[u8]) -> String {
    let (mut text, kind) = match function(&mut Arguments(arguments)) {
        Ok(Some(text)) => (text, '+'),
        Ok(None) => (String::new(), '-'),
        Err(failure) => (failure.to_json(), '!'),
    };
    text.push(kind);
    #[cfg(all(target_family = "wasm", not(feature = "verify")))]
    crate::ALLOCATOR.end_call(crate::login::is_flow_kept());
    text
}

/// The arguments of a call, one after the other.
///
/// Each is its length in four bytes, the lowest first, and then its bytes; one that is absent has the largest length
/// and no bytes.
pub(crate) struct Arguments<'a>(&'a [u8]);

impl<'a> Arguments<'a> {
    /// All that are left, as they came. No two lists of arguments are the same bytes.
    #[cfg(feature = "verify")]
    pub(crate) const fn all(&self) -> &'a [u8] {
        self.0
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        self.optional_bytes()?.ok_or_else(refused)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Failure> {
        self.optional_text()?.ok_or_else(refused)
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<&'a str>, Failure> {
        match self.optional_bytes()? {
            None => Ok(None),
            Some(bytes) => str::from_utf8(bytes).map(Some).map_err(|_| refused()),
        }
    }

    /// A number, as JavaScript has it: eight bytes.
    pub(crate) fn number(&mut self) -> Result<f64, Failure> {
        let bytes = self.bytes()?.try_into().map_err(|_| refused())?;
        Ok(f64::from_le_bytes(bytes))
    }

    /// A number that the driver counts with.
    pub(crate) fn count(&mut self) -> Result<u32, Failure> {
        let number = self.number()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "what is no such number becomes the nearest one, and is refused"
        )]
        let count = number as u32;
        if f64::from(count).to_bits() == number.to_bits() {
            Ok(count)
        } else {
            // Two that became one would be taken for each other.
            Err(refused())
        }
    }

    fn optional_bytes(&mut self) -> Result<Option<&'a [u8]>, Failure> {
        let (length, rest) = self.0.split_first_chunk().ok_or_else(refused)?;
        self.0 = rest;
        let length = u32::from_le_bytes(*length);
        if length == u32::MAX {
            return Ok(None);
        }
        let (bytes, rest) = rest.split_at_checked(length as usize).ok_or_else(refused)?;
        self.0 = rest;
        Ok(Some(bytes))
    }
}
