<?php

namespace Kernelbox;

/**
 * Makes the file of a cell. Lines stay where they are. What is edited: the last expression is returned, a class that is there
 * as it is is left out, `exit` and waiting for children go through us, and the cell's place is the working directory.
 */
final class CellSource
{
    public bool $hasValue = false;
    /** @var list<\PhpToken> */
    private array $tokens = [];
    /** @var list<array{int, int, string}> start, end, text */
    private array $edits = [];
    private const WITHOUT_VALUE = [
        T_ECHO, T_PRINT, T_RETURN, T_THROW, T_INCLUDE, T_INCLUDE_ONCE, T_REQUIRE, T_REQUIRE_ONCE, T_EXIT, T_UNSET, T_GLOBAL,
        T_INLINE_HTML, T_OPEN_TAG_WITH_ECHO, T_CLOSE_TAG, T_CONST, T_USE, T_NAMESPACE, T_DECLARE, T_GOTO,
    ];
    /** They wait for what the copy of this process has a hand in, or ask; see helpers.php. */
    private const CALLED_THROUGH_US = ['pcntl_wait', 'pcntl_waitpid', 'fclose', 'pclose', 'proc_close', 'readline'];
    /** They are called for what they do. */
    private const CALLED_FOR_EFFECT = [
        'printf', 'vprintf', 'fprintf', 'vfprintf', 'fwrite', 'fputs', 'fputcsv', 'fclose', 'file_put_contents', 'error_log',
        'trigger_error', 'sort', 'rsort', 'usort', 'uasort', 'uksort', 'asort', 'arsort', 'ksort', 'krsort', 'shuffle',
        'sleep', 'usleep', 'define', 'set_error_handler', 'set_exception_handler', 'spl_autoload_register', 'flush',
        'array_walk', 'mkdir', 'unlink', 'rmdir', 'touch', 'chdir', 'chmod', 'copy', 'rename', 'putenv', 'ini_set', 'settype',
        'mt_srand', 'srand', 'date_default_timezone_set', 'readfile', 'print_r', 'passthru', 'ob_start', 'imagepng',
        'array_push', 'array_unshift', 'array_splice', 'setlocale', 'mb_internal_encoding', 'error_reporting', 'assert',
    ];

    public function __construct(private readonly Definitions $definitions)
    {
    }

    /** @throws \Throwable it does not parse, or changes what this PHP cannot change */
    public function prepare(string $code, string $name): string
    {
        $code = self::withTag($code);
        $this->edits = [];
        $this->hasValue = false;
        // A missing semicolon at the very end is added; then it has to parse.
        $this->tokens = self::parse($code, $code);
        $significant = array_values(array_filter($this->tokens, fn(\PhpToken $token) => !$token->isIgnorable()));
        $this->editPlaces($significant, $name);
        $this->editCalls($significant);
        $statements = self::statements($significant);
        $this->editClasses($statements, $code, $name);
        $edited = $this->apply($code);
        $last = end($statements);
        return $last === false ? $edited : $this->returning($edited, $code, $last);
    }

    /** Code that begins with markup is a page with PHP in it, all other is PHP. */
    private static function withTag(string $code): string
    {
        // A byte order mark would be printed.
        $code = preg_replace('/^\xEF\xBB\xBF/', '', $code);
        // `#!` is for shells.
        $code = preg_replace('/^#!.*/', '', $code);
        // What stands before the tag would be printed, too.
        if (preg_match('/^(\s*)<\?php(?=\s|$)/i', $code, $found)) {
            return '<?php' . ($found[1] === '' ? '' : " $found[1]") . substr($code, strlen($found[0]));
        }
        return preg_match('/^\s*<(?:[a-z!]|\?=)/i', $code) ? $code : "<?php $code";
    }

    /**
     * @param-out string $code the code that parses
     * @return list<\PhpToken>
     */
    private static function parse(string $given, ?string &$code): array
    {
        try {
            return \PhpToken::tokenize($code = $given, TOKEN_PARSE);
        } catch (\ParseError $error) {
            try {
                return \PhpToken::tokenize($code = rtrim($given) . "\n;", TOKEN_PARSE);
            } catch (\ParseError) {
                $code = $given;
                throw $error;
            }
        }
    }

    /**
     * The tokens of each statement at the top level.
     *
     * @param list<\PhpToken> $tokens
     * @return list<list<\PhpToken>>
     */
    public static function statements(array $tokens): array
    {
        $statements = [];
        $current = [];
        $depth = 0;
        foreach ($tokens as $index => $token) {
            if ($token->is(T_OPEN_TAG)) {
                continue;
            }
            $current[] = $token;
            if ($token->is(['(', '[', '{', T_CURLY_OPEN, T_DOLLAR_OPEN_CURLY_BRACES, T_ATTRIBUTE])) {
                $depth++;
            } elseif ($token->is([')', ']', '}'])) {
                $depth--;
            }
            $isBlockEnd = $token->is('}') && self::endsStatement($current, $tokens[$index + 1] ?? null);
            if ($depth === 0 && ($token->is([';', T_CLOSE_TAG, T_INLINE_HTML]) || $isBlockEnd)) {
                $statements[] = $current;
                $current = [];
            }
        }
        return $current === [] ? $statements : [...$statements, $current];
    }

    /** Whether a brace closes a statement: those of closures, `match` and strings do not. */
    private static function endsStatement(array $statement, ?\PhpToken $next): bool
    {
        $blocks = [
            T_IF, T_ELSE, T_ELSEIF, T_FOR, T_FOREACH, T_WHILE, T_SWITCH, T_TRY, T_CATCH, T_FINALLY, T_DO, T_CLASS, T_INTERFACE, T_TRAIT,
            T_ENUM, T_ABSTRACT, T_FINAL, T_READONLY, T_ATTRIBUTE, T_DECLARE, T_NAMESPACE, '{',
        ];
        $first = $statement[0];
        if ($first->is(T_FUNCTION)) {
            return ($statement[1] ?? null)?->is([T_STRING, '&', T_AMPERSAND_NOT_FOLLOWED_BY_VAR_OR_VARARG]) === true;
        }
        return $first->is($blocks) && !($next?->is([T_ELSE, T_ELSEIF, T_CATCH, T_FINALLY]) || ($first->is(T_DO) && $next?->is(T_WHILE)));
    }

    /** @param list<\PhpToken> $tokens */
    private function editCalls(array $tokens): void
    {
        foreach ($tokens as $index => $token) {
            $before = $tokens[$index - 1] ?? null;
            $after = $tokens[$index + 1] ?? null;
            if ($before?->is([T_OBJECT_OPERATOR, T_NULLSAFE_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW, T_CONST])) {
                continue;
            }
            if ($token->is(T_EXIT)) {
                $this->replace($token, '\kb_exit' . ($after?->is('(') ? '' : '()'));
            } elseif ($token->is([T_STRING, T_NAME_FULLY_QUALIFIED]) && $after?->is('(')) {
                $name = strtolower(ltrim($token->text, '\\'));
                if (in_array($name, self::CALLED_THROUGH_US, true)) {
                    $this->replace($token, "\\kb_$name");
                }
            }
        }
    }

    /**
     * A cell's file is not where the user's files are.
     *
     * @param list<\PhpToken> $tokens
     */
    private function editPlaces(array $tokens, string $name): void
    {
        foreach ($tokens as $token) {
            if ($token->is([T_DIR, T_FILE])) {
                $directory = (string) getcwd();
                $this->replace($token, var_export($token->is(T_DIR) ? $directory : rtrim($directory, '/') . "/$name", true));
            }
        }
    }

    /** @param list<list<\PhpToken>> $statements */
    private function editClasses(array $statements, string $code, string $cell): void
    {
        $definitions = iterator_to_array(TopLevel::definitions($statements), false);
        $same = $this->definitions->begin(array_column($definitions, 0), $cell);
        foreach ($definitions as [$definition, $statement]) {
            if ($definition->kind === 'classes' && in_array($definition->key, $same, true)) {
                $start = $statement[0]->pos;
                $last = end($statement);
                $end = $last->pos + strlen($last->text);
                $this->edits = array_filter($this->edits, fn($edit) => $edit[1] <= $start || $edit[0] >= $end);
                $this->edits[] = [$start, $end, str_repeat("\n", substr_count(substr($code, $start, $end - $start), "\n")) . ';'];
            }
        }
    }

    /** The code with `return` before its last statement, where that is an expression. */
    private function returning(string $edited, string $code, array $last): string
    {
        if ($last[0]->is(self::WITHOUT_VALUE) || self::hasEffectOnly($last)) {
            // What is returned is meant to be seen.
            $this->hasValue = $last[0]->is(T_RETURN) && !($last[1] ?? $last[0])->is([T_RETURN, ';', T_CLOSE_TAG]);
            return $edited;
        }
        $start = $last[0]->pos;
        $moved = 0;
        foreach ($this->edits as [$from, $to, $text]) {
            $moved += $from < $start ? strlen($text) - ($to - $from) : 0;
        }
        $at = $start + $moved;
        $returning = substr($edited, 0, $at) . 'return ' . substr($edited, $at);
        try {
            \PhpToken::tokenize($returning, TOKEN_PARSE);
        } catch (\ParseError) {
            return $edited;
        }
        $this->hasValue = true;
        return $returning;
    }

    /** @param list<\PhpToken> $statement */
    private static function hasEffectOnly(array $statement): bool
    {
        $depth = 0;
        foreach ($statement as $token) {
            $depth += $token->is(['(', '[', '{', T_CURLY_OPEN]) ? 1 : ($token->is([')', ']', '}']) ? -1 : 0);
            if ($depth === 0 && ($token->is([T_INC, T_DEC]) || preg_match('~^(?:[-+*/.%|&^]|\*\*|<<|>>|\?\?)?=$~', $token->text))) {
                return true;
            }
        }
        $name = strtolower(ltrim($statement[0]->text, '\\'));
        if ($name === 'print_r' && preg_match('/,\s*(?:return:\s*)?true\s*\)\s*;?$/i', implode(' ', array_column($statement, 'text')))) {
            return false; // it gives the text
        }
        return ($statement[1] ?? null)?->is('(') === true
            && (in_array($name, self::CALLED_FOR_EFFECT, true) || str_starts_with($name, 'kb_'));
    }

    private function replace(\PhpToken $token, string $text): void
    {
        $this->edits[] = [$token->pos, $token->pos + strlen($token->text), $text];
    }

    private function apply(string $code): string
    {
        usort($this->edits, fn($a, $b) => $b[0] <=> $a[0]);
        foreach ($this->edits as [$start, $end, $text]) {
            $code = substr_replace($code, $text, $start, $end - $start);
        }
        return $code;
    }
}
