//! What stays in the module between two calls, under numbers that the driver chooses.

use alloc::vec::Vec;

/// At most `MAX` values, the oldest first, which makes room for the next.
pub(crate) struct Kept<T, const MAX: usize>(Vec<(u32, T)>);

impl<T, const MAX: usize> Kept<T, MAX> {
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Whether nothing is kept, and then no memory either.
    #[cfg(all(target_family = "wasm", not(feature = "verify")))]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn keep(&mut self, number: u32, value: T) {
        drop(self.take(number));
        if self.0.len() >= MAX {
            self.0.remove(0);
        }
        self.0.push((number, value));
    }

    pub(crate) fn take(&mut self, number: u32) -> Option<T> {
        let place = self.place(number)?;
        let (_, value) = self.0.remove(place);
        if self.0.is_empty() {
            self.0 = Vec::new();
        }
        Some(value)
    }

    fn place(&self, number: u32) -> Option<usize> {
        self.0.iter().position(|(other, _)| *other == number)
    }
}

#[cfg(feature = "verify")]
impl<T, const MAX: usize> Kept<T, MAX> {
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let (_, value) = self.0.get(self.place(number)?)?;
        Some(value)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let place = self.place(number)?;
        let (_, value) = self.0.get_mut(place)?;
        Some(value)
    }
}
