//! What is wanted of a record: a tree of paths, found by name.

use super::bytes::first_eight;

/// A tree of wanted paths. A node may be wanted itself (`value`, `raw`) and have wanted children.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    children: Vec<Child>,
    /// Where children are, by their names' prints: a power of two, at most half of them taken.
    places: Vec<Place>,
    pub(crate) value: Option<usize>,
    pub(crate) raw: Option<usize>,
}

#[derive(Debug)]
struct Child {
    name: Box<str>,
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// The first eight bytes of the child's name.
    print: u64,
    /// The child's place among the children, from 1; 0 where there is none.
    child: usize,
}

impl Wanted {
    pub(crate) fn at(&mut self, names: &[String]) -> &mut Wanted {
        let Some((first, rest)) = names.split_first() else { return self };
        let at = match self.children.iter().position(|child| *child.name == **first) {
            Some(at) => at,
            None => self.add(first),
        };
        self.children[at].wanted.at(rest)
    }

    fn add(&mut self, name: &str) -> usize {
        self.children.push(Child { name: name.into(), wanted: Wanted::default() });
        if self.children.len() * 2 > self.places.len() {
            self.places = vec![Place::default(); (self.children.len() * 4).next_power_of_two()];
            (0..self.children.len()).for_each(|at| self.place(at));
        } else {
            self.place(self.children.len() - 1);
        }
        self.children.len() - 1
    }

    fn place(&mut self, at: usize) {
        let name = self.children[at].name.as_bytes();
        let print = first_eight(name, 0, name.len());
        let mut place = first_place(print);
        while self.places[place & (self.places.len() - 1)].child != 0 {
            place += 1;
        }
        let last = self.places.len() - 1;
        self.places[place & last] = Place { print, child: at + 1 };
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Wanted> {
        self.child_at(name.as_bytes(), 0, name.len())
    }

    /// The child whose name lies there in the bytes.
    #[inline(always)]
    pub(super) fn child_at(&self, bytes: &[u8], from: usize, to: usize) -> Option<&Wanted> {
        let print = first_eight(bytes, from, to - from);
        let mut place = first_place(print);
        loop {
            // None where there are no places, as there are no children.
            let found = self.places.get(place & self.places.len().wrapping_sub(1))?;
            let child = self.children.get(found.child.checked_sub(1)?)?;
            if found.print == print && is_name(&child.name, bytes, from, to) {
                return Some(&child.wanted);
            }
            place += 1;
        }
    }

    /// It, and all that is wanted within.
    pub(super) fn each(&self, visit: &mut impl FnMut(&Wanted)) {
        visit(self);
        self.children.iter().for_each(|child| child.wanted.each(visit));
    }
}

/// Where a print is looked for first, of a power of two places.
#[inline]
fn first_place(print: u64) -> usize {
    (print.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

/// Whether bytes whose first eight are those of the name are the name.
#[inline]
fn is_name(name: &str, bytes: &[u8], from: usize, to: usize) -> bool {
    name.len() == to - from && (name.len() <= 8 || name.as_bytes() == &bytes[from..to])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_they_share() {
        let mut names: Vec<String> = (0..500).map(|n| format!("a long name {n}")).collect();
        names.extend((0..500).map(|n| n.to_string()));
        names.extend(["", "a", "a\0", "a\0\0", "\0", "é", "12345678", "123456789"].map(str::to_owned));
        let mut wanted = Wanted::default();
        for (slot, name) in names.iter().enumerate() {
            wanted.at(std::slice::from_ref(name)).value = Some(slot);
        }
        for (slot, name) in names.iter().enumerate() {
            assert_eq!(wanted.child(name).and_then(|w| w.value), Some(slot), "{name:?}");
        }
        for stranger in ["a long name", "a long name 500", "1234567", "1000", "\0\0", "ab"] {
            assert!(wanted.child(stranger).is_none(), "{stranger:?}");
        }
    }
}
