//! The value of a cell. Which trait applies is decided by the number of references before `Value`: the first one from above
//! that the type has.

use crate::display::Rich;
use crate::hooks;
use crate::json::{Sequence, json_of};
use std::any::type_name;
use std::fmt::{self, Debug, Write as _};
use std::io::Write as _;

/// Longer texts of values are cut; JSON is left out.
const LONGEST: usize = 1 << 20;

pub struct Value<'a, T: ?Sized>(pub &'a T);

pub fn flush() {
    let _ = std::io::stdout().flush();
}

fn result(formats: &[(&str, &[u8])]) {
    flush();
    let fields: Vec<&[u8]> = formats.iter().flat_map(|(kind, data)| [kind.as_bytes(), *data]).collect();
    (hooks().emit)("result", &fields);
}

/// The name of a type, without the crate and the function that a cell is compiled as.
fn name_of<T: ?Sized>() -> String {
    let mut name = type_name::<T>().replace("{{closure}}", "closure").replace("cell::", "");
    while let Some(start) = name.find("kb_cell_") {
        let length = name[start..].find("::").map_or(name.len() - start, |length| length + 2);
        name.replace_range(start..start + length, "");
    }
    name
}

/// Takes text up to a limit.
struct Bounded {
    text: String,
    limit: usize,
}

impl fmt::Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if self.text.len() + text.len() <= self.limit {
            self.text.push_str(text);
            return Ok(());
        }
        let room = text.floor_char_boundary(self.limit - self.text.len());
        self.text.push_str(&text[..room]);
        self.text.push('…');
        Err(fmt::Error)
    }
}

pub fn text_of(value: &dyn Debug, limit: usize) -> String {
    let mut bounded = Bounded { text: String::new(), limit };
    let _ = write!(bounded, "{value:?}");
    bounded.text
}

/// What every level can do: show the value, and say it in one line for a list of variables.
pub trait ShowRich {
    fn kb_show(&self);
    fn kb_line(&self, limit: usize) -> String;
}

impl<T: Rich + ?Sized> ShowRich for &&&Value<'_, T> {
    fn kb_show(&self) {
        let formats = self.0.formats();
        if !formats.is_empty() {
            let fields: Vec<_> = formats.iter().map(|(kind, data)| (kind.as_str(), data.as_slice())).collect();
            result(&fields);
        }
    }
    fn kb_line(&self, limit: usize) -> String {
        let formats = self.0.formats();
        let plain = formats.iter().find(|(kind, _)| kind == "text/plain");
        let text = plain.map_or_else(name_of::<T>, |(_, data)| String::from_utf8_lossy(data).into_owned());
        text_of(&format_args!("{text}"), limit)
    }
}

pub trait ShowSequence {
    fn kb_show(&self);
    fn kb_line(&self, limit: usize) -> String;
}

impl<T: Sequence + Debug + ?Sized> ShowSequence for &&Value<'_, T> {
    fn kb_show(&self) {
        let text = text_of(&self.0, LONGEST);
        match json_of(self.0, LONGEST) {
            Some(json) => result(&[("text/plain", text.as_bytes()), ("application/json", json.as_bytes())]),
            None => result(&[("text/plain", text.as_bytes())]),
        }
    }
    fn kb_line(&self, limit: usize) -> String {
        text_of(&self.0, limit)
    }
}

pub trait ShowDebug {
    fn kb_show(&self);
    fn kb_line(&self, limit: usize) -> String;
}

impl<T: Debug + ?Sized> ShowDebug for &Value<'_, T> {
    fn kb_show(&self) {
        result(&[("text/plain", text_of(&self.0, LONGEST).as_bytes())]);
    }
    fn kb_line(&self, limit: usize) -> String {
        text_of(&self.0, limit)
    }
}

pub trait ShowNothing {
    fn kb_show(&self);
    fn kb_line(&self, limit: usize) -> String;
}

impl<T: ?Sized> ShowNothing for Value<'_, T> {
    fn kb_show(&self) {
        result(&[("text/plain", name_of::<T>().as_bytes())]);
    }
    fn kb_line(&self, _: usize) -> String {
        String::new()
    }
}

/// How many values are in a value, where that can be said.
pub trait SizeKnown {
    fn kb_size(&self) -> Option<usize>;
}

impl<T: Sequence + ?Sized> SizeKnown for &Value<'_, T> {
    fn kb_size(&self) -> Option<usize> {
        self.0.length()
    }
}

pub trait SizeUnknown {
    fn kb_size(&self) -> Option<usize>;
}

impl<T: ?Sized> SizeUnknown for Value<'_, T> {
    fn kb_size(&self) -> Option<usize> {
        None
    }
}
