//! The names that some code mentions.

use proc_macro2::{TokenStream, TokenTree};
use std::collections::HashSet;

pub type Names = HashSet<String>;

pub fn names_of(tokens: TokenStream, names: &mut Names) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                names.insert(name.to_string().trim_start_matches("r#").to_string());
            }
            TokenTree::Group(group) => names_of(group.stream(), names),
            TokenTree::Literal(literal) => names_in_format(&literal.to_string(), names),
            TokenTree::Punct(_) => {}
        }
    }
}

/// `"{x} {y:?} {z:>width$}"` mentions x, y, z and width.
fn names_in_format(text: &str, names: &mut Names) {
    if !text.ends_with(['"', '#']) {
        return;
    }
    for part in text.split('{').skip(1) {
        let Some((inner, _)) = part.split_once('}') else { continue };
        let mut add = |word: &str| {
            let is_name =
                word.chars().all(|c| c == '_' || c.is_alphanumeric()) && !word.starts_with(|c: char| c.is_ascii_digit());
            if is_name && !word.is_empty() {
                names.insert(word.to_string());
            }
        };
        let (name, format) = inner.split_once(':').unwrap_or((inner, ""));
        add(name.trim());
        for word in format.split('$') {
            add(word.rsplit(|c: char| c != '_' && !c.is_alphanumeric()).next().unwrap_or_default());
        }
    }
}

/// The names in a type as the compiler writes it.
pub fn names_in_text(text: &str) -> Names {
    text.split(|c: char| c != '_' && !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect()
}
