package kernelbox;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import jdk.jshell.JShell;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.VarSnippet;

/** Answers what is asked beside cells. */
final class Questions {
    private static final int LONGEST_TEXT = 200;
    private final JShell shell;
    private final Control control;
    private final Syntax syntax;

    Questions(JShell shell, Control control, Syntax syntax) {
        this.shell = shell;
        this.syntax = syntax;
        this.control = control;
    }

    List<String> answer(Frames.Frame frame) {
        return switch (frame.name()) {
            case "complete" -> complete(textBefore(frame));
            case "inspect" -> inspect(frame.text(0), textBefore(frame).length(), frame.text(2).equals("1"));
            case "check" -> check(frame.text(0));
            case "variables" -> variables();
            default -> null;
        };
    }

    /** The code before a position in bytes. */
    private static String textBefore(Frames.Frame frame) {
        byte[] code = frame.fields().get(0);
        int position = Math.min(Integer.parseInt(frame.text(1)), code.length);
        return new String(code, 0, position, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static int bytes(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    }

    private List<String> complete(String before) {
        SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
        int start = startOfLast(before);
        int[] anchor = {before.length() - start};
        List<SourceCodeAnalysis.Suggestion> suggestions = analysis.completionSuggestions(before.substring(start), before.length() - start, anchor);
        TreeSet<String> matches = new TreeSet<>();
        // Those that fit the expected type are not all that may be written.
        suggestions.forEach(suggestion -> matches.add(suggestion.continuation()));
        List<String> answer = new ArrayList<>();
        answer.add(String.valueOf(bytes(before.substring(0, start + Math.max(0, anchor[0])))));
        answer.add(String.valueOf(bytes(before)));
        answer.addAll(matches);
        return answer;
    }

    /** Where the last, incomplete part begins. */
    private int startOfLast(String before) {
        String rest = before;
        while (true) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            boolean isComplete = info.completeness() == Completeness.COMPLETE || info.completeness() == Completeness.CONSIDERED_INCOMPLETE;
            if (!isComplete || info.remaining() == null || info.remaining().isBlank() || info.remaining().length() >= rest.length()) {
                return before.length() - rest.length();
            }
            rest = info.remaining();
        }
    }

    private List<String> inspect(String code, int position, boolean isDetailed) {
        int end = position;
        while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
            end++;
        }
        int from = position;
        while (from > 0 && (Character.isJavaIdentifierPart(code.charAt(from - 1)) || code.charAt(from - 1) == '.')) {
            from--;
        }
        String name = code.substring(from, end);
        if (name.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        shell.variables().filter(variable -> variable.name().equals(name)).forEach(variable -> lines.add(variable.typeName() + " " + name + " = " + valueText(variable)));
        shell.methods().filter(method -> method.name().equals(name)).forEach(method -> lines.add(method.source().strip()));
        shell.types().filter(type -> type.name().equals(name)).forEach(type -> lines.add(type.source().strip()));
        if (lines.isEmpty()) {
            for (String form : List.of(name + "(", name)) {
                shell.sourceCodeAnalysis().documentation(form, form.length(), isDetailed).stream()
                    .sorted(Comparator.comparing(SourceCodeAnalysis.Documentation::signature))
                    .forEach(documentation -> lines.add(documentation.signature()));
            }
        }
        return lines.isEmpty() ? List.of() : List.of("text/plain", String.join("\n", lines));
    }

    private List<String> check(String code) {
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            switch (info.completeness()) {
                case DEFINITELY_INCOMPLETE -> {
                    return List.of("incomplete", "    ");
                }
                case UNKNOWN -> {
                    return List.of("invalid");
                }
                case EMPTY -> {
                    return List.of("complete");
                }
                default -> {
                    if (info.source() != null && !syntax.parses(info.source())) {
                        return List.of("invalid");
                    }
                    rest = info.remaining() == null || info.remaining().length() >= rest.length() ? "" : info.remaining();
                }
            }
        }
        return List.of("complete");
    }

    private List<String> variables() {
        List<String> answer = new ArrayList<>();
        shell.variables().filter(variable -> !variable.name().startsWith("$") && !variable.name().equals("args")).forEach(variable -> {
            answer.add(variable.name());
            answer.add(variable.typeName());
            answer.add(valueText(variable));
            answer.add("");
        });
        return answer;
    }

    private String valueText(VarSnippet variable) {
        try {
            shell.varValue(variable);
            String text = Values.text(control.lastValue());
            return text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT) + "…" : text;
        } catch (RuntimeException | StackOverflowError error) {
            // An object of the user's fails to tell what it is; or the variable's type is gone.
            return "";
        }
    }
}
