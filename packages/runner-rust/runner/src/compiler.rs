//! rustc and the linker, as programs.

use crate::diagnostics::{Diagnostic, diagnostics_of};
use crate::zygote::Zygote;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, fs, io};

pub struct Compiler {
    rustc: PathBuf,
    pub version: String,
    linker: String,
    /// Where `libkernelbox.so`, the crates and what they are made of lie.
    libraries: PathBuf,
    /// Where cells are compiled.
    directory: PathBuf,
    optimization: String,
    /// The crates that cells can use, with their files.
    externs: Vec<(String, PathBuf)>,
    pub crates: Vec<String>,
    waiting: Waiting,
}

/// A rustc that waits for the next compilation.
enum Waiting {
    /// It starts with the next compilation.
    NotYet,
    Zygote(Zygote),
    /// It cannot be had.
    Never,
}

pub enum Compiled {
    Done {
        object: PathBuf,
        mir: String,
    },
    Failed(Vec<Diagnostic>),
    /// It was ended from outside.
    Ended,
}

impl Compiler {
    /// `directory`: for its files, in a directory of their own.
    pub fn new(libraries: PathBuf, directory: &Path) -> Result<Self, String> {
        let read = |name: &str| {
            fs::read_to_string(libraries.join(name)).map_err(|error| format!("{}/{name}: {error}", libraries.display()))
        };
        // The rustc that has compiled the libraries: no other one can use them.
        let built = read("rustc")?;
        let (rustc, version) = built.trim().split_once('\n').ok_or("it is not known what rustc has compiled the libraries")?;
        let mut externs = Vec::new();
        // One a line: NAME FILE
        for line in read("externs")?.lines() {
            if let Some((name, file)) = line.split_once(' ') {
                externs.push((name.to_string(), libraries.join(file)));
            }
        }
        let crates = externs.iter().map(|(name, _)| name.clone()).filter(|name| name != "kernelbox" && name != "kb").collect();
        let optimization = env::var("KERNELBOX_RUST_OPT_LEVEL").ok().filter(|level| ["1", "2", "3"].contains(&level.as_str()));
        let directory = make_directory(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
        let mut compiler = Self {
            rustc: libraries.join(rustc),
            version: version.into(),
            linker: env::var("KERNELBOX_RUST_LINKER").unwrap_or_else(|_| "ld".into()),
            libraries,
            directory,
            optimization: optimization.unwrap_or_else(|| "0".into()),
            externs,
            crates,
            waiting: Waiting::NotYet,
        };
        compiler.start_waiting();
        Ok(compiler)
    }

    fn start_waiting(&mut self) {
        let zygote = Zygote::start(self.command(), &self.libraries.join("libkernelbox_zygote.so"), &self.directory);
        self.waiting = zygote.map_or(Waiting::Never, Waiting::Zygote);
    }

    /// In a copy of this process: goes on in another directory, with names of their own there for the libraries of the cells.
    pub fn move_to(&mut self, directory: &Path) {
        // That of the original is not for two. A copy may wait for ever, and needs none for that.
        self.waiting = Waiting::NotYet;
        let Ok(directory) = make_directory(directory) else { return };
        for entry in fs::read_dir(&self.directory).into_iter().flatten().flatten() {
            let library = entry.path();
            if library.extension().is_some_and(|extension| extension == "so") {
                let target = directory.join(entry.file_name());
                // Without it, a panic that comes from that cell has no lines.
                let _ = fs::hard_link(&library, &target).or_else(|_| fs::copy(&library, &target).map(drop));
            }
        }
        self.directory = directory;
    }

    /// A list of what the standard library has.
    pub fn library(&self) -> PathBuf {
        self.libraries.join("library")
    }

    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn command(&self) -> Command {
        let mut rustc = Command::new(&self.rustc);
        rustc.current_dir(&self.directory).env("RUSTC_BOOTSTRAP", "1").env_remove("RUST_BACKTRACE");
        rustc
    }

    fn run(&mut self, arguments: &[String]) -> Result<(ExitStatus, String), String> {
        if matches!(self.waiting, Waiting::NotYet) {
            self.start_waiting();
        }
        if let Waiting::Zygote(zygote) = &mut self.waiting
            && let Some(done) = zygote.compile(arguments)
        {
            return Ok(done);
        }
        self.waiting = Waiting::Never;
        let output = self.command().args(arguments).stdin(Stdio::null()).output();
        let output = output.map_err(|error| format!("{} cannot be started: {error}", self.rustc.display()))?;
        Ok((output.status, String::from_utf8_lossy(&output.stderr).into_owned()))
    }

    /// Compiles one file of the directory; errors name it as it is named here.
    pub fn compile(&mut self, name: &str, source: &str) -> Result<Compiled, String> {
        fs::write(self.directory.join(name), source).map_err(|error| format!("{}: {error}", self.directory.display()))?;
        let object = self.directory.join(format!("{name}.o"));
        let mir = self.directory.join(format!("{name}.mir"));
        let mut arguments: Vec<String> = FIXED.iter().map(ToString::to_string).collect();
        let mut add = |argument: String| arguments.push(argument);
        add(name.into());
        add(format!("-Copt-level={}", self.optimization));
        add(format!("--emit=obj={},mir={}", object.display(), mir.display()));
        add(format!("-L{}", self.libraries.display()));
        add(format!("-L{}", self.libraries.join("deps").display()));
        for (name, file) in &self.externs {
            add(format!("--extern={name}={}", file.display()));
        }
        let (status, messages) = self.run(&arguments)?;
        if status.success() {
            let text = fs::read_to_string(&mir).map_err(|error| error.to_string())?;
            for made in [mir, self.directory.join(name)] {
                let _ = fs::remove_file(made);
            }
            return Ok(Compiled::Done { object, mir: text });
        }
        if status.code().is_none() {
            return Ok(Compiled::Ended);
        }
        let found = diagnostics_of(&messages);
        if found.is_empty() {
            return Err(messages.trim().to_string());
        }
        Ok(Compiled::Failed(found))
    }

    pub fn link(&self, object: &Path, uses_crates: bool) -> Result<PathBuf, String> {
        let library = object.with_extension("so");
        let mut linker = Command::new(&self.linker);
        linker.args(["-shared", "--eh-frame-hdr", "--hash-style=gnu", "-o"]).arg(&library).arg(object);
        linker.arg("-rpath").arg(&self.libraries).arg(self.libraries.join("libkernelbox.so"));
        if uses_crates {
            linker.arg(self.libraries.join("libkernelbox_crates.so"));
        }
        let output =
            linker.stdin(Stdio::null()).output().map_err(|error| format!("{} cannot be started: {error}", self.linker))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_string());
        }
        let _ = fs::remove_file(object);
        Ok(library)
    }
}

fn make_directory(parent: &Path) -> io::Result<PathBuf> {
    let directory = parent.join("cells");
    fs::create_dir_all(&directory)?;
    Ok(directory)
}

const FIXED: &[&str] = &[
    "--crate-name=cell",
    "--crate-type=cdylib",
    "--edition=2024",
    "--error-format=json",
    "--cap-lints=allow",
    "-Cprefer-dynamic",
    "-Ccodegen-units=1",
    "-Cdebuginfo=line-tables-only",
    "-Coverflow-checks=on",
    "-Cdebug-assertions=on",
    // Types in errors and in MIR with whole paths, which other cells can use.
    "-Ztrim-diagnostic-paths=no",
    "-Zwrite-long-types-to-disk=no",
    // A tenth less to compile.
    "-Zinline-mir=yes",
];
