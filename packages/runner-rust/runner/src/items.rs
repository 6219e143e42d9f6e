//! Functions, types, imports and other items of all cells. Each cell is compiled with those that it needs, so that the newest
//! one counts everywhere.

use crate::cell::{Cell, Piece};
use crate::imports::leaves;
use crate::names::{Names, names_of};
use quote::ToTokens;
use std::collections::HashSet;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::Visit;
use syn::{ImplItem, Item, ItemStatic, TraitItem};

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Use,
    Macro,
    Type,
    Trait,
    Impl,
    Other,
}

#[derive(Clone)]
pub struct Stored {
    pub id: usize,
    pub cell: String,
    pub kind: Kind,
    pub name: String,
    /// A later item with one of these takes its place.
    keys: Vec<String>,
    /// Who mentions one of these needs it.
    triggers: Names,
    /// What an `impl` is about.
    header: Names,
    pub mentions: Names,
    /// As it is compiled in its own cell, and in later ones.
    pub piece: Piece,
    pub later: Piece,
    /// The functions of an `impl` for a type, with their places in the text.
    members: Vec<(String, Range<usize>)>,
    tokens: String,
    signature: String,
    /// The fields of a struct, the variants of an enum.
    pub parts: Vec<String>,
}

impl Stored {
    /// Its documentation, and its head.
    pub fn described(&self) -> String {
        let documentation: Vec<&str> = self
            .piece
            .text
            .lines()
            .map(str::trim)
            .take_while(|line| line.starts_with("///") || line.starts_with("#["))
            .filter(|line| line.starts_with("///"))
            .collect();
        documentation.into_iter().chain([self.signature.as_str()]).collect::<Vec<_>>().join("\n")
    }
}

#[derive(Default, Clone)]
pub struct Items {
    stored: Vec<Stored>,
    next_id: usize,
}

/// What a cell brings.
pub struct NewItems {
    /// As they stand in the cell, to be compiled with it.
    pub pieces: Vec<(bool, Piece)>,
    pub stored: Vec<Stored>,
}

impl Items {
    pub fn iter(&self) -> std::slice::Iter<'_, Stored> {
        self.stored.iter()
    }

    pub fn find(&self, name: &str) -> Option<&Stored> {
        self.stored.iter().rev().find(|item| item.name == name && item.kind != Kind::Use)
    }

    /// The functions of a type's own `impl`s and of its traits.
    pub fn members_of(&self, type_name: &str) -> Vec<String> {
        let of_type = self.stored.iter().filter(|item| item.kind == Kind::Impl && item.header.contains(type_name));
        of_type.flat_map(|item| item.members.iter().map(|(name, _)| name.clone())).collect()
    }

    pub fn read(&mut self, cell: &Cell, name: &str) -> NewItems {
        let mut new = NewItems { pieces: Vec::new(), stored: Vec::new() };
        for (item, piece) in &cell.items {
            let (now, later) = with_statics(item, piece, self.next_id);
            new.pieces.push((matches!(item, Item::Macro(_)), now.clone()));
            if let Item::Use(import) = item {
                for leaf in leaves(import) {
                    let piece = Piece { text: leaf.text, column: 0, ..piece.clone() };
                    new.stored.push(self.stored_item(item, name, piece.clone(), piece, leaf.key, leaf.name));
                }
            } else {
                let (key, own) = key_of(item);
                new.stored.push(self.stored_item(item, name, now, later, key, own));
            }
        }
        new
    }

    fn stored_item(&mut self, item: &Item, cell: &str, piece: Piece, later: Piece, key: String, name: String) -> Stored {
        self.next_id += 1;
        let mut stored = Stored {
            id: self.next_id,
            cell: cell.to_string(),
            kind: Kind::Other,
            keys: vec![key],
            triggers: Names::from([name.clone()]),
            name,
            header: Names::new(),
            mentions: Names::new(),
            piece,
            later: later.clone(),
            members: Vec::new(),
            tokens: item.to_token_stream().to_string(),
            signature: signature_of(item, &later),
            parts: Vec::new(),
        };
        names_of(item.to_token_stream(), &mut stored.mentions);
        match item {
            Item::Use(_) => {
                stored.kind = Kind::Use;
                stored.mentions = Names::new();
                names_of(stored.piece.text.parse().unwrap_or_default(), &mut stored.mentions);
                stored.tokens = stored.piece.text.clone();
            }
            Item::Macro(found) => {
                stored.kind = Kind::Macro;
                if found.ident.is_none() {
                    stored.triggers = statics_of(&stored.tokens).map(String::from).collect();
                }
            }
            Item::Struct(found) => {
                stored.kind = Kind::Type;
                stored.parts = found.fields.iter().filter_map(|field| field.ident.as_ref()).map(ToString::to_string).collect();
                if !matches!(found.fields, syn::Fields::Named(_)) {
                    stored.keys.push(format!("value {}", stored.name));
                }
            }
            Item::Enum(found) => {
                stored.kind = Kind::Type;
                stored.parts = found.variants.iter().map(|variant| variant.ident.to_string()).collect();
            }
            Item::Union(_) | Item::Type(_) => stored.kind = Kind::Type,
            Item::Trait(found) => {
                stored.kind = Kind::Trait;
                // Methods are called without the trait's name.
                for member in &found.items {
                    match member {
                        TraitItem::Fn(function) => stored.triggers.insert(function.sig.ident.to_string()),
                        TraitItem::Const(constant) => stored.triggers.insert(constant.ident.to_string()),
                        _ => false,
                    };
                }
            }
            Item::Impl(found) => {
                stored.kind = Kind::Impl;
                names_of(found.self_ty.to_token_stream(), &mut stored.header);
                if let Some((_, path, _)) = &found.trait_ {
                    names_of(path.to_token_stream(), &mut stored.header);
                }
                let start = found.span().byte_range().start;
                for member in &found.items {
                    let name = match member {
                        ImplItem::Fn(function) => function.sig.ident.to_string(),
                        ImplItem::Const(constant) => constant.ident.to_string(),
                        _ => continue,
                    };
                    let range = member.span().byte_range();
                    stored.members.push((name, range.start - start..range.end - start));
                }
                if found.trait_.is_none() {
                    // Several of these for one type stand beside each other.
                    stored.keys = Vec::new();
                }
            }
            _ => {}
        }
        stored
    }

    /// The names of types that are other ones now, with those that are made of them.
    pub fn changed_types(&self, new: &[Stored]) -> Names {
        let mut changed = Names::new();
        for old in &self.stored {
            let replacement =
                new.iter().find(|item| item.kind != Kind::Use && item.keys.iter().any(|key| old.keys.contains(key)));
            let matters = matches!(old.kind, Kind::Type | Kind::Trait) || old.piece.text.contains("const ");
            if matters && old.kind != Kind::Impl && replacement.is_some_and(|item| item.tokens != old.tokens) {
                changed.insert(old.name.clone());
            }
        }
        loop {
            let before = changed.len();
            for item in self.stored.iter().filter(|item| matches!(item.kind, Kind::Type | Kind::Trait)) {
                if !changed.contains(&item.name) && !item.mentions.is_disjoint(&changed) {
                    changed.insert(item.name.clone());
                }
            }
            if changed.len() == before {
                return changed;
            }
        }
    }

    /// Puts in what a cell has brought.
    pub fn add(&mut self, new: Vec<Stored>, dropped: &HashSet<usize>) {
        self.stored.retain(|old| !dropped.contains(&old.id));
        for item in new {
            self.replace(&item);
            self.stored.push(item);
        }
    }

    /// Without what the new ones take the place of.
    pub fn without(&self, new: &[Stored], dropped: &HashSet<usize>) -> Self {
        let mut rest = self.clone();
        rest.stored.retain(|old| !dropped.contains(&old.id));
        new.iter().for_each(|item| rest.replace(item));
        rest
    }

    fn replace(&mut self, item: &Stored) {
        self.stored.retain_mut(|old| {
            let is_same = old.keys.iter().any(|key| item.keys.contains(key))
                || (item.kind != Kind::Impl && old.kind == Kind::Use && old.name == item.name)
                || (item.kind == Kind::Use && old.kind != Kind::Impl && old.name == item.name);
            if is_same {
                return false;
            }
            if item.kind == Kind::Impl && item.keys.is_empty() && old.keys.is_empty() && old.header == item.header {
                return keep_other_members(old, item);
            }
            true
        });
    }

    /// What code with these names needs.
    pub fn needed(&self, names: &Names) -> Vec<&Stored> {
        let own: Names = self
            .stored
            .iter()
            .filter(|item| !matches!(item.kind, Kind::Impl | Kind::Use))
            .map(|item| item.name.clone())
            .collect();
        let mut wanted = names.clone();
        let mut taken: HashSet<usize> = HashSet::new();
        let mut there = Names::new();
        loop {
            let before = taken.len();
            for item in &self.stored {
                let is_needed = match item.kind {
                    Kind::Use => true,
                    Kind::Impl => item.header.iter().all(|name| !own.contains(name) || there.contains(name)),
                    _ => !item.triggers.is_disjoint(&wanted),
                };
                if is_needed && taken.insert(item.id) {
                    wanted.extend(item.mentions.iter().cloned());
                    there.insert(item.name.clone());
                }
            }
            if taken.len() == before {
                let mut found: Vec<&Stored> = self.stored.iter().filter(|item| taken.contains(&item.id)).collect();
                // Macros are known from where they stand on.
                found.sort_by_key(|item| item.kind != Kind::Macro);
                return found;
            }
        }
    }
}

/// Takes the functions out that are defined again; false when nothing is left.
fn keep_other_members(old: &mut Stored, new: &Stored) -> bool {
    let is_again = |name: &String| new.members.iter().any(|(other, _)| other == name);
    let had_some = !old.members.is_empty();
    for (_, range) in old.members.iter().filter(|(name, _)| is_again(name)) {
        for piece in [&mut old.piece, &mut old.later] {
            if let Some(text) = piece.text.get(range.clone()) {
                let blank: String =
                    text.chars().map(|c| if c == '\n' { "\n".into() } else { " ".repeat(c.len_utf8()) }).collect();
                piece.text.replace_range(range.clone(), &blank);
            }
        }
    }
    old.members.retain(|(name, _)| !is_again(name));
    !(had_some && old.members.is_empty())
}

fn key_of(item: &Item) -> (String, String) {
    let key = |space: &str, name: &syn::Ident| (format!("{space} {name}"), name.to_string());
    match item {
        Item::Fn(found) => key("value", &found.sig.ident),
        Item::Const(found) => key("value", &found.ident),
        Item::Static(found) => key("value", &found.ident),
        Item::Struct(found) => key("type", &found.ident),
        Item::Enum(found) => key("type", &found.ident),
        Item::Union(found) => key("type", &found.ident),
        Item::Type(found) => key("type", &found.ident),
        Item::Trait(found) => key("type", &found.ident),
        Item::Mod(found) => key("type", &found.ident),
        Item::ExternCrate(found) => key("type", &found.ident),
        Item::Macro(found) => match &found.ident {
            Some(name) => key("macro", name),
            None => {
                let text = found.to_token_stream().to_string();
                let name = statics_of(&text).next().unwrap_or_default();
                (format!("value {name}"), name.to_string())
            }
        },
        Item::Impl(found) => {
            let header = format!(
                "impl {} {} for {}",
                found.generics.to_token_stream(),
                found.trait_.as_ref().map(|(_, path, _)| path.to_token_stream().to_string()).unwrap_or_default(),
                found.self_ty.to_token_stream()
            );
            (header.clone(), header)
        }
        other => {
            let text = other.to_token_stream().to_string();
            (text.clone(), text)
        }
    }
}

/// The names in `thread_local! { static NAME: …; static OTHER: … }`.
fn statics_of(text: &str) -> impl Iterator<Item = &str> {
    text.split("static ").skip(1).filter_map(|rest| rest.split([' ', ':']).next())
}

/// A function without its body; of what else there is the text without attributes.
fn signature_of(item: &Item, piece: &Piece) -> String {
    let text = piece.text.as_str();
    let start = item.span().byte_range().start;
    match item {
        Item::Fn(found) => {
            let (from, to) = (found.sig.span().byte_range().start - start, found.block.span().byte_range().start - start);
            text.get(from..to).unwrap_or_default().trim().to_string()
        }
        Item::Use(_) | Item::Impl(_) => String::new(),
        _ => text
            .lines()
            .skip_while(|line| line.trim().starts_with("///") || line.trim().starts_with("#["))
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

struct Statics(Vec<(String, Range<usize>, String)>);

impl<'ast> Visit<'ast> for Statics {
    fn visit_item_static(&mut self, found: &'ast ItemStatic) {
        let (ty, name) = (found.ty.to_token_stream(), found.ident.to_string());
        let word = if matches!(found.mutability, syn::StaticMutability::Mut(_)) { "static mut" } else { "safe static" };
        self.0.push((name.clone(), found.span().byte_range(), format!("{word} {name}: {ty};")));
    }
}

/// A static lives in the library of its own cell: later ones use that.
fn with_statics(item: &Item, piece: &Piece, id: usize) -> (Piece, Piece) {
    let mut statics = Statics(Vec::new());
    statics.visit_item(item);
    let start = item.span().byte_range().start;
    let (mut now, mut later) = (piece.clone(), piece.clone());
    for (index, (name, range, declaration)) in statics.0.iter().enumerate().rev() {
        let symbol = format!("kb_{id}_{index}_{name}");
        let range = range.start - start..range.end - start;
        now.text.insert_str(range.start, &format!("#[unsafe(export_name = \"{symbol}\")] "));
        let text = format!("unsafe extern \"C\" {{ #[link_name = \"{symbol}\"] {declaration} }}");
        // The lines after it keep their numbers.
        let lines = later.text[range.clone()].matches('\n').count();
        later.text.replace_range(range, &(text + &"\n".repeat(lines)));
    }
    (now, later)
}
