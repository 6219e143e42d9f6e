//! A session: the items and variables of its cells, and the way of one cell.

use crate::adjust::{adjust, name_types};
use crate::arguments::{self, Environment};
use crate::cell;
use crate::compiler::{Compiled, Compiler};
use crate::diagnostics::{Diagnostic, Failure, failure_of, missing_name};
use crate::items::Items;
use crate::libraries::Libraries;
use crate::library::Library;
use crate::names::names_in_text;
use crate::plan::{Plan, Variable};
use crate::source::{Origin, Source};
use crate::system::{self, Fork};
use crate::types;
use crate::{frames, panics, pipes, places};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// A cell that moves, borrows and names in the most intricate way is compiled so often.
const MOST_TRIES: usize = 16;

static TOOK_OVER: AtomicBool = AtomicBool::new(false);

/// Between two statements.
pub fn step() -> bool {
    system::end_if_forked();
    flush();
    let is_copy = matches!(system::copy(), Fork::TookOver);
    if is_copy {
        TOOK_OVER.store(true, SeqCst);
    }
    is_copy
}

pub struct Session {
    pub compiler: Compiler,
    pub items: Items,
    pub variables: HashMap<String, Variable>,
    pub library: Library,
    /// The types of all places in the store, and whether they can be changed.
    known: HashMap<usize, Variable>,
    /// Why names are gone.
    lost: HashMap<String, String>,
    next_index: usize,
    runs: usize,
    libraries: Libraries,
}

/// A cell that is ready to run.
struct Ready {
    function: fn() -> kernelbox::Ending,
    removed: Vec<(String, String)>,
    declared: Vec<String>,
}

enum Outcome {
    Ready(Ready),
    Failed(Failure),
    Interrupted,
}

impl Session {
    pub fn new(compiler: Compiler) -> Self {
        Self {
            library: Library::read(&compiler.library()),
            compiler,
            items: Items::default(),
            variables: HashMap::new(),
            known: HashMap::new(),
            lost: HashMap::new(),
            next_index: 0,
            runs: 0,
            libraries: Libraries::default(),
        }
    }

    pub fn run(&mut self, code: &str, name: &str, values: &[String], environment: &HashMap<String, String>) {
        pipes::mend();
        system::expect_interrupts();
        frames::emit("running", &[&std::process::id().to_string(), ""]);
        let ready = match self.prepare(code, name) {
            Outcome::Ready(ready) => ready,
            Outcome::Failed(failure) => {
                system::ignore_interrupts();
                return tell(&failure);
            }
            Outcome::Interrupted => {
                system::ignore_interrupts();
                return frames::emit("interrupted", &[]);
            }
        };
        let mut all = vec![name.to_string()];
        all.extend_from_slice(values);
        if let Err(reason) = arguments::set(&all) {
            system::ignore_interrupts();
            return tell(&Failure::new("ArgumentError", &reason));
        }
        let variables = Environment::set(environment);
        TOOK_OVER.store(false, SeqCst);
        let ended = match system::copy() {
            Fork::TookOver => {
                TOOK_OVER.store(true, SeqCst);
                Ok(kernelbox::Ending)
            }
            Fork::Original => {
                system::set_in_cell(true);
                let ended = catch_unwind(AssertUnwindSafe(ready.function));
                system::set_in_cell(false);
                ended
            }
        };
        // A process that the cell has forked ends with it.
        system::end_if_forked();
        flush();
        let failure = ended.err().map(|payload| panics::failure_of(&*payload));
        if let Some(failure) = &failure
            && system::has_copy()
        {
            system::die(&failure.name, &failure.message, failure.line, &failure.traceback);
        }
        drop(variables);
        system::ignore_interrupts();
        system::forget_input();
        let took_over = TOOK_OVER.load(SeqCst);
        if took_over {
            self.take_stock(name, &[], &[])
        } else {
            self.take_stock(name, &ready.declared, &ready.removed)
        }
        system::end_copy();
        match failure {
            _ if took_over => system::say_end(),
            Some(failure) => tell(&failure),
            None if system::was_interrupted() => frames::emit("interrupted", &[]),
            None => frames::emit("ok", &[]),
        }
    }

    /// What there is now, and why what there was is gone.
    fn take_stock(&mut self, cell: &str, declared: &[String], removed: &[(String, String)]) {
        let before = std::mem::take(&mut self.variables);
        for (name, index) in kernelbox::store::names() {
            if let Some(variable) = self.known.get(&index) {
                self.variables.insert(name.to_string(), variable.clone());
                self.lost.remove(name);
            }
        }
        for name in before.into_keys().filter(|name| !self.variables.contains_key(name)) {
            self.lost.entry(name).or_insert_with(|| format!("it was moved in {cell}"));
        }
        for name in declared.iter().filter(|name| !self.variables.contains_key(*name)) {
            self.lost.insert(name.clone(), format!("it was moved in {cell}"));
        }
        for (name, reason) in removed {
            if !self.variables.contains_key(name) {
                self.lost.insert(name.clone(), reason.clone());
            }
        }
        let variables = &self.variables;
        self.known.retain(|index, variable| variables.get(&variable.name).is_some_and(|other| other.index == *index));
    }

    fn prepare(&mut self, code: &str, name: &str) -> Outcome {
        // The first line of a script.
        let is_script = code.starts_with("#!") && !code[2..].trim_start().starts_with('[');
        let code = &if is_script { code.replacen("#!", "//", 1) } else { code.to_string() };
        self.runs += 1;
        let file = format!("{name}.{}", self.runs);
        let cell = match cell::parse(code) {
            Ok(cell) => cell,
            Err(error) => return self.syntax_error(code, name, &file, &error),
        };
        let new = self.items.read(&cell, name);
        let changed = self.items.changed_types(&new.stored);
        for variable in self.variables.values().filter(|variable| !names_in_text(&variable.type_name).is_disjoint(&changed)) {
            self.lost.insert(variable.name.clone(), format!("its type {} was declared anew", variable.type_name));
        }
        let mut usable = self.variables.clone();
        usable.retain(|_, variable| names_in_text(&variable.type_name).is_disjoint(&changed));
        let function = format!("kb_cell_{}", self.runs);
        let mut plan = Plan::new(&cell, &new, &self.items, &usable, &mut self.next_index, function.clone());
        let mut removed: Vec<(String, String)> = Vec::new();
        // What was wrong in other cells, before what is wrong there was left out.
        let mut elsewhere = None;
        for _ in 0..MOST_TRIES {
            let source = plan.source(&self.compiler.crates);
            match self.compiler.compile(&file, &source.text) {
                Err(reason) => return Outcome::Failed(Failure::new("CompilerError", &reason)),
                Ok(Compiled::Ended) if system::was_interrupted() => return Outcome::Interrupted,
                Ok(Compiled::Ended) => {
                    return Outcome::Failed(Failure::new(
                        "CompilerError",
                        "the compiler was ended; it may have run out of memory",
                    ));
                }
                Ok(Compiled::Failed(found)) => {
                    let hint = |diagnostic: &Diagnostic| {
                        let name = missing_name(diagnostic)?;
                        self.lost.get(name).map(|reason| format!("`{name}` is gone: {reason}"))
                    };
                    let dropped = plan.dropped.len();
                    if !adjust(&mut plan, &source, &found, &mut removed) {
                        return Outcome::Failed(elsewhere.unwrap_or_else(|| failure_of(&found, &source, name, hint)));
                    }
                    if plan.dropped.len() > dropped && elsewhere.is_none() {
                        elsewhere = Some(failure_of(&found, &source, name, hint));
                    }
                }
                Ok(Compiled::Done { object, mir }) => {
                    if name_types(&mut plan, &mir, &mut removed) {
                        continue;
                    }
                    if system::was_interrupted() {
                        return Outcome::Interrupted;
                    }
                    let uses_crates = source.text.contains("extern crate kernelbox_crates");
                    let function = match self.load(&object, uses_crates, &function) {
                        Ok(function) => function,
                        Err(_) if system::was_interrupted() => return Outcome::Interrupted,
                        Err(reason) => return Outcome::Failed(Failure::new("LinkError", &reason)),
                    };
                    places::add(&file, source.places(name));
                    places::set_running(name);
                    panics::expect(source.text.contains("catch_unwind"));
                    let types = types::kept_types(&mir);
                    self.commit(&plan, &types);
                    for variable in self.variables.values().filter(|variable| !usable.contains_key(&variable.name)) {
                        kernelbox::store::remove(variable.index);
                    }
                    self.variables = usable;
                    let dropped = std::mem::take(&mut plan.dropped);
                    let declared = plan.locals.iter().filter(|local| local.loaded.is_none());
                    let declared = declared.map(|local| local.name.clone()).collect();
                    drop(plan);
                    if let Some(failure) = elsewhere.filter(|_| name != "silent") {
                        let text = format!("What does not fit any more was left out:\n{}\n", failure.traceback);
                        frames::emit("stream", &["stderr", &text]);
                    }
                    self.items.add(new.stored, &dropped);
                    return Outcome::Ready(Ready { function, removed, declared });
                }
            }
        }
        Outcome::Failed(Failure::new("CompilerError", "what this cell moves and borrows is too intricate; cut it into several"))
    }

    fn commit(&mut self, plan: &Plan<'_>, types: &HashMap<usize, String>) {
        for local in &plan.locals {
            let Some(type_name) = types.get(&local.index) else { continue };
            let variable = Variable {
                name: local.name.clone(),
                index: local.index,
                is_mutable: local.is_mutable,
                type_name: type_name.clone(),
            };
            self.known.insert(local.index, variable);
        }
    }

    /// Links what was compiled and gives a function of it, whose type the caller knows.
    pub fn load<R>(&mut self, object: &Path, uses_crates: bool, function: &str) -> Result<fn() -> R, String> {
        let library = self.compiler.link(object, uses_crates)?;
        self.libraries.load(library, function)
    }

    /// In a copy of this process: goes on in another directory.
    pub fn move_to(&mut self, directory: &Path) {
        self.compiler.move_to(directory);
        self.libraries.move_to(self.compiler.directory());
    }

    /// rustc says it better.
    fn syntax_error(&mut self, code: &str, name: &str, file: &str, error: &syn::Error) -> Outcome {
        let in_own_words = || {
            let line = error.span().start().line;
            let traceback = format!("error: {error}\n  {name}:{line}:{}", error.span().start().column + 1);
            Failure { name: "CompileError".into(), message: error.to_string(), line: Some(line), traceback }
        };
        if error.to_string() == cell::OUTSIDE {
            return Outcome::Failed(in_own_words());
        }
        let mut source = Source::of_cell(code.lines().map(String::from).collect());
        source.glue("#![allow(warnings)]\nfn kb_cell() {".split('\n').next().unwrap_or_default());
        source.glue("fn kb_cell() {");
        for (index, line) in code.split('\n').enumerate() {
            source.line(line, Origin::Cell(index + 1));
        }
        source.glue("}");
        match self.compiler.compile(file, &source.text) {
            Ok(Compiled::Failed(found)) => Outcome::Failed(failure_of(&found, &source, name, |_| None)),
            Ok(Compiled::Ended) if system::was_interrupted() => Outcome::Interrupted,
            _ => Outcome::Failed(in_own_words()),
        }
    }

    pub fn next_name(&mut self) -> String {
        self.runs += 1;
        format!("question.{}", self.runs)
    }
}

pub fn flush() {
    let _ = std::io::Write::flush(&mut std::io::stdout());
}

fn tell(failure: &Failure) {
    let line = failure.line.map(|line| line.to_string()).unwrap_or_default();
    frames::emit("error", &[&failure.name, &failure.message, &line, &failure.traceback]);
}
