//! What the standard library has, for completion: a list that was read from its sources when the runner was built.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// By type or trait, the names of functions with their signatures. `self` stands at the beginning of a method's parameters.
#[derive(Default)]
pub struct Library {
    functions: BTreeMap<String, BTreeMap<String, String>>,
}

impl Library {
    /// One a line: TYPE SIGNATURE
    pub fn read(path: &Path) -> Self {
        let mut library = Self::default();
        for line in fs::read_to_string(path).unwrap_or_default().lines() {
            let Some((owner, signature)) = line.split_once(' ') else { continue };
            let Some((_, rest)) = signature.split_once("fn ") else { continue };
            let name = rest.split(['<', '(']).next().unwrap_or(rest);
            library.functions.entry(owner.into()).or_default().insert(name.into(), signature.into());
        }
        library
    }

    pub fn of_type(&self, name: &str) -> impl Iterator<Item = &str> {
        self.functions.get(name).into_iter().flat_map(|found| found.keys().map(String::as_str))
    }

    pub fn methods(&self, name: &str) -> impl Iterator<Item = &str> {
        let found = self.functions.get(name).into_iter().flat_map(BTreeMap::iter);
        found
            .filter(|(_, signature)| {
                signature
                    .split_once('(')
                    .is_some_and(|(_, rest)| rest.split([',', ')']).next().is_some_and(|first| first.contains("self")))
            })
            .map(|(name, _)| name.as_str())
    }

    pub fn signature(&self, owner: &str, name: &str) -> Option<String> {
        self.functions.get(owner)?.get(name).cloned()
    }

    /// Where the methods of a value are looked for.
    pub fn chain<'a>(&self, type_name: &str, head: &'a str) -> Vec<&'a str> {
        let more: &[&str] = match head {
            "Vec" => &["slice"],
            "String" => &["str"],
            _ if type_name.trim_start_matches('&').starts_with('[') => &["slice"],
            _ if self.functions.contains_key(head) || type_name.contains("::iter::") => &[],
            _ => &[],
        };
        let iterates =
            ["Range", "RangeInclusive", "Iter", "IntoIter", "Map", "Filter", "Rev", "Chars", "Enumerate", "Zip", "Lines"]
                .contains(&head)
                || head == "Iterator";
        let iterator: &[&str] = if iterates { &["Iterator"] } else { &[] };
        std::iter::once(head).chain(more.iter().copied()).chain(iterator.iter().copied()).collect()
    }
}
