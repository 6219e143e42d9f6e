//! What cells show.

use crate::hooks;
use std::borrow::Cow;
use std::path::Path;

/// A value that is shown in formats of its own: media types with their contents.
///
/// ```
/// impl kernelbox::Rich for Chart {
///     fn formats(&self) -> Vec<(String, Vec<u8>)> {
///         vec![("image/svg+xml".into(), self.svg().into_bytes())]
///     }
/// }
/// ```
pub trait Rich {
    fn formats(&self) -> Vec<(String, Vec<u8>)>;
}

/// Shows data of a media type, in its place among what is printed.
pub fn display(media_type: &str, data: impl AsRef<[u8]>) {
    crate::show::flush();
    (hooks().emit)("display", &[b"", media_type.as_bytes(), data.as_ref()]);
    (hooks().sync)();
}

pub fn html(text: impl AsRef<str>) {
    display("text/html", text.as_ref());
}

pub fn markdown(text: impl AsRef<str>) {
    display("text/markdown", text.as_ref());
}

pub fn svg(text: impl AsRef<str>) {
    display("image/svg+xml", text.as_ref());
}

pub fn latex(text: impl AsRef<str>) {
    display("text/latex", text.as_ref());
}

/// Shows JSON, as text: `serde_json::to_string(&value)` makes it.
pub fn json(text: impl AsRef<str>) {
    display("application/json", text.as_ref());
}

/// Shows the bytes of a PNG file.
pub fn png(data: impl AsRef<[u8]>) {
    display("image/png", data);
}

/// Shows the bytes of a JPEG file.
pub fn jpeg(data: impl AsRef<[u8]>) {
    display("image/jpeg", data);
}

/// Shows a file of a media type.
pub fn file(media_type: &str, path: impl AsRef<Path>) -> std::io::Result<()> {
    display(media_type, std::fs::read(path)?);
    Ok(())
}

const STRING: &str = "application/vnd.kernelbox.string";

fn string_formats(text: &str) -> Vec<(String, Vec<u8>)> {
    vec![("text/plain".into(), format!("{text:?}").into_bytes()), (STRING.into(), text.as_bytes().to_vec())]
}

/// Nothing is shown.
impl Rich for () {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }
}

impl Rich for str {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        string_formats(self)
    }
}

impl Rich for String {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        string_formats(self)
    }
}

impl Rich for Cow<'_, str> {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        string_formats(self)
    }
}

impl<T: Rich + ?Sized> Rich for &T {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        (**self).formats()
    }
}

impl<T: Rich + ?Sized> Rich for Box<T> {
    fn formats(&self) -> Vec<(String, Vec<u8>)> {
        (**self).formats()
    }
}
