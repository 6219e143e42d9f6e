package kernelbox;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.lang.model.element.Modifier;
import javax.tools.Diagnostic;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Whether a part of a cell can be parsed. JShell finds that out when it runs it, and then what is before it has run. */
final class Syntax {
    /** As a statement, as a member, as an import, as an expression with its semicolon or without. */
    private static final List<String> FORMS = List.of(
        "class C { void m() { %s\n} }", "class C { %s\n}", "%s\nclass C {}", "class C { Object o = %s\n; }");
    private static final String MEMBER = "class C { ";
    private static final Set<Modifier> ACCESS = Set.of(Modifier.PUBLIC, Modifier.PROTECTED, Modifier.PRIVATE);
    private static final Set<Class<? extends Tree>> ASSIGNMENTS =
        Set.of(com.sun.source.tree.AssignmentTree.class, com.sun.source.tree.CompoundAssignmentTree.class);
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final JavaFileManager files = compiler.getStandardFileManager(null, null, null);

    boolean parses(String part) {
        return FORMS.stream().anyMatch(form -> parse(form.replace("%s", part), new ArrayList<>()) != null);
    }

    /** Where constructors of records begin that do not say who may call them. */
    List<Integer> constructorsOfRecords(String part) {
        List<Integer> positions = new ArrayList<>();
        if (part.contains("record")) {
            List<CompilationUnitTree> units = new ArrayList<>();
            JavacTask task = parse(MEMBER + part + "\n}", units);
            if (task != null) {
                SourcePositions places = Trees.instance(task).getSourcePositions();
                units.forEach(unit -> new RecordScanner(unit, places, positions).scan(unit, null));
            }
        }
        Collections.sort(positions);
        return positions;
    }

    /** Whether it is an expression like "a.b = 1". */
    boolean isAssignment(String part) {
        if (!part.contains("=")) {
            return false;
        }
        List<CompilationUnitTree> units = new ArrayList<>();
        String source = "class C { Object o = " + part.strip().replaceAll("(?:\\s*;)+$", "") + "\n; }";
        if (parse(source, units) == null || units.isEmpty() || !(units.get(0).getTypeDecls().get(0) instanceof ClassTree type)) {
            return false;
        }
        return type.getMembers().size() == 1 && type.getMembers().get(0) instanceof VariableTree variable
            && variable.getInitializer() != null && ASSIGNMENTS.contains(variable.getInitializer().getKind().asInterface());
    }

    private static final class RecordScanner extends TreeScanner<Void, Void> {
        private final CompilationUnitTree unit;
        private final SourcePositions places;
        private final List<Integer> positions;

        RecordScanner(CompilationUnitTree unit, SourcePositions places, List<Integer> positions) {
            this.unit = unit;
            this.places = places;
            this.positions = positions;
        }

        @Override
        public Void visitClass(ClassTree type, Void nothing) {
            if (type.getKind() == Tree.Kind.RECORD) {
                for (Tree member : type.getMembers()) {
                    if (member instanceof MethodTree method && method.getName().contentEquals("<init>")
                        && Collections.disjoint(method.getModifiers().getFlags(), ACCESS)) {
                        positions.add((int) places.getStartPosition(unit, method) - MEMBER.length());
                    }
                }
            }
            return super.visitClass(type, nothing);
        }
    }

    /** The task, whose trees are in the list; nothing when there is an error. */
    private JavacTask parse(String source, List<CompilationUnitTree> units) {
        AtomicBoolean isRight = new AtomicBoolean(true);
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///C.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        try {
            JavacTask task = (JavacTask) compiler.getTask(null, files, diagnostic -> {
                if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
                    isRight.set(false);
                }
            }, List.of("-proc:none"), null, List.of(file));
            task.parse().forEach(units::add);
            return isRight.get() ? task : null;
        } catch (IOException error) {
            throw new java.io.UncheckedIOException("a string cannot be read", error);
        }
    }
}
