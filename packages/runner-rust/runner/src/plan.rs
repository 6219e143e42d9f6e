//! How a cell becomes a function: variables are taken from the store, the statements follow word for word, and at each place
//! where a copy of the process may take over, and at the end, the variables go back.

use crate::cell::{Cell, Statement};
use crate::items::{Items, NewItems};
use crate::names::{Names, names_in_text};
use crate::source::{Origin, Source};
use std::collections::{HashMap, HashSet};

/// A variable of the session, as a cell can take it.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    /// Its place in the store.
    pub index: usize,
    pub is_mutable: bool,
    pub type_name: String,
}

/// A variable that is alive somewhere in the cell.
pub struct Local {
    pub name: String,
    pub index: usize,
    pub is_mutable: bool,
    /// It came from the store.
    pub loaded: Option<String>,
    /// What is kept, where that is not the variable itself.
    pub conversion: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Fate {
    Keep,
    /// It borrows, or its type has no name: it ends with the cell.
    Release,
    /// It is not there any more, or not yet.
    Gone,
}

pub struct Exit {
    /// How many statements come before it.
    pub after: usize,
    /// The variables by their numbers in `locals`.
    pub variables: Vec<(usize, Fate)>,
}

pub struct Plan<'a> {
    pub cell: &'a Cell,
    pub new: &'a NewItems,
    pub items: Items,
    pub locals: Vec<Local>,
    pub exits: Vec<Exit>,
    /// Items of earlier cells that do not fit any more.
    pub dropped: HashSet<usize>,
    pub function: String,
}

impl<'a> Plan<'a> {
    pub fn new(
        cell: &'a Cell,
        new: &'a NewItems,
        items: &Items,
        variables: &HashMap<String, Variable>,
        next_index: &mut usize,
        function: String,
    ) -> Self {
        let mut locals = Vec::new();
        let mut visible: Vec<usize> = Vec::new();
        let mut wanted: Vec<&Variable> = variables.values().filter(|variable| cell.names.contains(&variable.name)).collect();
        wanted.sort_by_key(|variable| variable.index);
        for variable in wanted {
            visible.push(locals.len());
            locals.push(Local {
                name: variable.name.clone(),
                index: variable.index,
                is_mutable: variable.is_mutable,
                loaded: Some(variable.type_name.clone()),
                conversion: None,
            });
        }
        let exit = |after: usize, visible: &[usize]| Exit {
            after,
            variables: visible.iter().map(|local| (*local, Fate::Keep)).collect(),
        };
        let mut exits = Vec::new();
        let mut is_changed = false;
        let all = cell.statements.iter().chain(&cell.value);
        for (number, statement) in all.enumerate() {
            if is_changed && !statement.is_quick {
                exits.push(exit(number, &visible));
            }
            is_changed = true;
            for binding in &statement.bindings {
                visible.retain(|local: &usize| locals[*local].name != binding.name);
                visible.push(locals.len());
                *next_index += 1;
                locals.push(Local {
                    name: binding.name.clone(),
                    index: *next_index,
                    is_mutable: binding.is_mutable,
                    loaded: None,
                    conversion: None,
                });
            }
        }
        exits.push(exit(usize::MAX, &visible));
        Self { cell, new, items: items.clone(), locals, exits, dropped: HashSet::new(), function }
    }

    fn statements(&self) -> impl Iterator<Item = &'a Statement> {
        self.cell.statements.iter().chain(&self.cell.value)
    }

    /// The variable is gone at an exit, and at those after it until it gets a new value.
    pub fn mark_gone(&mut self, exit: usize, local: usize, goes_on: bool) {
        let name = self.locals[local].name.clone();
        let after = self.exits[exit].after;
        let assigned = self
            .statements()
            .enumerate()
            .find(|(number, statement)| *number >= after && statement.assigns.as_ref() == Some(&name))
            .map_or(usize::MAX, |(number, _)| number);
        for other in &mut self.exits[exit..] {
            if other.after != after && (!goes_on || other.after > assigned) {
                break;
            }
            for (number, fate) in &mut other.variables {
                if *number == local {
                    *fate = Fate::Gone;
                }
            }
        }
    }

    pub fn mark_released(&mut self, local: usize) -> bool {
        let mut changed = false;
        for (number, fate) in self.exits.iter_mut().flat_map(|exit| &mut exit.variables) {
            if *number == local && *fate == Fate::Keep {
                *fate = Fate::Release;
                changed = true;
            }
        }
        changed
    }

    /// Where it ends at an exit is left to rustc: the use there came too late for something else.
    pub fn leave_out(&mut self, exit: usize, local: usize) -> bool {
        let found = self.exits[exit].variables.iter_mut().find(|(number, fate)| *number == local && *fate == Fate::Release);
        found.map(|(_, fate)| *fate = Fate::Gone).is_some()
    }

    pub fn source(&self, crates: &[String]) -> Source {
        let mut source = Source::of_cell(self.cell.lines.clone());
        source.glue("#![allow(warnings)]");
        for attribute in &self.cell.attributes {
            source.piece(attribute, Origin::Cell);
        }
        let mut names: Names = self.cell.names.clone();
        for local in &self.locals {
            names.extend(local.loaded.iter().flat_map(|text| names_in_text(text)));
        }
        let items = self.items.without(&self.new.stored, &self.dropped);
        let needed = items.needed(&names);
        names.extend(needed.iter().flat_map(|item| item.mentions.iter().cloned()));
        if crates.iter().any(|name| names.contains(name)) {
            source.glue("extern crate kernelbox_crates as _;");
        }
        source.glue(DBG);
        for item in &needed {
            source.piece(&item.later, |line| Origin::Item { id: item.id, cell: item.cell.clone(), line });
        }
        for is_macro in [true, false] {
            for (_, piece) in self.new.pieces.iter().filter(|(kind, _)| *kind == is_macro) {
                source.piece(piece, Origin::Cell);
            }
        }
        self.function(&mut source);
        source
    }

    fn function(&self, source: &mut Source) {
        source.glue(&format!("#[unsafe(no_mangle)] pub fn {}() -> ::kernelbox::Ending {{", self.function));
        for (number, local) in self.locals.iter().enumerate() {
            if let Some(type_name) = &local.loaded {
                let word = if local.is_mutable { "let mut" } else { "let" };
                let text = format!("{word} {}: {type_name} = unsafe {{ ::kernelbox::take({}usize) }};", local.name, local.index);
                source.line(&text, Origin::Load(number));
            }
        }
        let mut exits = self.exits.iter().enumerate().peekable();
        for (number, statement) in self.statements().enumerate() {
            if let Some((index, exit)) = exits.next_if(|(_, exit)| exit.after == number) {
                source.glue("if ::kernelbox::step() {");
                self.exit(index, exit, source);
                source.glue("return ::kernelbox::Ending; }");
            }
            let is_value = number == self.cell.statements.len();
            if is_value {
                // In one line: the place of a call is that of the parentheses around it.
                source.piece_after("match &(", &statement.piece, Origin::Cell);
                source.glue(") { kb_value => { use ::kernelbox::show::*; (&&&&Value(kb_value)).kb_show(); } }");
            } else {
                source.piece(&statement.piece, Origin::Cell);
                if statement.piece.text.ends_with(')') {
                    source.glue(";");
                }
            }
        }
        if self.cell.has_main {
            source.glue("::kernelbox::finish(main());");
        }
        if let Some((index, exit)) = exits.next() {
            self.exit(index, exit, source);
        }
        source.glue("::kernelbox::Ending }");
    }

    fn exit(&self, index: usize, exit: &Exit, source: &mut Source) {
        for wanted in [Fate::Release, Fate::Keep] {
            for (number, _) in exit.variables.iter().filter(|(_, fate)| *fate == wanted) {
                let local = &self.locals[*number];
                let text = match (wanted, &local.conversion) {
                    (Fate::Keep, None) => format!("::kernelbox::keep({}usize, {:?}, {});", local.index, local.name, local.name),
                    (Fate::Keep, Some(conversion)) => {
                        format!("::kernelbox::keep({}usize, {:?}, {conversion});", local.index, local.name)
                    }
                    _ => format!("::kernelbox::release({});", local.name),
                };
                source.line(&text, Origin::Keep { exit: index, variable: *number });
            }
        }
    }
}

const DBG: &str = "macro_rules! dbg { () => { ::std::eprintln!(\"[{}]\", ::kernelbox::place(file!(), line!())) }; \
($value:expr $(,)?) => { match $value { kb_value => { ::std::eprintln!(\"[{}] {} = {:#?}\", ::kernelbox::place(file!(), line!()), \
::std::stringify!($value), &kb_value); kb_value } } }; ($($value:expr),+ $(,)?) => { ($(dbg!($value)),+,) }; }";
