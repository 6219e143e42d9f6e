//! What of the code around a cell rustc does not accept, and what is done about it.

use crate::diagnostics::Diagnostic;
use crate::plan::{Fate, Plan};
use crate::source::{Origin, Source};
use crate::types::{self, Spelling};
use std::collections::HashSet;

/// Changes what is done around the cell, where that is what does not compile. False: the cell itself does not.
pub fn adjust(plan: &mut Plan<'_>, source: &Source, found: &[Diagnostic], removed: &mut Vec<(String, String)>) -> bool {
    let mut is_changed = false;
    let mut released = HashSet::new();
    for diagnostic in found {
        let keep_of = |line: usize| match source.origin(line) {
            Origin::Keep { exit, variable } => Some((*exit, *variable)),
            _ => None,
        };
        let Some(primary) = diagnostic.primary() else { continue };
        let at = keep_of(primary.line);
        // What asks for a longer life, or for a life at all, is what cannot be kept.
        let borrower = diagnostic.spans.iter().find_map(|span| {
            let other = keep_of(span.line)?;
            let is_other = !span.is_primary && at.is_none_or(|(_, variable)| variable != other.1);
            (is_other || span.label.contains("'static")).then_some(other)
        });
        match (diagnostic.code.as_str(), at, borrower, source.origin(primary.line)) {
            ("E0382" | "E0381", Some((exit, variable)), _, _) => {
                plan.mark_gone(exit, variable, diagnostic.code == "E0382");
                is_changed = true;
            }
            (_, _, Some((exit, variable)), _) | (_, Some((exit, variable)), None, _) => {
                if released.contains(&variable) {
                    continue;
                }
                if plan.mark_released(variable) {
                    released.insert(variable);
                    is_changed = true;
                    removed.push((plan.locals[variable].name.clone(), "it borrowed, and what borrows ends with its cell".into()));
                } else if let Some((exit, variable)) = at {
                    plan.mark_gone(exit, variable, true);
                    is_changed = true;
                } else {
                    is_changed |= plan.leave_out(exit, variable);
                }
            }
            (_, None, None, Origin::Item { id, .. }) => is_changed |= plan.dropped.insert(*id),
            (_, None, None, Origin::Load(variable)) => {
                // Its type cannot be written down here.
                let name = plan.locals[*variable].name.clone();
                removed.push((name, "its type is out of reach".into()));
                plan.locals[*variable].loaded = None;
                plan.exits.iter_mut().for_each(|exit| exit.variables.retain(|(number, _)| number != variable));
                is_changed = true;
            }
            _ => {
                // A use after it was kept: of a variable that something borrows that is released.
                let later = diagnostic.spans.iter().find_map(|span| keep_of(span.line));
                match later {
                    Some((_, variable)) if plan.mark_released(variable) => is_changed = true,
                    // The cell's own: what is left when everything else is right.
                    _ => {}
                }
            }
        }
    }
    is_changed
}

/// Finds a form for what is kept; true when the cell has to be compiled again for it.
pub fn name_types(plan: &mut Plan<'_>, mir: &str, removed: &mut Vec<(String, String)>) -> bool {
    let types = types::kept_types(mir);
    let mut is_changed = false;
    for number in 0..plan.locals.len() {
        let local = &plan.locals[number];
        let Some(type_name) = types.get(&local.index) else { continue };
        match types::spelling(type_name, &local.name, mir, plan.new.stored.iter().chain(plan.items.iter())) {
            Spelling::Plain => {}
            Spelling::Converted(expression) => {
                plan.locals[number].conversion = Some(expression);
                is_changed = true;
            }
            Spelling::None(reason) => {
                removed.push((local.name.clone(), reason));
                is_changed |= plan.mark_released(number);
                for (other, fate) in plan.exits.iter_mut().flat_map(|exit| &mut exit.variables) {
                    if *other == number && *fate == Fate::Keep {
                        *fate = Fate::Release;
                    }
                }
            }
        }
    }
    is_changed
}
