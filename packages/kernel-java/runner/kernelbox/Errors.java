package kernelbox;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.UnresolvedReferenceException;

/** Errors as the host wants them: name, message, line of the cell, and traceback. */
final class Errors {
    private static final int MOST_FRAMES = 50;

    private record Place(String cell, int firstLine) {
    }

    private final Map<String, Place> places = new HashMap<>();
    private final JShell shell;

    Errors(JShell shell) {
        this.shell = shell;
    }

    /** What a declaration uses and nobody has declared. */
    String missing(DeclarationSnippet snippet) {
        return shell.unresolvedDependencies(snippet).collect(Collectors.joining(", "));
    }

    /** A declaration that uses what nobody has declared, where that is an error. */
    String[] missingError(Cell cell, Cell.Part part, DeclarationSnippet snippet) {
        String missing = missing(snippet);
        String name = missing.replaceAll("^\\w+ ", "").replaceAll("\\W.*", "");
        Matcher found = Pattern.compile("\\b" + Pattern.quote(name) + "\\b").matcher(part.source());
        int line = cell.lineAt(part.offset() + (found.find() ? part.ownPosition(found.start()) : 0));
        String message = "cannot find symbol: " + missing;
        String source = cell.code().lines().skip(line - 1L).findFirst().orElse("");
        String traceback = "CompileError: " + message + "\n" + cell.name() + ":" + line + ": " + message + "\n" + source;
        return new String[] {"CompileError", message, String.valueOf(line), traceback};
    }

    /** Remembers where a snippet is. */
    void remember(Snippet snippet, Cell cell, Cell.Part part) {
        places.put("#" + snippet.id(), new Place(cell.name(), cell.lineAt(cell.offsetOf(part, snippet))));
    }

    String[] compileError(Cell cell, Cell.Part part, int offset, List<Diag> diagnostics) {
        List<String> lines = new ArrayList<>();
        int first = 0;
        String message = "it does not compile";
        for (Diag diagnostic : diagnostics) {
            if (!diagnostic.isError()) {
                continue;
            }
            int position = offset - part.offset() + (int) Math.max(0, diagnostic.getPosition());
            int line = cell.lineAt(part.offset() + part.ownPosition(position));
            String text = clean(diagnostic.getMessage(Locale.ENGLISH));
            if (first == 0) {
                first = line;
                message = text;
            }
            lines.add(cell.name() + ":" + line + ": " + text);
            lines.add(cell.code().lines().skip(line - 1L).findFirst().orElse(""));
        }
        if (first == 0) {
            first = cell.lineAt(offset);
        }
        lines.add(0, "CompileError: " + message);
        return new String[] {"CompileError", message, String.valueOf(first), String.join("\n", lines)};
    }

    String[] runtimeError(Cell cell, Cell.Part part, JShellException error) {
        List<String> lines = new ArrayList<>();
        int line = 0;
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            lines.add((lines.isEmpty() ? "" : "Caused by: ") + nameOf(cause) + (messageOf(cause).isEmpty() ? "" : ": " + messageOf(cause)));
            int shown = 0;
            for (StackTraceElement frame : cause.getStackTrace()) {
                Place place = places.get(String.valueOf(frame.getFileName()));
                if (place == null && (isOurs(frame) || ++shown > MOST_FRAMES)) {
                    continue;
                }
                if (place != null && ++shown > MOST_FRAMES) {
                    continue;
                }
                lines.add("    at " + describe(frame, place));
                if (line == 0 && place != null && place.cell().equals(cell.name()) && frame.getLineNumber() > 0) {
                    line = place.firstLine() + frame.getLineNumber() - 1;
                }
            }
        }
        if (line == 0) {
            line = cell.lineAt(part.offset());
        }
        return new String[] {nameOf(error), messageOf(error), String.valueOf(line), String.join("\n", lines)};
    }

    private String messageOf(Throwable error) {
        if (error instanceof UnresolvedReferenceException unresolved) {
            return unresolved.getSnippet().name() + " cannot be used before there is " + missing(unresolved.getSnippet());
        }
        return error.getMessage() == null ? "" : withoutShell(error.getMessage());
    }

    private static String nameOf(Throwable error) {
        String name = error instanceof EvalException exception ? exception.getExceptionClassName() : error.getClass().getName();
        return name.replaceAll("^REPL\\.\\$JShell\\$\\w+\\$", "").replaceAll("^.*[.$]", "");
    }

    private static String describe(StackTraceElement frame, Place place) {
        String method = frame.getMethodName();
        String owner = frame.getClassName().replaceAll("^REPL\\.\\$JShell\\$\\w+\\$?", "");
        if (place == null) {
            return clean(frame.toString());
        }
        String at = place.cell() + ":" + (place.firstLine() + Math.max(1, frame.getLineNumber()) - 1);
        return method.isEmpty() || method.equals("do_it$") ? at : (owner.isEmpty() ? "" : owner + ".") + method + " (" + at + ")";
    }

    private static boolean isOurs(StackTraceElement frame) {
        String owner = frame.getClassName();
        return owner.startsWith("kernelbox.") || owner.startsWith("jdk.jshell.") || owner.startsWith("java.lang.reflect.")
            || owner.startsWith("jdk.internal.reflect.") || owner.startsWith("java.lang.invoke.") || owner.equals("java.lang.Thread");
    }

    /** Without the names of classes that JShell wraps code in. */
    static String withoutShell(String text) {
        return text.replaceAll("REPL\\.\\$JShell\\$\\w+[.$]", "");
    }

    private static String clean(String text) {
        String own = withoutShell(text);
        return own.replaceAll("\n *location: class *(?=\n|$)", "").replaceAll("\n *(symbol|location): +", ", $1: ").replaceAll(", symbol: ", ": ").strip();
    }
}
