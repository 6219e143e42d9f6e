package kernelbox;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.Snippet;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** A cell, cut into what JShell takes one by one. */
record Cell(String name, String code, List<Part> parts) {
    /** A file's package; there are none in cells. */
    private static final Pattern PACKAGE = Pattern.compile("\\A(?:\\s|//.*\\R|/\\*(?s:.*?)\\*/)*+(package\\s+[\\w.]+\\s*;)");
    /** A call that ends with a semicolon is made for its effect. */
    private static final Pattern EFFECT = Pattern.compile("(?:\\)|\\+\\+|--)\\s*;$");
    private static final String PUBLIC = "public ";

    /**
     * One import, declaration, statement or expression, and where it is in the cell. The source may have more than the cell: where,
     * is in the additions.
     */
    record Part(String source, int offset, boolean isBroken, boolean isForEffect, List<Integer> additions) {
        /** The position in the cell's own text of one in the source. */
        int ownPosition(int position) {
            int added = 0;
            for (int addition : additions) {
                if (position > addition) {
                    added += Math.min(PUBLIC.length(), position - addition);
                }
            }
            return position - added;
        }
    }

    static Cell cut(SourceCodeAnalysis analysis, Syntax syntax, String name, String code) {
        List<Part> parts = new ArrayList<>();
        Matcher inPackage = PACKAGE.matcher(code);
        String rest = inPackage.find() ? code.substring(0, inPackage.start(1)) + " ".repeat(inPackage.end(1) - inPackage.start(1))
            + code.substring(inPackage.end(1)) : code;
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
                boolean isBroken = isOpen || !syntax.parses(source);
                String stripped = source.substring(blank);
                // JShell makes records public, and asks the same of their constructors.
                List<Integer> additions = isBroken ? List.of() : syntax.constructorsOfRecords(stripped);
                parts.add(new Part(withPublic(stripped, additions), offset + blank, isBroken, EFFECT.matcher(own).find(), additions));
            }
            rest = remaining;
        }
        return new Cell(name, code, parts);
    }

    private static String withPublic(String source, List<Integer> positions) {
        StringBuilder changed = new StringBuilder(source);
        for (int index = positions.size() - 1; index >= 0; index--) {
            changed.insert(positions.get(index), PUBLIC);
        }
        return changed.toString();
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
