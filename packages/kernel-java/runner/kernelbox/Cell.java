package kernelbox;

import java.util.ArrayList;
import java.util.List;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** A cell, cut into what JShell takes one by one. */
record Cell(String name, String code, List<Part> parts) {
    /** One import, declaration, statement or expression, and where it is in the cell. */
    record Part(String source, int offset, boolean isBroken, boolean hasSemicolon) {
    }

    static Cell cut(SourceCodeAnalysis analysis, Syntax syntax, String name, String code) {
        List<Part> parts = new ArrayList<>();
        String rest = code;
        while (!rest.isBlank()) {
            CompletionInfo info = analysis.analyzeCompletion(rest);
            Completeness completeness = info.completeness();
            boolean isOpen = completeness == Completeness.DEFINITELY_INCOMPLETE || completeness == Completeness.UNKNOWN;
            String source = isOpen || info.source() == null ? rest : info.source();
            String remaining = isOpen || info.remaining() == null ? "" : info.remaining();
            int offset = code.length() - rest.length();
            int blank = source.length() - source.stripLeading().length();
            if (completeness != Completeness.EMPTY && !source.isBlank()) {
                String own = code.substring(offset, code.length() - remaining.length()).strip();
                parts.add(new Part(source.substring(blank), offset + blank, isOpen || !syntax.parses(source), own.endsWith(";")));
            }
            rest = remaining;
        }
        return new Cell(name, code, parts);
    }

    /** The line, from 1, of a position in the cell. */
    int lineAt(int position) {
        int end = Math.max(0, Math.min(position, code.length()));
        return 1 + (int) code.substring(0, end).chars().filter(character -> character == '\n').count();
    }

    /** Where a snippet begins that came from this part; JShell leaves out comments before it. */
    int offsetOf(Part part, Snippet snippet) {
        String source = snippet.source().strip();
        String start = source.substring(0, Math.min(source.length(), 40)).replaceAll(";$", "");
        int found = code.indexOf(start, part.offset());
        return found < 0 || found > part.offset() + part.source().length() ? part.offset() : found;
    }
}
