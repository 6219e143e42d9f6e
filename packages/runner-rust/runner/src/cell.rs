//! A cell: its text, cut into items, statements and a value.

use crate::names::{Names, names_of};
use proc_macro2::{LineColumn, TokenStream};
use quote::ToTokens;
use std::ops::Range;
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Expr, Item, Pat, Stmt};

/// A part of a cell, word for word.
#[derive(Clone, Debug)]
pub struct Piece {
    pub text: String,
    /// From 1.
    pub line: usize,
    /// From 0.
    pub column: usize,
}

impl Piece {
    fn of(code: &str, node: &impl Spanned) -> Self {
        let span = node.span();
        let LineColumn { line, column } = span.start();
        Self { text: code.get(span.byte_range()).unwrap_or_default().to_string(), line, column }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    pub name: String,
    pub is_mutable: bool,
}

pub struct Statement {
    pub piece: Piece,
    pub bindings: Vec<Binding>,
    /// Cannot fail, and takes no time.
    pub is_quick: bool,
    /// The variable that it gives a new value as a whole.
    pub assigns: Option<String>,
}

pub struct Cell {
    pub attributes: Vec<Piece>,
    pub items: Vec<(Item, Piece)>,
    pub statements: Vec<Statement>,
    /// The last expression.
    pub value: Option<Statement>,
    pub names: Names,
    pub has_main: bool,
    pub lines: Vec<String>,
}

struct Parsed {
    attributes: Vec<Attribute>,
    statements: Vec<Stmt>,
}

impl Parse for Parsed {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        Ok(Self { attributes: input.call(Attribute::parse_inner)?, statements: input.call(Block::parse_within)? })
    }
}

pub fn parse(code: &str) -> syn::Result<Cell> {
    let parsed: Parsed = syn::parse_str(code)?;
    let mut returns = Returns(None);
    parsed.statements.iter().for_each(|statement| returns.visit_stmt(statement));
    if let Some(found) = returns.0 {
        return Err(syn::Error::new(found, OUTSIDE));
    }
    let mut cell = Cell {
        attributes: parsed.attributes.iter().map(|attribute| Piece::of(code, attribute)).collect(),
        items: Vec::new(),
        statements: Vec::new(),
        value: None,
        names: Names::new(),
        has_main: false,
        lines: code.lines().map(String::from).collect(),
    };
    let count = parsed.statements.len();
    for (index, statement) in parsed.statements.into_iter().enumerate() {
        names_of(statement.to_token_stream(), &mut cell.names);
        let is_last = index + 1 == count;
        match statement {
            Stmt::Item(Item::Macro(item)) if item.ident.is_none() && !item.mac.path.is_ident("thread_local") => {
                // A call of a macro, not a definition.
                let piece = Piece::of(code, &item);
                cell.statements.push(Statement { piece, bindings: Vec::new(), is_quick: false, assigns: None });
            }
            Stmt::Item(item) => {
                cell.has_main |= matches!(&item, Item::Fn(function) if function.sig.ident == "main");
                let piece = Piece::of(code, &item);
                cell.items.push((item, piece));
            }
            Stmt::Macro(call) if call.mac.path.is_ident("thread_local") => {
                let piece = Piece::of(code, &call);
                let text = piece.text.trim_end_matches(';').to_string();
                let is_braced = matches!(call.mac.delimiter, syn::MacroDelimiter::Brace(_));
                let item = syn::parse_str::<Item>(&if is_braced { text } else { format!("{text};") })?;
                cell.items.push((item, piece));
            }
            statement => {
                let is_value = is_last
                    && match &statement {
                        Stmt::Expr(_, semicolon) => semicolon.is_none(),
                        Stmt::Macro(call) => call.semi_token.is_none(),
                        _ => false,
                    };
                let statement = statement_of(code, &statement);
                if is_value { cell.value = Some(statement) } else { cell.statements.push(statement) }
            }
        }
    }
    Ok(cell)
}

fn statement_of(code: &str, statement: &Stmt) -> Statement {
    let mut piece = Piece::of(code, statement);
    wait_for_futures(statement, &mut piece);
    let mut bindings = Vec::new();
    let mut assigns = None;
    let is_quick = match statement {
        Stmt::Local(local) => {
            Bindings(&mut bindings).visit_pat(&local.pat);
            local.init.as_ref().is_none_or(|init| init.diverge.is_none() && is_quick(&init.expr))
        }
        Stmt::Expr(expression, _) => {
            if let Expr::Assign(assignment) = expression {
                assigns = Some(assignment.left.to_token_stream().to_string());
            }
            is_quick(expression)
        }
        _ => false,
    };
    Statement { piece, bindings, is_quick, assigns }
}

struct Bindings<'a>(&'a mut Vec<Binding>);

impl<'ast> Visit<'ast> for Bindings<'_> {
    fn visit_pat(&mut self, pattern: &'ast Pat) {
        if let Pat::Ident(found) = pattern {
            let name = found.ident.to_string();
            // `None`, a constant.
            let is_path = found.subpat.is_none() && found.by_ref.is_none() && name.starts_with(char::is_uppercase);
            if !is_path {
                self.0.retain(|binding| binding.name != name);
                self.0.push(Binding { name, is_mutable: found.mutability.is_some() });
            }
        }
        visit::visit_pat(self, pattern);
    }

    fn visit_expr(&mut self, _: &'ast Expr) {}
}

fn is_quick(expression: &Expr) -> bool {
    match expression {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Neg(_) | syn::UnOp::Not(_)) && is_quick(&unary.expr),
        Expr::Reference(reference) => is_quick(&reference.expr),
        Expr::Paren(paren) => is_quick(&paren.expr),
        Expr::Array(array) => array.elems.iter().all(is_quick),
        Expr::Tuple(tuple) => tuple.elems.iter().all(is_quick),
        Expr::Field(field) => is_quick(&field.base),
        Expr::Closure(_) => true,
        Expr::Call(call) => {
            let function = call.func.to_token_stream().to_string();
            ["new", "from", "Some", "Ok", "default"]
                .iter()
                .any(|end| function == *end || function.ends_with(&format!(":: {end}")))
                && ["String", "Vec", "HashMap", "HashSet", "BTreeMap", "BTreeSet", "VecDeque", "Some", "Ok"]
                    .iter()
                    .any(|start| function.starts_with(start))
                && call.args.iter().all(is_quick)
        }
        Expr::MethodCall(call) => {
            ["to_string", "to_owned"].iter().any(|name| call.method == name) && matches!(&*call.receiver, Expr::Lit(_))
        }
        Expr::Macro(call) => {
            call.mac.path.is_ident("vec")
                && call.mac.tokens.clone().into_iter().all(|token| {
                    matches!(&token, proc_macro2::TokenTree::Literal(_))
                        || matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',')
                })
        }
        _ => false,
    }
}

/// `EXPR.await` becomes a call that waits. What is in async code of its own stays.
fn wait_for_futures(statement: &Stmt, piece: &mut Piece) {
    let mut found = Awaits(Vec::new());
    found.visit_stmt(statement);
    let start = statement.span().byte_range().start;
    let mut edits: Vec<(Range<usize>, &str)> = Vec::new();
    for (base, rest) in found.0 {
        edits.push((base..base, "::kernelbox::block_on("));
        edits.push((rest, ")"));
    }
    // From behind; of two at one place the outer one, which was found first, comes first in the text.
    edits.sort_by_key(|(range, _)| range.start);
    for (range, text) in edits.into_iter().rev() {
        piece.text.replace_range(range.start - start..range.end - start, text);
    }
}

/// A cell is no function that could return: its variables would be lost.
pub const OUTSIDE: &str = "`return` outside of a function";

struct Returns(Option<proc_macro2::Span>);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, expression: &'ast syn::ExprReturn) {
        self.0 = self.0.or(Some(expression.return_token.span));
    }
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}
    fn visit_item(&mut self, _: &'ast Item) {}
}

struct Awaits(Vec<(usize, Range<usize>)>);

impl<'ast> Visit<'ast> for Awaits {
    fn visit_expr_await(&mut self, expression: &'ast syn::ExprAwait) {
        let base = expression.base.span().byte_range();
        self.0.push((base.start, base.end..expression.await_token.span.byte_range().end));
        visit::visit_expr_await(self, expression);
    }
    fn visit_expr_async(&mut self, _: &'ast syn::ExprAsync) {}
    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        if closure.asyncness.is_none() {
            visit::visit_expr_closure(self, closure);
        }
    }
    fn visit_item(&mut self, _: &'ast Item) {}
    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        for part in split_at_commas(call.tokens.clone()) {
            if let Ok(expression) = syn::parse2::<Expr>(part) {
                // The parsed expression does not live as long as the statement, but only its places are taken.
                let mut inner = Awaits(Vec::new());
                inner.visit_expr(&expression);
                self.0.append(&mut inner.0);
            }
        }
    }
}

fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        if matches!(&token, proc_macro2::TokenTree::Punct(punct) if punct.as_char() == ',') {
            parts.push(TokenStream::new());
        } else if let Some(part) = parts.last_mut() {
            part.extend([token]);
        }
    }
    parts
}
