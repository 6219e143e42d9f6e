//! `use`, one name at a time: each is replaced on its own.

use syn::{ItemUse, UseTree};

pub struct Leaf {
    pub text: String,
    pub key: String,
    pub name: String,
}

/// `use a::{b, c as d}` is `use a::b` and `use a::c as d`.
pub fn leaves(import: &ItemUse) -> Vec<Leaf> {
    fn walk(tree: &UseTree, path: &str, found: &mut Vec<Leaf>) {
        let mut leaf = |rest: String, name: String, key: Option<String>| {
            let text = format!("use {path}{rest};");
            let key = key.unwrap_or_else(|| format!("use {name}"));
            found.push(Leaf { text, key, name });
        };
        match tree {
            UseTree::Path(next) => walk(&next.tree, &format!("{path}{}::", next.ident), found),
            UseTree::Name(name) if name.ident == "self" => {
                let last = path.trim_end_matches("::").rsplit("::").next().unwrap_or_default().to_string();
                leaf("{self}".into(), last, None);
            }
            UseTree::Name(name) => leaf(name.ident.to_string(), name.ident.to_string(), None),
            UseTree::Rename(renamed) if renamed.rename == "_" => {
                leaf(format!("{} as _", renamed.ident), String::new(), Some(format!("use {path}{} as _", renamed.ident)));
            }
            UseTree::Rename(renamed) => {
                let source = if renamed.ident == "self" { "{self as".into() } else { format!("{} as", renamed.ident) };
                let close = if renamed.ident == "self" { "}" } else { "" };
                leaf(format!("{source} {}{close}", renamed.rename), renamed.rename.to_string(), None);
            }
            UseTree::Glob(_) => leaf("*".into(), String::new(), Some(format!("use {path}*"))),
            UseTree::Group(group) => group.items.iter().for_each(|tree| walk(tree, path, found)),
        }
    }
    let mut found = Vec::new();
    walk(&import.tree, if import.leading_colon.is_some() { "::" } else { "" }, &mut found);
    found
}
