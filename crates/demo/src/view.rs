//! What is on the page.

pub(crate) mod checks;
pub(crate) mod claims;
pub(crate) mod content;
pub(crate) mod dialog;
pub(crate) mod dialog_parts;
pub(crate) mod frame;
pub(crate) mod inbox;
pub(crate) mod marks;
pub(crate) mod organisations;
pub(crate) mod parts;
pub(crate) mod person;
pub(crate) mod problem;
pub(crate) mod request_form;
pub(crate) mod session_clock;
pub(crate) mod session_tools;
pub(crate) mod session_warning;
pub(crate) mod signed_in;
pub(crate) mod signed_out;
pub(crate) mod status;
