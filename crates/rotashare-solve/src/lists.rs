//! Several lists in one piece of memory: a pricing makes dozens of them, and asking for memory for each took
//! a tenth of its time.

use std::ops::Index;

#[derive(Clone, Debug)]
pub(crate) struct Lists<T> {
    values: Vec<T>,
    ends: Vec<usize>,
}

impl<T> Lists<T> {
    pub(crate) fn new() -> Self {
        Self { values: Vec::new(), ends: Vec::new() }
    }

    /// One more list.
    pub(crate) fn add(&mut self, list: impl IntoIterator<Item = T>) {
        self.values.extend(list);
        self.ends.push(self.values.len());
    }

    /// How many lists there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The lists in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|number| &self[number])
    }

    /// The values of all lists.
    pub(crate) fn values(&self) -> &[T] {
        &self.values
    }

    fn begin(&self, number: usize) -> usize {
        if number == 0 { 0 } else { self.ends[number - 1] }
    }
}

impl<T: Copy> Lists<T> {
    /// One more list of so many, filled; and the one before it.
    pub(crate) fn grow(&mut self, count: usize, value: T) -> (&[T], &mut [T]) {
        let end = self.values.len();
        self.values.resize(end + count, value);
        let begin = self.ends.last().map_or(0, |_| self.begin(self.len() - 1));
        self.ends.push(end + count);
        let (before, new) = self.values.split_at_mut(end);
        (&before[begin..], new)
    }
}

impl<T> Index<usize> for Lists<T> {
    type Output = [T];

    #[inline]
    fn index(&self, number: usize) -> &[T] {
        &self.values[self.begin(number)..self.ends[number]]
    }
}
