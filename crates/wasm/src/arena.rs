//! The memory of the module for signing in: taken from one run of bytes, and let go of all at once.
//!
//! A call leaves nothing behind but the flows that wait for an answer, and a page has seldom one of them. So nothing
//! is let go of by itself, which is a good part of what a program otherwise does: when a call ends and no flow waits,
//! all that was taken is free, and the next call begins where the first one did.
//!
//! So no static may hold memory that was taken here from one call to the next, but for the flows, which are asked
//! first: a table that is made when it is first needed would be read after it is gone. The statics of our crates are
//! listed in `statics.rs`, and a test fails at one more; those that are made lazily belong to the arithmetic, and the
//! module for signing in has none of that. Of the crates that are not ours it has readers and writers of base64,
//! hashes and comparisons, none of which keeps anything.
//!
//! A flow whose answer never comes holds what all later calls take. There is an end to that: at [`MAX_BYTES`] the
//! module traps, and the driver takes a new instance, which knows nothing of the old one.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr;

/// The most memory that is taken, in bytes.
///
/// The largest text that is read, of a mebibyte, takes ten megabytes where each of its members is as short as it can
/// be; what a login and the calls beside it read is a small part of that.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// A page of WebAssembly, in bytes.
const PAGE_BYTES: usize = 64 * 1024;

/// The allocator. Good for one thread, as a module has.
pub(crate) struct Arena {
    /// Where the next piece begins; zero before the first one.
    next: Cell<usize>,
    /// Whether nothing that was taken is used any more.
    is_over: Cell<bool>,
}

// SAFETY: a module has one thread.
#[expect(unsafe_code, reason = "a static has to be `Sync`")]
unsafe impl Sync for Arena {}

impl Arena {
    pub(crate) const fn new() -> Self {
        Self {
            next: Cell::new(0),
            is_over: Cell::new(false),
        }
    }

    /// Ends a call: what was taken is free as soon as more is asked for, unless something `is_kept`. Until then the
    /// answer of the call can be read.
    pub(crate) fn end_call(&self, is_kept: bool) {
        self.is_over.set(!is_kept);
    }

    /// Where a piece begins, if there is room for it.
    fn take(&self, layout: Layout) -> Option<usize> {
        if self.is_over.replace(false) {
            self.erase();
        }
        let free = self.next.get().max(first_free_byte());
        let start = free.checked_next_multiple_of(layout.align())?;
        self.extend_to(start.checked_add(layout.size())?)?;
        Some(start)
    }

    /// Begins anew. Tokens do not stay where nobody needs them.
    fn erase(&self) {
        let first = first_free_byte();
        let length = self.next.replace(0).saturating_sub(first);
        // SAFETY: all of it was taken, and nothing of it is used any more: see `end_call`.
        #[expect(unsafe_code, reason = "the memory is no value of Rust any more")]
        unsafe {
            ptr::write_bytes(ptr::with_exposed_provenance_mut::<u8>(first), 0, length);
        }
    }

    /// Moves the end, if there is room for that.
    fn extend_to(&self, end: usize) -> Option<()> {
        if end > MAX_BYTES {
            return None;
        }
        let pages = core::arch::wasm32::memory_size(0);
        let missing = end.div_ceil(PAGE_BYTES).saturating_sub(pages);
        if missing > 0 && core::arch::wasm32::memory_grow(0, missing) == usize::MAX {
            return None;
        }
        self.next.set(end);
        Some(())
    }
}

// SAFETY: a piece lies between the end of the one before and the new end, within the memory. It stays until `end_call`
// has said that nobody uses it.
#[expect(unsafe_code, reason = "that is what an allocator is")]
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout)
            .map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if size <= layout.size() {
            return piece;
        }
        // The last piece grows where it is.
        let start = piece.expose_provenance();
        if start + layout.size() == self.next.get() {
            return match start.checked_add(size).and_then(|end| self.extend_to(end)) {
                Some(()) => piece,
                None => ptr::null_mut(),
            };
        }
        // SAFETY: the caller's promise is that of this function, but for the size, which is greater and therefore not
        // zero; it is at most `isize::MAX` when it is rounded up to the alignment.
        unsafe {
            let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
            if !moved.is_null() {
                ptr::copy_nonoverlapping(piece, moved, layout.size());
            }
            moved
        }
    }
}

/// Where the linker's own data ends.
fn first_free_byte() -> usize {
    #[expect(unsafe_code, reason = "the linker's symbol has no other form")]
    unsafe extern "C" {
        /// Only its address means something.
        static __heap_base: u8;
    }
    (&raw const __heap_base).expose_provenance()
}
