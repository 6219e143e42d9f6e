package kernelbox;

import java.io.File;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.ExpressionSnippet;
import jdk.jshell.JShell;
import jdk.jshell.MethodSnippet;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Kind;
import jdk.jshell.Snippet.Status;
import jdk.jshell.Snippet.SubKind;
import jdk.jshell.SnippetEvent;
import jdk.jshell.TypeDeclSnippet;
import jdk.jshell.VarSnippet;
import sun.misc.Signal;

/** Takes requests, and says how cells went. */
final class Runner implements AutoCloseable {
    private static final List<String> IMPORTS = List.of(
        "java.io.*", "java.math.*", "java.net.*", "java.nio.charset.*", "java.nio.file.*", "java.text.*", "java.time.*", "java.util.*",
        "java.util.concurrent.*", "java.util.concurrent.atomic.*", "java.util.function.*", "java.util.regex.*", "java.util.stream.*",
        "static kernelbox.Display.*");

    /** How a cell ended: the end's name, and its fields. */
    private record End(String name, Object... fields) {
    }

    private final Frames frames;
    private final Control control = new Control();
    private final JShell shell;
    private final Questions questions;
    private final Errors errors;
    private final Syntax syntax = new Syntax();
    private final Environment environment = new Environment();
    private final String argumentsOwner;
    private volatile boolean isRunning;
    private volatile boolean isInterrupted;

    Runner(Frames frames) throws ReflectiveOperationException {
        this.frames = frames;
        Display.frames = frames;
        environment.remove("KERNELBOX_RUNNER_DIRECTORY");
        Streams.install(frames);
        String[] libraries = Objects.requireNonNullElse(System.getenv("KERNELBOX_JAVA_CLASSPATH"), "").split(File.pathSeparator);
        // The compiler's own option: the shell's way is for loading alone.
        String classPath = System.getProperty("java.class.path") + File.pathSeparator + String.join(File.pathSeparator, libraries);
        shell = JShell.builder().executionEngine(Control.provider(control), null).idGenerator((snippet, number) -> "s" + number)
            .compilerOptions("-classpath", classPath, "-Xlint:none").build();
        for (String path : libraries) {
            if (!path.isBlank()) {
                shell.addToClasspath(path);
            }
        }
        errors = new Errors(shell);
        questions = new Questions(shell, control, syntax);
        for (String name : IMPORTS) {
            shell.eval("import " + name + ";");
        }
        shell.eval("String[] args = {};");
        argumentsOwner = control.lastClass();
        Signal.handle(new Signal("INT"), signal -> interrupt());
    }

    void greet() {
        frames.emit("ready", "1", System.getProperty("java.version"), "complete", "inspect", "check", "variables");
    }

    /** Until the host has gone. */
    void serve() throws InterruptedException, ReflectiveOperationException {
        List<String> arguments = new ArrayList<>();
        for (Frames.Frame frame = frames.receive(); frame != null; frame = frames.receive()) {
            switch (frame.name()) {
                case "arg" -> arguments.add(frame.text(0));
                case "env" -> environment.set(frame.text(0), frame.text(1));
                case "run" -> {
                    run(frame.text(0), frame.text(1), arguments);
                    arguments.clear();
                }
                default -> answer(frame);
            }
        }
    }

    @Override
    public void close() {
        shell.close();
    }

    private void answer(Frames.Frame frame) {
        List<String> answer;
        try {
            answer = questions.answer(frame);
        } catch (RuntimeException error) {
            // JShell cannot analyse all that is not finished.
            answer = List.of();
        }
        if (answer != null) {
            frames.emit("answer", answer.toArray());
        }
    }

    private void run(String code, String name, List<String> arguments) {
        isInterrupted = false;
        control.isStopped = false;
        isRunning = true;
        Streams.reopen();
        frames.emit("running", ProcessHandle.current().pid(), "");
        End end;
        try {
            Cell cell = Cell.cut(shell.sourceCodeAnalysis(), syntax, name, code);
            control.set(argumentsOwner, "args", arguments.toArray(String[]::new));
            end = evaluate(cell);
        } catch (RuntimeException | StackOverflowError error) {
            // JShell's own failure, or a `toString` of the user's that fails.
            end = new End("error", error.getClass().getSimpleName(), String.valueOf(error.getMessage()), "", "");
        }
        isRunning = false;
        environment.restore();
        System.out.flush();
        if (isInterrupted) {
            end = new End("interrupted");
        }
        frames.emit(end.name(), end.fields());
    }

    private End evaluate(Cell cell) {
        // Of a cell that does not parse nothing runs: what is broken is rejected before the rest is tried.
        Map<Cell.Part, List<SnippetEvent>> done = new HashMap<>();
        for (Cell.Part part : cell.parts()) {
            if (part.isBroken()) {
                List<SnippetEvent> events = shell.eval(part.source());
                if (events.stream().noneMatch(event -> event.status() == Status.REJECTED)) {
                    // JShell takes more than the language: then it has run, before its turn.
                    done.put(part, events);
                    continue;
                }
                List<Diag> diagnostics = events.stream().flatMap(event -> shell.diagnostics(event.snippet())).toList();
                return new End("error", (Object[]) errors.compileError(cell, part, part.offset(), diagnostics));
            }
        }
        Snippet last = null;
        Map<DeclarationSnippet, Cell.Part> declared = new LinkedHashMap<>();
        boolean onlyDeclares = true;
        String main = null;
        for (Cell.Part part : cell.parts()) {
            for (SnippetEvent event : done.containsKey(part) ? done.get(part) : shell.eval(part.source())) {
                Snippet snippet = event.snippet();
                if (event.causeSnippet() != null) {
                    keepVariable(event);
                    continue;
                }
                errors.remember(snippet, cell, part);
                if (event.status() == Status.REJECTED) {
                    int offset = cell.offsetOf(part, snippet);
                    return new End("error", (Object[]) errors.compileError(cell, part, offset, shell.diagnostics(snippet).toList()));
                }
                if (event.exception() != null) {
                    return new End("error", (Object[]) errors.runtimeError(cell, part, event.exception()));
                }
                if (snippet instanceof DeclarationSnippet declaration) {
                    declared.put(declaration, part);
                }
                last = snippet;
                main = mainOf(snippet, main);
                onlyDeclares &= snippet.kind() == Kind.IMPORT || snippet.kind() == Kind.METHOD || snippet.kind() == Kind.TYPE_DECL;
            }
            if (isInterrupted) {
                return new End("interrupted");
            }
        }
        if (onlyDeclares && main != null) {
            return runMain(cell, main, declared);
        }
        warnOfUnresolved(declared.keySet());
        Cell.Part lastPart = cell.parts().isEmpty() ? null : cell.parts().get(cell.parts().size() - 1);
        if (last != null) {
            showResult(last, lastPart);
        }
        return new End("ok");
    }

    /** JShell loses a variable of type `var` when its class is declared again; others are null from then on, and so is this one. */
    private void keepVariable(SnippetEvent event) {
        boolean isLost = event.status() == Status.RECOVERABLE_NOT_DEFINED || event.status() == Status.REJECTED;
        if (isLost && event.snippet() instanceof VarSnippet variable && variable.source().matches("(?s)\\s*(final\\s+)?var\\s.*")) {
            shell.eval(variable.typeName() + " " + variable.name() + ";");
        }
    }

    /** Programs are written to be started. */
    private End runMain(Cell cell, String call, Map<DeclarationSnippet, Cell.Part> declared) {
        // Nothing comes after a program that it could still need.
        for (Map.Entry<DeclarationSnippet, Cell.Part> entry : declared.entrySet()) {
            if (isUnresolved(entry.getKey())) {
                return new End("error", (Object[]) errors.missingError(cell, entry.getValue(), entry.getKey()));
            }
        }
        SnippetEvent event = shell.eval(call).get(0);
        Cell.Part part = cell.parts().get(0);
        if (event.exception() != null) {
            return new End("error", (Object[]) errors.runtimeError(cell, part, event.exception()));
        }
        return new End("ok");
    }

    private static String mainOf(Snippet snippet, String before) {
        if (snippet instanceof TypeDeclSnippet type && type.source().matches("(?s).*\\bstatic\\s+(public\\s+)?void\\s+main\\s*\\(\\s*(final\\s+)?String\\b.*")) {
            return type.name() + ".main(args);";
        }
        if (snippet instanceof MethodSnippet method && method.name().equals("main")) {
            return method.parameterTypes().isEmpty() ? "main();" : method.parameterTypes().equals("String[]") ? "main(args);" : before;
        }
        return before;
    }

    /** What a cell declares may use what comes in a later one; until then it cannot run. */
    private void warnOfUnresolved(Collection<DeclarationSnippet> declared) {
        for (DeclarationSnippet snippet : declared) {
            if (isUnresolved(snippet)) {
                System.err.println(snippet.name() + " cannot be used before there is " + errors.missing(snippet));
            }
        }
    }

    private boolean isUnresolved(DeclarationSnippet snippet) {
        Status status = shell.status(snippet);
        return status == Status.RECOVERABLE_DEFINED || status == Status.RECOVERABLE_NOT_DEFINED;
    }

    private void showResult(Snippet last, Cell.Part part) {
        VarSnippet variable = null;
        if (last instanceof VarSnippet declared && declared.subKind() == SubKind.TEMP_VAR_EXPRESSION_SUBKIND) {
            variable = declared;
        } else if (last instanceof ExpressionSnippet expression && expression.subKind() == SubKind.VAR_VALUE_SUBKIND) {
            variable = shell.variables().filter(candidate -> candidate.name().equals(expression.name())).findFirst().orElse(null);
        }
        if (variable == null || part.isForEffect() || syntax.isAssignment(part.source())) {
            return;
        }
        shell.varValue(variable);
        Object value = control.lastValue();
        if (value != null) {
            frames.emit("result", Values.bundle(value));
        }
    }

    private void interrupt() {
        if (!isRunning) {
            return;
        }
        isInterrupted = true;
        control.isStopped = true;
        shell.stop();
    }
}
