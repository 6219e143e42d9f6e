//! The source that is compiled for a cell, and where each of its lines comes from.

use crate::cell::Piece;

#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A line of the cell that runs.
    Cell(usize),
    /// A line of an item of an earlier cell.
    Item {
        id: usize,
        cell: String,
        line: usize,
    },
    /// What takes a variable from the store.
    Load(usize),
    /// What keeps a variable at an end of the cell.
    Keep {
        exit: usize,
        variable: usize,
    },
    Glue,
}

#[derive(Default)]
pub struct Source {
    pub text: String,
    /// The lines of the cell that runs.
    cell: Vec<String>,
    origins: Vec<Origin>,
    /// What stands before the code of a cell in its own line: the line, the column and the length.
    inserted: Vec<(usize, usize, usize)>,
}

impl Source {
    pub fn of_cell(lines: Vec<String>) -> Self {
        Self { cell: lines, ..Self::default() }
    }

    pub fn line(&mut self, text: &str, origin: Origin) {
        self.text.push_str(text);
        self.text.push('\n');
        self.origins.push(origin);
    }

    pub fn glue(&mut self, text: &str) {
        self.line(text, Origin::Glue);
    }

    /// Puts in a piece in its own columns.
    pub fn piece(&mut self, piece: &Piece, origin: impl Fn(usize) -> Origin) {
        self.text.push_str(&" ".repeat(piece.column));
        self.text.push_str(&piece.text);
        self.text.push('\n');
        for index in 0..piece.text.matches('\n').count() + 1 {
            self.origins.push(origin(piece.line + index));
        }
    }

    /// The same, after something in the same line.
    pub fn piece_after(&mut self, prefix: &str, piece: &Piece, origin: impl Fn(usize) -> Origin) {
        self.inserted.push((self.origins.len() + 1, piece.column, prefix.len()));
        let text = format!("{prefix}{}", piece.text);
        self.piece(&Piece { text, ..piece.clone() }, origin);
    }

    /// A column, from 1, of a line, and that line, as they are in the cell.
    pub fn in_cell(&self, line: usize, column: usize, text: &str) -> (usize, String) {
        match self.inserted.iter().find(|(number, ..)| *number == line) {
            Some((_, start, length)) => {
                let rest: String = text
                    .chars()
                    .enumerate()
                    .filter(|(index, _)| !(*start..start + length).contains(index))
                    .map(|(_, c)| c)
                    .collect();
                (if column > *start { column.saturating_sub(*length).max(1) } else { column }, self.whole(line, rest))
            }
            None => (column, self.whole(line, text.to_string())),
        }
    }

    /// A line with what stands before and behind the piece that was compiled.
    fn whole(&self, line: usize, text: String) -> String {
        match self.origin(line) {
            Origin::Cell(number) => self.cell.get(number.wrapping_sub(1)).cloned().unwrap_or(text),
            _ => text,
        }
    }

    /// Where a line, from 1, comes from.
    pub fn origin(&self, line: usize) -> &Origin {
        self.origins.get(line.wrapping_sub(1)).unwrap_or(&Origin::Glue)
    }

    /// For each line its cell and line there.
    pub fn places(&self, cell: &str) -> Vec<Option<(String, usize)>> {
        let place = |origin: &Origin| match origin {
            Origin::Cell(line) => Some((cell.to_string(), *line)),
            Origin::Item { cell, line, .. } => Some((cell.clone(), *line)),
            _ => None,
        };
        self.origins.iter().map(place).collect()
    }
}
