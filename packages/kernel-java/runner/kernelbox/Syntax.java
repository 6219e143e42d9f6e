package kernelbox;

import com.sun.source.util.JavacTask;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final JavaFileManager files = compiler.getStandardFileManager(null, null, null);

    boolean parses(String part) {
        return FORMS.stream().anyMatch(form -> parsesAll(form.replace("%s", part)));
    }

    private boolean parsesAll(String source) {
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
            task.parse();
        } catch (IOException error) {
            // There is nothing to read but a string.
            return true;
        }
        return isRight.get();
    }
}
